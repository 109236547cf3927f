"""The whole network's gradients against numerical ones, in float64."""

import numpy as np
import pytest
from networks import small, small_batch

from cnncourse import Sequential, gradients, layers


@pytest.mark.parametrize("seed", range(3))
def test_the_whole_network_agrees_with_numerical_gradients(seed):
    model = small(device="reference", seed=seed)
    model.compile()
    result = gradients.check(model, *small_batch(seed=seed))
    assert set(result) == {
        "images",
        *(f"{name} kernel" for name in ("conv2d_1", "conv2d_2", "dense_1")),
        *(f"{name} bias" for name in ("conv2d_1", "conv2d_2", "dense_1")),
    }
    assert max(result.values()) < 1e-6, result


@pytest.mark.parametrize("padding", ["valid", "same", (2, 1)])
@pytest.mark.parametrize("strides", [1, 2, (3, 1)])
def test_every_padding_and_stride(padding, strides):
    model = Sequential(
        [
            layers.Conv2D(3, (3, 2), strides=strides, padding=padding, use_bias=False),
            layers.ReLU(),
            layers.MaxPooling2D((2, 1), strides=1, padding="same"),
            layers.Flatten(),
            layers.Dense(3),
        ],
        input_shape=(8, 7, 2),
        seed=0,
        device="reference",
    )
    model.compile()
    assert max(gradients.check(model, *small_batch()).values()) < 1e-6


def test_a_wrong_backward_pass_is_found_and_named():
    class Wrong(layers.Dense):
        def backward(self, gradient, need_input_gradient=True):
            result = super().backward(gradient, need_input_gradient)
            self.gradients["bias"] = self.gradients["bias"] * 1.001
            return result

    model = Sequential([layers.Flatten(), Wrong(3)], (8, 7, 2), seed=0, device="reference")
    model.compile()
    result = gradients.check(model, *small_batch())
    assert [name for name, error in result.items() if error > 1e-6] == ["wrong_1 bias"]


def test_float32_is_refused():
    model = small()
    model.compile()
    with pytest.raises(ValueError, match="checked in float64"):
        gradients.check(model, *small_batch())


def test_difference_is_relative():
    assert gradients.difference(np.array([2e9]), np.array([1e9])) == 0.5
    assert gradients.difference(np.zeros(3), np.zeros(3)) == 0
    assert gradients.difference(np.ones(3), -np.ones(3)) == 2
