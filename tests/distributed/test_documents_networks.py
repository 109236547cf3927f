"""The five documents' networks, and one with batch normalisation and dropout, on 0 to 4 workers.

pytest -n0 -s tests/distributed/test_documents_networks.py --workers 4 --images 10000

prints the sha256 of each network's weights after two epochs: the same for any number of workers.
"""

import hashlib

import pytest

from cnncourse import Sequential, datasets, distributed, layers
from cnncourse.networks import DOCUMENTS


def normalised_and_dropped(seed=0):
    """A network in which batch normalisation and dropout draw, and follow each other."""
    return Sequential(
        [
            layers.Conv2D(8, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Conv2D(16, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10),
        ],
        input_shape=(28, 28, 1),
        seed=seed,
    )


NETWORKS = DOCUMENTS | {"normalised and dropped": normalised_and_dropped}


def sha256_after_training(make, client, train, count):
    model = make(seed=0)
    model.compile("adam", "softmax_cross_entropy")
    images, labels = train.images[:count], train.labels[:count]
    distributed.fit(model, images, labels, client, batch_size=50, epochs=2, verbose=0)
    weights = b"".join(weight.tobytes() for weight in model.get_weights())
    return hashlib.sha256(weights).hexdigest()


@pytest.mark.parametrize("name", NETWORKS)
def test_the_same_sha256_for_any_number_of_workers(name, clients, request):
    most = request.config.getoption("--workers")
    count = request.config.getoption("--images")
    train = datasets.load("mnist", quick=count <= 10_000).train
    found = {0: sha256_after_training(NETWORKS[name], None, train, count)}
    for workers in range(1, most + 1):
        found[workers] = sha256_after_training(NETWORKS[name], clients(workers), train, count)
    print(f"\n{name}, {count:,} images, 0 to {most} workers: {found[0]}")
    assert len(set(found.values())) == 1, found


def test_the_same_sha256_on_another_host_name(lonely_cluster, request):
    """On two workers that were started by commands."""
    _, client = lonely_cluster
    count = request.config.getoption("--images")
    train = datasets.load("mnist", quick=count <= 10_000).train
    for name, make in NETWORKS.items():
        here, there = (sha256_after_training(make, where, train, count) for where in (None, client))
        assert here == there, name
