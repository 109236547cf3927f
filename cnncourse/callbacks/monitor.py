"""What callbacks share that watch one figure."""

from math import isnan

from ..support import arguments, checks
from .callback import Callback

MODES = ("auto", "min", "max")


class Monitor(Callback):
    """What watches one figure: its name, and which way is better."""

    def __init__(self, monitor, mode, min_delta=0.0):
        if not isinstance(monitor, str):
            raise TypeError(f"monitor must be the name of a figure, 'val_loss', got {monitor!r}")
        self.monitor = monitor
        self.mode = arguments.one_of(mode, "mode", MODES)
        self.min_delta = checks.limit(min_delta, "min_delta")

    @property
    def _sign(self):
        """1 where larger figures are better, else -1."""
        if self.mode == "auto":
            return 1 if self.monitor.endswith("accuracy") else -1
        return 1 if self.mode == "max" else -1

    def _better(self, figure, best):
        if best is None or isnan(best):
            return True
        return self._sign * (figure - best) > self.min_delta

    def _require_figure(self):
        """Refuse a figure that this training does not give, before it begins."""
        if self.monitor not in self.params["metrics"]:
            more = ""
            if self.monitor.startswith("val_"):
                more = "; give fit validation_data or validation_split"
            raise ValueError(
                f"{self!r}: there is no {self.monitor!r} to monitor, but "
                f"{', '.join(self.params['metrics'])}{more}"
            )

    def _earlier(self):
        """The figures of the epochs that were done before training was resumed, by epoch."""
        history = self.model.history
        return list(zip(history.epoch, history.get(self.monitor, ()), strict=False))
