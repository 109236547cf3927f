"""Callbacks: when they are called, what they see, and what they do."""

import csv

import numpy as np
import pytest
from small_models import everything, same_weights, small, small_batch

from cnncourse import Sequential, callbacks, optimizers

X, Y = small_batch(40)


def trained(model=None, epochs=3, **options):
    model = model or small()
    if model.loss is None:
        model.compile(optimizers.Adam(0.01))
    model.fit(X, Y, batch_size=10, epochs=epochs, **{"verbose": 0, **options})
    return model


class Notes(callbacks.Callback):
    """Notes each call: its name without "on_", and its number."""

    def __init__(self):
        self.calls = []

    def on_train_begin(self, logs=None):
        self.calls.append("train_begin")

    def on_train_end(self, logs=None):
        self.calls.append("train_end")

    def on_epoch_begin(self, epoch, logs=None):
        self.calls.append(f"epoch_begin {epoch}")

    def on_epoch_end(self, epoch, logs=None):
        self.calls.append(f"epoch_end {epoch}")

    def on_train_batch_begin(self, batch, logs=None):
        self.calls.append(f"batch_begin {batch}")

    def on_train_batch_end(self, batch, logs=None):
        self.calls.append(f"batch_end {batch}")


def test_when_each_is_called():
    notes = Notes()
    trained(epochs=2, callbacks=[notes])
    batches = [f"batch_{when} {k}" for k in range(4) for when in ("begin", "end")]
    epochs = [[f"epoch_begin {e}", *batches, f"epoch_end {e}"] for e in range(2)]
    assert notes.calls == ["train_begin", *epochs[0], *epochs[1], "train_end"]


def test_what_each_sees():
    seen, after_batches = [], []

    class Losses(callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            after_batches.append(logs["loss"])

    model = trained(
        callbacks=[lambda epoch, logs: seen.append((epoch, dict(logs))), Losses()],
        validation_data=(X[:9], Y[:9]),
    )
    assert [epoch for epoch, _ in seen] == [0, 1, 2]
    for epoch, logs in seen:
        assert logs == {name: figures[epoch] for name, figures in model.history.items()}
    assert after_batches[3::4] == model.history["loss"]  # the means of the epoch so far


def test_functions_by_the_names_of_the_methods():
    batches = []
    lambdas = callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: batches.append(batch))
    trained(epochs=1, callbacks=[lambdas])
    assert batches == [0, 1, 2, 3]


