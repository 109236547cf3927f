"""Training a CNN: its drawings, and its exercises."""

import numpy as np
import pieces
import pytest

from cnncourse import Sequential, gradients, layers
from cnncourse.chapters import training_a_cnn as training
from cnncourse.chapters.training_a_cnn import built, exercises
from cnncourse.chapters.training_a_cnn.built.parts import PIECES as PARTS
from cnncourse.kernels import reference

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


def test_the_solution_on_momentum_is_the_optimizers():
    ours, velocity = 2.0, 0.0
    parameter, its_velocity = np.array([2.0]), np.zeros(1)
    for gradient in 3.0, -1.0, 0.5:
        ours, velocity = exercises.momentum_step(ours, velocity, gradient, 0.1, 0.9)
        reference.momentum_step(parameter, np.array([gradient]), its_velocity, 0.1, 0.9)
    assert (ours, velocity) == pytest.approx((parameter[0], its_velocity[0]))


PIECES = {
    "adam": built.ADAM,
    "batch-norm": built.BATCH_NORM,
    "batch-norm-backward": built.BATCH_NORM_BACKWARD,
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_answers_to_the_pieces_are_judged(piece):
    pieces.must_judge(piece)


@pytest.mark.parametrize(("piece", "wrong", "hint"), pieces.mistakes(**PIECES))
def test_every_mistake_is_named(piece, wrong, hint):
    pieces.must_be_named(piece, wrong, hint)


@pytest.mark.parametrize("p", [np.array([2.0, -1.0]), np.array([[3.0]])])
def test_the_solution_on_adam_is_the_optimizers(p):
    rng = np.random.default_rng(0)
    theirs, m, s = p.copy(), np.zeros(p.shape), np.zeros(p.shape)
    their_m, their_s = m.copy(), s.copy()
    for t in (1, 2, 3):
        g = rng.normal(size=p.shape)
        p, m, s = built.adam(p, g, m, s, t, 0.1)
        reference.adam_step(theirs, g, their_m, their_s, 0.1, 0.9, 0.999, 1e-7, t)
    assert np.allclose(p, theirs, atol=1e-6)


@pytest.mark.parametrize("arguments", built.BATCH_NORM_BACKWARD.steps["several channels"])
def test_the_solutions_on_batch_normalisation_are_the_layers(arguments):
    x, gamma, beta, g = arguments
    layer = layers.BatchNormalization(momentum=0.9)
    model = Sequential([layer], input_shape=x.shape[1:], device="reference")
    layer.parameters["gamma"][:], layer.parameters["beta"][:] = gamma, beta
    zero, one = np.zeros(gamma.shape), np.ones(gamma.shape)
    out, mean, variance = built.batch_norm(x, gamma, beta, zero, one, training=True)
    assert np.allclose(model(x, training=True), out)
    assert np.allclose(layer.statistics["moving_mean"], mean)
    assert np.allclose(layer.statistics["moving_variance"], variance)
    by_x = model.backward(g)
    assert np.allclose(model(x), built.batch_norm(x, gamma, beta, mean, variance, False)[0])
    found = built.batch_norm_backward(x, gamma, beta, g)
    theirs = by_x, layer.gradients["gamma"], layer.gradients["beta"]
    assert all(np.allclose(*pair) for pair in zip(found, theirs, strict=True))


def test_a_network_of_a_students_own_parts_trains(capsys):
    own = {name: piece.solution for name, piece in PARTS.items()}
    built.train(built.fit, built.Parts(**own))
    trained, whose = capsys.readouterr().out.splitlines()
    assert trained.startswith("9") and trained.endswith("450 test digits, by your fit")
    assert whose == f"yours: {', '.join(PARTS)}"


def test_what_is_missing_or_wrong_is_the_courses(capsys):
    parts = built.Parts(
        conv2d=lambda *arguments: None, loss=PARTS["loss"].solution, max_pool=lambda x, F, S: x
    )
    built.train(lambda *arguments: None, parts)
    trained, own, ours, wrong = capsys.readouterr().out.splitlines()
    assert trained.startswith("9") and trained.endswith("by our fit")
    assert own == "yours: loss" and "conv2d, " in ours and "max_pool, " in ours
    assert wrong.startswith("your max_pool, not yet: at step 1 of 4")
    with pytest.raises(TypeError, match="Parts: expected conv2d, .*, got pool"):
        built.Parts(pool=None)


def test_the_networks_gradients_are_its_gradients():
    network = built.Network()
    # noise: in digits, black corners lie at the kink of ReLU, and are ties of max pooling
    images, labels = np.random.default_rng(0).normal(size=(3, 8, 8, 1)), np.array([0, 3, 1])
    _, found = network.gradients(images, labels)
    for name, parameter in network.parameters.items():
        chosen = parameter.reshape(-1)[:20]  # a view: the first ones are nudged

        def value():
            return network.gradients(images, labels)[0]

        expected = gradients.numerical(value, chosen)
        assert gradients.difference(found[name].reshape(-1)[:20], expected) < 1e-6, name
