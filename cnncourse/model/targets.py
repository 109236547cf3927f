"""A source of batches, as a model takes it: its labels turned into targets, and checked."""

from ..datasets.batches import Batches


class WithTargets(Batches):
    """A source's batches, with labels turned into what a loss takes: ``targets(labels, count)``.

    ``weigh``: gives the weight of each image for its targets; without it there are none.
    """

    def __init__(self, source, targets, weigh=None):
        self.source, self.targets, self.weigh = source, targets, weigh
        self.max_value, self.class_names = source.max_value, source.class_names

    def __len__(self):
        return len(self.source)

    def dummy_images(self):
        return self.source.dummy_images()

    def __iter__(self):
        yield from self._ready(self.source)

    def ordered(self, steps=None):
        yield from self._ready(self.source.ordered(steps))

    def bookmark(self):
        return self.source.bookmark()

    def go_to(self, bookmark):
        self.source.go_to(bookmark)

    def _ready(self, batches):
        for images, labels in batches:
            targets = self.targets(labels, len(images))
            weights = () if self.weigh is None else (self.weigh(targets),)
            yield (images, targets, *weights)


def require_alone(source, **beside):
    """Refuse arguments of a call beside a source of batches that has its own."""
    given = [name for name, value in beside.items() if value is not None]
    if given:
        raise ValueError(
            f"{source}: it brings its labels and its batch size along, and changes images itself; "
            f"leave out {', '.join(given)}"
        )


def require_same_classes(training, validation):
    """Refuse validation data in which a class number has another meaning than in training."""
    ours, theirs = training.class_names, validation.class_names
    if None not in (ours, theirs) and ours != theirs:
        raise ValueError(
            f"validation_data: expected the classes of the training data, {', '.join(ours)}, got "
            f"{', '.join(theirs)}; give both folders the same sub-folders"
        )
