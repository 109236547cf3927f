"""A run with checkpoints, in a process of its own, for `test_killed_runs`.

    python killed_run.py NETWORK CHECKPOINT SAVE_FREQ

begins the run, or goes on with the one that CHECKPOINT holds. It prints "ready" before training,
and at the end a digest of all weights. Shuffling, dropout, batch normalisation, also in residual
blocks, changed images, a fading rate and weights by class: all that a run draws or remembers.
"""

import hashlib
import sys
from pathlib import Path

from small_models import everything, residual, small_batch

from cnncourse import Sequential, callbacks, optimizers

NETWORKS = {"everything": everything, "residual": residual}
EPOCHS = 6
IMAGES, LABELS = small_batch(120)


def fresh(network):
    model = NETWORKS[network](seed=5)
    model.compile(optimizers.Adam(0.01))
    return model


def noisy(images, rng):
    return images + rng.normal(0, 0.1, images.shape)


def run(model, *watchers):
    fading = callbacks.LearningRateScheduler(lambda epoch: 0.01 * 0.8**epoch)
    model.fit(
        IMAGES,
        LABELS,
        batch_size=8,
        epochs=EPOCHS,
        augment=noisy,
        class_weight="balanced",
        validation_split=0.2,
        callbacks=[fading, *watchers],
        resume=True,
        verbose=0,
    )
    return model


def digest(model):
    """All weights, bit for bit, in a few letters."""
    parts = (weight.tobytes() for weight in model.get_weights())
    return hashlib.sha256(b"".join(parts)).hexdigest()


if __name__ == "__main__":
    network, path, save_freq = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    checkpoint = callbacks.ModelCheckpoint(path, save_freq=int(save_freq))
    model = Sequential.load(path) if path.exists() else fresh(network)
    model.predict(IMAGES[:1])  # what has to be compiled is, before the clock starts
    print("ready", flush=True)
    print(digest(run(model, checkpoint)), model.history.epoch, flush=True)
