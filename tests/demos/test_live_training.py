"""Live training: messages in, messages out."""

import sys

import numpy as np
import pytest
from small_models import same_weights, small, small_batch

from cnncourse import demos, losses, optimizers
from cnncourse.demos.live_training import LiveTraining

X, Y = small_batch(50)
NEW = small_batch(30, seed=1)


def compiled(optimizer="adam", **options):
    model = small(**options)
    model.compile(optimizer)
    return model


def make(optimizer="adam", **options):
    options = {"validation_data": NEW, "batch_size": 8} | options
    return demos.live_training(compiled(optimizer), X, Y, **options)


def ask(demo, kind, buffers=(), **message):
    reply, arrays = demo.answer({"kind": kind} | message, buffers)
    assert "error" not in reply, reply["traceback"]
    return reply, arrays


def train(demo, steps):
    return ask(demo, "train", steps=steps, seconds=60)


def test_it_takes_the_steps_of_a_loop_written_out():
    demo = make()
    losses_ = train(demo, 5)[0]["losses"] + train(demo, 9)[0]["losses"]
    model, rng, expected = compiled(), np.random.default_rng(0), []
    for _ in range(2):
        order = rng.permutation(50)
        for start in range(0, 50, 8):  # the seventh batch has two images
            batch = order[start : start + 8]
            expected.append(model.train_on_batch(X[batch], Y[batch]))
    assert losses_ == expected
    assert same_weights(demo.model, model), "bit for bit"


def test_a_moment_is_a_moment():
    demo = make()
    for step in 1, 2:
        reply, _ = ask(demo, "train", steps=10**6, seconds=0)
        assert reply["step"] == step


def test_it_evaluates_before_the_first_step_and_now_and_then():
    demo = make()
    reply, _ = ask(demo, "start")
    (first,) = reply["evaluations"]
    model = compiled()
    assert first["step"] == 0
    assert (first["loss"], first["accuracy"]) == pytest.approx(model.evaluate(X, Y))
    assert (first["val_loss"], first["val_accuracy"]) == pytest.approx(model.evaluate(*NEW))
    reply, _ = train(demo, 45)
    assert [one["step"] for one in reply["evaluations"]] == [20, 40]
    assert reply["evaluations"][-1]["loss"] < first["loss"]


def test_the_model_is_the_readers_own_and_stays_whole():
    model = compiled()
    demo = demos.live_training(model, X, Y)
    before = model.predict(X)
    train(demo, 30)
    assert demo.model is model and not np.array_equal(model.predict(X), before)
    model.fit(X, Y, epochs=1, verbose=0)  # in between, by hand
    assert np.isfinite(train(demo, 3)[0]["losses"]).all()


def test_stop_gives_the_figures_of_all_images():
    demo = make()
    train(demo, 7)
    reply, _ = ask(demo, "stop")
    assert reply["figures"]["training"] == demo.model.evaluate(X, Y)
    assert reply["figures"]["validation"] == demo.model.evaluate(*NEW)


def test_starting_again_gives_the_same_run():
    demo = make()
    first = train(demo, 12)[0]["losses"]
    weights = demo.model.get_weights()
    reply, _ = ask(demo, "again")
    assert reply["step"] == 0 and [one["step"] for one in reply["evaluations"]] == [0]
    assert same_weights(demo.model, compiled())
    assert train(demo, 12)[0]["losses"] == first
    assert same_weights(demo.model, weights)


def test_what_is_chosen_counts_from_the_next_step_on():
    demo = make(optimizers.SGD(0.1))
    start, _ = ask(demo, "start")
    assert start["optimizers"][0] == "SGD(learning_rate=0.1)" and start["batch_size"] == 8
    train(demo, 2)
    reply, _ = ask(demo, "choose", learning_rate=0.5)
    assert reply["learning_rate"] == 0.5 == demo.model.optimizer.learning_rate
    ask(demo, "choose", batch_size=20)
    before = len(demo.order)
    train(demo, 1)
    assert before - len(demo.order) == 20
    for name in start["optimizers"][1:]:
        ask(demo, "choose", optimizer=name)
        assert demo.model.optimizer.learning_rate == 0.5
        assert type(demo.model.optimizer).__name__ == name.split()[0]
        train(demo, 1)
    ask(demo, "choose", optimizer=start["optimizers"][0])
    assert repr(demo.model.optimizer) == "SGD(learning_rate=0.5)"


