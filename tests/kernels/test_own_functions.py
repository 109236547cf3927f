"""Functions of one's own in a backend: they run, they are checked, and nothing bypasses them."""

import copy
import pickle

import numpy as np
import pytest
from small_models import small, small_batch

from cnncourse import Sequential, kernels, layers

X, Y = small_batch(24)


def einsum(x, kernel, geometry, out):
    """Convolution in one line, without padding or with it."""
    down, right = geometry.strides
    rows, columns = geometry.output
    reach = [
        (n - 1) * s + w
        for n, s, w in zip(geometry.output, geometry.strides, geometry.window, strict=True)
    ]
    pads = [
        (before, max(end - before - size, 0))
        for before, end, size in zip(geometry.before, reach, geometry.image, strict=True)
    ]
    padded = np.pad(x, [(0, 0), *pads, (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, geometry.window, axis=(1, 2))
    windows = windows[:, ::down, ::right][:, :rows, :columns]  # (N, I, J, C, U, V)
    out[...] = np.einsum("nijcuv,uvco->nijo", windows, kernel)


def trained(device, **options):
    model = small(device=device, **options)
    model.compile()
    return model, model.fit(X, Y, batch_size=8, epochs=2, verbose=False)["loss"]


def test_a_model_trains_with_a_convolution_of_ones_own():
    calls = []

    def counted(*arguments):
        calls.append(arguments[0].shape)
        einsum(*arguments)

    model, ours = trained(kernels.variant("cpu", conv2d=counted))
    _, expected = trained("cpu")
    assert ours == pytest.approx(expected, rel=1e-6)
    assert len(calls) == 2 * 2 * 3  # convolutions, epochs, batches
    assert model.predict(X).shape == (24, 3)
    assert len(calls) > 12, "predict bypassed it"


def test_it_may_return_its_result(capsys):
    def returned(x, kernel, geometry, out):
        result = np.empty_like(out)
        einsum(x, kernel, geometry, result)
        return result

    assert trained(kernels.variant("cpu", conv2d=returned))[1] == pytest.approx(
        trained("cpu")[1], rel=1e-6
    )


@pytest.mark.parametrize("base", ["cpu", "reference"])
@pytest.mark.parametrize(
    ("own", "message"),
    [
        (
            lambda x, kernel, geometry, out: x,
            r"conv2d: your function <lambda> gave the shape .*exp",
        ),
        (lambda x, kernel, geometry, out: None, "conv2d: .*left .* elements of out unwritten"),
        (lambda x, kernel, geometry, out: out.__setitem__(..., x[:, :1]), "conv2d: .* failed: .*"),
    ],
    ids=["another shape", "nothing written", "a shape that does not fit"],
)
def test_what_it_gives_is_checked(base, own, message):
    model = small(device=kernels.variant(base, conv2d=own))
    model.compile()
    before = model.get_weights()
    with pytest.raises(ValueError, match=message):
        model.fit(X, Y, verbose=False)
    assert all(map(np.array_equal, before, model.get_weights()))


def test_an_argmax_outside_the_window_is_refused():
    def beyond(x, geometry, out, argmax):
        out[...] = 0
        argmax[...] = 4

    model = small(device=kernels.variant("cpu", max_pool2d=beyond))
    with pytest.raises(ValueError, match="max_pool2d: .*argmax 4; a window of 4 cells has 0 to 3"):
        model.forward(X)


DILATED = {
    "conv2d": lambda **options: layers.Conv2D(3, 3, padding="same", **options),
    "depthwise_conv2d": lambda **options: layers.DepthwiseConv2D(3, padding="same", **options),
}


def without_gaps(name):
    """The reference's function, as somebody writes it who knows of no gaps."""

    def own(first, second, geometry, out):
        dense = geometry.__class__(**(vars(geometry) | {"dilation": (1, 1)}))
        getattr(kernels.reference, name)(first, second, dense, out)

    return own


@pytest.mark.parametrize("base", ["cpu", "reference"])
@pytest.mark.parametrize("part", ["", "_input_gradient", "_kernel_gradient"])
@pytest.mark.parametrize("kind", DILATED)
def test_one_that_ignores_gaps_is_refused(kind, part, base):
    name = kind + part
    device = kernels.variant(base, **{name: without_gaps(name)})

    def step(**options):
        model = Sequential([layers.Conv2D(2, 1), DILATED[kind](**options)], (9, 8, 2), seed=0)
        model.to(device)
        model.forward(np.ones((2, 9, 8, 2)))
        model.backward(np.ones((2, *model.output_shape)))

    step()  # without gaps, it is sound
    with pytest.raises(ValueError, match=rf"{name}: your function own .*dilation = \(1, 2\), "):
        step(dilation_rate=(1, 2))


def test_one_that_heeds_gaps_is_compared_once_for_each_dilation():
    tries = []

    def own(x, kernel, geometry, out):
        tries.append((len(x), geometry.dilation))
        kernels.get("cpu").conv2d(x, kernel, geometry, out)

    device = kernels.variant("cpu", conv2d=own)
    chain = [DILATED["conv2d"](dilation_rate=rate) for rate in (1, 2, 2, 3)]
    model = Sequential(chain, (9, 8, 2), seed=0, device=device)
    for _ in range(2):
        model.forward(np.ones((4, 9, 8, 2)))
    compared = [dilation for images, dilation in tries if images == 1]
    assert compared == [(2, 2), (3, 3)]
    assert len(tries) == 2 * 4 + 2


def test_only_functions_of_the_contract_can_be_replaced():
    with pytest.raises(ValueError, match="no backend has a function 'convolve'.*conv2d"):
        kernels.variant("cpu", convolve=einsum)
    with pytest.raises(TypeError, match="conv2d must be a function, got 3"):
        kernels.variant("cpu", conv2d=3)
    with pytest.raises(TypeError, match="device must be one of cpu.*got dict") as caught:
        Sequential(device={})
    assert len(str(caught.value)) < 200


def test_backends_are_devices_too():
    assert Sequential(device=kernels.get("cpu")).backend is kernels.get("cpu")
    mine = kernels.variant("cpu", relu=lambda x, out: np.maximum(x, 0, out=out))
    both = kernels.variant(mine, conv2d=einsum)
    assert set(both.replaced) == {"relu", "conv2d"}
    model = small().to(mine)
    assert model.backend is mine
    assert model.to("cpu").backend is kernels.get("cpu")


def test_other_fused_steps_stay():
    def names(backend):
        from cnncourse.model import fusion

        model = small(device=backend)
        return fusion.fused_names(model.operations, model.input_shape, model.backend)

    assert names("cpu") == ["conv2d_1 + relu + max_pooling2d_1", "conv2d_2 + relu", "dense_1"]
    assert names(kernels.variant("cpu", conv2d=einsum)) == ["dense_1"]
    assert names(kernels.variant("cpu", relu=lambda x, out: None)) == [
        "conv2d_1",
        "conv2d_2",
        "dense_1",
    ]


def test_a_loss_of_ones_own_is_used():
    def nothing(logits, targets, losses, gradient):
        losses[...] = 7
        gradient[...] = 0

    model = small(device=kernels.variant("cpu", softmax_cross_entropy=nothing))
    model.compile()
    assert model.evaluate(X, Y)[0] == 7


def test_saved_it_is_a_model_of_the_base_device(tmp_path, capsys):
    model, _ = trained(kernels.variant("cpu", conv2d=einsum))
    model.save(tmp_path / "own.npz")
    assert (
        "saved as a model for the device 'cpu', without your own conv2d" in capsys.readouterr().out
    )
    loaded = Sequential.load(tmp_path / "own.npz")
    assert loaded.backend is kernels.get("cpu")
    assert np.allclose(loaded.predict(X), model.predict(X), atol=1e-6)


def test_copies_keep_it():
    model, _ = trained(kernels.variant("cpu", conv2d=einsum))
    for twin in copy.deepcopy(model), pickle.loads(pickle.dumps(model)):
        assert twin.backend.replaced == {"conv2d": einsum}
        assert twin.layers[0].backend.replaced == {"conv2d": einsum}
        assert np.array_equal(twin.predict(X), model.predict(X))


def test_wrong_types_and_views_never_reach_a_kernel():
    cpu = kernels.get("cpu")
    x = np.zeros((4, 32), np.float32)
    with pytest.raises(TypeError, match="relu: x is float64, expected float32; backend.asarray"):
        cpu.relu(x.astype(float), x)
    with pytest.raises(ValueError, match="relu: x is a view that skips elements"):
        cpu.relu(x[:, ::2], np.zeros((4, 16), np.float32))


def test_kernels_say_what_they_do():
    for device in ("cpu", "reference"):
        said = kernels.get(device).conv2d.__doc__
        assert "Σ x[n, i·S + u·D, j·S + v·D, c] · kernel[u, v, c, o]" in said
    assert "In one pass" in kernels.get("cpu").batch_moments.__doc__


def test_a_layer_of_ones_own_may_give_any_type():
    class Own(layers.Layer):
        def forward(self, x, training=False):
            return x * np.linspace(1, 2, x.shape[-1])  # float64

        def backward(self, gradient, need_input_gradient=True):
            return gradient * np.linspace(1, 2, gradient.shape[-1])

    outputs = []
    x = np.random.default_rng(0).standard_normal((3, 8, 8, 16))
    for device in ("cpu", "reference"):
        model = Sequential([Own(), layers.MaxPooling2D(2)], (8, 8, 16), device=device)
        outputs.append(model.forward(x))
        assert model.backward(np.ones((3, 4, 4, 16))).dtype == model.backend.dtype
    assert outputs[0].dtype == np.float32
    assert np.allclose(*outputs, atol=1e-5)
