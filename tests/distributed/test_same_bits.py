"""The same bits for any number of workers, and for none; and those of `fit`, where they must be."""

import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from small_models import channel_by_channel, everything, residual, same_weights, small

from cnncourse import Sequential, callbacks, distributed, layers, optimizers

sys.path.insert(0, str(Path(__file__).parent))

from runs import IMAGES, LABELS, OPTIONS, VALIDATION, compiled, digest, trained  # noqa: E402

NETWORKS = {make.__name__: make for make in (everything, residual, small, channel_by_channel)}


@pytest.mark.parametrize("device", ["cpu", "reference"])
def test_any_number_of_workers(clients, device):
    alone = trained(None, compiled(device=device))
    for count in (1, 2, 3):
        model = trained(clients(count), compiled(device=device))
        assert digest(model) == digest(alone), f"{count} workers"
        assert model.history == alone.history
        for name, rng in model.generators().items():
            assert rng.bit_generator.state == alone.generators()[name].bit_generator.state


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network(name, clients):
    one, two = (
        trained(client, compiled(NETWORKS[name]), epochs=1) for client in (None, clients(2))
    )
    assert digest(one) == digest(two)


def test_fewer_images_than_micro_batches_in_the_last_step(clients):
    images, labels = IMAGES[:34], LABELS[:34]  # 16, 16 and 2
    one, two = compiled(), compiled()
    for model, client in (one, None), (two, clients(2)):
        distributed.fit(model, images, labels, client, **OPTIONS)
    assert digest(one) == digest(two)


def test_more_workers_than_micro_batches(clients):
    model = trained(clients(3), micro_batches=2)
    assert digest(model) == digest(trained(None, micro_batches=2))


def test_other_seeds_and_other_micro_batches_give_others():
    other = everything(seed=6)
    other.compile(compiled().optimizer)
    found = {digest(trained(None)), digest(trained(None, other))}
    found |= {digest(trained(None, micro_batches=4)), digest(trained(None, shuffle=False))}
    found |= {digest(trained(None, augment=None)), digest(trained(None, class_weight=None))}
    assert len(found) == 6


@pytest.mark.parametrize("device", ["cpu", "reference"])
@pytest.mark.parametrize("make", [small, residual])
def test_one_micro_batch_in_order_is_fit(make, device):
    """With nothing drawn and nothing cut, there is nothing that could differ."""
    one, two = compiled(make, device=device), compiled(make, device=device)
    options = {"batch_size": 16, "epochs": 2, "shuffle": False, "verbose": 0}
    options |= {"validation_data": VALIDATION, "sample_weight": np.linspace(0, 2, len(IMAGES))}
    one.fit(IMAGES, LABELS, **options)
    distributed.fit(two, IMAGES, LABELS, micro_batches=1, **options)
    assert one.history == two.history
    if device == "cpu":  # sums of shares are float64, which holds float32's exactly
        assert digest(one) == digest(two)
    for weight, same in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_allclose(weight, same, rtol=1e-12)


def test_the_gradient_is_that_of_the_whole_batch():
    """Where layers do not look at other images, pieces of a batch make up the batch."""
    one, two = (small(device="reference") for _ in range(2))
    for model in one, two:
        model.compile(optimizers.SGD(0.1))
    options = {"batch_size": 16, "epochs": 2, "shuffle": False, "verbose": 0}
    options["sample_weight"] = np.linspace(0, 2, len(IMAGES))
    one.fit(IMAGES, LABELS, **options)
    distributed.fit(two, IMAGES, LABELS, micro_batches=5, **options)
    for name, figures in one.history.items():
        np.testing.assert_allclose(figures, two.history[name], rtol=1e-12, err_msg=name)
    for weight, same in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_allclose(weight, same, rtol=1e-9)


def test_running_statistics_are_the_mean_of_the_micro_batches():
    images = np.random.default_rng(0).normal(3, 2, (10, 4))
    model = Sequential([layers.BatchNormalization(momentum=0.5), layers.Dense(2)], (4,), seed=0)
    model.compile("sgd")
    distributed.fit(
        model, images, [0, 1] * 5, micro_batches=4, batch_size=10, shuffle=False, verbose=0
    )
    pieces = np.split(images, [3, 6, 8])  # 3, 3, 2 and 2 images
    shares = [len(piece) / 10 for piece in pieces]
    mean = sum(s * piece.mean(axis=0) for s, piece in zip(shares, pieces, strict=True))
    variance = sum(s * piece.var(axis=0) for s, piece in zip(shares, pieces, strict=True))
    _, _, moving_mean, moving_variance = model.layers[0].get_weights()
    np.testing.assert_allclose(moving_mean, 0.5 * mean, rtol=1e-5)
    np.testing.assert_allclose(moving_variance, 0.5 + 0.5 * variance, rtol=1e-5)