@pytest.mark.parametrize(
    "chosen, message",
    [
        ({"learning_rate": -1}, "learning_rate"),
        ({"batch_size": 0}, "batch size must be at least 1"),
        ({"batch_size": 2.5}, "batch size must be a whole number"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(chosen, message):
    demo = make(optimizers.SGD(0.1))
    reply, _ = demo.answer({"kind": "choose"} | chosen)
    assert message in reply["error"]
    assert (demo.model.optimizer.learning_rate, demo.batch_size) == (0.1, 8)


def test_a_loss_that_is_not_finite_stops_before_it_spoils_the_weights():
    demo = make(optimizers.SGD(1e30))
    reply, _ = train(demo, 100)
    assert "smaller learning rate" in reply["stopped"] and reply["step"] < 100
    assert np.isfinite(reply["losses"]).all()
    ask(demo, "again")
    ask(demo, "choose", learning_rate=0.01)
    assert "stopped" not in train(demo, 3)[0]


def test_kernels_and_mistakes_are_shown():
    demo = make(class_names=["cat", "dog", "cow"])
    reply, (kernels, images) = ask(demo, "start")
    kernel = demo.model.layers[0].parameters["kernel"][:, :, 0]  # (3, 3, filters)
    assert reply["kernels"] == (3, 3, 3)
    shades = np.frombuffer(kernels, np.int8).reshape(3, 3, 3)
    assert np.array_equal(shades, np.rint(127 * np.moveaxis(kernel, -1, 0) / abs(kernel).max()))
    outputs = demo.model.predict(NEW[0])
    wrong = np.flatnonzero(outputs.argmax(axis=1) != NEW[1])
    surest = wrong[outputs[wrong].max(axis=1).argmax()]
    names = demo.class_names
    assert reply["mistakes"][0] == (
        f"true {names[NEW[1][surest]]} / predicted {names[outputs[surest].argmax()]} "
        f"({100 * outputs[surest].max():.0f} %)"
    )
    assert len(images) == 3 * 8 * 7 * len(reply["mistakes"])


def test_without_validation_data_or_accuracy_there_is_less_to_show():
    model = small()
    model.compile(loss=losses.Euclidean())
    rows = np.eye(3)[Y]
    demo = demos.live_training(model, X, rows)
    reply, _ = ask(demo, "start")
    assert set(reply["evaluations"][0]) == {"step", "loss"} and reply["mistakes"] == []
    assert demo.picture is not None


def test_the_picture_trains_a_copy(monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)  # no live view
    demo = make()
    assert "over 60 steps" in demo.alt
    assert demo.picture.png().startswith(b"\x89PNG")
    assert same_weights(demo.model, compiled()) and demo.steps == 0
    twin = LiveTraining(compiled(), X, Y, NEW, 8, None, 0)
    assert train(twin, 3) == train(demo, 3), "its optimizer, too, was left alone"


def test_a_live_view_needs_no_copy(monkeypatch):
    demo = make()
    monkeypatch.setattr(demo, "view", object())
    monkeypatch.setattr(LiveTraining, "_copy_after_first_steps", None)
    assert "over 0 steps" in demo.alt and len(demo.evaluations) == 1


@pytest.mark.parametrize(
    "changed, error, message",
    [
        ({"x": X[:3]}, ValueError, "x and y: labels"),
        ({"y": Y + 3}, ValueError, "x and y: labels must be whole numbers from 0 to 2"),
        ({"validation_data": (X, Y[:2])}, ValueError, "validation_data: labels"),
        ({"validation_data": X}, TypeError, "validation_data must be a pair"),
        ({"batch_size": 0}, ValueError, "batch_size"),
        ({"class_names": ["a"]}, ValueError, "class_names: expected 3"),
        ({"seed": -1}, ValueError, "seed"),
        ({"model": small()}, RuntimeError, "compile"),
        ({"model": "mnist"}, TypeError, "model must be a Sequential"),
    ],
)
def test_bad_input_is_refused(changed, error, message):
    with pytest.raises(error, match=message):
        demos.live_training(**{"model": compiled(), "x": X, "y": Y} | changed)
