"""What training leaves behind to look at: the figures of each epoch."""


class History(dict):
    """What `fit` gives: figures by name, a list with a number for each epoch.

    As in Keras, ``.history`` is the dict itself and ``.epoch`` the epochs' numbers, from 0.

    >>> history = History()
    >>> history.note({"loss": 0.5})
    >>> history.note({"loss": 0.25})
    >>> history["loss"], history.epoch
    ([0.5, 0.25], [0, 1])
    """

    def __init__(self, figures=(), first_epoch=0):
        super().__init__(figures)
        self.first_epoch = first_epoch

    @property
    def history(self):
        return self

    @property
    def epoch(self):
        return list(range(self.first_epoch, self.first_epoch + len(self.get("loss", ()))))

    def note(self, figures):
        """Add an epoch."""
        for name, figure in figures.items():
            self.setdefault(name, []).append(float(figure))
