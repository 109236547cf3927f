"""Whether a network is as often right as it says."""

from ..metrics import expected_calibration_error
from ..metrics import reliability as measured
from .figure import COLOURS, DescribedFigure


def reliability(labels, probabilities, bins=10):
    """Accuracy over confidence, bin by bin, beside the diagonal of a calibrated network.

    Arguments and errors are those of ``metrics.reliability``. Dots are the larger the more images
    they stand for.

    >>> reliability([0, 1, 0], [[0.9, 0.1], [0.8, 0.2], [0.6, 0.4]], bins=2)
    <Figure: Accuracy over confidence, expected calibration error 0.100: confidence 0.77 accuracy \
0.67 of 3 images>
    """
    found = measured(labels, probabilities, bins)
    error = expected_calibration_error(labels, probabilities, bins)
    rows = zip(found["confidence"], found["accuracy"], found["images"], strict=True)
    words = [f"confidence {c:.2f} accuracy {a:.2f} of {n} images" for c, a, n in rows]
    alt = f"Accuracy over confidence, expected calibration error {error:.3f}: {', '.join(words)}"
    figure = DescribedFigure(alt, 4.5, 4)
    ax = figure.subplots()
    ax.plot([0, 1], [0, 1], "--", color="grey", label="calibrated")
    sizes = 20 + 180 * found["images"] / found["images"].max()  # points²
    ax.plot(found["confidence"], found["accuracy"], color=COLOURS[0], alpha=0.5)
    ax.scatter(found["confidence"], found["accuracy"], sizes, color=COLOURS[0], label="the network")
    ax.set(xlabel="confidence", ylabel="accuracy", xlim=(0, 1.02), ylim=(0, 1.02))
    ax.legend(title=f"expected calibration error {error:.3f}")
    ax.grid(alpha=0.3)
    return figure
