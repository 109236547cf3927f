"""The C that `export.to_c` writes: right, warning-free, alone, and as small as it says."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cnncourse import Sequential, datasets, export, kernels, layers, networks, quantization

sys.path.insert(0, str(Path(__file__).parent))

from compiled import ARM, COMPILERS, build, missing_symbols, needs_arm, needs_compiler, run  # noqa: E402
from trained import trained  # noqa: E402


@pytest.fixture(scope="module")
def digits():
    return datasets.load("mnist")


@needs_compiler
@pytest.mark.parametrize("name", networks.DOCUMENTS)
def test_the_documents_networks(name, digits, tmp_path, request):
    """Float32 beside ``predict``, int8 beside its reference; ``--whole``: on all test images."""
    model, images = trained(name, digits, request)
    whole = request.config.getoption("--whole")
    options = ("-O3", "-march=native") if whole else ("-O1",)
    labels = digits.test.labels[: len(images)]

    export.to_c(model, tmp_path / "float.c")
    numbers, scores = run(tmp_path / "float.c", images, np.float32, 10, options)
    exact = model.predict(images)
    allowed = 1e-5 * max(1, abs(exact).max())  # logits may be tens
    np.testing.assert_allclose(scores, exact, rtol=0, atol=allowed)
    np.testing.assert_array_equal(numbers, exact.argmax(axis=1))
    right = (numbers == labels).mean()
    print(f"{name}, {len(images):,} images, float32 C: {right:.2%} right, differs from predict by")
    print(f"  {abs(scores - exact).max():.1e} of the {allowed:.1e} that are allowed, no class")

    quantized = quantization.quantize(model, digits.train.images[: 300 if whole else 50])
    export.to_c(quantized, tmp_path / "int8.c", dtype="int8")
    integers = quantized.integers(images)
    pixels = quantized.image_integers(images)
    np.testing.assert_array_equal(pixels, np.rint(images * 255))  # the bytes of the files
    numbers, scores = run(tmp_path / "int8.c", pixels, np.int16, 10, options)
    np.testing.assert_array_equal(scores, integers)
    np.testing.assert_array_equal(numbers, integers.argmax(axis=1))
    in_int8 = (numbers == labels).mean()
    print(f"  int8 C: {in_int8:.2%} right, {scores.nbytes:,} bytes of scores as the reference")
    if whole:
        assert in_int8 >= right - 0.001


def everything(**options):
    """Every kind of step in one network."""
    return Sequential(
        [
            layers.AveragePooling2D(2, strides=1, padding="same"),
            layers.Conv2D(5, 3, padding="same", dilation_rate=2, activation="tanh"),
            layers.LpPooling2D(2, strides=1),
            layers.Conv2D(4, 2, activation="relu"),
            layers.MaxPooling2D(2),
            layers.MaxPooling2D(2, strides=1),
            layers.BatchNormalization(),
            layers.Sigmoid(),
            layers.WeightedAveragePooling2D((3, 1), strides=1),
            layers.ReLU(),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(6, activation="softmax"),
            layers.Dense(3),
        ],
        **{"input_shape": (13, 12, 2), "seed": 0, "device": "reference"} | options,
    )


def images_of_everything():
    return np.random.default_rng(0).standard_normal((6, 13, 12, 2)).astype(np.float32)


def written(folder, dtype):
    """`everything` as C."""
    path = folder / f"{dtype}.c"
    export.to_c(everything(), path, dtype, images_of_everything() if dtype == "int8" else None)
    return path


@needs_compiler
@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("dtype", ["float32", "int8"])
def test_no_compiler_warns_or_calls_a_library(compiler, dtype, tmp_path):
    path = written(tmp_path, dtype)
    for level in "-Os", "-O2", "-O3":
        build(compiler, path, tmp_path / "net.o", level, "-c")
        assert missing_symbols(tmp_path / "net.o") == [], level


@needs_compiler
def test_a_call_of_a_library_would_be_found(tmp_path):
    path = tmp_path / "copy.c"
    path.write_text("void *memcpy(void *, const void *, unsigned long);\n"
                    "void copy(char *to, const char *from, unsigned long count);\n"
                    "void copy(char *to, const char *from, unsigned long count)\n"
                    "{ memcpy(to, from, count); }\n")  # fmt: skip
    build(COMPILERS[0], path, tmp_path / "copy.o", "-c")
    assert missing_symbols(tmp_path / "copy.o") == ["memcpy"]


# What it takes


def test_the_tutorials_network_fits_on_a_small_board(tmp_path):
    images = np.random.default_rng(0).random((10, 28, 28, 1))
    footprint = export.to_c(
        networks.tutorial(device="reference"), tmp_path / "digits.c", "int8", images
    )
    # the 5 * 5 weights of a filter of the first layer are filled up to 32
    weights, filters, words = 32 * 32 + 5 * 5 * 32 * 64 + 1024 * 10, 32 + 64 + 10, 2 * 35 + 9
    # a filter has a bias and a multiplier of 4 bytes and a shift of 1; sizes and addresses take 4
    assert footprint.constants == weights + filters * 9 + 4 * words
    # the two maps that are there at once, and what 5 cells of 32 channels see at 4 positions
    assert footprint.buffers == 12 * 12 * 32 + 4 * 4 * 64 + 4 * 5 * 32 * 2
    assert footprint.caller == 784 + 10 * 2
    assert footprint.multiply_adds == 24 * 24 * 32 * 25 + 8 * 8 * 64 * 800 + 10240
    assert footprint.flash <= 64 * 1024 and footprint.ram <= 8 * 1024
    assert f"flash: {footprint.flash:,} bytes" in (tmp_path / "digits.c").read_text()


@needs_arm
@pytest.mark.parametrize("dtype", ["float32", "int8"])
@pytest.mark.parametrize("make", [networks.tutorial, networks.explained])
def test_a_cortex_m4_takes_what_the_tool_says(make, dtype, tmp_path):
    images = np.random.default_rng(0).random((10, 28, 28, 1)) if dtype == "int8" else None
    footprint = export.to_c(make(device="reference"), tmp_path / "net.c", dtype, images)
    board = ("-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16")
    build(ARM, tmp_path / "net.c", tmp_path / "net.o", *board, "-Os", "-c")
    said = subprocess.run(
        ["arm-none-eabi-size", tmp_path / "net.o"], capture_output=True, text=True, check=True
    ).stdout
    text, data, bss = map(int, said.splitlines()[1].split()[:3])
    assert data == 0 and bss == footprint.buffers
    assert abs(text - footprint.constants - footprint.code) <= 0.2 * footprint.code


# What it is called


def test_names_are_what_c_allows(tmp_path):
    model = Sequential(
        [layers.Flatten(), layers.Dense(2, name="größe 1")],
        input_shape=(2, 2, 1),
        device="reference",
    )
    export.to_c(model, tmp_path / "3 größen.c")
    text = (tmp_path / "3 größen.c").read_text(encoding="ascii")
    assert "int n3_gr__en_predict(const float *image, float *scores)" in text
    assert "gr__e_kernel[8]" in text


@needs_compiler
def test_two_layers_whose_names_c_cannot_tell_apart(tmp_path):
    chain = [layers.Flatten(), layers.Dense(2, name="a 1"), layers.Dense(2, name="a-1")]
    model = Sequential(chain, input_shape=(2, 2, 1), seed=0, device="reference")
    export.to_c(model, tmp_path / "net.c")
    build(COMPILERS[0], tmp_path / "net.c", tmp_path / "net.o", "-c")


# What cannot be exported leaves no file


class Doubled(layers.Layer):
    def forward(self, x, training=False):
        return 2 * x


def explained(**options):
    return networks.explained(**{"device": "reference"} | options)


def replaced():
    model = explained()
    model.layers[0].forward = lambda x, training=False: x
    return model


def with_nan():
    model = explained()
    model.set_weights([np.full(weight.shape, np.nan) for weight in model.get_weights()])
    return model


def with_own_kernel():
    return explained(device=kernels.variant("reference", relu=lambda x, out: None))


def flat(*chain):
    chain = [*chain, layers.Flatten()]
    return Sequential(chain, input_shape=(28, 28, 1), device="reference")


def wide():
    chain = [layers.Dense(1, kernel_initializer="ones")]
    return Sequential(chain, input_shape=(50000,), device="reference")


IMAGE = np.ones((1, 28, 28, 1))
IN_INT8 = {"dtype": "int8", "calibration": IMAGE}
REFUSED = {  # how to make the model, further arguments, what the error says
    "a layer of one's own": (lambda: flat(Doubled(name="mine")), {}, "mine.*its class is not one"),
    "a method of one's own": (replaced, {}, "conv2d_1.*its forward is your own"),
    "kernels of one's own": (with_own_kernel, {}, r"kernels of your own \(relu\)"),
    "NaN": (with_nan, {}, "conv2d_1.*finite weights"),
    "nothing to compute": (lambda: flat(layers.Dropout(0.5)), {}, "computes nothing"),
    "no shapes": (lambda: Sequential([layers.Flatten()]), {}, "shapes are unknown"),
    "no images": (explained, {"dtype": "int8"}, "calibration: dtype=.int8. needs"),
    "images for float32": (explained, {"calibration": IMAGE}, "calibration is for"),
    "another dtype": (explained, {"dtype": "int16"}, "dtype must be one of"),
    "a large p": (
        lambda: flat(layers.LpPooling2D(2, p=17)),
        IN_INT8,
        "lp_pooling2d_1: p must be at most 16 in int8, got 17",
    ),
    "sums of more than 32 bits": (
        wide,
        {"dtype": "int8", "calibration": np.ones((1, 50000))},
        "dense_1 has 50,000 weights for each output",
    ),
    "images of another shape": (
        explained,
        {"dtype": "int8", "calibration": IMAGE[:, :5]},
        r"expected images \(images, 28, 28, 1\)",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_before_a_file_is_written(case, tmp_path):
    make, arguments, message = REFUSED[case]
    with pytest.raises(ValueError, match=message):
        export.to_c(make(), tmp_path / "net.c", **arguments)
    assert not list(tmp_path.iterdir())


def test_a_quantized_model_has_its_calibration(tmp_path):
    model = quantization.quantize(flat(layers.MaxPooling2D(2)), IMAGE)
    with pytest.raises(ValueError, match="exported with dtype=.int8. and without calibration"):
        export.to_c(model, tmp_path / "net.c")
    with pytest.raises(TypeError, match="model must be a Sequential"):
        export.to_c("model", tmp_path / "net.c")
