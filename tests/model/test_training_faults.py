"""Training that goes wrong, or is stopped: the model stays usable, and says what to do."""

import pickle
import signal
from math import isnan

import numpy as np
import pytest
from small_models import everything, same_weights, small, small_batch

from cnncourse import Sequential, layers, optimizers
from cnncourse.model.history import History
from cnncourse.support.interrupts import defer_interrupt

X, Y = small_batch(40)


def test_a_loss_that_explodes_stops_training_and_says_why(capsys):
    model = small()
    model.compile(optimizers.SGD(1e38))
    history = model.fit(X * 255, Y, batch_size=10, epochs=10)
    assert len(history["loss"]) < 10
    assert not np.isfinite(history["loss"][-1])
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("Training stopped: the loss is not finite")
    assert "scale them to about 1" in last
    assert "smaller learning rate (it is 1e+38)" in last
    assert model.history is history


def test_no_step_is_taken_on_a_loss_that_is_not_finite():
    model = small()
    model.compile()
    weights = model.get_weights()
    weights[0] = weights[0] * np.nan
    model.set_weights(weights)
    assert isnan(model.train_on_batch(X, Y))
    assert np.isfinite(model.get_weights()[2]).all()


class Interrupt(optimizers.SGD):
    """Presses Ctrl-C in the middle of a step, and notes whether the step was finished."""

    def __init__(self, at):
        super().__init__(0.01)
        self.at, self.updates = at, 0

    def update(self, backend, parameter, gradient):
        self.updates += 1
        if self.updates == self.at:
            signal.raise_signal(signal.SIGINT)
        super().update(backend, parameter, gradient)


def test_ctrl_c_finishes_the_step_keeps_the_history_and_fit_goes_on():
    model = small()
    stop_in_third_epoch = 6 * (4 * 2 + 1) + 2  # 6 parameters, 4 steps an epoch
    model.compile(Interrupt(at=stop_in_third_epoch))
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, batch_size=10, epochs=5, verbose=False)
    assert len(model.history["loss"]) == 2
    assert model.optimizer.updates % 6 == 0  # no half step
    history = model.fit(X, Y, batch_size=10, verbose=False)
    assert np.isfinite(history["loss"]).all()


def test_ctrl_c_while_an_epoch_is_noted(monkeypatch):
    note = History.note

    def pressed(self, figures):
        signal.raise_signal(signal.SIGINT)
        note(self, figures)

    model, expected = small(), small()
    for each in model, expected:
        each.compile("adam")
    monkeypatch.setattr(History, "note", pressed)
    for done in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            model.fit(X, Y, epochs=3, verbose=False, resume=True)
        assert model.run.epoch == len(model.history["loss"]) == done
    monkeypatch.undo()
    model.fit(X, Y, epochs=3, verbose=False, resume=True)
    assert model.history == expected.fit(X, Y, epochs=3, verbose=False)
    assert same_weights(model, expected)


def test_ctrl_c_is_held_back_until_the_end_of_the_block():
    reached = []
    with pytest.raises(KeyboardInterrupt), defer_interrupt():
        signal.raise_signal(signal.SIGINT)
        reached.append("the end")
    assert reached == ["the end"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_loss_without_accuracy():
    model = Sequential([layers.Flatten(), layers.Dense(2)], (8, 7, 2), seed=0)
    model.compile(optimizers.SGD(0.001), "euclidean")
    y = np.random.default_rng(0).standard_normal((40, 2))
    history = model.fit(X, y, epochs=5, validation_data=(X, y), verbose=False)
    assert set(history) == {"loss", "val_loss", "learning_rate"}
    assert history["loss"][-1] < history["loss"][0]
    loss, accuracy = model.evaluate(X, y)
    assert loss == pytest.approx(0.5 * ((model.predict(X) - y) ** 2).sum(axis=1).mean(), rel=1e-5)
    assert accuracy is None


def test_independent_probabilities():
    model = Sequential([layers.Flatten(), layers.Dense(3, activation="sigmoid")], (8, 7, 2), seed=0)
    model.compile(optimizers.Adam(0.01), "sigmoid_cross_entropy")
    y = (X.mean(axis=(1, 2))[:, [0, 1, 0]] > 0).astype(int)
    history = model.fit(X, y, epochs=60, verbose=False)
    assert history["accuracy"][-1] > 0.9
    expected = ((model.predict(X) > 0.5) == y).mean()
    assert model.evaluate(X, y)[1] == pytest.approx(expected)


def test_pickled_and_moved_models_go_on_as_they_were():
    model = everything()
    model.compile("adam")
    model.fit(X, Y, verbose=False)
    copy = pickle.loads(pickle.dumps(model))
    assert np.array_equal(copy.predict(X), model.predict(X))
    for each in (model, copy):
        each.fit(X, Y, verbose=False)
    assert same_weights(model, copy)
    moved = model.to("reference").to("cpu")
    for each in (moved, copy):
        each.fit(X, Y, verbose=False)
    for one, other in zip(moved.get_weights(), copy.get_weights(), strict=True):
        assert np.allclose(one, other, atol=1e-6)


def test_a_pickle_holds_no_batch():
    model = everything()
    model.compile("adam")
    before = len(pickle.dumps(model))
    model.predict(X)
    assert len(pickle.dumps(model)) < before + 1000
    model.fit(X, Y, verbose=False)
    assert len(pickle.dumps(model)) < 4 * before  # Adam keeps two numbers a parameter


def test_a_loop_of_ones_own_on_scores():
    model, other = small(), small()
    for each in (model, other):
        each.compile("adam")
    model.train_on_batch(X, Y)
    other.loss(other.scores(X, training=True), Y)
    assert other.backward(other.loss.gradient()).shape == X.shape
    other.optimizer.step(other.layers)
    assert same_weights(model, other)


def test_backward_needs_a_forward_pass():
    with pytest.raises(RuntimeError, match="call model.forward"):
        small().backward(np.zeros((1, 3)))
