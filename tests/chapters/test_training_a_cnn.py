"""Training a CNN: its drawings, and its exercises."""

import numpy as np
import pytest

from cnncourse import gradients
from cnncourse.chapters import training_a_cnn as training
from cnncourse.chapters.training_a_cnn import built, exercises
from cnncourse.chapters.training_a_cnn.built.adam_step import WRONG_STEPS
from cnncourse.kernels import reference
from cnncourse.losses import SoftmaxCrossEntropy

NEURON = {
    "w": (-1, -0.54), "x": (2, 0.27), "wx": (-2, -0.27), "b": (3, -0.27),
    "z": (1, -0.27), "p": (0.73, -1.37), "loss": (0.31, 1),
}  # fmt: skip


def test_the_graph_shows_each_value_and_each_gradient():
    figure = training.graph(**NEURON)
    drawn = [text.get_text() for text in figure.axes[0].texts]
    for name, (value, gradient) in NEURON.items():
        assert f"{name} = {value:.2f}".replace("-", "−") in drawn
        assert f"{gradient:.2f}".replace("-", "−") in drawn
        assert f"{name} {gradient:.2f}".replace("-", "−") in figure.alt
    assert figure.png().startswith(b"\x89PNG")


def test_the_graph_refuses_what_it_cannot_draw():
    with pytest.raises(TypeError, match="a pair for each of w, x, wx"):
        training.graph(w=(1, 2))
    with pytest.raises(TypeError, match="pairs"):
        training.graph(**NEURON | {"w": 3})


def bowl(position):
    return (position**2).sum(axis=-1)


def test_paths_are_drawn_whole_and_to_scale():
    walks = {f"walk {k}": [(-3.0, 1.0), (k, 0.5), (0.0, 0.0)] for k in range(3)}
    figure = training.paths(bowl, walks)
    for ax, walk in zip(figure.axes[:3], walks.values(), strict=True):
        assert np.array_equal(ax.lines[0].get_xydata(), walk)
        assert ax.get_aspect() == 1
    assert "walk 2: from 10.0 to 0.0" in figure.alt
    assert figure.png().startswith(b"\x89PNG")


def test_the_sweep_draws_every_finite_loss():
    figure = training.sweep({"SGD": {0.1: 0.3, 0.01: 2.0, 1: np.nan}}, guess=2.3)
    (ax,) = figure.axes
    assert ax.lines[0].get_xydata().tolist() == [[0.01, 2.0], [0.1, 0.3]]
    assert ax.lines[1].get_ydata()[0] == 2.3
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")


def test_sizes_are_drawn_in_both_directions():
    figure = training.sizes_by_layer({"He": ([1.0, 0.9, 0.8], [1.2, 1.1, 1.0])})
    forward, backward = (ax.lines[0].get_ydata() for ax in figure.axes)
    assert forward.tolist() == [1.0, 0.9, 0.8] and backward.tolist() == [1.2, 1.1, 1.0]


def test_all_values_of_a_channel_have_one_colour():
    (ax,) = training.normalised_axes().axes
    cells = [patch for patch in ax.patches if patch.get_width() == 1]
    rows = {}
    for cell in cells:
        rows.setdefault(int(cell.get_y() // 5), set()).add(cell.get_facecolor())
    assert len(cells) == 3 * 4 * 16  # channels, images, positions
    assert all(len(colours) == 1 for colours in rows.values())
    assert len(set.union(*rows.values())) == 3


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "not answered yet"),
        (np.log(26), "right"),
        (3.26, "right"),
        (3.3, "the idea is right"),
        (3.25, "the idea is right"),
        (np.log10(26), "natural"),
        (np.log2(26), "base 2"),
        (1 / 26, "the probability"),
        (-np.log(26), "sign lost"),
        (np.log(10), "ten classes"),
        (26, "each letter gets 1/26"),
    ],
)
def test_the_exercise_on_the_first_loss(answer, hint, says):
    says(hint, exercises.check_start, answer)


