"""Training on many machines: a batch is cut, and each piece computed by whoever has its images."""

from math import isfinite
from time import time

from ..datasets.batches import Batches
from ..model.fitting import Fitting
from ..support import checks
from ..support.arguments import described
from ..support.interrupts import defer_interrupt
from .alone import Alone
from .client import require_client, require_model
from .crew import Crew
from .parts import Parts
from .share import hand_over
from .timeline import Timeline


def fit(
    model,
    x,
    y,
    client=None,
    micro_batches=8,
    batch_size=None,
    epochs=1,
    verbose="auto",
    callbacks=(),
    validation_split=0.0,
    validation_data=None,
    shuffle=True,
    class_weight=None,
    sample_weight=None,
    initial_epoch=0,
    steps_per_epoch=None,
    validation_steps=None,
    augment=None,
    resume=False,
    timeline=None,
):
    """Train ``model`` as its `fit` does, with each step's work shared out to a cluster's workers.

    Each batch is cut into ``micro_batches`` pieces. The gradient of each is computed by a worker
    that has the images, they are added up in one fixed order, and one step is taken here. So the
    weights depend on ``micro_batches`` and on the seed, and not on how many workers there are: any
    number of them, or none, gives the same bits, on machines of one kind.

    Parameters
    ----------
    model : Sequential
        Compiled. It stays in this process, and is whole at every moment.
    x, y : arrays
        As for `Sequential.fit`. Each worker is sent its part of the images, once.
    client : distributed.Client, or None
        Connected to a Dask cluster, whose workers have this version of the course. With ``None``,
        this process computes all micro-batches itself.
    micro_batches : int
        How many pieces, and so how many workers can take part; at most ``batch_size``.
    timeline : Timeline or None
        What is to keep who did what, and when.

    All other arguments, and what is given back, are those of `Sequential.fit`: callbacks,
    schedules, validation (which this process computes), Ctrl-C and ``resume`` work as there.

    **What goes by the micro-batch.** A batch of 32 in order would be cut into pieces 0 to 7 of four
    images each: all that ever become piece k in this way are part k of the data. With ``shuffle``,
    each pass draws a new order within each part, and piece k is taken from part k. *Batch
    normalisation* goes by the mean and variance of a micro-batch, and its running statistics by the
    mean of what all micro-batches make of them, weighed by their images. What *dropout* drops, and
    ``augment`` changes, is drawn from generators that go by the pass, the batch and the
    micro-batch. The gradient is the mean over all images of the batch; losses and accuracies are
    means, too.

    **What may happen.** A worker that is lost is done without, and replaced as soon as the cluster
    has another one; its micro-batches are computed again. Where the scheduler is lost, or no worker
    is left, training ends with an error; the model is as after its last step, and
    ``resume=True`` goes on from there with a new client. Workers take as many threads as they have
    been given, ``threads_per_worker``.

    Raises what `Sequential.fit` raises; ``ValueError`` or ``TypeError`` for the arguments above;
    ``ModuleNotFoundError`` for a client without the extra ``distributed``; ``ConnectionError``
    where the scheduler is gone, ``RuntimeError`` where the workers are.

    >>> import numpy as np
    >>> from cnncourse import Sequential, distributed, layers
    >>> images, labels = np.random.default_rng(0).random((64, 8, 8, 1)), np.arange(64) % 2
    >>> model = Sequential([layers.Flatten(), layers.Dense(2)], input_shape=(8, 8, 1), seed=0)
    >>> model.compile("adam", "softmax_cross_entropy")
    >>> history = distributed.fit(model, images, labels, micro_batches=4, epochs=2, verbose=0)
    >>> len(history["loss"])
    2

    With a cluster (in a script, under ``if __name__ == "__main__":``, for it starts processes)::

        from distributed import Client

        with Client(n_workers=2, threads_per_worker=1) as client:
            distributed.fit(model, images, labels, client)

    Source: Dean et al., *Large Scale Distributed Deep Networks*, 2012; the fixed order is our own.
    """
    require_model(model)
    if client is not None:
        require_client(client)
    if not (timeline is None or isinstance(timeline, Timeline)):
        raise TypeError(
            f"timeline must be a distributed.Timeline or None, got {described(timeline)}"
        )
    return DataParallelFitting(
        client,
        micro_batches,
        timeline,
        model,
        x,
        y,
        batch_size,
        epochs,
        verbose,
        callbacks,
        validation_split,
        validation_data,
        shuffle,
        class_weight,
        sample_weight,
        initial_epoch,
        steps_per_epoch,
        validation_steps,
        augment,
        resume,
    ).train()


class DataParallelFitting(Fitting):
    """A call of `fit` above: a `Fitting` whose steps are computed by a crew."""

    def __init__(self, client, micro_batches, timeline, model, x, *arguments):
        if isinstance(x, Batches):
            raise TypeError(
                f"x: expected an array of images, which the workers keep, got {x!r}; "
                "distributed.predict goes through folders, and model.fit trains on them"
            )
        super().__init__(model, x, *arguments)
        self.client = client
        self.micro_batches = checks.positive_int(micro_batches, "micro_batches")
        self.timeline = Timeline(most=0) if timeline is None else timeline
        self.crew = None

    def source(self):
        source = self.batches(rng=None)
        if self.micro_batches > source.batch_size:
            raise ValueError(
                f"micro_batches must be at most batch_size, {source.batch_size} images, got "
                f"{self.micro_batches}: each piece of a batch needs an image"
            )
        parts = Parts(source, self.micro_batches, self.model._order_rng, self.shuffle)
        if self.client is None:
            self.crew = Alone(parts, self.timeline)
        else:
            self.crew = Crew(parts, self.timeline, self.client)
        return parts

    def train(self):
        try:
            return super().train()
        finally:
            if self.crew is not None:
                self.crew.dismiss()

    def step(self, plan, done):
        """One step on the batch that ``plan`` says; nothing of it is left if it is broken off."""
        model = self.model
        share = self.crew.compute(model, plan)
        began = time()
        with defer_interrupt():
            if isfinite(share.loss):
                hand_over(share, model)
                model.optimizer.step(model.layers)
            done(share.loss, share.images, share.correct)
        self.timeline.note("client", "step", began, time())
        return share.loss
