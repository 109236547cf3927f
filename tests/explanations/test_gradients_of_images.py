"""Saliency and Grad-CAM beside numerical derivatives, on small networks in float64."""

import numpy as np
import pytest
from small_models import everything, same_weights, small, small_batch

from cnncourse import Sequential, explanations, gradients, layers

MODELS = {"small": small, "everything": everything}
ALLOWED = 1e-5  # of a gradient's size
CLASSES = np.array([2, 0, 1])


def run(operations, x):
    for operation in operations:
        x = operation.forward(x)
    return x


def exact(name):
    """A model on the reference, three images, and its operations up to the logits."""
    model = MODELS[name](device="reference")
    images = small_batch(3)[0].astype(np.float64)
    return model, images, model.operations[:-1]  # both end in a softmax


@pytest.mark.parametrize("name", MODELS)
def test_saliency_is_the_derivative_of_the_logit(name):
    model, images, operations = exact(name)
    expected = np.zeros(images.shape)
    for k, number in enumerate(CLASSES):
        image = images[k : k + 1].copy()
        expected[k] = gradients.numerical(lambda x=image, c=number: run(operations, x)[0, c], image)
    found = explanations.saliency(model, images, CLASSES, "gradient")
    assert gradients.difference(found, expected) < ALLOWED
    found = explanations.saliency(model, images, CLASSES)
    assert gradients.difference(found, expected * images) < ALLOWED
    assert found.shape == images.shape and abs(found).max() > 1e-3


# not before a pooling behind a ReLU: where all of a window is 0, its maximum has no derivative
@pytest.mark.parametrize(
    ("name", "layer"),
    [("small", None), ("small", "max_pooling2d_1"), ("everything", "conv2d_1")],
)
def test_grad_cam_weighs_maps_by_the_derivative_of_the_logit(name, layer):
    model, images, operations = exact(name)
    chosen = model.get_layer(layer) if layer else model.layers[2]  # the last convolution
    behind = operations.index(chosen.operations[-1]) + 1
    maps = run(operations[:behind], images).copy()
    expected = []
    for k, number in enumerate(CLASSES):
        one = maps[k : k + 1].copy()
        slope = gradients.numerical(
            lambda x=one, c=number: run(operations[behind:], x)[0, c], one
        )  # (1, I, J, C)
        expected.append(np.maximum((slope.mean(axis=(0, 1, 2)) * one[0]).sum(axis=2), 0))
    found = explanations.grad_cam(model, images, CLASSES, layer)
    assert gradients.difference(found, np.array(expected)) < ALLOWED
    assert (found >= 0).all() and found.max() > 1e-3


def test_a_linear_models_gradient_times_input_sums_to_the_logit():
    chain = [layers.Conv2D(3, 3, use_bias=False), layers.Flatten(), layers.Dense(3, use_bias=False)]
    model = Sequential(chain, input_shape=(8, 7, 2), seed=0)
    images = small_batch()[0]
    found = explanations.saliency(model, images).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(found, model.predict(images).max(axis=1), rtol=1e-4)


def test_smoothgrad_is_the_gradient_of_a_linear_model_and_the_same_for_a_seed():
    chain = [layers.Flatten(), layers.Dense(3, activation="softmax")]
    model, images = Sequential(chain, input_shape=(8, 7, 2), seed=0), small_batch()[0]
    plain = explanations.saliency(model, images, method="gradient")
    smooth = explanations.saliency(model, images, method="smoothgrad", samples=3)
    np.testing.assert_allclose(smooth, plain, rtol=1e-5)
    bent = small()
    first, again, other = (
        explanations.saliency(bent, images, method="smoothgrad", samples=2, seed=seed)
        for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    still = explanations.saliency(bent, images, method="smoothgrad", samples=2, noise=0)
    plain = explanations.saliency(bent, images, method="gradient")
    np.testing.assert_allclose(still, plain, rtol=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_the_predicted_class_is_explained_and_nothing_is_disturbed(name):
    model, (images, labels) = MODELS[name](), small_batch()
    model.compile("adam")
    model.train_on_batch(images, labels)
    weights, predicted = model.get_weights(), model.predict(images).argmax(axis=1)
    model.forward(images)
    expected = model.backward(np.ones((6, 3))).copy()
    kept = {layer.name: {k: g.copy() for k, g in layer.gradients.items()} for layer in model.layers}
    model.forward(images)
    found = explanations.saliency(model, images)
    cams = explanations.grad_cam(model, images)
    assert np.array_equal(model.backward(np.ones((6, 3))), expected)  # goes back through its own
    for layer in model.layers:
        for key, gradient in layer.gradients.items():
            assert np.array_equal(gradient, kept[layer.name][key])
    assert same_weights(model, weights)
    assert np.array_equal(found, explanations.saliency(model, images, predicted))
    assert np.array_equal(cams, explanations.grad_cam(model, images, predicted))
    ones = explanations.saliency(model, images, 1)
    assert np.array_equal(ones, explanations.saliency(model, images, [1] * 6))


def test_more_images_than_a_batch_are_explained_alike():
    model, images = small(), small_batch(150)[0]
    whole = explanations.saliency(model, images, 0)
    np.testing.assert_allclose(whole[100:103], explanations.saliency(model, images[100:103], 0),
                               rtol=1e-5, atol=1e-7)  # fmt: skip


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m, x: explanations.saliency(m, x, 3), "classes: expected numbers from 0 to 2"),
        (lambda m, x: explanations.saliency(m, x, [0, 1]), "one for each of 6 images"),
        (lambda m, x: explanations.saliency(m, x, method="lime"), "method must be one of"),
        (lambda m, x: explanations.saliency(m, x[0]), r"a single image is image\[None\]"),
        (lambda m, x: explanations.saliency(m.layers, x), "model must be a Sequential"),
        (
            lambda m, x: explanations.grad_cam(m, x, layer="dense_1"),
            r"\(conv2d_1, max",
        ),
        (lambda m, x: explanations.grad_cam(m, x, layer=1), "layer must be a layer's name"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call(small(), small_batch()[0])


def test_models_that_give_maps_have_no_classes():
    model = Sequential([layers.Conv2D(2, 3)], input_shape=(8, 7, 2))
    with pytest.raises(ValueError, match="expected one that gives a row for each image"):
        explanations.saliency(model, small_batch()[0])
    flat = Sequential([layers.Flatten(), layers.Dense(2)], input_shape=(8, 7, 2))
    with pytest.raises(ValueError, match="the model has no convolution; .* maps: none"):
        explanations.grad_cam(flat, small_batch()[0])
