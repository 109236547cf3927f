"""The explorer: messages in, messages out."""

import numpy as np
import pytest
from small_models import everything, small

from cnncourse import Sequential, demos, layers, networks


def ask(demo, **message):
    buffers = message.pop("buffers", [])
    reply, arrays = demo.answer(message, buffers)
    assert "error" not in reply, reply["traceback"]
    return reply, arrays


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).random((3, 8, 7, 2))


@pytest.fixture
def demo(images):
    return demos.explorer(small(), images)


def test_an_image_gives_all_operations_with_their_maps(demo):
    reply, arrays = ask(demo, kind="image", index=2)
    assert reply["size"] == (8, 7) and reply["images"] == 3
    names = "conv2d_1 relu max_pooling2d_1 conv2d_2 relu flatten_1 dense_1 softmax"
    assert [one["name"] for one in reply["operations"]] == names.split()
    assert [one["shape"] for one in reply["operations"]][-3:] == ["12", "3", "3"]
    assert [one["maps"] for one in reply["operations"]] == [3, 3, 3, 4, 4, 1, 1, 1]
    assert len(arrays) == 9 and len(arrays[0]) == 8 * 7 * 3
    for one, shades in zip(reply["operations"], arrays[1:], strict=True):
        assert len(shades) == np.prod(one["thumbnails"])


def test_a_map_gives_its_values(demo, images):
    ask(demo, kind="image", index=1)
    reply, (values, _) = ask(demo, kind="map", operation=1, map=2)
    first = Sequential(demo.model.layers[:1], (8, 7, 2)).predict(images[1:2])[0]
    assert (reply["rows"], reply["columns"], reply["units"]) == (8, 7, 56)
    assert np.allclose(np.frombuffer(values, np.float32).reshape(8, 7), first[..., 2], atol=1e-6)


def test_a_long_row_is_folded_and_ends_where_it_ends():
    demo = demos.explorer(Sequential([layers.Flatten(), layers.Dense(20)], (4, 4, 1), seed=0))
    reply, (values, _) = ask(demo, kind="map", operation=1, map=0)
    assert (reply["rows"], reply["columns"], reply["units"]) == (2, 16, 20)
    values = np.frombuffer(values, np.float32)
    assert np.isnan(values[20:]).all() and np.array_equal(values[:20], demo.outputs[1])
    reply, _ = ask(demo, kind="unit", operation=1, map=0, row=1, column=3)
    assert reply["unit"] == "number 19" and reply["output"] == demo.outputs[1][19]


def test_the_last_units_are_what_predict_gives(demo, images):
    predicted = demo.model.predict(images[:1])[0]
    for number in range(3):
        reply, _ = ask(demo, kind="unit", operation=7, map=0, row=number, column=0)
        assert abs(reply["value"] - predicted[number]) < 1e-6
        assert abs(reply["output"] - predicted[number]) < 1e-6
        assert reply["unit"] == f"number {number}"


@pytest.mark.parametrize(
    "operation, row, column, field",
    [
        (0, 0, 0, [-1, -1, 3, 3]),  # conv2d_1, "same": reaches into the padding
        (2, 1, 1, [1, 1, 4, 4]),  # behind the pooling
        (3, 0, 0, [-1, -1, 6, 8]),
        (5, 0, 0, [-1, -1, 6, 8]),  # the same unit, flattened
        (6, 0, 0, [0, 0, 8, 7]),  # dense: all of the image
        (7, 2, 0, [0, 0, 8, 7]),
    ],
)
def test_receptive_fields(demo, operation, row, column, field):
    reply, _ = ask(demo, kind="unit", operation=operation, map=0, row=row, column=column)
    assert reply["field"] == field


def test_only_the_receptive_field_changes_a_unit():
    model = everything()
    image = np.random.default_rng(3).random((8, 7, 2))
    demo = demos.explorer(model, image[None])
    rows, columns = demo.receptive_field(3, (1, 2, 0))
    before = demo.outputs[3][1, 2, 0]
    inside = np.zeros((8, 7), bool)
    inside[max(rows.start, 0) : rows.stop, max(columns.start, 0) : columns.stop] = True
    demo.look_at(np.where(inside[..., None], image, 5))
    assert demo.outputs[3][1, 2, 0] == before
    demo.look_at(np.where(inside[..., None], 5, image))
    assert demo.outputs[3][1, 2, 0] != before


def test_a_dense_layers_inputs_are_called_by_their_place_on_the_maps(demo):
    reply, _ = ask(demo, kind="unit", operation=6, map=0, row=1, column=0)
    assert reply["lines"][0][0].startswith("map ")
    weights = demo.model.layers[-1].parameters["kernel"][:, 1]
    products = demo.outputs[5] * weights
    assert np.isclose(reply["lines"][0][1], products[np.abs(products).argmax()])


def test_another_channel_can_be_asked_for(demo):
    for channel in range(3):
        reply, _ = ask(demo, kind="unit", operation=3, map=0, row=0, column=0, channel=channel)
        assert reply["channel"] == channel
        assert np.isclose(np.sum(reply["grids"]["products"]), reply["parts"][channel])


def test_a_picture_of_ones_own_becomes_the_image():
    demo = demos.explorer(networks.tutorial())
    colours = np.zeros((28, 28, 3), np.uint8)
    colours[:, :14] = 255, 0, 0
    ask(demo, kind="image", buffers=[colours.tobytes()])
    assert np.allclose(demo.image[:, :14], 0.299) and not demo.image[:, 14:].any()


def test_a_picture_for_other_channels_is_refused(demo):
    reply, _ = demo.answer({"kind": "image"}, [bytes(8 * 7 * 3)])
    assert "2 channels" in reply["error"]


def test_it_leaves_the_model_as_it_was(images):
    model = everything()
    out = model.forward(images)
    gradient = model.backward(np.ones_like(out))
    model.forward(images)
    demos.explorer(model, images)
    assert np.array_equal(model.backward(np.ones_like(out)), gradient)


def test_what_cannot_be_explored_is_refused(images):
    with pytest.raises(ValueError, match=r"takes images.*got one that takes \(3,\)"):
        demos.explorer(Sequential([layers.Dense(2)], (3,)))
    with pytest.raises(ValueError, match="expected images"):
        demos.explorer(small(), images[..., :1])
    with pytest.raises(TypeError, match="model must be a Sequential"):
        demos.explorer(layers.Dense(2))


def test_without_images_there_is_one_of_the_right_shape():
    for shape in (28, 28, 1), (20, 30, 3), (9, 8, 4):
        demo = demos.explorer(Sequential([layers.Conv2D(2, 3)], shape, seed=0))
        assert demo.image.shape == shape and demo.image.std() > 0.1
