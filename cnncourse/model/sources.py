"""Where a model takes its batches from: what `fit`, `evaluate` and others are given, made a source.

Arrays, with weights and changes to the images, or a source that makes its batches as it goes.
"""

from ..datasets.batches import ArrayBatches, AugmentedBatches, Batches
from ..support.image_weights import image_weights
from .targets import WithTargets, require_alone, require_same_classes
from .weighting import ClassWeights


def source_of(
    model,
    x,
    y,
    batch_size,
    usual_size,
    rng=None,
    sample_weight=None,
    class_weight=None,
    augment=None,
    input_shape=None,
):
    """Batches of images, targets and perhaps weights, checked before any of them is made.

    Nothing is built yet; ``input_shape`` is what a model without one is about to be built for.
    """
    if isinstance(x, Batches):
        beside = {"sample_weight": sample_weight, "augment": augment}
        require_alone(x, y=y, batch_size=batch_size, **beside)
        try:
            _, targets = model._images_and_targets(x.dummy_images(), x.all_labels, input_shape)
        except ValueError as error:
            raise ValueError(f"{error}. {x.advice}") from None
        weigh = None
        if class_weight is not None:
            weigh = ClassWeights(class_weight, model.loss, _targets_to_count(model, x, targets))
        outputs = model._shapes(x.dummy_images().shape[1:])[-1]
        return WithTargets(x, lambda y, count: model.loss.targets(y, (count, *outputs)), weigh)
    images, targets = model._images_and_targets(x, y, input_shape)
    arrays = [images, targets]
    weights = image_weights(len(images), sample_weight)
    if class_weight is not None:
        weights = ClassWeights(class_weight, model.loss, targets)(targets, weights)
    if weights is not None:
        arrays.append(weights)
    batch_size = usual_size if batch_size is None else batch_size
    if augment is not None:
        return AugmentedBatches(arrays, batch_size, rng, augment, model._augment_rng)
    return ArrayBatches(arrays, batch_size, rng)


def _targets_to_count(model, source, targets):
    """Targets of all images of a source, where it knows their labels, else ``targets``."""
    labels = getattr(source, "labels", None)
    if labels is None:
        return targets
    return model.loss.targets(labels, (len(labels), targets.shape[1]))


def validation_source(model, data, batch_size, training):
    """The source of the validation data, a pair, a triple or a source, or ``None``."""
    if data is None:
        return None
    shape = training.dummy_images().shape[1:]
    if isinstance(data, Batches):
        source = source_of(model, data, None, None, 32, input_shape=shape)
        require_same_classes(training, source)
        return source
    if not isinstance(data, (tuple, list)) or len(data) not in (2, 3):
        kind = f"{type(data).__name__} of {len(data)}" if hasattr(data, "__len__") else data
        raise ValueError(
            "validation_data must be a pair (x, y), a triple (x, y, sample_weight), or a "
            f"source of batches, got {kind}"
        )
    x, y, *weights = data
    weights = weights[0] if weights else None
    try:
        return source_of(model, x, y, batch_size, 32, sample_weight=weights, input_shape=shape)
    except (ValueError, TypeError) as error:
        raise type(error)(f"validation_data: {error}") from None