@pytest.mark.parametrize("at", ["batch", "epoch"])
def test_a_callback_ends_training(at):
    class Stop(callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = at == "batch" and batch == 1

        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = True

    model = trained(callbacks=[Stop()])
    assert model.history.epoch == [0]
    assert model.optimizer.iterations == {"batch": 2, "epoch": 4}[at]
    trained(model, epochs=2)  # and the next fit begins as ever
    assert model.history.epoch == [0, 1]


@pytest.mark.parametrize("wrong", [3, "early", [3], [callbacks.EarlyStopping], [None]])
def test_what_is_no_callback_is_refused(wrong):
    model = small()
    model.compile()
    with pytest.raises(TypeError, match="callbacks must be a list"):
        model.fit(X, Y, callbacks=wrong)


# Early stopping


def scripted(figures, stopping, monkeypatch):
    """A model trained with ``stopping`` while validation gives these losses; weights by epoch."""
    model, weights, rest = small(), [], iter(figures)
    model.compile("adam")
    monkeypatch.setattr(model, "_evaluate", lambda *_: {"loss": next(rest), "accuracy": 0.5})
    keep = callbacks.LambdaCallback(on_epoch_end=lambda *_: weights.append(model.get_weights()))
    options = {"validation_data": (X, Y), "callbacks": [keep, stopping]}
    trained(model, len(figures), **options)
    return model, weights


@pytest.mark.parametrize(
    ("options", "epochs"),
    [
        ({"patience": 0}, 3),  # at the first that is not better
        ({"patience": 1}, 3),
        ({"patience": 2}, 6),
        ({"patience": 3}, 7),
        ({"patience": 2, "min_delta": 0.5}, 3),  # from 1.0, 0.8 is not enough
        ({"patience": 1, "start_from_epoch": 3}, 5),
        ({"patience": 2, "mode": "max"}, 3),
        ({"patience": 3, "baseline": 0.1}, 3),  # never passed, so all are waited for
        ({"monitor": "val_accuracy", "patience": 2}, 3),
    ],
)
def test_when_early_stopping_ends(options, epochs, monkeypatch):
    losses = [1.0, 0.8, 0.9, 0.7, 0.71, 0.72, 0.73, 0.74]
    stopping = callbacks.EarlyStopping(**options)
    model, _ = scripted(losses, stopping, monkeypatch)
    assert len(model.history.epoch) == epochs
    assert stopping.stopped_epoch == epochs - 1


def test_early_stopping_as_in_keras():
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(0)
    for _ in range(200):
        losses = rng.normal(size=12).round(1)
        options = {
            "monitor": "val_loss",
            "patience": int(rng.integers(0, 5)),
            "min_delta": rng.choice(
                [0, 0.25]
            ),  # no difference of tenths, so rounding decides nothing
            "baseline": rng.choice([None, 0.5]),
            "start_from_epoch": int(rng.integers(0, 3)),
            "mode": str(rng.choice(["min", "max"])),
        }
        ends = []
        for kind in callbacks.EarlyStopping, keras.callbacks.EarlyStopping:
            stopping, model = kind(**options), type("Model", (), {"stop_training": False})()
            model.history = type("History", (dict,), {"epoch": []})()
            stopping.set_model(model)
            stopping.set_params({"metrics": ["val_loss"]})
            stopping.on_train_begin()
            for epoch, loss in enumerate(losses):
                stopping.on_epoch_end(epoch, {"val_loss": loss})
                if model.stop_training:
                    break
            ends.append(epoch)
        assert ends[0] == ends[1], (losses, options)


@pytest.mark.parametrize("stops", [True, False])
def test_the_best_weights_come_back(stops, monkeypatch, capsys):
    stopping = callbacks.EarlyStopping(
        patience=2 if stops else 9, restore_best_weights=True, verbose=1
    )
    model, weights = scripted([1, 0.5, 0.8, 0.9, 0.7], stopping, monkeypatch)
    assert stopping.best_epoch == 1
    assert same_weights(model, weights[1])
    assert "the weights are those after epoch 2" in capsys.readouterr().out


def test_a_figure_that_is_not_there_is_refused_before_training():
    model, stopping = small(), callbacks.EarlyStopping()
    model.compile()
    before = model.get_weights()
    with pytest.raises(ValueError, match="no 'val_loss' to monitor.*validation_split"):
        model.fit(X, Y, callbacks=[stopping], verbose=0)
    assert same_weights(model, before)


# Checkpoints


def test_a_checkpoint_after_each_epoch(tmp_path):
    path = tmp_path / "{epoch:02d}-{val_loss:.3f}.npz"
    weights = []
    model = trained(
        callbacks=[
            callbacks.ModelCheckpoint(path),
            callbacks.LambdaCallback(on_epoch_end=lambda *_: weights.append(model.get_weights())),
        ],
        model=(model := small()),
        validation_data=(X, Y),
    )
    files = sorted(tmp_path.iterdir())
    losses = model.history["val_loss"]
    names = [f"{k:02d}-{loss:.3f}.npz" for k, loss in enumerate(losses, 1)]
    assert [file.name for file in files] == names
    for k, file in enumerate(files):
        loaded = Sequential.load(file)
        assert same_weights(loaded, weights[k])
        assert loaded.history == {name: figures[: k + 1] for name, figures in model.history.items()}


def test_only_the_best_is_saved(tmp_path, monkeypatch):
    path = tmp_path / "best.npz"
    checkpoint = callbacks.ModelCheckpoint(path, save_best_only=True)
    _, weights = scripted([1, 0.5, 0.8, 0.6], checkpoint, monkeypatch)
    assert same_weights(Sequential.load(path), weights[1])
    checkpoint = callbacks.ModelCheckpoint(path, save_best_only=True, initial_value_threshold=0.4)
    path.unlink()
    scripted([1, 0.5, 0.8], checkpoint, monkeypatch)
    assert not path.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"filepath": "missing/here.npz"}, "no folder missing"),
        ({"filepath": "{accurracy}.npz"}, "cannot be filled in.*there are epoch, loss"),
        ({"filepath": "{val_loss}.npz"}, "cannot be filled in"),
        ({"filepath": "a.npz", "save_best_only": True}, "no 'val_loss' to monitor"),
    ],
)
def test_a_checkpoint_that_cannot_be_is_refused_before_training(arguments, message, tmp_path):
    model = small()
    model.compile()
    with pytest.raises(ValueError, match=message):
        model.fit(X, Y, callbacks=[callbacks.ModelCheckpoint(**arguments)], verbose=0)
    assert model.optimizer.iterations == 0