def momentum(rate=1.0, share=1.0, sign=-1, order=1, after=None):
    """A step with momentum, or one with a mistake."""

    def step(p, v, g, learning_rate, momentum):
        new = momentum * v + sign * share * (learning_rate if rate else 1) * g
        moved = p + (new if after is None else after(v, new, g, learning_rate, momentum))
        return (moved, new)[::order]

    return step


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda p, v, g, rate, momentum: None, "not answered yet"),
        (momentum(), "right"),
        (momentum(sign=1), "uphill"),
        (momentum(order=-1), "the parameter first"),
        (momentum(rate=0), "learning rate is missing"),
        (momentum(share=0.1), "an average"),
        (momentum(after=lambda v, new, g, rate, momentum: v), "old velocity"),
        (momentum(after=lambda v, new, g, rate, mu: mu * new - rate * g), "Nesterov"),
        (lambda p, v, g, rate, mu: (p - rate * (mu * v + g), mu * v + g), "PyTorch's form"),
        (lambda p, v, g, rate, momentum: (p - rate * g, v), "plain SGD"),
        (lambda p, v, g, rate, momentum: (p - rate * g, -rate * g), "plain SGD"),
        (lambda p, v, g, rate, momentum: (p + 1, v), "first the new velocity"),
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


def softmax(z, stable=True):
    e = np.exp(z - z.max(axis=1, keepdims=True) if stable else z)
    return e / e.sum(axis=1, keepdims=True)


def loss(value=lambda losses: losses.mean(), gradient=lambda p, t: (p - t) / len(p), stable=True):
    """The softmax cross-entropy and its gradient, or either with a mistake."""

    def function(z, labels):
        p = softmax(z, stable)
        return value(-np.log(p[range(len(z)), labels])), gradient(p, np.eye(z.shape[1])[labels])

    return function


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda z, labels: None, "not answered yet"),
        (built.loss, "right"),
        (loss(), "right"),
        (lambda z, labels: built.loss(z - 7, labels), "right"),
        (loss(stable=False), "NaN"),
        (lambda z, labels: built.loss(z, labels)[0], "two things"),
        (loss(value=lambda losses: losses), "two things"),
        (loss(value=np.sum), "the sum over the images"),
        (loss(value=lambda losses: -losses.mean()), "positive"),
        (loss(value=lambda losses: losses.mean() / np.log(10)), "natural"),
        (lambda z, y: (-np.log(softmax(z)).mean(), z), "only the probability of the correct"),
        (loss(value=lambda losses: 5.0), "mean of −log"),
        (loss(gradient=lambda p, t: p - t), "divide the gradient"),
        (loss(gradient=lambda p, t: (t - p) / len(p)), "turned round"),
        (loss(gradient=lambda p, t: t - p), "turned round"),
        (loss(gradient=lambda p, t: p), "subtract the target"),
        (loss(gradient=lambda p, t: p / len(p)), "subtract the target"),
        (loss(gradient=lambda p, t: t), "(p − t) / N"),
    ],
)
def test_the_exercise_on_the_loss(answer, hint, says):
    says(hint, built.check_loss, answer)


def test_the_solution_on_the_loss_is_the_packages():
    z = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
    labels = np.array([0, 3, 1, 2, 2])
    ours = SoftmaxCrossEntropy()
    value, gradient = built.loss(z, labels)
    assert value == pytest.approx(ours(z, labels), rel=1e-6)
    assert np.allclose(gradient, ours.gradient(), atol=1e-7)


def backward(by_k=lambda k: k, by_x=lambda x: x):
    """The convolution's backward pass, with one of its gradients changed."""

    def function(x, k, g):
        kernel, image = built.convolution_backward(x, k, g)
        return by_k(kernel), by_x(image)

    return function


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda x, k, g: None, "not answered yet"),
        (built.convolution_backward, "right"),
        (lambda x, k, g: built.convolution_backward(x, k, g)[0], "two arrays"),
        (lambda x, k, g: built.convolution_backward(x, k, g)[::-1], "gradient of k first"),
        (backward(by_k=lambda k: k[0]), "the gradient of k has the shape of k, (3, 2, 2, 3)"),
        (backward(by_x=lambda x: x[:, 1:]), "the gradient of x has the shape of x"),
        (backward(by_k=lambda k: k[::-1, ::-1]), "no flip"),
        (backward(by_k=lambda k: k / 2), "not a mean"),
        (backward(by_k=np.abs), "the gradient of k does not agree"),
        (lambda x, k, g: (built.convolution_backward(x[:1], k, g[:1])[0], x), "add up all images"),
        (lambda x, k, g: (built.convolution_backward(x[1:], k, g[1:])[0], x), "add up all images"),
        (
            lambda x, k, g: (
                built.convolution_backward(x, k, g)[0],
                built.convolution_backward(x, k[::-1, ::-1], g)[1],
            ),
            "must be flipped",
        ),
        (backward(by_x=lambda x: 2 * x), "the gradient of x does not agree"),
        (backward(by_x=lambda x: np.nan * x), "the gradient of x does not agree"),
    ],
)
def test_the_exercise_on_the_convolution(answer, hint, says):
    says(hint, built.check_convolution, answer)


