"""Scaling out: training, searches and predictions on many machines, by Dask.

>>> from cnncourse import distributed

``distributed.fit`` trains one model with the same bits for any number of workers,
``distributed.study`` computes many results that do not depend on each other, and keeps each,
``distributed.predict`` goes through folders that no memory holds. Dask comes with the extra
``distributed``: ``pip install -e ".[distributed]"``. Without a client, all three compute in this
process, and need no extra.

scikit-learn's searches need nothing of this: joblib sends them to a cluster itself, and
``CNNClassifier`` takes the device and the worker's threads along::

    with joblib.parallel_config(backend="dask"):
        GridSearchCV(CNNClassifier(random_state=0), grid, cv=3).fit(images, labels)
"""

from .data_parallel import fit
from .folders import predict
from .studies import study
from .timeline import Timeline

__all__ = ["Timeline", "fit", "predict", "study"]
