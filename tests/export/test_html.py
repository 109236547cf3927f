"""The page that `export.to_html` writes: its arithmetic, in Node.js, and what is in the file.

In a browser it is tested by ``tests/browser/test_page_of_a_network.py``.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cnncourse import Sequential, datasets, export, layers, networks, quantization
from cnncourse.demos.digit_image import as_mnist
from cnncourse.export.html.packed import packed
from cnncourse.quantization.fixed_point import requantize

sys.path.insert(0, str(Path(__file__).parent))

import drawn_models  # noqa: E402
from in_node import NODE, evaluate, needs_node  # noqa: E402

RUN = """given.map(({network, images}) => {
    const found = unpacked(network);
    return images.map((image) => outputs(found, image).map((values) => Array.from(values)));
})"""


def by_reference(model, images):
    """What each step gives for each image: the integer reference, step by step."""
    x, found = images.astype(np.int64), []
    for step in model.steps:
        x = step.run(x.reshape(len(x), *step.step.input_shape))
        found.append(x.reshape(len(x), -1))
    return [[step[k].tolist() for step in found] for k in range(len(images))]


def as_given(model, images):
    rows = images.reshape(len(images), -1).tolist()
    return {"network": json.loads(packed(model)), "images": rows}


@needs_node
def test_drawn_networks(request, tmp_path):
    """All steps' outputs, to the bit."""
    given, expected, chains = [], [], []
    for seed in range(request.config.getoption("--networks")):
        model, images = drawn_models.model(seed)
        quantized = quantization.quantize(model, images)
        integers = quantized.image_integers(images)
        given.append(as_given(quantized, integers))
        expected.append(by_reference(quantized, integers))
        chains.append(model.layers)
    for seed, found in enumerate(evaluate(RUN, given, tmp_path)):
        assert found == expected[seed], f"seed {seed}, {chains[seed]}"


@needs_node
@pytest.mark.parametrize("name", networks.DOCUMENTS)
def test_the_documents_networks(name, request, tmp_path):
    """Scores as the reference, bytes of images too; ``--whole``: on 500 images."""
    count = 500 if request.config.getoption("--whole") else 4
    digits = datasets.load("mnist")
    model = quantization.quantize(networks.DOCUMENTS[name](), digits.train.images[:20])
    images = digits.test.images[:count]
    given = {"network": json.loads(packed(model)), "images": images.reshape(count, -1).tolist()}
    expression = """(() => {
        const found = unpacked(given.network);
        return given.images.map((image) =>
            Array.from(outputs(found, bytes(found.input, image)).at(-1)));
    })()"""
    assert evaluate(expression, given, tmp_path) == model.integers(images).tolist()


@needs_node
def test_requantize_where_a_product_has_63_bits(tmp_path):
    rng = np.random.default_rng(0)
    sums = np.append(rng.integers(-(2**31), 2**31, 300), [0, 1, -1, 2**31 - 1, -(2**31)])
    multipliers = np.append(rng.integers(2**30, 2**31, 40), [2**30, 2**31 - 1, 1, 0])
    ends = {"zero": 0, "low": -32767, "high": 32767}
    calls, exact = [], []
    for multiplier in multipliers:
        for shift in rng.integers(1, 63, 6):
            for total in rng.choice(sums, 20):
                calls.append([int(total), int(multiplier), int(shift)])
                exact.append(int(requantize(total, multiplier, shift).clip(-32767, 32767)))
    given = {"calls": calls, "ends": ends}
    found = evaluate("given.calls.map((call) => requantized(...call, given.ends))", given, tmp_path)
    assert found == exact


