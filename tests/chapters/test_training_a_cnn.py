"""Training a CNN: its runs, descents and magnitudes, its pictures, and its exercises."""

import numpy as np
import pytest

from cnncourse import datasets, initializers, optimizers
from cnncourse.chapters import training_a_cnn as training
from cnncourse.chapters.training_a_cnn import exercises, pictures
from cnncourse.kernels import reference


@pytest.fixture(scope="module")
def digits():
    train = datasets.load("digits").train
    return train.images[::100], train.labels[::100]  # 200 images


def test_a_run_notes_the_loss_of_each_step(digits):
    images, labels = digits
    model, twin = training.network(), training.network()
    losses = training.run(model, images, labels, steps=9, batch_size=50)
    assert len(losses) == 9 and losses[-1] < losses[0]
    order = np.random.default_rng(0).permutation(len(images))
    assert losses[0] == twin.train_on_batch(images[order[:50]], labels[order[:50]])
    assert losses[1] == twin.train_on_batch(images[order[50:100]], labels[order[50:100]])


def test_all_models_of_a_run_see_the_same_batches(digits):
    models = {"one": training.network(), "other": training.network()}
    runs = training.run_all(models, *digits, steps=5)
    assert runs["one"] == runs["other"]
    assert runs["one"] != training.run(training.network(), *digits, steps=5, seed=1)


def test_without_shuffling_the_order_stays(digits):
    images, labels = digits
    losses = training.run(training.network(), images, labels, 1, 30, shuffle=False)
    assert losses == [training.network().train_on_batch(images[:30], labels[:30])]


def test_an_epoch_ends_with_what_is_left(digits):
    images, labels = digits
    model = training.network()
    sizes = []
    model.train_on_batch = lambda x, y: sizes.append(len(x)) or 1.0
    training.run(model, images[:70], labels[:70], steps=4, batch_size=50)
    assert sizes == [50, 20, 50, 20]


def test_a_run_ends_at_a_loss_that_is_not_finite(digits, capsys):
    model = training.network(optimizers.SGD(1e30))
    losses = training.run(model, *digits, steps=20)
    assert len(losses) < 20 and not np.isfinite(losses[-1])
    assert "20/20" in capsys.readouterr().out  # the bar is full all the same


def test_networks_differ_only_in_what_was_asked():
    plain = training.network()
    assert plain.count_params() == 5_994
    assert np.array_equal(plain.get_weights()[0], training.network(dropout=0.5).get_weights()[0])
    names = [layer.name for layer in training.network(normalize=True, dropout=0.5).layers]
    assert names.count("dropout_1") == 1 and "batch_normalization_2" in names
    assert isinstance(plain.optimizer, optimizers.SGD)


@pytest.mark.parametrize(
    ("optimizer", "step"),
    [
        (optimizers.SGD(0.02), lambda p, g: reference.sgd_step(p, g, 0.02)),
        (
            optimizers.SGD(0.02, momentum=0.8),
            lambda p, g: reference.momentum_step(p, g, np.zeros(2), 0.02, 0.8),
        ),
        (
            optimizers.RMSprop(0.3),
            lambda p, g: reference.rmsprop_step(p, g, np.zeros(2), 0.3, 0.9, 1e-7),
        ),
        (
            optimizers.Adam(0.3),
            lambda p, g: reference.adam_step(
                p, g, np.zeros(2), np.zeros(2), 0.3, 0.9, 0.999, 1e-7, 1
            ),
        ),
    ],
)
def test_descents_are_steps_of_the_optimizer(optimizer, step):
    path = training.descend(optimizer, start=(-3.0, 0.5), steps=50)
    assert path.shape == (51, 2) and path.dtype == np.float64
    first = path[0].copy()
    step(first, training.valley(path[0])[1])
    assert np.array_equal(path[1], first)
    heights = training.valley(path)[0]
    assert heights[-1] < heights[0] / 10


def test_the_valleys_gradient_is_its_gradient():
    from cnncourse.gradients import difference, numerical

    position = np.array([-2.0, 0.7])
    gradient = numerical(lambda: training.valley(position)[0], position)
    assert difference(training.valley(position)[1], gradient) < 1e-6


def test_magnitudes_stay_with_he_and_halve_with_glorot():
    he, glorot = training.magnitudes("he_normal"), training.magnitudes("glorot_uniform")
    for way in "forward", "backward":
        ratio = getattr(he, way) / getattr(he, way)[0]
        assert ratio.min() > 0.7 and ratio.max() < 1.5
    squares = (glorot.forward[-1] / glorot.forward[0]) ** (2 / 12)
    assert squares == pytest.approx(0.5, abs=0.05)
    assert glorot.backward[0] < glorot.backward[-1] / 10
    small = training.magnitudes(initializers.normal(0.01), depth=3, width=64)
    factor = 0.01 * np.sqrt(64 / 2)
    assert small.forward[-1] == pytest.approx(factor**3, rel=0.2)
    assert len(small.forward) == len(small.backward) == 4


