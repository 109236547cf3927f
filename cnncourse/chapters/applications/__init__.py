"""What the chapter on applications builds, draws and checks.

Its commands, and what was computed by them, are in files of their own: ``stored``, ``skips``.
"""

from . import detector, exercises, segmenter
from .blocks import multiply_adds
from .boxes import iou, non_maximum_suppression
from .captions import caption
from .frames_drawing import frames
from .masks import ious
from .overlap_drawing import overlaps
from .painting import heat_over, masks_over
from .precision import (
    THRESHOLDS,
    average_precision,
    correct,
    mean_average_precision,
    recall_and_precision,
)
from .u_drawing import u_shape
from .windows import all_windows, windows

__all__ = [
    "THRESHOLDS",
    "all_windows",
    "average_precision",
    "caption",
    "correct",
    "detector",
    "exercises",
    "frames",
    "heat_over",
    "iou",
    "ious",
    "masks_over",
    "mean_average_precision",
    "multiply_adds",
    "non_maximum_suppression",
    "overlaps",
    "recall_and_precision",
    "segmenter",
    "u_shape",
    "windows",
]
