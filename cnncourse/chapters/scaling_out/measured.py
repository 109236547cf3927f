"""What steps cost, measured once with 1 to 4 processes of a computer with two cores.

    python -m cnncourse.chapters.scaling_out.measured

measures anew, in a few minutes on a computer that does nothing else, and prints ``COSTS``,
``STEPS`` and ``SEARCH``. A worker is a process with one thread, so two of them are two small
machines; with three and four they share the cores.
"""

import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict

import numpy as np

from ... import Sequential, distributed, layers, networks
from ...kernels.worker_threads import worker_threads
from ...timing.machine import threads
from . import live
from .simulation import Costs

WORKERS = (1, 2, 3, 4)
MICRO_BATCHES = 8
STEPS_MEASURED, WARM_UP = 12, 4
CALLS = 40
MEGABYTES = 4 * 10**6  # of the message that the bandwidth is measured with


def many_maps(seed=0):
    """A network with about as many weights as the tutorial's, and five times its multiply-adds."""
    chain = []
    for filters in (32, 64):
        chain += [layers.Conv2D(filters, 3, padding="same", activation="relu") for _ in range(2)]
        chain.append(layers.MaxPooling2D(2))
    chain += [layers.GlobalAveragePooling2D(), layers.Dense(10, activation="softmax")]
    return Sequential(chain, input_shape=(28, 28, 1), seed=seed)


NETWORKS = {  # and the images of a batch
    "the tutorial's": (networks.tutorial, 32),
    "many maps": (many_maps, 256),
}

COSTS = {
    "the tutorial's": Costs(
        images=32, micro_batches=8, image=0.000374, pack=0.000464, add=1.39e-05, step=0.000555,
        latency=0.00258, handling=0.000664, bandwidth=5.69e08, weights=249384, cores=1.81,
    ),
    "many maps": Costs(
        images=256, micro_batches=8, image=0.000761, pack=0.000584, add=1.5e-05, step=0.000336,
        latency=0.00258, handling=0.000664, bandwidth=5.69e08, weights=262568, cores=1.81,
    ),
}  # fmt: skip
STEPS = {  # seconds of a step, by workers; 0 is `fit` on one thread
    "the tutorial's": {0: 0.00358, 1: 0.0178, 2: 0.0114, 3: 0.0181, 4: 0.0171},
    "many maps": {0: 0.146, 1: 0.207, 2: 0.109, 3: 0.14, 4: 0.123},
}
SEARCH = {1: 1.3, 2: 0.849, 3: 0.802, 4: 1.1}  # seconds of a study of eight trainings, by workers


def batch_of(count):
    """Images and labels to measure with; which ones makes no difference."""
    rng = np.random.default_rng(0)
    return rng.random((count, 28, 28, 1), np.float32), rng.integers(0, 10, count)


def compiled(make):
    model = make(seed=0)
    model.compile("sgd", "softmax_cross_entropy")
    return model


@contextmanager
def cluster(workers):
    """A client of a cluster of processes with one thread each."""
    client = live.client(workers)
    try:
        client.wait_for_workers(workers)
        yield client
    finally:
        live.stop(client)


class Echo:
    """An actor that gives back what it gets."""

    def give(self, content):
        return content


def call_costs(client):
    """Handling and bandwidth, as in `Costs`, from calls of all workers at once, and of one."""
    actors = [
        client.submit(Echo, actor=True, workers=[address], pure=False).result()
        for address in client.nthreads()
    ]
    one, all_of_them = (_calls(some, b"") for some in (actors[:1], actors))
    loaded = _calls(actors[:1], bytes(MEGABYTES))
    return {
        "handling": all_of_them / len(actors),
        "bandwidth": 2 * MEGABYTES / (loaded - one),
    }


def _calls(actors, content):
    """The typical seconds until all of the actors have answered."""
    seconds = []
    for _ in range(CALLS):
        begun = time.perf_counter()
        for call in [actor.give(content) for actor in actors]:
            call.result()
        seconds.append(time.perf_counter() - begun)
    return typical(seconds)


def cores(client):
    """How many cores' work all workers get done together that compute at the same time."""
    addresses = list(client.nthreads())
    one, all_of_them = (_passes(client, some) for some in (addresses[:1], addresses))
    return len(addresses) * one / all_of_them