@pytest.mark.parametrize("save_freq", ["epoch", 1, 3, 7])
@pytest.mark.parametrize("steps_per_epoch", [None, 3])
def test_a_resumed_run_ends_in_the_same_bits(save_freq, steps_per_epoch, tmp_path):
    """With shuffling, dropout, batch normalisation, changed images and weights by class."""
    path = tmp_path / "model.npz"
    options = {
        "augment": lambda images, rng: images + rng.normal(0, 0.1, images.shape),
        "class_weight": "balanced",
        "validation_data": (X[:7], Y[:7]),
        "steps_per_epoch": steps_per_epoch,
        "epochs": 4,
    }

    def fresh():
        model = everything(seed=3)
        model.compile(optimizers.Adam(0.01))
        return model

    whole = trained(fresh(), **options)
    for last_step in range(2, 4 * (steps_per_epoch or 4), 3):

        class Dies(callbacks.Callback):
            def __init__(self, left):
                self.left = left

            def on_train_batch_end(self, batch, logs=None):
                self.left -= 1
                if not self.left:
                    raise KeyboardInterrupt

        path.unlink(missing_ok=True)
        checkpoint = callbacks.ModelCheckpoint(path, save_freq=save_freq)
        model = fresh()
        with pytest.raises(KeyboardInterrupt):
            trained(model, **options, callbacks=[checkpoint, Dies(last_step)])
        again = Sequential.load(path) if path.exists() else fresh()
        trained(again, **options, callbacks=[checkpoint], resume=True)
        assert same_weights(again, whole), last_step
        assert again.history == whole.history
        assert again.history.epoch == [0, 1, 2, 3]
        # and the model that was interrupted goes on where it stands, too
        trained(model, **options, resume=True)
        assert same_weights(model, whole), last_step


def test_resuming_a_run_that_is_done_does_nothing(tmp_path):
    model = trained(epochs=2)
    before = model.get_weights()
    trained(model, epochs=2, resume=True)
    assert same_weights(model, before)
    assert model.history.epoch == [0, 1]


def test_other_data_are_refused():
    model = trained(epochs=1)
    with pytest.raises(ValueError, match="had 4 batches .* and 4 steps .* now there are 3 and 3"):
        model.fit(X[:30], Y[:30], batch_size=10, epochs=2, resume=True)
    with pytest.raises(ValueError, match="now there are 4 and 2"):
        trained(model, epochs=2, resume=True, steps_per_epoch=2)


def test_early_stopping_remembers_the_epochs_before_a_stop(tmp_path, monkeypatch):
    stopping = callbacks.EarlyStopping(patience=3)
    model, _ = scripted([1, 0.5, 0.6, 0.7], stopping, monkeypatch)
    monkeypatch.setattr(model, "_evaluate", lambda *_: {"loss": 0.8, "accuracy": 0.5})
    stopping = callbacks.EarlyStopping(patience=3)
    trained(model, 9, validation_data=(X, Y), callbacks=[stopping], resume=True)
    assert len(model.history.epoch) == 5
    assert (stopping.best, stopping.best_epoch) == (0.5, 1)
    trained(model, 9, validation_data=(X, Y), callbacks=[stopping], resume=True)
    assert len(model.history.epoch) == 5  # it is stopped, and stays so


# Learning rates and tables


def test_a_rate_for_each_epoch(capsys):
    rates = callbacks.LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1), verbose=1)
    model = trained(callbacks=[rates])
    assert model.history["learning_rate"] == [0.1, 0.05, 0.1 / 3]
    assert "epoch 2: learning rate 0.05" in capsys.readouterr().out
    halved = callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    model = trained(callbacks=[halved])
    assert model.history["learning_rate"] == [0.005, 0.0025, 0.00125]


def test_a_schedule_that_gives_no_number_is_named():
    with pytest.raises(TypeError, match="schedule must give a number, got None for epoch 0"):
        trained(callbacks=[callbacks.LearningRateScheduler(lambda epoch: None)])


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_table_of_figures(tmp_path):
    path = tmp_path / "log.csv"
    model = trained(callbacks=[callbacks.CSVLogger(path)], validation_data=(X, Y))
    table = rows(path)
    assert list(table[0]) == ["epoch", *sorted(model.history)]
    assert [int(row["epoch"]) for row in table] == [0, 1, 2]
    for name, figures in model.history.items():
        assert [float(row[name]) for row in table] == figures
    trained(callbacks=[callbacks.CSVLogger(path)], epochs=1, validation_data=(X, Y))
    assert len(rows(path)) == 1


def test_a_resumed_run_goes_on_with_its_table(tmp_path):
    path = tmp_path / "log.csv"
    model = trained(epochs=2, callbacks=[callbacks.CSVLogger(path)])
    saved = tmp_path / "model.npz"
    model.save(saved)
    trained(model, epochs=3, resume=True, callbacks=[callbacks.CSVLogger(path, append=True)])
    logger = callbacks.CSVLogger(path, append=True)
    trained(Sequential.load(saved), epochs=4, resume=True, callbacks=[logger])
    assert [row["epoch"] for row in rows(path)] == ["0", "1", "2", "3"]


def test_a_table_of_other_columns_is_not_appended_to(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("name,age\nAda,36\n")
    with pytest.raises(ValueError, match="expected a table with the columns epoch, accuracy"):
        trained(callbacks=[callbacks.CSVLogger(path, append=True)])
    assert path.read_text() == "name,age\nAda,36\n"


def test_callbacks_say_how_they_were_made():
    assert repr(callbacks.CSVLogger("log.csv")) == 'CSVLogger("log.csv")'
    printing = callbacks.LambdaCallback(on_epoch_end=print)
    assert repr(printing) == "LambdaCallback(on_epoch_end=…)"
