"""What filters look for, what layers give, and occlusion: beside values that can be derived."""

import numpy as np
import pytest
from small_models import everything, small, small_batch

from cnncourse import Sequential, explanations, layers
from cnncourse.receptive_field import trace


def one_filter(kernel, shape=(9, 9, 1), **options):
    """A model of one convolution whose kernel is given."""
    kernel = np.asarray(kernel, float)
    model = Sequential([layers.Conv2D(kernel.shape[3], kernel.shape[:2], **options)], shape)
    model.layers[0].set_weights([kernel, np.zeros(kernel.shape[3])])
    return model


# Occlusion


def test_occlusion_of_a_linear_model_is_what_lies_under_the_square():
    rng = np.random.default_rng(0)
    weights, images = rng.normal(size=(16, 2)), rng.random((3, 4, 4, 1))
    model = Sequential([layers.Flatten(), layers.Dense(2)], (4, 4, 1), device="reference")
    model.layers[1].set_weights([weights, np.ones(2)])
    share = (weights[:, 1].reshape(4, 4, 1) * images)[..., 0]  # of each pixel, in the output
    found = explanations.occlusion(model, images, 1, size=1, stride=1)
    np.testing.assert_allclose(found, share, atol=1e-12)
    found = explanations.occlusion(model, images, 1, size=4)  # one square, which covers all
    np.testing.assert_allclose(found, np.ones((1, 4, 4)) * share.sum((1, 2), keepdims=True))
    found = explanations.occlusion(model, images, 1, size=2, stride=2)
    blocks = share.reshape(3, 2, 2, 2, 2).sum(axis=(2, 4))
    np.testing.assert_allclose(found, blocks.repeat(2, axis=1).repeat(2, axis=2), atol=1e-12)
    grey = explanations.occlusion(model, images, 1, size=1, stride=1, fill=0.5)
    np.testing.assert_allclose(grey, share - 0.5 * weights[:, 1].reshape(4, 4), atol=1e-12)


@pytest.mark.parametrize(("size", "stride"), [(3, 2), (2, 5), (4, 3), (7, 1)])
def test_squares_leave_no_pixel_out(size, stride):
    found = explanations.occlusion(small(), small_batch()[0], size=size, stride=stride)
    assert found.shape == (6, 8, 7) and np.isfinite(found).all()


# Patches


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2])
def test_patches_give_the_filters_value_again(padding, strides):
    """A patch, run through the layers alone, gives the value that it was found by."""
    rng = np.random.default_rng(0)
    chain = [layers.Conv2D(3, 3, strides=strides, padding=padding, use_bias=False),
             layers.Conv2D(4, (2, 3), padding=padding, use_bias=False)]  # fmt: skip
    model = Sequential(chain, (9, 8, 2), seed=0, device="reference")
    images = rng.random((12, 9, 8, 2))
    maps = np.asarray(model.forward(images))[..., 2]  # (N, I, J)
    found = explanations.strongest_patches(model, images, filter=2, count=5)
    order = np.argsort(-maps.max(axis=(1, 2)))[:5]
    assert np.array_equal(found.images, order)
    np.testing.assert_allclose(found.values, maps.max(axis=(1, 2))[order])
    for k, (image, at) in enumerate(zip(found.images, found.positions, strict=True)):
        assert maps[image][tuple(at)] == found.values[k]
        down, right = trace(model.layers, (9, 8, 2), tuple(map(int, at)))[0]
        assert found.corners[k].tolist() == [down.start, right.start]
        assert found.pixels[k].shape == (len(down), len(right), 2)
        padded = np.pad(images[image], ((9, 9), (9, 9), (0, 0)))
        expected = padded[down.start + 9 : down.stop + 9, right.start + 9 : right.stop + 9]
        assert np.array_equal(found.pixels[k], expected)
        if padding == "valid":
            alone = Sequential([layers.Conv2D(3, 3, strides=strides, use_bias=False),
                                layers.Conv2D(4, (2, 3), use_bias=False)],
                               found.pixels[k].shape, device="reference")  # fmt: skip
            alone.set_weights(model.get_weights())
            value = np.asarray(alone.forward(found.pixels[k : k + 1]))[0, 0, 0, 2]
            assert value == pytest.approx(found.values[k], rel=1e-9)


def test_patches_that_see_more_or_less_stand_in_one_array():
    """At the edge, where the pooling drops a pixel, a position sees less than elsewhere."""
    rng = np.random.default_rng(0)
    chain = [layers.AveragePooling2D(2), layers.Conv2D(1, 3, padding="same")]
    model = Sequential(chain, (7, 7, 1), seed=0, device="reference")
    images = rng.random((40, 7, 7, 1))
    found = explanations.strongest_patches(model, images, count=40)
    assert found.pixels.shape == (40, 6, 6, 1)
    ends = set()
    for k, (image, at) in enumerate(zip(found.images, found.positions, strict=True)):
        down, right = trace(model.layers, (7, 7, 1), tuple(map(int, at)))[0]
        ends |= {down.stop, right.stop}
        padded = np.pad(images[image], ((2, 2), (2, 2), (0, 0)))
        patch = padded[down.start + 2 : down.stop + 2, right.start + 2 : right.stop + 2]
        assert np.array_equal(found.pixels[k, : len(down), : len(right)], patch)
        assert not found.pixels[k, len(down) :].any() and not found.pixels[k, :, len(right) :].any()
    assert ends == {4, 6}  # none reaches the row and the column that the pooling drops


