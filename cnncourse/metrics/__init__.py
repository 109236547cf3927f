"""What a classifier is worth: figures from true labels and what a model predicts.

>>> from cnncourse import metrics
>>> metrics.confusion([0, 0, 1, 1, 1], [0, 1, 0, 0, 1], classes=2)
array([[1, 1],
       [2, 1]])
"""

from .calibration import (
    expected_calibration_error,
    reliability,
    temperature,
    with_temperature,
)
from .confusion import confusion, most_confused
from .per_class import per_class, report
from .top_k import top_k_accuracy
from .uncertainty import mcnemar, wilson_interval

__all__ = [
    "confusion",
    "expected_calibration_error",
    "mcnemar",
    "most_confused",
    "per_class",
    "reliability",
    "report",
    "temperature",
    "top_k_accuracy",
    "wilson_interval",
    "with_temperature",
]
