"""The layers that a student reads are the code that runs: unfused, replaced or overridden."""

import threading

import numpy as np
import pytest
from small_models import everything, same_weights, small, small_batch

from cnncourse import Sequential, kernels, layers
from cnncourse.networks import DOCUMENTS
from cnncourse.support.rounding import gamma

X, Y = small_batch(8)


def spied(monkeypatch, kinds):
    """Note which classes' own ``forward`` and ``backward`` run."""
    ran = set()
    for kind in kinds:
        for name in ("forward", "backward"):
            written = getattr(kind, name)

            def noted(self, *arguments, _name=name, _written=written, **options):
                ran.add((type(self), _name))
                return _written(self, *arguments, **options)

            monkeypatch.setattr(kind, name, noted)
    return ran


@pytest.mark.parametrize("name", DOCUMENTS)
def test_unfused_every_layer_runs_as_it_is_written(name, monkeypatch):
    """... and the results are those of the fused steps, up to rounding."""
    rng = np.random.default_rng(0)
    x, y = rng.random((6, 28, 28, 1), np.float32), rng.integers(0, 10, 6)
    fused, plain = (DOCUMENTS[name](fuse=fuse) for fuse in (True, False))
    for model in fused, plain:
        model.compile("sgd")
        model.train_on_batch(x, y)
    expected = fused.predict(x)
    kinds = {type(operation) for operation in plain.operations}
    # each output is a chain of sums; a sum's share of rounding is γ(n), n its products and bias
    kernels_of = [layer.parameters.get("kernel") for layer in plain.layers]
    sums = [kernel[..., 0].size + 1 for kernel in kernels_of if kernel is not None]
    tolerance = 4 * sum(map(gamma, sums)) * max(1, abs(expected).max())
    assert abs(plain.predict(x) - expected).max() <= tolerance
    ran = spied(monkeypatch, kinds)
    plain.train_on_batch(x, y)
    wanted = {(kind, way) for kind in kinds for way in ("forward", "backward")}
    if type(plain.operations[-1]) is layers.Softmax:  # the loss computes it
        wanted -= {(layers.Softmax, "forward"), (layers.Softmax, "backward")}
    assert wanted <= ran


def test_unfused_the_kinds_that_no_document_has(monkeypatch):
    model = everything(fuse=False)
    model.compile()
    kinds = {type(o) for o in model.operations} - {layers.Softmax}
    ran = spied(monkeypatch, kinds)
    model.train_on_batch(X, Y)
    assert ran == {(kind, way) for kind in kinds for way in ("forward", "backward")}


def trained(model):
    model.compile()
    model.fit(X, Y, epochs=2, verbose=False)
    return model.predict(X)


def doubled(written):
    def forward(self, x, training=False):
        return 2 * written(self, x, training)

    return forward


@pytest.mark.parametrize("kind", [layers.Conv2D, layers.Dense, layers.MaxPooling2D, layers.ReLU])
def test_a_replaced_forward_runs(kind, monkeypatch):
    expected = trained(small(device="reference"))
    monkeypatch.setattr(kind, "forward", doubled(kind.forward))
    ours, theirs = trained(small()), trained(small(device="reference"))
    assert np.allclose(ours, theirs, atol=1e-4)
    assert not np.allclose(ours, expected, atol=1e-4)


def test_an_overridden_forward_runs():
    class Doubled(layers.Conv2D):
        forward = doubled(layers.Conv2D.forward)

    chain = [Doubled(3, 3, activation="relu"), layers.Flatten(), layers.Dense(3)]
    outputs = [
        Sequential([type(layer)(*arguments) for layer, arguments in zip(
            chain, [(3, 3), (), (3,)], strict=True)], (8, 7, 2), seed=0, device=device)(X)
        for device in ("cpu", "reference")
    ]  # fmt: skip
    assert np.allclose(*outputs, atol=1e-5)


def test_a_forward_replaced_on_one_layer_runs():
    model = small()
    before = model(X)
    conv = model.layers[0]
    conv.forward = lambda x, training=False: 0 * layers.Conv2D.forward(conv, x, training)
    assert not np.allclose(model(X), before)
    assert not np.allclose(model.predict(X), before)


def test_a_prediction_leaves_training_as_it_was():
    """As when another thread predicts between a forward and its backward pass."""
    for model in small(), small(fuse=False), everything():
        model.compile()
        twin = type(model).__call__
        twin(model, X, True)
        states = [rng.bit_generator.state for rng in model.generators().values()]
        model.predict(X[:2])
        assert states == [rng.bit_generator.state for rng in model.generators().values()]
        gradient = model.backward(np.ones((8, 3), np.float32))
        assert gradient.shape == X.shape


def test_explain_names_the_fused_steps(capsys):
    small().explain()
    assert "Fused steps: conv2d_1 + relu + max_pooling2d_1\n" in capsys.readouterr().out
    for model in small(fuse=False), small(device="reference"):
        model.explain()
        assert "No fused steps: each layer runs as it is written" in capsys.readouterr().out


def test_moved_to_a_device_before_shapes_are_known():
    model = Sequential([layers.Flatten(), layers.Dense(3)]).to("reference")
    model.compile()
    model.fit(X, Y, verbose=False)
    assert model.layers[1].backend is kernels.get("reference")


def test_threads_that_predict_and_evaluate_leave_training_alone():
    """The weights after training are those of training alone, bit for bit."""

    def trained(disturbed):
        model = everything()
        model.compile("adam")
        stop = threading.Event()

        def look():
            while not stop.is_set():
                model.predict(X)
                model.evaluate(X, Y)

        threads = [threading.Thread(target=look) for _ in range(2 * disturbed)]
        for thread in threads:
            thread.start()
        model.fit(X, Y, batch_size=4, epochs=20, verbose=False)
        stop.set()
        for thread in threads:
            thread.join()
        return model

    assert same_weights(trained(False), trained(True))


def test_a_loss_does_not_stand_in_for_a_softmax_of_ones_own(monkeypatch):
    """... by its method or by its kernel: the figures are those of what predict gives."""

    def uniform(x, out):
        out[...] = 1 / x.shape[1]

    own_kernel = small(device=kernels.variant("cpu", softmax=uniform))
    own_kernel.compile()
    assert own_kernel.evaluate(X, Y)[0] == pytest.approx(np.log(3))
    monkeypatch.setattr(layers.Softmax, "forward", lambda self, x, training=False: 0 * x + 1 / 3)
    own_method = small()
    own_method.compile()
    assert own_method.evaluate(X, Y)[0] == pytest.approx(np.log(3))
