"""Training replayed: the first filters, and what the network makes of one image, over the steps."""

import numpy as np

from ..callbacks import Callback
from ..layers import Conv2D
from ..plots.figure import COLOURS, DescribedFigure
from ..plots.images import as_picture
from ..plots.sign_colours import SIGNED_MAP
from ..support import arguments
from ..support.checks import finite, numbers, positive_int
from .movie import Movie

FRAME = 200  # milliseconds: steps are small, and there are many
MOST = 8  # filters that are shown


class TrainingRecorder(Callback):
    """A callback that keeps what is needed to replay a training; `movie` then shows it.

    ``image``: (height, width, channels), the one whose prediction is watched; ``every``: how many
    steps to go from one picture to the next. It changes nothing in the training. Raises
    ``ValueError`` or ``TypeError``, which names the argument; `fit` does for a model without a
    convolution, or for an image that it cannot take.

    >>> from cnncourse import Sequential, layers
    >>> chain = [layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(2, activation="softmax")]
    >>> model = Sequential(chain, input_shape=(4, 4, 1), seed=0)
    >>> model.compile("sgd")
    >>> recorder = TrainingRecorder(np.ones((4, 4, 1)), every=1)
    >>> _ = model.fit(np.ones((4, 4, 4, 1)), [0, 0, 1, 0], batch_size=2, verbose=0,
    ...               callbacks=[recorder])
    >>> len(recorder.movie().figures)
    3
    """

    def __init__(self, image, every=10):
        self.image = finite(numbers(image, "image"), "image")
        if self.image.ndim != 3 or self.image.size == 0:
            raise ValueError(
                f"image: expected one image, (height, width, channels), got {self.image.shape}; "
                "take one of them: images[0]"
            )
        self.every = positive_int(every, "every")
        self.steps, self.kernels, self.outputs, self.losses = [], [], [], []
        self._step = 0

    def __repr__(self):
        return f"TrainingRecorder(an image of {self.image.shape}, every={self.every})"

    def on_train_begin(self, logs=None):
        if not self.steps:
            self._record(float("nan"))

    def on_train_batch_end(self, batch, logs=None):
        self._step += 1
        if self._step % self.every == 0:
            self._record(logs["loss"])

    def _record(self, loss):
        convolutions = [layer for layer in self.model.parts if isinstance(layer, Conv2D)]
        if not convolutions:
            raise ValueError("TrainingRecorder shows filters, and the model has no convolution")
        self.kernels.append(convolutions[0].get_weights()[0])
        self.outputs.append(self.model.predict(self.image[None])[0])
        self.losses.append(loss)
        self.steps.append(self._step)

    def movie(self, class_names=None, pictures=40):
        """The training as a `Movie`: filters, probabilities of the image, and loss.

        ``class_names``: a text for each class, their numbers if left out; ``pictures``: how many to
        show at most, evenly chosen, at most 100. Filters are on one scale, of their first channel.
        Raises ``ValueError`` if nothing was recorded.
        """
        pictures = positive_int(pictures, "pictures")
        if not self.steps:
            raise ValueError("nothing was recorded yet: model.fit(…, callbacks=[recorder]) first")
        names = range(len(self.outputs[0])) if class_names is None else class_names
        names = arguments.texts(names, "class_names", len(self.outputs[0]))
        count = min(pictures, len(self.steps))
        shown = np.linspace(0, len(self.steps) - 1, count).round().astype(int).tolist()
        first, last = (
            f"{names[row.argmax()]} ({100 * row.max():.0f} %)"
            for row in (self.outputs[0], self.outputs[-1])
        )
        alt = (
            f"Training replayed, {self.steps[-1]} steps: the first layer's filters change, the "
            f"prediction for one image goes from {first} to {last}"
        )
        return Movie(alt, shown, lambda k: self._picture(k, names), FRAME)

    def _picture(self, k, names):
        """Filters, image, probabilities and loss as they were at recording ``k``."""
        kernel, row = self.kernels[k], self.outputs[k]
        text = f"step {self.steps[k]}: {names[row.argmax()]} ({100 * row.max():.0f} %)"
        figure = DescribedFigure(text, 9, 3.8)
        figure.set_layout_engine(None)  # or the parts would move from picture to picture
        figure.suptitle(text, fontsize=12)
        count = min(kernel.shape[3], MOST)
        limit = max(abs(one[:, :, 0]).max() for one in self.kernels) or 1
        for number, ax in enumerate(figure.subplots(1, MOST)):
            ax.set_position((0.03 + 0.12 * number, 0.62, 0.11, 0.26))
            ax.axis("off")
            if number < count:
                style = {"cmap": SIGNED_MAP, "vmin": -limit, "vmax": limit}
                ax.imshow(kernel[:, :, 0, number], **style)
        image = figure.add_axes((0.03, 0.08, 0.2, 0.46))
        image.imshow(as_picture(self.image), cmap="gray")
        image.axis("off")
        bars = figure.add_axes((0.29, 0.14, 0.33, 0.38))
        bars.bar(range(len(row)), row, color=COLOURS[0])
        bars.set(ylim=(0, 1), ylabel="probability")
        bars.set_xticks(range(len(names)), names)
        loss = figure.add_axes((0.71, 0.14, 0.27, 0.38))
        loss.plot(self.steps, self.losses, color="0.75")
        loss.plot(self.steps[: k + 1], self.losses[: k + 1], color=COLOURS[4])
        loss.set(xlabel="step", ylabel="mean loss of the epoch", xlim=(0, self.steps[-1] or 1))
        return figure
