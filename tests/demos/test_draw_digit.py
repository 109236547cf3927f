"""Draw a digit: messages in, messages out."""

import numpy as np
import pytest
from small_models import small

from cnncourse import Sequential, demos, kernels, layers, networks
from cnncourse.demos.digit_image import as_mnist
from cnncourse.demos.examples import drawn_two


@pytest.fixture(scope="module")
def model():
    return networks.tutorial()


def ask(demo, pixels):
    message = {"kind": "draw", "number": "a-1", "side": len(pixels)}
    return demo.answer(message, [memoryview(pixels.tobytes())])


def test_the_reply_is_what_the_model_predicts(model):
    reply, (image, maps) = ask(demos.draw_digit(model), drawn_two())
    assert reply["number"] == "a-1" and not reply["empty"]
    expected = as_mnist(drawn_two())
    assert np.allclose(
        reply["probabilities"], model.predict(expected[None, ..., None])[0], atol=1e-6
    )
    shades = np.frombuffer(image, np.int8).reshape(28, 28)
    assert np.array_equal(shades, np.rint(127 * expected / expected.max()))
    assert reply["maps"] == (24, 24, 16)  # of 32
    first = model.layers[0](expected[None, ..., None])[0]  # with its ReLU
    maps = np.frombuffer(maps, np.int8).reshape(16, 24, 24)
    assert np.array_equal(maps[3], np.rint(127 * first[..., 3] / first[..., :16].max()))


def test_an_empty_canvas_is_said_to_be_empty(model):
    reply, _ = ask(demos.draw_digit(model), np.zeros((112, 112), np.uint8))
    assert reply["empty"]


def test_logits_are_shown_as_probabilities():
    model = networks.postech()
    reply, _ = ask(demos.draw_digit(model), drawn_two())
    logits = model.predict(as_mnist(drawn_two())[None, ..., None])[0].astype(float)
    assert np.isclose(sum(reply["probabilities"]), 1)
    assert np.allclose(reply["probabilities"], np.exp(logits) / np.exp(logits).sum(), atol=1e-5)


def test_the_first_maps_are_those_behind_normalisation_and_relu():
    model = networks.explained()
    reply, (_, maps) = ask(demos.draw_digit(model), drawn_two())
    assert reply["maps"] == (28, 28, 16)
    assert np.frombuffer(maps, np.int8).min() == 0


def test_a_network_without_convolution_has_no_maps():
    model = Sequential([layers.Flatten(), layers.Dense(10)], (28, 28, 1), seed=0)
    reply, arrays = ask(demos.draw_digit(model), drawn_two())
    assert "maps" not in reply and len(arrays) == 1
    assert demos.draw_digit(model).picture is not None


def test_it_leaves_the_model_as_it_was(model):
    images = np.random.default_rng(0).random((2, 28, 28, 1))
    expected = model.forward(images)
    gradient = model.backward(np.ones_like(expected))
    model.forward(images)
    ask(demos.draw_digit(model), drawn_two())
    assert np.array_equal(model.backward(np.ones_like(expected)), gradient)


def test_an_error_of_the_model_reaches_the_reader():
    def broken(x, out):
        raise ValueError("my kernel is not done yet")

    model = networks.tutorial(device=kernels.variant("cpu", relu=broken))
    message = {"kind": "draw", "number": 5, "side": 112}
    demo = demos.draw_digit(model)
    reply, arrays = demo.answer(message, [drawn_two().tobytes()])
    assert reply["number"] == 5 and arrays == []
    assert reply["error"].startswith("ValueError") and "my kernel is not done yet" in reply["error"]
    assert "broken" in reply["traceback"]


def test_models_of_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"images \(28, 28, 1\).*got one that takes \(8, 7, 2\)"):
        demos.draw_digit(small())
    with pytest.raises(TypeError, match="model must be a Sequential, got 'mnist'"):
        demos.draw_digit("mnist")
    with pytest.raises(ValueError, match="known shapes"):
        demos.draw_digit(Sequential([layers.Dense(10)]))
