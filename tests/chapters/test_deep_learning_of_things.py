"""The exercises of the chapter on small devices, its smaller networks, boards and drawing."""

from types import SimpleNamespace

import numpy as np
import pieces
import pytest

from cnncourse import Sequential, export, layers, networks, quantization
from cnncourse.chapters.deep_learning_of_things import (
    boards,
    compiled,
    cortex_m4,
    emulated,
    exercises,
    memory,
    smaller,
)
from cnncourse.chapters.deep_learning_of_things.compiled import COMPILERS
from cnncourse.chapters.deep_learning_of_things.whole_numbers import QUANTIZE, QUANTIZED_DENSE
from cnncourse.quantization.fixed_point import fixed_point, requantize


def test_the_counts_of_the_exercises_are_the_networks():
    weights = networks.tutorial(device="reference").get_weights()
    kernels, biases = weights[::2], weights[1::2]
    assert sum(kernel.size for kernel in kernels) == exercises.WEIGHTS
    assert sum(bias.size for bias in biases) == exercises.BIASES
    assert exercises.weights_and_biases() == exercises.WEIGHTS + 4 * exercises.BIASES
    assert kernels[1][..., 0].size == exercises.PRODUCTS


PIECES = {"quantize": QUANTIZE, "quantized-dense": QUANTIZED_DENSE}


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_answers_to_the_pieces_are_judged(piece):
    pieces.must_judge(piece)


@pytest.mark.parametrize(("piece", "wrong", "hint"), pieces.mistakes(**PIECES))
def test_every_mistake_is_named(piece, wrong, hint):
    pieces.must_be_named(piece, wrong, hint)


@pytest.mark.parametrize("arguments", sum(QUANTIZED_DENSE.steps.values(), []))
def test_the_solution_is_the_packages_layer(arguments):
    """But for the fixed-point number, which may turn a half."""
    x, zero, weights, bias, factor, new_zero = arguments
    sums = (x.astype(np.int64) - zero) @ weights.astype(np.int64) + bias
    outputs = np.clip(requantize(sums, *fixed_point(factor)) + new_zero, 0, 255)
    assert abs(exercises.quantized_dense(*arguments) - outputs).max() <= 1
    assert np.mean(exercises.quantized_dense(*arguments) == outputs) > 0.9


def test_the_choice_is_the_best_that_fits():
    kept = {name: np.mean(runs) for name, runs in smaller.BY_SEED.items()}
    small = 4 * smaller.chain((8, 16), 0).count_params()
    assert small < 29 * boards.KB < 4 * smaller.chain((16, 32), 0).count_params()
    assert kept[exercises.network_that_fits()] > max(
        kept["small, from labels"], kept["small, from both"]
    )


# Smaller networks


def test_pruning_keeps_the_strongest_filters_and_what_they_give():
    model = networks.tutorial(device="reference")
    first, bias1, second, bias2, dense, bias3 = map(np.array, model.get_weights())
    weak, gone = range(0, 32, 2), range(1, 64, 2)
    first[..., weak] *= 0.01
    second[..., gone] = 0
    second[:, :, weak] = 0  # what reads the weak filters reads nothing
    model.set_weights([first, bias1, second, bias2, dense, bias3])
    half = smaller.pruned(model, None, epochs=0)
    np.testing.assert_allclose(half.get_weights()[0], first[..., 1::2], rtol=1e-6)
    assert half.count_params() == 18_378
    images = np.random.default_rng(0).random((3, 28, 28, 1), np.float32)
    np.testing.assert_allclose(half.predict(images), model.predict(images), atol=1e-6)


def test_softened_is_a_softmax_at_a_temperature():
    logits = np.array([[2.0, -1.0, 0.5]])
    soft, exact = np.exp(logits), np.exp(logits / 3)
    found = smaller.softened(soft / soft.sum(), 3)
    np.testing.assert_allclose(found, exact / exact.sum())
    targets = smaller.with_predictions(np.array([3]), np.full((1, 10), 0.1))
    np.testing.assert_allclose(targets, [[0.05] * 3 + [0.55] + [0.05] * 6])


def test_a_small_network_learns_from_either_kind_of_target():
    rng = np.random.default_rng(0)
    few = SimpleNamespace(images=rng.random((20, 28, 28, 1)), labels=np.arange(20) % 10)
    targets = smaller.with_predictions(few.labels, np.full((20, 10), 0.1))
    for kind in few.labels, targets:
        assert smaller.student(few, kind, seed=0, epochs=1).count_params() == 5_994


def test_all_kept_runs_have_as_many_seeds():
    assert {len(runs) for runs in smaller.BY_SEED.values()} == {len(smaller.SEEDS)}


# Outside Python


def dense_model():
    chain = [layers.Flatten(), layers.Dense(10)]
    model = Sequential(chain, input_shape=(28, 28, 1), seed=0, device="reference")
    return quantization.quantize(model, np.random.default_rng(0).random((5, 28, 28, 1)))


def test_the_compiled_file_gives_the_reference_scores(tmp_path):
    model = dense_model()
    export.to_c(model, tmp_path / "digits.c", dtype="int8")
    predict = compiled(tmp_path / "digits.c")
    if predict is None:
        pytest.skip("there is no C compiler here")
    images = np.random.default_rng(1).random((3, 28, 28, 1))
    scores = [predict(image) for image in model.image_integers(images)]
    np.testing.assert_array_equal(scores, model.integers(images))


def test_without_a_compiler_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert COMPILERS
    assert compiled(tmp_path / "digits.c") is None
    assert cortex_m4.size(tmp_path / "digits.c") is None
    assert emulated.run(tmp_path / "digits.c", np.zeros((1, 784), np.uint8), scores=10) is None


def test_the_emulated_board_computes_the_same(tmp_path):
    model = dense_model()
    export.to_c(model, tmp_path / "digits.c", dtype="int8")
    images = model.image_integers(np.random.default_rng(1).random((3, 28, 28, 1)))
    found = emulated.run(tmp_path / "digits.c", images, scores=10)
    if found is None:
        pytest.skip(f"{cortex_m4.COMPILER} or {emulated.EMULATOR} is not installed")
    scores, instructions = found
    np.testing.assert_array_equal(
        scores, model.integers(np.random.default_rng(1).random((3, 28, 28, 1)))
    )
    assert 2 * 7_840 < instructions < 20 * 7_840  # a multiply-add takes some


def test_the_kept_sizes_are_those_of_the_compiler(tmp_path):
    model = dense_model()
    export.to_c(model, tmp_path / "digits.c", dtype="int8")
    measured = cortex_m4.size(tmp_path / "digits.c")
    if measured is None:
        pytest.skip(f"{cortex_m4.COMPILER} is not installed")
    assert 7_840 < measured[0] < 9_000 and measured[1] == 0
    assert cortex_m4.SIZES["int8"][0] < boards.BOARDS["Blue Pill"][0]


def test_the_drawing_has_a_bar_for_each_network_and_a_line_for_each_board():
    figure = memory({"large": 250_000, "small": 20_000})
    (ax,) = figure.axes
    assert [bar.get_width() for bar in ax.patches] == [250_000 / 1024, 20_000 / 1024]
    assert [line.get_xdata()[0] for line in ax.lines] == [32, 64, 512]
    assert "large 250,000, small 20,000" in figure.alt
