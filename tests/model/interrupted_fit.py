"""Trains a model, in a process of its own that gets Ctrl-C at random moments.

    python interrupted_fit.py SEED COUNT PATH

It presses Ctrl-C itself, from a thread, as somebody at the keyboard would: any moment will do.
After each it looks whether the model is whole, and trains on. The last line says what it met.
"""

import json
import os
import signal
import sys
import threading

import numpy as np
from small_models import everything, small_batch

from cnncourse import Sequential, layers, optimizers

IMAGES, LABELS = small_batch(64)
EPOCHS = 400


class Stopped(Exception):
    """Ctrl-C did not end the training."""


def convolutions():
    return Sequential(
        [
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(3),
        ],
        (8, 7, 2),
        seed=0,
    )


def finite(model):
    weights = model.get_weights()
    slots = [
        slot
        for layer in model.layers
        for name in layer.parameters
        for slot in model.optimizer.slots_of(layer, name)
    ]
    return all(np.isfinite(array).all() for array in weights + slots)


def steps_taken(model):
    """How many steps each layer that learns has made: the same for all, or one was cut in two."""
    learning = [layer for layer in model.layers if layer.parameters]
    return {model.optimizer.steps_taken([layer]) for layer in learning}


def once(model, delay, path):
    """Fit, pressed after ``delay`` seconds; the number of epochs that were done."""
    pressed = threading.Timer(delay, os.kill, (os.getpid(), signal.SIGINT))
    ended, before = [], model.history

    class Noted:
        """A callback in plain Python: what it notes is what was done."""

        def __call__(self, epoch, figures):
            ended.append(figures["loss"])

    try:
        pressed.start()
        model.fit(
            IMAGES,
            LABELS,
            batch_size=8,
            epochs=EPOCHS,
            validation_split=0.25,
            callbacks=[Noted()],
            verbose=0,
        )
    except KeyboardInterrupt:
        pass
    else:
        raise Stopped("the training was over before Ctrl-C came")
    finally:
        pressed.join()
    assert finite(model), "NaN in the weights or the optimizer's state"
    assert len(steps_taken(model)) == 1, "a step was taken for some layers only"
    if model.history is before:  # it came before the training began
        return 0
    lengths = {name: len(figures) for name, figures in model.history.items()}
    assert len(set(lengths.values())) <= 1, lengths
    done = len(model.history.get("loss", []))
    assert len(ended) in (done, done - 1) and model.history.epoch == list(range(done))
    assert model.history.get("loss", [])[: len(ended)] == ended
    model.save(path)
    assert np.array_equal(Sequential.load(path).predict(IMAGES), model.predict(IMAGES))
    return done


if __name__ == "__main__":
    rng, count = np.random.default_rng(int(sys.argv[1])), int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    models = [convolutions(), everything()]
    for model in models:
        model.compile(optimizers.Adam(0.002))
        model.fit(IMAGES, LABELS, batch_size=8, epochs=2, validation_split=0.25, verbose=0)
    print("ready", flush=True)
    epochs = [once(models[k % 2], rng.uniform(0, 0.25), sys.argv[3]) for k in range(count)]
    for model in models:  # another fit goes on
        history = model.fit(IMAGES, LABELS, epochs=3, verbose=0)
        assert len(history["loss"]) == 3 and np.isfinite(history["loss"]).all()
    main = threading.main_thread()
    stuck = [t.name for t in threading.enumerate() if not t.daemon and t is not main]
    print(json.dumps({"interrupts": count, "epochs done": sum(epochs), "stuck": stuck}))
