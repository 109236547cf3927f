"""A source of batches, as a model takes it: its labels turned into targets, and checked."""

from ..datasets.batches import Batches


class WithTargets(Batches):
    """A source's batches, with labels turned into what a loss takes: ``targets(labels, count)``."""

    def __init__(self, source, targets):
        self.source, self.targets = source, targets
        self.max_value, self.class_names = source.max_value, source.class_names

    def __len__(self):
        return len(self.source)

    def dummy_images(self):
        return self.source.dummy_images()

    def __iter__(self):
        for images, labels in self.source:
            yield images, self.targets(labels, len(images))

    def ordered(self, steps=None):
        for images, labels in self.source.ordered(steps):
            yield images, self.targets(labels, len(images))


def require_alone(source, y, batch_size):
    """Refuse labels or a batch size beside a source that has its own."""
    if y is not None or batch_size is not None:
        raise ValueError(
            f"{source}: it brings its labels and its batch size along; leave out "
            f"{'y' if y is not None else 'batch_size'}"
        )


def require_same_classes(training, validation):
    """Refuse validation data in which a class number has another meaning than in training."""
    ours, theirs = training.class_names, validation.class_names
    if None not in (ours, theirs) and ours != theirs:
        raise ValueError(
            f"validation_data: expected the classes of the training data, {', '.join(ours)}, got "
            f"{', '.join(theirs)}; give both folders the same sub-folders"
        )
