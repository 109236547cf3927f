"""Callbacks: what `fit` calls while it trains, to watch, to keep, or to stop.

Names and arguments are Keras's. ``fit(…, callbacks=[…])`` takes callbacks, and plain functions of
an epoch's number and its figures:

    model.fit(x, y, epochs=10, callbacks=[lambda epoch, logs: print(epoch, logs["loss"])])
"""

from .callback import Callback
from .csv_logger import CSVLogger
from .early_stopping import EarlyStopping
from .lambda_callback import LambdaCallback
from .learning_rate_scheduler import LearningRateScheduler
from .model_checkpoint import ModelCheckpoint

__all__ = [
    "CSVLogger",
    "Callback",
    "EarlyStopping",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
]
