"""The published listing's training, whose results the chapter shows: computed once, and kept.

Images of 150×150 in batches of 20, and 100 steps an epoch; six of the listing's 30 epochs, after
which the training loss is 0. The listing names no network for photographs: it is the flat one.

    python -m cnncourse.chapters.images_from_folders.as_published

trains eight networks in some minutes and prints ``BY_EPOCH`` anew.
"""

from ...datasets import image_folder
from .remedies import PHOTOS, flat

SIDE, STEPS, EPOCHS, SEEDS = 150, 100, 6, range(8)

# validation accuracy in %, of the seeds 0 to 7
BY_EPOCH = {
    "epoch 1": [58, 91, 77, 87, 65, 80, 62, 64],
    "epoch 2": [81, 72, 79, 99, 71, 93, 87, 88],
    "epoch 3": [83, 72, 63, 99, 76, 95, 90, 87],
    "epoch 4": [83, 74, 71, 99, 79, 97, 90, 87],
    "epoch 5": [85, 73, 70, 99, 80, 97, 91, 88],
    "epoch 6": [87, 71, 68, 99, 81, 97, 91, 88],
}


def train(seed, epochs=EPOCHS, steps=STEPS):
    """The history of training on the bundled photographs: a dict, as ``fit`` gives it."""
    train, validation = (
        image_folder(PHOTOS / part, (SIDE, SIDE), batch_size=20, seed=seed)
        for part in ("train", "validation")
    )
    return flat(SIDE, seed=seed).fit(
        train, epochs=epochs, steps_per_epoch=steps, validation_data=validation
    )


if __name__ == "__main__":
    accuracies = [train(seed)["val_accuracy"] for seed in SEEDS]
    for epoch, runs in enumerate(zip(*accuracies, strict=True), start=1):
        print(f'    "epoch {epoch}": {[round(100 * accuracy) for accuracy in runs]},')