def test_paths_and_magnitudes_are_drawn_whole():
    ways = {f"way {k}": training.descend(optimizers.SGD(0.01), steps=3) for k in range(3)}
    figure = training.paths(training.valley, ways)
    drawn = [ax.lines[0].get_xydata() for ax in figure.axes[:3]]
    assert all(np.array_equal(line, way) for line, way in zip(drawn, ways.values(), strict=True))
    assert figure.png().startswith(b"\x89PNG")
    he = training.magnitudes("he_normal", depth=2, width=16)
    figure = training.draw_magnitudes({"He": he})
    forward, backward = (ax.lines[0].get_ydata() for ax in figure.axes)
    assert np.array_equal(forward, he.forward) and np.array_equal(backward, he.backward)


def test_the_drawn_losses_are_smooth_and_have_the_drawn_derivatives():
    figure = pictures.loss_shapes()
    for ax in figure.axes:
        x, loss = ax.lines[0].get_data()
        derivative = ax.lines[1].get_ydata()
        middle = (loss[2:] - loss[:-2]) / (x[2:] - x[:-2])
        assert np.abs(middle - derivative[1:-1]).max() < 0.01
    assert figure.axes[0].lines[0].get_ydata()[60] == pytest.approx(np.log(10))  # logit 0


def test_the_loop_says_what_it_shows():
    figure = pictures.loop()
    assert "the gradient of the loss goes" in figure.alt
    assert figure.png().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (np.log(26), "right"),
        (3.26, "right"),
        (np.log10(26), "natural"),
        (1 / 26, "the probability"),
        (-np.log(26), "sign lost"),
        (np.log(10), "ten classes"),
        (26, "each letter gets 1/26"),
    ],
)
def test_the_exercise_on_the_first_loss(answer, hint, says):
    says(hint, exercises.check_start, answer)


def enlarged(g):
    return np.repeat(np.repeat(g, 2, axis=0), 2, axis=1)


def to_the_corner(g):
    result = np.zeros((2 * g.shape[0], 2 * g.shape[1]))
    result[1::2, 1::2] = g
    return result


def in_place(g):
    g /= 4
    return enlarged(g)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda g: None, "not answered yet"),
        (lambda g: np.kron(g, np.full((2, 2), 0.25)), "right"),
        (enlarged, "by less than 1"),
        (to_the_corner, "max pooling's rule"),
        (lambda g: np.tile(g, (2, 2)) / 4, "wrong positions"),
        (lambda g: g / 4, "belongs to an image (6, 8), not (3, 4)"),
        (in_place, "changes the gradient"),
        (lambda g: enlarged(g) / 2, "the values are not"),
    ],
)
def test_the_exercise_on_average_pooling(answer, hint, says):
    says(hint, exercises.check_average_pooling, answer)


def test_the_solution_on_average_pooling_is_the_layers():
    from cnncourse import layers

    pool = layers.AveragePooling2D(2)
    pool.build((6, 8, 1))
    pool.to(reference)
    g = np.random.default_rng(0).standard_normal((3, 4))
    pool.forward(np.zeros((1, 6, 8, 1)))
    assert np.allclose(pool.backward(g[None, ..., None])[0, ..., 0], exercises.shared_equally(g))


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda p, v, g, rate, momentum: None, "not answered yet"),
        (
            lambda p, v, g, rate, momentum: (
                p + momentum * v - rate * g,
                momentum * v - rate * g,
            ),
            "right",
        ),
        (
            lambda p, v, g, rate, momentum: (
                p + momentum * v + rate * g,
                momentum * v + rate * g,
            ),
            "uphill",
        ),
        (lambda p, v, g, rate, momentum: (p + v, momentum * v - rate * g), "old velocity"),
        (lambda p, v, g, rate, momentum: (p - rate * g, v), "plain SGD"),
        (lambda p, v, g, rate, momentum: (p - rate * g, -rate * g), "plain SGD"),
        (lambda p, v, g, rate, momentum: (p + 1, v), "first the new velocity"),
        (
            lambda p, v, g, rate, momentum: (
                p + momentum * v - (1 - momentum) * rate * g,
                momentum * v - (1 - momentum) * rate * g,
            ),
            "an average",
        ),
    ],
)
def test_the_exercise_on_momentum(answer, hint, says):
    says(hint, exercises.check_momentum, answer)


def test_the_solution_on_momentum_is_the_optimizers():
    ours, velocity = 2.0, 0.0
    parameter, its_velocity = np.array([2.0]), np.zeros(1)
    for gradient in 3.0, -1.0, 0.5:
        ours, velocity = exercises.momentum_step(ours, velocity, gradient, 0.1, 0.9)
        reference.momentum_step(parameter, np.array([gradient]), its_velocity, 0.1, 0.9)
    assert (ours, velocity) == pytest.approx((parameter[0], its_velocity[0]))