def test_patches_of_a_layers_activation_and_of_fewer_images():
    model, images = small(), small_batch(4)[0]
    found = explanations.strongest_patches(model, images, "conv2d_1", 1, count=9)
    assert len(found.values) == 4 and (found.values >= 0).all()
    assert found.pixels.shape == (4, 3, 3, 2)
    with pytest.raises(ValueError, match="filter must be from 0 to 2, as conv2d_1 has 3, got 3"):
        explanations.strongest_patches(model, images, "conv2d_1", 3)


# Images made for a filter


def test_the_image_made_for_a_first_filter_is_its_kernel():
    kernel = np.random.default_rng(3).normal(size=(5, 4, 2, 3))
    model = one_filter(kernel, (9, 9, 2), activation="relu")
    made = explanations.preferred_images(model)
    assert made.shape == (3, 5, 4, 2) and made.min() >= 0 and made.max() <= 1
    for k in range(3):  # of all images of one mean and contrast, this one has the largest product
        found = np.corrcoef(made[k].ravel(), kernel[..., k].ravel())[0, 1]
        assert found > 0.98  # but for the clipping to 0 … 1


def test_an_image_made_for_a_deeper_filter_excites_it_more_than_others():
    model = small(device="reference")
    made = explanations.preferred_images(model, "conv2d_2", [1, 3])
    again = explanations.preferred_images(model, "conv2d_2", [1, 3])
    assert np.array_equal(made, again)
    down, right = trace(model.layers[:3], (8, 7, 2), (1, 0))[0]
    assert made.shape == (2, min(down.stop, 8) - max(down.start, 0),
                          min(right.stop, 7) - max(right.start, 0), 2)  # fmt: skip

    def value(part, number):
        image = np.full((1, 8, 7, 2), 0.5)
        image[0, max(down.start, 0) : down.stop, max(right.start, 0) : right.stop] = part
        x = image
        for operation in model.operations[:4]:  # up to the second convolution, without its ReLU
            x = operation.forward(x)
        return x[0, x.shape[1] // 2, x.shape[2] // 2, number]

    rng = np.random.default_rng(0)
    for part, number in zip(made, (1, 3), strict=True):
        others = rng.normal(size=(50, *part.shape))
        others = 0.5 + 0.2 * (others - others.mean((1, 2, 3), keepdims=True)) / others.std(
            (1, 2, 3), keepdims=True
        )
        assert value(part, number) > max(value(other, number) for other in others)


def test_filters_are_chosen_by_their_numbers():
    model = small()
    assert len(explanations.preferred_images(model, "conv2d_1", 2, steps=1)) == 1
    with pytest.raises(ValueError, match="filters: expected numbers from 0 to 2, .* got 3"):
        explanations.preferred_images(model, "conv2d_1", [0, 3])
    with pytest.raises(ValueError, match="expected one with known shapes"):
        explanations.preferred_images(Sequential([layers.Conv2D(2, 3)]))


# Layers


@pytest.mark.parametrize("make", [small, everything])
def test_activations_are_those_of_the_layers(make):
    model, images = make(), small_batch(70)[0]
    found = explanations.activations(model, images)
    assert list(found) == [layer.name for layer in model.layers]
    x = images
    for layer in model.layers:
        x = layer(x)
        np.testing.assert_allclose(found[layer.name], x, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found[layer.name], model.predict(images), rtol=1e-5, atol=1e-6)


def test_the_last_hidden_layer_is_what_the_last_dense_one_takes():
    model, images = everything(), small_batch()[0]
    hidden = explanations.last_hidden(model, images)
    kernel, bias = model.layers[-1].get_weights()
    powers = np.exp(hidden @ kernel + bias)
    np.testing.assert_allclose(powers / powers.sum(1, keepdims=True), model.predict(images),
                               rtol=1e-5)  # fmt: skip
    with pytest.raises(ValueError, match="expected one with weights"):
        explanations.last_hidden(Sequential([layers.Flatten()], (8, 7, 2)), images)


def test_two_dimensions_keep_what_has_two():
    rng = np.random.default_rng(0)
    flat = rng.normal(size=(30, 2))
    points = flat @ np.linalg.qr(rng.normal(size=(5, 5)))[0][:2] + 3  # turned, in five dimensions
    found = explanations.in_two_dimensions(points)

    def distances(p):
        return np.linalg.norm(p[:, None] - p, axis=2)

    np.testing.assert_allclose(distances(found), distances(flat), atol=1e-9)


def test_t_sne_keeps_groups_apart_and_is_the_same_for_a_seed():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.eye(3) * 20, 10, axis=0) + rng.normal(size=(30, 3))
    found = explanations.in_two_dimensions(groups, "tsne")
    assert np.array_equal(found, explanations.in_two_dimensions(groups, "tsne"))
    near = np.linalg.norm(found[:, None] - found, axis=2) + 1e9 * np.eye(30)
    assert np.array_equal(near.argmin(axis=1) // 10, np.arange(30) // 10)
    with pytest.raises(ValueError, match="at least 4 images"):
        explanations.in_two_dimensions(groups[:3], "tsne")


def test_changes_are_relative_to_the_size_before():
    before = np.random.default_rng(0).normal(size=(3, 3, 2, 4))
    after = before * [1, 2, -1, 0]
    np.testing.assert_allclose(explanations.filter_changes(before, after), [0, 1, 2, 1])
    with pytest.raises(ValueError, match="two kernels of one shape"):
        explanations.filter_changes(before, after[:2])
