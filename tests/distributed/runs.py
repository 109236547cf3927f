"""Trainings that draw and remember all that a training can, to be told from each other by a bit."""

import hashlib

from small_models import everything, small_batch

from cnncourse import distributed, optimizers, schedules

IMAGES, LABELS = small_batch(70)
VALIDATION = small_batch(10, seed=1)
OPTIONS = {"micro_batches": 5, "batch_size": 16, "epochs": 3, "verbose": 0}


def noisy(images, rng):
    """A change to images that draws."""
    return images + rng.normal(0, 0.1, images.shape)


def compiled(make=everything, **options):
    """A network with batch normalisation and dropout, and a rate that changes in each step."""
    model = make(seed=5, **options)
    model.compile(optimizers.Adam(schedules.CosineDecay(0.02, 20), clipnorm=1.0, weight_decay=0.01))
    return model


def trained(client, model=None, **options):
    """A model after some epochs on a cluster, or on none."""
    model = compiled() if model is None else model
    given = OPTIONS | {
        "validation_data": VALIDATION,
        "augment": noisy,
        "class_weight": {0: 1, 1: 2, 2: 0.5},
    }
    distributed.fit(model, IMAGES, LABELS, client, **given | options)
    return model


def digest(model):
    """All weights of a model, and what its optimizer keeps, in a few letters."""
    state = hashlib.sha256()
    for layer in model.parts:
        for name, weight in layer.weights.items():
            state.update(layer.backend.to_numpy(weight).tobytes())
            if name in layer.parameters:
                for slot in model.optimizer.slots_of(layer, name):
                    state.update(layer.backend.to_numpy(slot).tobytes())
    return state.hexdigest()[:16]
