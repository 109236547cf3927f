"""The pieces of building exercises: their solutions beside the kernels, their known mistakes."""

import numpy as np
import pieces
import pytest

from cnncourse import building, gradients
from cnncourse.kernels import reference
from cnncourse.kernels.geometry import Geometry

PIECES = {
    "conv2d": building.CONV2D,
    "conv2d-backward": building.CONV2D_BACKWARD,
    "max-pool": building.MAX_POOL,
    "max-pool-backward": building.MAX_POOL_BACKWARD,
    "softmax": building.SOFTMAX,
    "loss": building.LOSS,
}
CLOSE = 1e-6  # of finite differences


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_answers_are_judged(piece):
    pieces.must_judge(piece)


@pytest.mark.parametrize(("piece", "wrong", "hint"), pieces.mistakes(**PIECES))
def test_every_mistake_is_named(piece, wrong, hint):
    pieces.must_be_named(piece, wrong, hint)


def all_cases(piece):
    return [arguments for cases in piece.steps.values() for arguments in cases]


@pytest.mark.parametrize("arguments", all_cases(building.CONV2D_BACKWARD))
def test_the_convolution_is_the_kernels(arguments):
    x, kernel, bias, S, P, g = arguments
    geometry = Geometry.of(x.shape[1:3], kernel.shape[:2], (S, S), (P, P))
    out, by_x, by_kernel = np.empty(g.shape), np.empty(x.shape), np.empty(kernel.shape)
    reference.conv2d(x, kernel, geometry, out)
    assert np.allclose(building.conv2d(x, kernel, bias, S, P), out + bias)
    reference.conv2d_input_gradient(g, kernel, geometry, by_x)
    reference.conv2d_kernel_gradient(x, g, geometry, by_kernel)
    ours = building.conv2d_backward(x, kernel, bias, S, P, g)
    assert np.allclose(ours[0], by_x) and np.allclose(ours[1], by_kernel)
    assert np.allclose(ours[2], g.reshape(-1, len(bias)).sum(axis=0))


@pytest.mark.parametrize("arguments", all_cases(building.MAX_POOL_BACKWARD))
def test_max_pooling_is_the_kernels(arguments):
    x, F, S, g = arguments
    geometry = Geometry.of(x.shape[1:3], (F, F), (S, S), "valid")
    out, argmax, by_x = np.empty(g.shape), np.empty(g.shape, np.uint8), np.empty(x.shape)
    reference.max_pool2d(x, geometry, out, argmax)
    assert np.array_equal(building.max_pool(x, F, S), out)
    reference.max_pool2d_gradient(g, argmax, geometry, by_x)
    assert np.allclose(building.max_pool_backward(x, F, S, g), by_x)


@pytest.mark.parametrize(("z", "labels"), all_cases(building.LOSS))
def test_the_loss_is_the_kernels(z, labels):
    targets = np.eye(z.shape[1])[labels]
    p, losses, gradient = np.empty(z.shape), np.empty(len(z)), np.empty(z.shape)
    reference.softmax(z, p)
    assert np.allclose(building.softmax(z), p)
    reference.softmax_cross_entropy(z, targets, losses, gradient)
    ours = building.loss(z, labels)
    assert np.isclose(ours[0], losses.mean()) and np.allclose(ours[1], gradient)


def test_the_gradient_check_that_students_call_agrees():
    x, kernel, bias, S, P = building.CONV2D.steps["stride and padding together"][0]
    small = x[:1, :5, :4, :2], kernel[:, :, :2], bias, S, P
    found = gradients.compare(building.conv2d, building.conv2d_backward, *small)
    assert list(found) == ["x", "kernel", "bias"] and max(found.values()) < CLOSE
    pooled = building.max_pool, building.max_pool_backward
    assert gradients.compare(*pooled, x[:1, :5, :4, :2], 3, 1)["x"] < CLOSE
    z, labels = building.LOSS.steps["small logits"][0]
    numerical = gradients.numerical(lambda: building.loss(z, labels)[0], z)
    assert gradients.difference(building.loss(z, labels)[1], numerical) < CLOSE
