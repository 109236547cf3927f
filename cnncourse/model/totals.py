"""The figures of an epoch, added up batch by batch."""


class Totals:
    """Losses and correct predictions so far.

    ``loss`` is the sum over ``images`` of each one's (weighted) loss; ``correct`` counts correct
    predictions, without weights as in Keras, and is ``None`` for a loss that counts none.
    """

    def __init__(self, loss=0.0, correct=0, images=0):
        self.loss = loss
        self.correct = correct
        self.images = images

    def add(self, mean_loss, images, correct):
        """Add a batch: its mean loss, and how many images, and correct ones (or ``None``)."""
        self.loss += mean_loss * images
        self.images += images
        self.correct = None if correct is None else self.correct + correct

    def state(self):
        """The sums as JSON can hold them, whatever number types a loss of one's own gives."""
        correct = None if self.correct is None else float(self.correct)
        return {"loss": float(self.loss), "correct": correct, "images": self.images}

    def figures(self):
        """The means by name; the accuracy only if there is one."""
        figures = {"loss": self.loss / self.images}
        if self.correct is not None:
            figures["accuracy"] = self.correct / self.images
        return figures


def in_words(figures):
    """Figures as a bar has room for them, validation's beside training's.

    >>> in_words({"loss": 0.08271, "accuracy": 0.9761, "val_loss": 0.0691, "val_accuracy": 0.9806})
    'loss 0.0827 (val 0.0691), accuracy 97.61% (val 98.06%)'
    """
    words = []
    for name, form in {"loss": "{:.4f}", "accuracy": "{:.2%}"}.items():
        if name in figures:
            validation = figures.get(f"val_{name}")
            beside = "" if validation is None else f" (val {form.format(validation)})"
            words.append(f"{name} {form.format(figures[name])}{beside}")
    return ", ".join(words)