@needs_node
def test_drawings_are_centred_and_scaled_as_in_python(tmp_path):
    rng = np.random.default_rng(0)
    drawings = [np.zeros((112, 112), np.uint8)]
    for image in datasets.load("mnist").test.images[:12, ..., 0]:
        large = np.kron(np.uint8(255 * image), np.ones((3, 3), np.uint8))  # (84, 84)
        drawing = np.zeros((112, 112), np.uint8)
        top, left = rng.integers(0, 28, 2)
        drawing[top : top + 84, left : left + 84] = large
        drawings += [drawing, 230 - drawing // 2]  # and on paper
    small = np.zeros((112, 112), np.uint8)
    small[50:57, 60:63] = [[90, 200, 255]]  # smaller than it will be
    drawings += [small, small.T.copy()]
    found = evaluate(
        "given.map((greys) => Array.from(asMnist(Uint8Array.from(greys), 112)))",
        [drawing.ravel().tolist() for drawing in drawings],
        tmp_path,
    )
    exact = [as_mnist(drawing).ravel() for drawing in drawings]
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-5)


@needs_node
def test_probabilities(tmp_path):
    def model(activation):
        chain = [layers.Flatten(), layers.Dense(4, activation=activation)]
        return Sequential(chain, input_shape=(28, 28, 1), seed=0, device="reference")

    images = np.random.default_rng(0).random((2, 28, 28, 1))
    for activation in None, "softmax", "sigmoid":
        quantized = quantization.quantize(model(activation), images)
        last = quantized.integers(images)
        given = {"network": json.loads(packed(quantized)), "last": last.tolist()}
        expression = """(() => {
            const found = unpacked(given.network);
            return given.last.map((row) => probabilities(found, row));
        })()"""
        found = evaluate(expression, given, tmp_path)
        exact = quantized.predict(images)
        if activation is None:
            exact = np.exp(exact) / np.exp(exact).sum(axis=1, keepdims=True)
        np.testing.assert_allclose(found, exact, rtol=0, atol=1e-6)


# The file


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "digits.html"
    export.to_html(networks.explained(), path, datasets.load("mnist").train.images[:20])
    return path.read_text(encoding="utf-8")


def test_it_needs_nothing_else(page):
    assert not re.search(r"https?:|\bsrc=|\bhref=|\bimport\b|\bfetch\(|@[A-Z_]+@", page)
    assert "default-src 'none'" in page  # the browser holds it to that
    assert len(page) < 100_000


@needs_node
def test_its_program_has_no_name_twice(page, tmp_path):
    (script,) = re.findall(r'<script type="module">(.*?)</script>', page, re.DOTALL)
    (tmp_path / "page.mjs").write_text(script, encoding="utf-8")
    done = subprocess.run([NODE, "--check", tmp_path / "page.mjs"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_layers_name_cannot_end_the_script(tmp_path):
    chain = [layers.Flatten(), layers.Dense(2, name="<!--<script>")]
    model = Sequential(chain, input_shape=(28, 28, 1), seed=0, device="reference")
    export.to_html(model, tmp_path / "net.html", np.ones((1, 28, 28, 1)))
    page = (tmp_path / "net.html").read_text(encoding="utf-8")
    assert "<!--" not in page and page.count("<script") == page.count("</script>") == 2


def test_a_quantized_model_has_its_calibration(tmp_path):
    images = np.random.default_rng(0).random((5, 28, 28, 1))
    model = quantization.quantize(networks.explained(device="reference"), images)
    export.to_html(model, tmp_path / "net.html")
    assert packed(model) in (tmp_path / "net.html").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="calibration: a QuantizedModel has its scales"):
        export.to_html(model, tmp_path / "net.html", images)


def test_refused_before_a_file_is_written(tmp_path):
    chain = [layers.Flatten(), layers.Dense(2)]
    small = Sequential(chain, input_shape=(8, 8, 1), device="reference")
    maps = Sequential([layers.ReLU()], input_shape=(28, 28, 1), device="reference")
    for model in small, maps:
        with pytest.raises(ValueError, match=r"takes images \(28, 28, 1\), to draw on"):
            export.to_html(model, tmp_path / "net.html")
    with pytest.raises(TypeError, match="model must be a Sequential"):
        export.to_html("model", tmp_path / "net.html")
    with pytest.raises(ValueError, match=r"expected images \(images, 28, 28, 1\)"):
        export.to_html(networks.explained(), tmp_path / "net.html", np.ones((1, 8, 8, 1)))
    assert not list(tmp_path.iterdir())
