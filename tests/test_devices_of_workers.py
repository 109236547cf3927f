"""The device that `use_device` has chosen holds in the worker processes of ``n_jobs``, too."""

import pickle
import subprocess
import sys

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.ensemble import BaggingClassifier
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from cnncourse import kernels
from cnncourse.classifier import CNNClassifier

ROWS, LABELS = load_digits(return_X_y=True)
ROWS, LABELS = ROWS[:60], LABELS[:60]


@pytest.fixture
def reference():
    kernels.use_device("reference")
    yield
    kernels.use_device("cpu")


def quick(**arguments):
    return CNNClassifier((2,), dense_units=(), epochs=1, random_state=0, **arguments)


def devices(fitted):
    return {classifier.model_.backend.name for classifier in fitted}


def validated(classifier, **options):
    result = cross_validate(
        classifier, ROWS, LABELS, cv=2, n_jobs=2, return_estimator=True, error_score="raise"
    )
    return result["estimator"]


def test_cross_validation(reference):
    assert devices(validated(quick())) == {"reference"}
    assert devices(validated(quick(device="cpu"))) == {"cpu"}


def test_workers_that_live_on_follow_a_new_choice(reference):
    assert devices(validated(quick())) == {"reference"}
    kernels.use_device("cpu")
    assert devices(validated(quick())) == {"cpu"}


def test_a_grid_search_gives_the_same_scores_as_without_workers(reference):
    scores = [
        GridSearchCV(quick(), {"learning_rate": [0.01, 0.03]}, cv=2, n_jobs=jobs)
        .fit(ROWS, LABELS)
        .cv_results_["mean_test_score"]
        .tolist()
        for jobs in (1, 2)
    ]
    assert scores[0] == scores[1]


def test_inside_a_pipeline_and_cloned_by_the_worker(reference):
    pipelines = validated(make_pipeline(StandardScaler(), quick()))
    assert devices(pipeline[-1] for pipeline in pipelines) == {"reference"}
    many = BaggingClassifier(quick(), n_estimators=2, n_jobs=2, random_state=0).fit(ROWS, LABELS)
    assert devices(many.estimators_) == {"reference"}


def test_joblibs_other_processes(reference):
    with joblib.parallel_config(backend="multiprocessing"):
        assert devices(validated(quick())) == {"reference"}


CODE = """
import pickle, sys
from sklearn.datasets import load_digits
from cnncourse import kernels
rows, labels = load_digits(return_X_y=True)
classifier = pickle.loads(bytes.fromhex(sys.argv[1]))
print(classifier.fit(rows[:60], labels[:60]).model_.backend.name)
kernels.use_device("cpu")
print(classifier.fit(rows[:60], labels[:60]).model_.backend.name)
"""


def test_a_choice_of_the_process_itself_goes_first(reference):
    sent = pickle.dumps(quick()).hex()
    done = subprocess.run([sys.executable, "-c", CODE, sent], capture_output=True, text=True)
    assert done.stdout.split() == ["reference", "cpu"], done.stderr


def test_in_one_process_nothing_is_remembered(reference):
    copies = [quick(), pickle.loads(pickle.dumps(quick())), clone(quick())]
    copies.append(clone(copies[1]))
    kernels.use_device("cpu")
    assert devices(copy.fit(ROWS, LABELS) for copy in copies) == {"cpu"}
    assert all(joblib.hash(copy.get_params()) for copy in copies)


def test_the_fitted_network_stays_where_it_is(reference):
    fitted = quick().fit(ROWS, LABELS)
    kernels.use_device("cpu")
    again = pickle.loads(pickle.dumps(fitted))
    assert devices([again]) == {"reference"}
    assert np.array_equal(again.predict_proba(ROWS), fitted.predict_proba(ROWS))
