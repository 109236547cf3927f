"""Predictions for folders that no memory holds, by the workers of a cluster."""

from collections import deque

import numpy as np

from ..datasets.batches import batch_slices
from ..datasets.image_folder import ImageFolder
from ..kernels.worker_threads import worker_threads
from ..support.arguments import described
from .client import packed, require_client, require_model, scheduler_at_hand, unpacked
from .interrupts import spare
from .replica import lent

IMAGES_A_TASK = 64  # at least: Dask takes some milliseconds for a task
TASKS_A_THREAD = 3  # that have been sent at a time


def predict(model, folder, client=None):
    """What ``model.predict(folder)`` gives, in the same order, computed by a cluster's workers.

    Parameters
    ----------
    model : Sequential
        Trained. Workers get copies of it.
    folder : ImageFolder
        As ``datasets.image_folder(…)`` gives it. Workers read the files themselves, and must see
        them under the same path; only few images are in their memories at a time. A file that
        turns out to be damaged is skipped, with a printed line, as by ``model.predict``, and is
        not in ``folder.files`` any more.
    client : distributed.Client, or None
        Connected to a Dask cluster; with ``None``, this process computes.

    Gives an array (images, *output_shape). What a lost worker was to compute, another one does.
    Raises what `Sequential.predict` raises; ``TypeError`` for what is no folder (an array is in
    this process's memory already: ``model.predict``) or no client; ``ModuleNotFoundError`` without
    the extra ``distributed``, ``ConnectionError`` where the scheduler is gone.

    Example::

        photos = datasets.image_folder("/shared/photos", shuffle=False)
        with Client("tcp://10.0.0.5:8786") as client:
            probabilities = distributed.predict(model, photos, client)
    """
    require_model(model)
    if not isinstance(folder, ImageFolder):
        raise TypeError(
            f"folder must be what datasets.image_folder gives, got {described(folder)}; for images "
            "in memory there is model.predict"
        )
    if client is None:
        return model.predict(folder)
    require_client(client)
    model._images(folder.dummy_images())
    parts, faults = [], {}
    with scheduler_at_hand(client):
        spare(client)
        copy = client.submit(unpacked, packed(lent(model)), pure=False)

        def begin(files):
            what = copy, folder.reader, files, folder.batch_size
            return client.submit(_predictions, *what, pure=False)

        for predictions, damaged in _in_order(begin, _tasks(folder), _most_tasks(client)):
            faults |= damaged
            if predictions is not None:
                parts.append(predictions)
    folder.leave_out(faults)
    return np.concatenate(parts)


def _tasks(folder):
    """The folder's files, in lists of some whole batches."""
    size = folder.batch_size * -(-IMAGES_A_TASK // folder.batch_size)
    files = folder.files
    return [files[part] for part in batch_slices(len(files), size)]


def _most_tasks(client):
    return TASKS_A_THREAD * max(sum(client.nthreads().values()), 1)


def _in_order(begin, items, most):
    """The results of ``begin(item)``, futures, in the order of the items; ``most`` at a time."""
    waiting = deque()
    for item in items:
        if len(waiting) == most:
            yield waiting.popleft().result()
        waiting.append(begin(item))
    while waiting:
        yield waiting.popleft().result()


def _predictions(model, reader, files, batch_size):
    """On a worker: of the files that can be read, or ``None``; and file → error of the others."""
    pixels, faults = [], {}
    for file in files:
        try:
            pixels.append(reader.read(file))
        except ValueError as error:
            faults[file] = error
    if not pixels:
        return None, faults
    with worker_threads():
        return model.predict(reader.scaled(pixels), batch_size), faults
