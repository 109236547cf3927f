"""scikit-learn's searches on a cluster, by joblib: the scores are those without one."""

import joblib
import numba
import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, cross_validate

from cnncourse import CNNClassifier, kernels, layers

IMAGES, LABELS = load_digits(return_X_y=True)
IMAGES, LABELS = IMAGES[:120], LABELS[:120]
GRID = {"learning_rate": [0.003, 0.03], "filters": [(2,), (4,)]}


def quick(**arguments):
    return CNNClassifier((2,), dense_units=(), epochs=2, batch_size=20, random_state=0, **arguments)


def grid_search():
    return GridSearchCV(quick(), GRID, cv=2)


def halving_search():
    return HalvingGridSearchCV(quick(), GRID, cv=2, random_state=0, min_resources=40)


def on(client, search):
    with joblib.parallel_config(backend="dask", client=client):
        return search.fit(IMAGES, LABELS)


@pytest.mark.parametrize("search", [grid_search, halving_search])
def test_the_results_are_those_without_a_cluster(search, clients):
    alone = search().fit(IMAGES, LABELS)
    shared = on(clients(2), search())
    for name, values in alone.cv_results_.items():
        if not name.endswith("_time"):
            assert list(shared.cv_results_[name]) == list(values), name
    assert shared.best_params_ == alone.best_params_
    assert np.array_equal(shared.predict_proba(IMAGES), alone.predict_proba(IMAGES))


def test_the_device_goes_along(clients):
    kernels.use_device("reference")
    try:
        found = validated(clients(2), quick())
        assert devices(found) == {"reference"}
        assert devices(validated(clients(2), quick(device="cpu"))) == {"cpu"}
    finally:
        kernels.use_device("cpu")
    assert devices(validated(clients(2), quick())) == {"cpu"}


def validated(client, classifier):
    with joblib.parallel_config(backend="dask", client=client):
        return cross_validate(
            classifier, IMAGES, LABELS, cv=2, return_estimator=True, error_score="raise"
        )["estimator"]


def devices(fitted):
    return {classifier.model_.backend.name for classifier in fitted}


def counting(classes):
    """Layers of a network that notes how many threads kernels had while it was made."""
    noted = layers.Flatten(name=f"threads {numba.get_num_threads()}")
    return [noted, layers.Dense(classes)]


@pytest.mark.skipif(numba.config.NUMBA_NUM_THREADS < 2, reason="there is one core")
def test_a_worker_takes_the_threads_that_it_was_given(clients):
    """They have one each; this process has more."""
    assert numba.get_num_threads() > 1
    for fitted in validated(clients(2), quick(make_layers=counting)):
        assert fitted.model_.layers[0].name == "threads 1"
    before = numba.get_num_threads()
    alone = quick(make_layers=counting).fit(IMAGES, LABELS)
    assert alone.model_.layers[0].name == f"threads {before}"
