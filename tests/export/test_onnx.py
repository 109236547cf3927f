"""ONNX files: well-formed, and ONNX Runtime computes with them what ``predict`` gives.

pytest tests/export/test_onnx.py --networks 200 --whole -s
"""

import sys
from pathlib import Path

import numpy as np
import pytest

from cnncourse import Sequential, datasets, export, layers, networks

sys.path.insert(0, str(Path(__file__).parent))

import drawn_models  # noqa: E402
from trained import trained  # noqa: E402


@pytest.fixture
def runtime():
    """A function that gives what ONNX Runtime computes of a file, for some images."""
    pytest.importorskip("onnx", reason='the extra "onnx" is not installed')
    onnxruntime = pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed")

    def run(path, images):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        (predictions,) = session.run(["predictions"], {"images": images})
        return predictions

    return run


def agree(found, exact):
    assert found.shape == exact.shape
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-5 * max(1, abs(exact).max()))


@pytest.fixture(scope="module")
def digits():
    return datasets.load("mnist")


@pytest.mark.parametrize("name", networks.DOCUMENTS)
def test_the_documents_networks(name, digits, runtime, tmp_path, request):
    model, images = trained(name, digits, request)
    export.to_onnx(model, tmp_path / "net.onnx")
    exact, found = model.predict(images), runtime(tmp_path / "net.onnx", images)
    agree(found, exact)
    np.testing.assert_array_equal(found.argmax(axis=1), exact.argmax(axis=1))
    print(f"{name}, {len(images):,} images: differs from predict by {abs(found - exact).max():.1e}")


def test_drawn_networks(request, runtime, tmp_path):
    for seed in range(request.config.getoption("--networks")):
        model, images = drawn_models.model(seed)
        try:
            export.to_onnx(model, tmp_path / "net.onnx")
            agree(runtime(tmp_path / "net.onnx", images), model.predict(images))
        except Exception as error:
            raise AssertionError(f"seed {seed}, {model.layers}") from error


def chain(*layers_, shape=(6, 5, 3)):
    return Sequential(layers_, shape, seed=0, device="reference")


KINDS = {  # what drawn networks seldom have
    "maps come out": chain(layers.Conv2D(2, 3), layers.Tanh()),
    "nothing but an activation": chain(layers.ReLU()),
    "features go in": chain(layers.Dense(4), layers.ReLU(), layers.Dense(2), shape=(7,)),
    "pixels go into a dense layer": chain(layers.Flatten(), layers.Dense(2)),
    "flattened features have scales of their own": chain(
        layers.Conv2D(2, 3), layers.Flatten(), layers.BatchNormalization(), layers.Dense(2)
    ),
    "a mean of which all windows reach beyond": chain(
        layers.WeightedAveragePooling2D((2, 3), padding="same"), shape=(2, 3, 2)
    ),
    "a norm with a large p": chain(layers.LpPooling2D(2, p=300), layers.Flatten()),
}


@pytest.mark.parametrize("kind", KINDS)
def test_rare_kinds(kind, runtime, tmp_path):
    model = KINDS[kind]
    images = np.random.default_rng(0).standard_normal((3, *model.input_shape)).astype(np.float32)
    export.to_onnx(model, tmp_path / "net.onnx")
    agree(runtime(tmp_path / "net.onnx", images), model.predict(images))


def test_a_norm_of_large_values_does_not_overflow(runtime, tmp_path):
    model = chain(layers.LpPooling2D((3, 1), p=3), layers.Flatten(), shape=(3, 1, 1))
    export.to_onnx(model, tmp_path / "net.onnx")
    images = np.float32([[3e20, -4e20, 5e20], [0, 0, 0]]).reshape(2, 3, 1, 1)
    found = runtime(tmp_path / "net.onnx", images)
    np.testing.assert_allclose(found, [[6e20], [0]], rtol=1e-5)  # 3³ + 4³ + 5³ = 6³


def test_what_others_read_in_the_file(runtime, tmp_path):
    import onnx

    export.to_onnx(networks.tutorial(device="reference"), tmp_path / "net.onnx")
    model = onnx.load(tmp_path / "net.onnx")
    operators = [node.op_type for node in model.graph.node]
    rest = ["Conv", "Relu", "MaxPool"] * 2 + ["Flatten", "Gemm", "Softmax"]
    assert operators == ["Transpose", *rest]
    sides = [side.type.tensor_type.shape.dim for side in (*model.graph.input, *model.graph.output)]
    assert [[d.dim_param or d.dim_value for d in dims] for dims in sides] == [
        ["N", 28, 28, 1],
        ["N", 10],
    ]
    assert [(opset.domain, opset.version) for opset in model.opset_import] == [("", 17)]


# What cannot be exported leaves no file


class Doubled(layers.Layer):
    def forward(self, x, training=False):
        return 2 * x


def test_refused_before_a_file_is_written(tmp_path):
    with pytest.raises(ValueError, match="mine.*its class is not one"):
        export.to_onnx(chain(Doubled(name="mine"), layers.Flatten()), tmp_path / "net.onnx")
    with pytest.raises(TypeError, match="model must be a Sequential"):
        export.to_onnx("model", tmp_path / "net.onnx")
    assert not list(tmp_path.iterdir())


def test_without_the_extra_it_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install -e "\.\[onnx\]"'):
        export.to_onnx(chain(layers.ReLU()), tmp_path / "net.onnx")
    assert not list(tmp_path.iterdir())