def _passes(client, addresses):
    """The typical seconds until all of these workers have gone through a batch."""
    seconds = []
    for _ in range(STEPS_MEASURED):
        begun = time.perf_counter()
        client.gather([client.submit(one_pass, workers=[a], pure=False) for a in addresses])
        seconds.append(time.perf_counter() - begun)
    return typical(seconds[WARM_UP:])


def one_pass():
    """On a worker: a forward and a backward pass of the network with many maps."""
    model, (images, labels) = compiled(many_maps), batch_of(64)
    with worker_threads():
        model.train_on_batch(images, labels)


def steps(name, client, timeline=None):
    """The typical seconds of a step of a network, without the first ones."""
    make, size = NETWORKS[name]
    timeline = distributed.Timeline() if timeline is None else timeline
    images, labels = batch_of(size * (STEPS_MEASURED + WARM_UP))
    options = {"batch_size": size, "verbose": 0, "timeline": timeline}
    distributed.fit(compiled(make), images, labels, client, MICRO_BATCHES, **options)
    ends = [span.ended for span in timeline.spans if span.what == "step"]
    return typical(np.diff(ends)[WARM_UP - 1 :])


def steps_of_fit(name):
    """The typical seconds of a step of `fit` on one thread."""
    make, size = NETWORKS[name]
    images, labels = batch_of(size)
    model, seconds = compiled(make), []
    with threads(1):
        for _ in range(STEPS_MEASURED + WARM_UP):
            begun = time.perf_counter()
            model.train_on_batch(images, labels)
            seconds.append(time.perf_counter() - begun)
    return typical(seconds[WARM_UP:])


def costs_of(name, **shared):
    """A network's `Costs`, from steps of one worker; ``shared``: those that are not its own.

    The latency, if it is not among those, is what is left of a step when all else is taken away.
    """
    timeline = distributed.Timeline()
    with cluster(1) as client:
        whole = steps(name, client, timeline)
    make, size = NETWORKS[name]
    own = {
        what: typical([s.ended - s.began for s in timeline.spans if s.what == what][WARM_UP:])
        for what in ("pack", "compute", "add", "step")
    }
    weights = 4 * make().count_params()
    messages = shared["handling"] + 2 * weights / shared["bandwidth"]
    latency = max(whole - sum(own.values()) - messages, 0)
    image = own.pop("compute") / size
    others = {"latency": latency, "weights": weights} | shared
    return Costs(size, MICRO_BATCHES, image, **own, **others)


def small_training(seed):
    """What a search does again and again: a small network on the 8×8 digits."""
    from sklearn.datasets import load_digits

    from ...classifier import CNNClassifier

    images, labels = load_digits(return_X_y=True)
    classifier = CNNClassifier((8, 16), dense_units=(), epochs=6, random_state=seed)
    return {"accuracy": classifier.fit(images[:1200], labels[:1200]).score(images, labels)}


def search(client):
    """Seconds of a study of eight trainings."""
    candidates = [{"seed": seed} for seed in range(8)]
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        distributed.study(small_training, candidates, folder, client, verbose=0)
        return time.perf_counter() - begun


def typical(seconds):
    """The quartile of the faster ones: what is slower was kept waiting by something else."""
    return float(np.quantile(seconds, 0.25))


def rounded(seconds):
    return float(f"{seconds:.3g}")


def main():
    with cluster(max(WORKERS)) as client:
        shared = call_costs(client) | {"cores": cores(client)}
    for name in NETWORKS:
        costs = asdict(costs_of(name, **shared))
        shared["latency"] = costs["latency"]  # from the first, whose steps are short
        words = (f"{field}={rounded(value):g}" for field, value in costs.items())
        print(f"COSTS[{name!r}] = Costs({', '.join(words)})", flush=True)
    found = {name: {0: rounded(steps_of_fit(name))} for name in NETWORKS}
    searches = {}
    for count in WORKERS:
        with cluster(count) as client:
            for name in NETWORKS:
                found[name][count] = rounded(steps(name, client))
            search(client)  # kernels are loaded
            searches[count] = rounded(search(client))
    print(f"STEPS = {found}\nSEARCH = {searches}")


if __name__ == "__main__":
    main()
