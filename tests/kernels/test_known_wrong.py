"""Mistakes that courses and libraries really made: the suite must reject each of them.

A test that cannot fail proves nothing. Here each known mistake is put into a backend, or into a
layer, and the very test that should notice it is run on it.
"""

from types import SimpleNamespace

import numpy as np
import pytest
import test_conformance
import test_conformance_depthwise
import test_conformance_layers
import test_conformance_pooling
import test_conformance_training as test_training
import test_conformance_upsampling
import test_gradients
from small_models import small_batch

from cnncourse import Sequential, kernels, layers
from cnncourse.kernels import geometry
from cnncourse.layers.rows import run, run_back

CPU = kernels.get("cpu")


def backend_with(name, wrong):
    """The CPU backend with one function replaced by a wrong one."""
    return SimpleNamespace(**{**vars(CPU), name: wrong})


def changed(g, **fields):
    return geometry.Geometry(**(vars(g) | fields))


# Wrong kernels


def flipped_kernel(x, kernel, g, out):
    CPU.conv2d(x, np.ascontiguousarray(kernel[::-1, ::-1]), g, out)


def stride_of_one_axis_for_both(x, kernel, g, out):
    down = g.strides[0]
    across = -(-g.output[1] * g.strides[1] // down) if down <= g.strides[1] else g.output[1]
    wide = changed(g, strides=(down, down), output=(g.output[0], across))
    result = np.empty((*out.shape[:2], across, out.shape[3]), out.dtype)
    CPU.conv2d(x, kernel, wide, result)
    out[...] = result[:, :, : g.output[1]]


def padding_ignored(x, kernel, g, out):
    CPU.conv2d(x, kernel, changed(g, before=(0, 0)), out)


def last_row_forgotten(x, kernel, g, out):
    part = np.empty_like(out[:, :-1])
    if g.output[0] > 1:
        CPU.conv2d(x, kernel, changed(g, output=(g.output[0] - 1, g.output[1])), part)
    out[:, :-1] = part


def height_and_width_swapped(x, gradient, g, out):
    CPU.conv2d_kernel_gradient(x, gradient, g, out)
    out[...] = out.reshape(g.window[::-1] + out.shape[2:]).swapaxes(0, 1).copy()


def input_gradient_without_the_flip(gradient, kernel, g, out):
    CPU.conv2d_input_gradient(gradient, np.ascontiguousarray(kernel[::-1, ::-1]), g, out)


def gaps_ignored(x, kernel, g, out):
    CPU.conv2d(x, kernel, changed(g, dilation=(1, 1)), out)


def gaps_of_one_axis_for_both(gradient, kernel, g, out):
    down, right = g.dilation
    reach = changed(g, dilation=(down, down), before=(g.before[0], g.before[1]))
    CPU.conv2d_input_gradient(gradient, kernel, reach, out)


def gaps_in_the_gradient_ignored(x, gradient, g, out):
    CPU.conv2d_kernel_gradient(x, gradient, changed(g, dilation=(1, 1)), out)


def filters_before_channels(x, kernel, g, out):
    CPU.depthwise_conv2d(x, kernel, g, out)
    swapped = out.swapaxes(3, 4).reshape(out.shape)  # map m·C + c instead of c·M + m
    out[...] = swapped.copy()


def channels_mixed(x, kernel, g, out):
    result = np.empty((*out.shape[:3], out.shape[3] * out.shape[4]), np.float32)
    CPU.conv2d(x, kernel.reshape(*kernel.shape[:2], 1, -1).repeat(x.shape[3], axis=2), g, result)
    out[...] = result.reshape(out.shape)


def gaps_between_channels_ignored(x, kernel, g, out):
    CPU.depthwise_conv2d(x, kernel, changed(g, dilation=(1, 1)), out)


def one_gap_for_both_axes(gradient, kernel, g, out):
    down, _ = g.dilation
    CPU.depthwise_conv2d_input_gradient(gradient, kernel, changed(g, dilation=(down, down)), out)


def gaps_left_out_of_a_channels_gradient(x, gradient, g, out):
    CPU.depthwise_conv2d_kernel_gradient(x, gradient, changed(g, dilation=(1, 1)), out)


def gradient_of_the_first_filter_only(gradient, kernel, g, out):
    first = gradient[..., :1].copy(), kernel[..., :1].copy()
    CPU.depthwise_conv2d_input_gradient(*first, g, out)


def depthwise_without_the_flip(gradient, kernel, g, out):
    CPU.depthwise_conv2d_input_gradient(gradient, kernel[::-1, ::-1].copy(), g, out)


def gradient_averaged_over_images(x, gradient, g, out):
    CPU.depthwise_conv2d_kernel_gradient(x, gradient, g, out)
    out /= len(x)


def max_pooling_padded_with_zeros(x, g, out, argmax):
    CPU.max_pool2d(x, g, out, argmax)
    if max(g.before) > 0:
        out[:, 0] = np.maximum(out[:, 0], 0)
        out[:, :, 0] = np.maximum(out[:, :, 0], 0)


def last_of_equals_taken(x, g, out, argmax):
    cells = g.window[0] * g.window[1]
    after = np.arange(cells)[::-1]
    windows = kernels.reference._windows(x, g, -np.inf)
    values = windows.reshape(*windows.shape[:4], -1)[..., after]
    out[...] = values.max(axis=-1)
    argmax[...] = cells - 1 - values.argmax(axis=-1)


def overlapping_gradients_overwritten(gradient, argmax, g, out):
    out[...] = 0
    for n, i, j, c in np.ndindex(gradient.shape):
        u, v = divmod(int(argmax[n, i, j, c]), g.window[1])
        h, w = i * g.strides[0] + u - g.before[0], j * g.strides[1] + v - g.before[1]
        out[n, h, w, c] = gradient[n, i, j, c]


def padding_counted_in_the_mean(x, weights, g, out):
    CPU.average_pool2d(x, weights, g, out)
    ones = np.ones((1, *g.image, 1), np.float32)
    on_image = np.empty((1, *g.output, 1), np.float32)
    CPU.conv2d(ones, weights[..., None, None].copy(), g, on_image)
    out *= on_image / weights.sum()


def signs_lost_in_the_gradient(gradient, x, y, p, g, out):
    CPU.lp_pool2d_gradient(gradient, abs(x), y, p, g, out)


def rows_of_zeros_between(x, out):
    out[...] = 0
    down, right = (-(-out.shape[axis] // x.shape[axis]) for axis in (1, 2))
    part = out[:, ::down, ::right]
    part[...] = x[:, : part.shape[1], : part.shape[2]]


def images_repeated_and_not_pixels(x, out):
    rows, columns = (np.arange(out.shape[axis]) % x.shape[axis] for axis in (1, 2))
    out[...] = x[:, rows[:, None], columns]


def copies_overwritten(gradient, out):
    rows, columns = kernels.reference._sources(out, gradient)
    out[...] = 0
    out[:, rows, columns] = gradient


def mean_of_the_copies(gradient, out):
    CPU.upsample2d_gradient(gradient, out)
    out *= np.float32(out.size / gradient.size)


def relu_that_swallows_faults(x, out):
    out[...] = np.where(x > 0, x, 0)


def last_value_not_added(a, b, out):
    CPU.add(a, b, out)
    out.flat[-1] = a.flat[-1]


def softmax_without_the_shift(x, out):
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(x)
        out[...] = powers / powers.sum(axis=1, keepdims=True)


def gradient_of_the_sum(logits, targets, losses, gradient):
    CPU.softmax_cross_entropy(logits, targets, losses, gradient)
    gradient *= len(logits)


def dropout_not_rescaled(x, rate, key, out):
    CPU.dropout(x, rate, key, out)
    out *= np.float32(1 - rate)


def sample_variance(x, mean, variance):
    CPU.batch_moments(x, mean, variance)
    rows = x.size // x.shape[-1]
    variance *= np.float32(rows / max(rows - 1, 1))


def moments_by_one_pass(x, mean, variance):
    rows = x.reshape(-1, x.shape[-1])
    mean[...] = rows.mean(axis=0)
    variance[...] = (rows * rows).mean(axis=0) - mean * mean


def statistics_taken_for_constants(gradient, x, mean, variance, gamma, epsilon, out, *sums):
    CPU.batch_norm_gradient(gradient, x, mean, variance, gamma, epsilon, out, *sums)
    out[...] = gradient * gamma / np.sqrt(variance + np.float32(epsilon))


def moments_of_the_whole_batch(x, gamma, beta, epsilon, out):
    mean, variance = x.mean(axis=tuple(range(x.ndim - 1))), x.var(axis=tuple(range(x.ndim - 1)))
    CPU.batch_norm(x, mean, variance, gamma, beta, epsilon, out)


def epsilon_added_to_the_deviation(x, gamma, beta, epsilon, out):
    deviation = x.std(axis=-1, keepdims=True) + np.float32(epsilon)
    out[...] = gamma * (x - x.mean(axis=-1, keepdims=True)) / deviation + beta


def own_moments_taken_for_constants(gradient, x, gamma, epsilon, out, *sums):
    CPU.layer_norm_gradient(gradient, x, gamma, epsilon, out, *sums)
    out[...] = gamma * gradient / np.sqrt(x.var(axis=-1, keepdims=True) + np.float32(epsilon))


def scales_left_out_of_the_means(gradient, x, gamma, epsilon, out, *sums):
    CPU.layer_norm_gradient(gradient, x, np.ones_like(gamma), epsilon, out, *sums)
    out *= gamma


def sums_over_the_channels(gradient, x, gamma, epsilon, out, gamma_gradient, beta_gradient):
    CPU.layer_norm_gradient(gradient, x, gamma, epsilon, out, gamma_gradient, beta_gradient)
    beta_gradient[...] = gradient.sum() / len(beta_gradient)


def epsilon_outside_the_root(parameter, gradient, mean_square, rate, rho, epsilon, decay):
    CPU.rmsprop_step(parameter.copy(), gradient, mean_square, rate, rho, epsilon)
    parameter *= np.float32(1 - decay)
    parameter -= np.float32(rate) * gradient / (np.sqrt(mean_square) + np.float32(epsilon))


def adam_without_its_correction(parameter, gradient, mean, square, rate, b1, b2, eps, step, decay):
    CPU.adam_step(parameter, gradient, mean, square, rate, b1, b2, eps, 10**9, decay)


def decay_divided_by_the_root(parameter, gradient, mean, square, rate, b1, b2, eps, step, decay):
    gradient = gradient + np.float32(decay / rate) * parameter  # a penalty in the loss
    CPU.adam_step(parameter, gradient, mean, square, rate, b1, b2, eps, step)


def momentum_with_the_wrong_sign(parameter, gradient, velocity, rate, momentum, nesterov, decay):
    CPU.momentum_step(parameter, gradient, velocity, rate, -momentum, nesterov, decay)


def nesterov_forgotten(parameter, gradient, velocity, rate, momentum, nesterov, decay):
    CPU.momentum_step(parameter, gradient, velocity, rate, momentum, False, decay)


def decay_of_the_whole_rate(parameter, gradient, rate, decay):
    CPU.sgd_step(parameter, gradient, rate, decay * rate)


def norm_of_one_row(x, out):
    CPU.sum_of_squares(x[:1].copy(), out)


def clipped_from_above_only(x, limit):
    np.minimum(x, np.float32(limit), out=x)


def cell_left_unwritten(x, out):
    before = out.flat[-1]
    CPU.relu(x, out)
    out.flat[-1] = before


def input_overwritten(x, out):
    CPU.relu(x, out)
    x[...] = out


WRONG_KERNELS = [
    (flipped_kernel, "conv2d", test_conformance.test_conv2d),
    (stride_of_one_axis_for_both, "conv2d", test_conformance.test_conv2d),
    (padding_ignored, "conv2d", test_conformance.test_conv2d),
    (last_row_forgotten, "conv2d", test_conformance.test_conv2d),
    (
        height_and_width_swapped,
        "conv2d_kernel_gradient",
        test_conformance.test_conv2d_kernel_gradient,
    ),
    (
        input_gradient_without_the_flip,
        "conv2d_input_gradient",
        test_conformance.test_conv2d_input_gradient,
    ),
    (gaps_ignored, "conv2d", test_conformance.test_conv2d),
    (
        gaps_of_one_axis_for_both,
        "conv2d_input_gradient",
        test_conformance.test_conv2d_input_gradient,
    ),
    (
        gaps_in_the_gradient_ignored,
        "conv2d_kernel_gradient",
        test_conformance.test_conv2d_kernel_gradient,
    ),
    (
        filters_before_channels,
        "depthwise_conv2d",
        test_conformance_depthwise.test_depthwise_conv2d,
    ),
    (channels_mixed, "depthwise_conv2d", test_conformance_depthwise.test_depthwise_conv2d),
    (
        gradient_of_the_first_filter_only,
        "depthwise_conv2d_input_gradient",
        test_conformance_depthwise.test_depthwise_conv2d_input_gradient,
    ),
    (
        depthwise_without_the_flip,
        "depthwise_conv2d_input_gradient",
        test_conformance_depthwise.test_depthwise_conv2d_input_gradient,
    ),
    (
        gradient_averaged_over_images,
        "depthwise_conv2d_kernel_gradient",
        test_conformance_depthwise.test_depthwise_conv2d_kernel_gradient,
    ),
    (
        gaps_between_channels_ignored,
        "depthwise_conv2d",
        test_conformance_depthwise.test_depthwise_conv2d,
    ),
    (
        one_gap_for_both_axes,
        "depthwise_conv2d_input_gradient",
        test_conformance_depthwise.test_depthwise_conv2d_input_gradient,
    ),
    (
        gaps_left_out_of_a_channels_gradient,
        "depthwise_conv2d_kernel_gradient",
        test_conformance_depthwise.test_depthwise_conv2d_kernel_gradient,
    ),
    (max_pooling_padded_with_zeros, "max_pool2d", test_conformance.test_max_pool2d),
    (
        last_of_equals_taken,
        "max_pool2d",
        test_conformance.test_max_pool2d_takes_the_first_of_equals,
    ),
    (
        overlapping_gradients_overwritten,
        "max_pool2d_gradient",
        test_conformance.test_max_pool2d_gradient,
    ),
    (padding_counted_in_the_mean, "average_pool2d", test_conformance_pooling.test_average_pool2d),
    (
        signs_lost_in_the_gradient,
        "lp_pool2d_gradient",
        test_conformance_pooling.test_lp_pool2d,
    ),
    (rows_of_zeros_between, "upsample2d", test_conformance_upsampling.test_upsample2d),
    (images_repeated_and_not_pixels, "upsample2d", test_conformance_upsampling.test_upsample2d),
    (
        copies_overwritten,
        "upsample2d_gradient",
        test_conformance_upsampling.test_upsample2d_gradient,
    ),
    (
        mean_of_the_copies,
        "upsample2d_gradient",
        test_conformance_upsampling.test_upsample2d_gradient,
    ),
    (relu_that_swallows_faults, "relu", test_conformance.test_nan_stays_visible),
    (cell_left_unwritten, "relu", test_conformance.test_relu),
    (input_overwritten, "relu", test_conformance.test_relu),
    (last_value_not_added, "add", test_conformance_layers.test_add),
    (softmax_without_the_shift, "softmax", test_training.test_softmax),
    (gradient_of_the_sum, "softmax_cross_entropy", test_training.test_softmax_cross_entropy),
    (
        dropout_not_rescaled,
        "dropout",
        test_conformance_layers.test_dropout_drops_the_same_everywhere,
    ),
    (sample_variance, "batch_moments", test_conformance_layers.test_batch_moments),
    (moments_by_one_pass, "batch_moments", test_conformance_layers.test_batch_moments),
    (
        statistics_taken_for_constants,
        "batch_norm_gradient",
        test_conformance_layers.test_batch_norm,
    ),
    (moments_of_the_whole_batch, "layer_norm", test_conformance_layers.test_layer_norm),
    (epsilon_added_to_the_deviation, "layer_norm", test_conformance_layers.test_layer_norm),
    (
        own_moments_taken_for_constants,
        "layer_norm_gradient",
        test_conformance_layers.test_layer_norm,
    ),
    (scales_left_out_of_the_means, "layer_norm_gradient", test_conformance_layers.test_layer_norm),
    (sums_over_the_channels, "layer_norm_gradient", test_conformance_layers.test_layer_norm),
    (epsilon_outside_the_root, "rmsprop_step", test_training.test_rmsprop_step),
    (adam_without_its_correction, "adam_step", test_training.test_adam_step),
    (momentum_with_the_wrong_sign, "momentum_step", test_training.test_momentum_step),
    (nesterov_forgotten, "momentum_step", test_training.test_momentum_step),
    (decay_divided_by_the_root, "adam_step", test_training.test_adam_step),
    (decay_of_the_whole_rate, "sgd_step", test_training.test_sgd_step),
    (norm_of_one_row, "sum_of_squares", test_training.test_sum_of_squares),
    (clipped_from_above_only, "clip", test_training.test_clip),
]


@pytest.mark.parametrize(
    ("wrong", "name", "test"), WRONG_KERNELS, ids=[wrong.__name__ for wrong, *_ in WRONG_KERNELS]
)
def test_a_wrong_kernel_is_rejected(wrong, name, test):
    with pytest.raises(AssertionError):  # the right one passes it in tests/kernels
        for _ in range(5):  # one set of drawn cases may miss a mistake that shows in few of them
            test(backend=backend_with(name, wrong))


# Wrong layers


class StatisticsOfTheBatchAtInference(layers.BatchNormalization):
    def forward(self, x, training=False):
        return super().forward(x, training=True)


class DropoutAtInference(layers.Dropout):
    def forward(self, x, training=False):
        return super().forward(x, training=True)


class MaskDrawnAnewInTheBackwardPass(layers.Dropout):
    def backward(self, gradient, need_input_gradient=True):
        self.saved += 1
        return super().backward(gradient, need_input_gradient)


class DerivativeOneAtZero(layers.ReLU):
    def backward(self, gradient, need_input_gradient=True):
        return gradient


class BiasGradientOfOneImage(layers.Dense):
    def backward(self, gradient, need_input_gradient=True):
        result = super().backward(gradient, need_input_gradient)
        self.gradients["bias"] = gradient[0].copy()
        return result


class GradientOfTheShortcutForgotten(layers.Residual):
    def backward(self, gradient, need_input_gradient=True):
        return run_back(self.branches[0], gradient, need_input_gradient, self.backend)


class GradientSharedOut(layers.Residual):
    def backward(self, gradient, need_input_gradient=True):
        return super().backward(gradient / 2, need_input_gradient)


class ActivationBeforeTheSum(layers.Residual):
    def forward(self, x, training=False):
        deep, past = (run(branch, x, training, self.backend) for branch in self.branches)
        return np.maximum(deep, 0) + past

    operations = property(lambda self: (self,))


class LayersAloneAtInference(layers.Residual):
    def forward(self, x, training=False):
        return super().forward(x, True) if training else run(self.branches[0], x, False, CPU)


def block(kind=layers.Residual):
    return kind([layers.Conv2D(3, 3, padding="same")], activation="relu")


def pointwise(kind=layers.Residual):
    return kind([layers.Conv2D(2, 1)])


class KernelNotTurnedInTheBackwardPass(layers.Conv2DTranspose):
    """A transposed convolution that takes its own kernel backwards: another layer's gradient."""

    def backward(self, gradient, need_input_gradient=True):
        kernel = self.parameters["kernel"]
        self.parameters["kernel"] = kernel[::-1, ::-1].copy()
        result = super().backward(gradient, need_input_gradient)
        self.parameters["kernel"] = kernel
        return result


class BilinearForwardNearestBack(layers.UpSampling2D):
    def backward(self, gradient, need_input_gradient=True):
        self.interpolation = "nearest"
        result = super().backward(gradient, need_input_gradient)
        self.interpolation = "bilinear"
        return result


class MixedBeforeEachChannelsOwn(layers.SeparableConv2D):
    """The gradient of the mixing weights from what came in, not from the maps in between."""

    def backward(self, gradient, need_input_gradient=True):
        result = super().backward(gradient, need_input_gradient)
        x, maps = self.saved
        rows, columns = maps.shape[1:3]
        mixing = np.einsum("nijc,nijo->co", x[:, :rows, :columns], gradient)
        self.gradients["pointwise_kernel"] = mixing[None, None]
        return result


def predictions_do_not_depend_on_the_batch(layer):
    """What a network says of an image is the same alone and in company, and twice the same."""
    x, y = small_batch(12)
    model = Sequential([layer, layers.Flatten(), layers.Dense(3)], (8, 7, 2), seed=0)
    model.compile()
    model.fit(x, y, verbose=False)
    alone = np.concatenate([model.predict(image[None]) for image in x])
    assert np.allclose(model.predict(x), alone, atol=1e-5)


def gradients_agree(layer):
    test_gradients.check(test_gradients.in_front_of_a_classifier(layer))


def the_sum_comes_before_the_activation(layer):
    """max(0, −2 + 1) is 0, and max(0, −2) + 1 is not."""
    layer.build((2, 2, 3))
    layer.layers[0].set_weights([np.zeros((3, 3, 3, 3)), np.full(3, -2)])
    assert (layer(np.ones((1, 2, 2, 3))) == 0).all()


def the_same_at_inference(layer):
    """Nothing in the block behaves in two ways."""
    x, _ = small_batch(4)
    layer.build((8, 7, 2))
    assert np.array_equal(layer(x, training=True), layer(x))


def last_gradients_agree(layer):
    test_gradients.check([layers.Flatten(), layer])


@pytest.mark.parametrize(
    ("right", "wrong", "check"),
    [
        (
            layers.BatchNormalization(),
            StatisticsOfTheBatchAtInference(),
            predictions_do_not_depend_on_the_batch,
        ),
        (layers.Dropout(0.3), DropoutAtInference(0.3), predictions_do_not_depend_on_the_batch),
        (layers.Dropout(0.3), MaskDrawnAnewInTheBackwardPass(0.3), gradients_agree),
        (layers.ReLU(), DerivativeOneAtZero(), gradients_agree),
        (layers.Dense(3), BiasGradientOfOneImage(3), last_gradients_agree),
        (block(), block(GradientOfTheShortcutForgotten), gradients_agree),
        (block(), block(GradientSharedOut), gradients_agree),
        (block(), block(ActivationBeforeTheSum), the_sum_comes_before_the_activation),
        (pointwise(), pointwise(LayersAloneAtInference), the_same_at_inference),
        (
            layers.Conv2DTranspose(2, 3, strides=2),
            KernelNotTurnedInTheBackwardPass(2, 3, strides=2),
            gradients_agree,
        ),
        (
            layers.UpSampling2D(2, "bilinear"),
            BilinearForwardNearestBack(2, "bilinear"),
            gradients_agree,
        ),
        (layers.SeparableConv2D(4, 2), MixedBeforeEachChannelsOwn(4, 2), gradients_agree),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, layers.Layer) else "",
)
def test_a_wrong_layer_is_rejected(right, wrong, check):
    check(right)
    with pytest.raises(AssertionError):
        check(wrong)


# Wrong formulas for sizes


@pytest.fixture
def nothing_remembered():
    """Geometries that other tests asked for are forgotten, and so are the wrong ones of this."""
    geometry.Geometry.of.cache_clear()
    yield
    geometry.Geometry.of.cache_clear()


@pytest.mark.usefixtures("nothing_remembered")
def test_padding_left_out_of_the_output_size_is_rejected(monkeypatch):
    import test_geometry

    right = geometry._fixed
    monkeypatch.setattr(geometry, "_fixed", lambda size, f, s, pad: (pad, right(size, f, s, 0)[1]))
    with pytest.raises(AssertionError):
        test_geometry.test_the_formula_counts_what_sliding_counts()


@pytest.mark.usefixtures("nothing_remembered")
def test_a_ceiling_instead_of_the_floor_is_rejected(monkeypatch):
    import test_geometry

    monkeypatch.setattr(
        geometry, "_fixed", lambda size, f, s, pad: (pad, -(-(size - f + 2 * pad) // s) + 1)
    )
    with pytest.raises(AssertionError):
        test_geometry.test_the_formula_counts_what_sliding_counts()
