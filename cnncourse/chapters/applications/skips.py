"""What skip connections are worth: the segmenter with and without them, from three seeds.

    python -m cnncourse.chapters.applications.skips

trains six networks, each as long as ``stored`` does, in a quarter of an hour, and prints
``MEAN_IOU`` anew. A seed stands for the initial weights and for the canvases to learn from.
"""

from .stored import LONG, held_out, trained_segmenter, worth_of_segmenter

SEEDS = range(3)
KINDS = {"with skip connections": True, "without": False}

# on the 500 held-out canvases, of the seeds 0 to 2
MEAN_IOU = {
    "with skip connections": [0.946, 0.947, 0.941],
    "without": [0.91, 0.908, 0.905],
}


def mean_iou(kind, seed, new, count, epochs):
    """The mean IoU on the canvases ``new``, after training on ``count`` others."""
    model = trained_segmenter(count, epochs, KINDS[kind], seed)
    return float(worth_of_segmenter(model, new))


def main():
    new = held_out()
    found = {kind: [] for kind in KINDS}
    for seed in SEEDS:
        for kind in KINDS:
            found[kind].append(round(mean_iou(kind, seed, new, **LONG), 3))
            print(f"# seed {seed}, {kind}: {found[kind][-1]}", flush=True)
    print(f"MEAN_IOU = {found}")


if __name__ == "__main__":
    main()