def test_what_training_changes_on_its_way_reaches_the_workers(clients):
    """A callback freezes a layer and sets weights: the next step goes by that."""

    class Freezes(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.layers[1].trainable = epoch != 0  # batch normalisation
            self.model.layers[4].rate = 0.1 * epoch
            self.model.set_weights([weight * 0.9 for weight in self.model.get_weights()])

    one, two = (trained(client, callbacks=[Freezes()]) for client in (None, clients(2)))
    assert digest(one) == digest(two) != digest(trained(None))


def test_callbacks_and_history_as_with_fit(clients):
    seen = []
    stop = callbacks.EarlyStopping("val_loss", patience=1, restore_best_weights=True)
    model = trained(
        clients(2),
        epochs=20,
        callbacks=[lambda epoch, logs: seen.append((epoch, sorted(logs))), stop],
    )
    names = ["accuracy", "learning_rate", "loss", "val_accuracy", "val_loss"]
    assert seen == [(epoch, names) for epoch in model.history.epoch]
    assert sorted(model.history) == names
    assert stop.stopped_epoch == len(seen) - 1


class StopsAt(callbacks.Callback):
    """Ctrl-C after so many steps of the run."""

    def __init__(self, steps):
        self.steps = steps

    def on_train_batch_end(self, batch, logs=None):
        run = self.model.run
        if run.epoch * run.epoch_length + run.steps == self.steps:
            raise KeyboardInterrupt


@pytest.mark.parametrize("steps", [2, 6])  # within the first epoch of five, and the second
def test_a_run_goes_on_where_it_stopped(steps, clients, tmp_path):
    whole, model, path = trained(None), compiled(), tmp_path / "model.npz"
    watchers = [callbacks.ModelCheckpoint(path, save_freq=steps), StopsAt(steps)]
    with pytest.raises(KeyboardInterrupt):
        trained(clients(2), model, callbacks=watchers)
    for stopped in model, Sequential.load(path):
        trained(None, stopped, resume=True)
        assert digest(stopped) == digest(whole)
        assert stopped.history == whole.history


def test_resume_refuses_another_kind_of_run():
    model = trained(None, epochs=1)
    before = model.get_weights()
    with pytest.raises(ValueError, match="with micro_batches=5, and this is .* micro_batches=4"):
        trained(None, model, resume=True, micro_batches=4)
    with pytest.raises(ValueError, match="micro_batches=5, and this is one of fit"):
        model.fit(IMAGES, LABELS, 16, 2, verbose=0, resume=True)
    assert same_weights(model, before) and len(model.history["loss"]) == 1


def test_a_timeline(clients):
    timeline = distributed.Timeline()
    trained(clients(2), timeline=timeline, epochs=1)
    by_what = {}
    for span in timeline.spans:
        assert span.began <= span.ended
        by_what.setdefault(span.what, []).append(span.who)
    assert sorted(by_what) == ["add", "compute", "pack", "send images", "step"]
    assert len(by_what["send images"]) == OPTIONS["micro_batches"]
    assert len(by_what["step"]) == 5 and len(by_what["compute"]) == 2 * 5
    assert len(set(by_what["compute"])) == 2


REFUSED = {
    "no model": ({"model": 3}, TypeError, "model must be a Sequential, got 3"),
    "no client": ({"client": "tcp://127.0.0.1:8786"}, TypeError, "client must be a Dask client"),
    "no micro-batch": ({"micro_batches": 0}, ValueError, "micro_batches must be at least 1"),
    "no number": ({"micro_batches": 2.5}, TypeError, "micro_batches must be a whole number"),
    "too many": ({"micro_batches": 17}, ValueError, "micro_batches must be at most batch_size, 16"),
    "no timeline": ({"timeline": []}, TypeError, "timeline must be a distributed.Timeline"),
    "no function": ({"augment": 3}, TypeError, "augment must be a function"),
    "other labels": ({"y": LABELS[:-1]}, ValueError, "as images, 70, got 69"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_changes_nothing(case):
    changed, error, said = REFUSED[case]
    if case == "no client":
        pytest.importorskip("dask", reason='the extra "distributed" is missing')
    model = compiled()
    before = model.get_weights()
    arguments = OPTIONS | {"model": model, "x": IMAGES, "y": LABELS} | changed
    with pytest.raises(error, match=said):
        distributed.fit(**arguments)
    assert same_weights(model, before) and not model.history and not model.run.begun


def test_a_source_of_batches_is_refused():
    from cnncourse.datasets.batches import ArrayBatches

    with pytest.raises(TypeError, match=r"distributed\.predict goes through folders"):
        distributed.fit(compiled(), ArrayBatches([IMAGES], 16), None)


def test_an_error_on_a_worker_is_the_same_error(clients):
    def fails(images, rng):
        raise ZeroDivisionError("in my own function")

    model = compiled()
    before = model.get_weights()
    for client in (None, clients(1)):
        with pytest.raises(ZeroDivisionError, match="in my own function"):
            trained(client, model, augment=fails)
    assert same_weights(model, before)


def test_augment_must_keep_the_shape(clients):
    for client in (None, clients(1)):
        with pytest.raises(ValueError, match=r"augment: expected images \(4, 8, 7, 2\)"):
            trained(client, augment=lambda images, rng: images[:-1])


def test_what_cannot_be_sent(clients):
    lock = threading.Lock()
    with pytest.raises(TypeError, match="cannot be sent to other processes"):
        trained(clients(1), augment=lambda images, rng: images if lock else None)


def test_a_loss_that_is_not_finite_ends_training(clients, capsys):
    for client in (None, clients(2)):
        model = everything()
        model.compile(optimizers.SGD(1e30))
        distributed.fit(model, IMAGES, LABELS, client, **OPTIONS)
        assert "Training stopped: the loss is not finite" in capsys.readouterr().out