def test_the_solutions_on_the_convolution_are_the_kernels():
    from cnncourse import Sequential, layers

    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 6, 5, 2))
    conv = Sequential([layers.Conv2D(4, (3, 2))], input_shape=(6, 5, 2), device="reference")
    (layer,) = conv.layers
    k = np.array(layer.parameters["kernel"])
    out = conv(x)
    assert np.allclose(out, built.convolution(x, k))
    g = rng.normal(size=out.shape)
    by_x = conv.backward(g)
    ours = built.convolution_backward(x, k, g)
    assert np.allclose(ours[0], layer.gradients["kernel"]) and np.allclose(ours[1], by_x)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda p, g, m, s, t, rate: None, "not answered yet"),
        (built.adam, "right"),
        (lambda p, g, m, s, t, rate: p, "three arrays"),
        (lambda p, g, m, s, t, rate: (p, m), "three arrays"),
        (lambda p, g, m, s, t, rate: (0, 0, 0), "three arrays"),
        (lambda p, g, m, s, t, rate: (p - rate * g, m, s), "compare with the table"),
        *WRONG_STEPS,
    ],
)
def test_the_exercise_on_adam(answer, hint, says):
    says(hint, built.check_adam, answer)


def test_the_solution_on_adam_is_the_optimizers():
    p, m, s = np.array([2.0, -1.0]), np.zeros(2), np.zeros(2)
    theirs = p.copy()
    their_m, their_s = np.zeros(2), np.zeros(2)
    for t, g in enumerate(([3.0, 1.0], [-1.0, 2.0]), start=1):
        p, m, s = built.adam(p, np.array(g), m, s, t, 0.1)
        reference.adam_step(theirs, np.array(g), their_m, their_s, 0.1, 0.9, 0.999, 1e-7, t)
    assert np.allclose(p, theirs, atol=1e-6)


def fit(orders, size=50, change=True):
    """A loop that takes the images as ``orders(count, epoch, rng)`` says."""

    def function(network, images, labels, epochs, rng):
        for epoch in range(epochs):
            order = orders(len(images), epoch, rng)
            for start in range(0, len(order), size):
                batch = order[start : start + size]
                _, gradients = network.gradients(images[batch], labels[batch])
                for name, gradient in gradients.items():
                    if change:
                        network.parameters[name] = network.parameters[name] - 1e-9 * (gradient + 1)

    return function


def shuffled(count, epoch, rng):
    return rng.permutation(count)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda network, images, labels, epochs, rng: None, "not answered yet"),
        (fit(lambda count, epoch, rng: shuffled(count, 0, rng) if epoch == 0 else []), "one epoch"),
        (fit(lambda count, epoch, rng: rng.permutation(count)[:100]), "left over"),
        (fit(shuffled, size=60), "not 60, 60, 60, 60"),
        (fit(lambda count, epoch, rng: rng.integers(count, size=count)), "every image once"),
        (fit(lambda count, epoch, rng: np.arange(count)), "shuffle the images"),
        (
            fit(lambda count, epoch, rng: np.random.default_rng(0).permutation(count)),
            "anew in each epoch",
        ),
        (fit(shuffled, change=False), "not all parameters"),
        (fit(shuffled), "after ten epochs only"),
    ],
)
def test_the_exercise_on_the_loop(answer, hint, says):
    says(hint, built.check_fit, answer)


def test_the_solution_on_the_loop_trains(says):
    says("right", built.check_fit, built.fit)
    says("exercises 3 to 5 must work", built.check_fit, built.fit, lambda z, labels: None)


def test_the_small_networks_gradients_are_its_gradients():
    network = built.Network()
    images, labels = (array[:3] for array in built.digits()[:2])
    _, found = network.gradients(images, labels)
    for name, parameter in network.parameters.items():
        chosen = parameter.reshape(-1)[:20]  # a view: the first ones are nudged

        def value():
            return network.gradients(images, labels)[0]

        expected = gradients.numerical(value, chosen)
        assert gradients.difference(found[name].reshape(-1)[:20], expected) < 1e-6
