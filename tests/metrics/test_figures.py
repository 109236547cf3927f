"""Figures of merit beside scikit-learn's and SciPy's, on drawn labels."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_fscore_support, top_k_accuracy_score

from cnncourse import metrics, plots


def drawn(seed, classes=4, images=60):
    """Labels, and probabilities that are right more often than not."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, images)
    scores = rng.random((images, classes)) + 0.5 * np.eye(classes)[labels]
    return labels, scores / scores.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(5))
def test_top_k_is_scikit_learns(seed):
    labels, probabilities = drawn(seed)
    for k in 1, 2, 3:
        expected = top_k_accuracy_score(labels, probabilities, k=k, labels=range(4))
        assert metrics.top_k_accuracy(labels, probabilities, k) == pytest.approx(expected)
    assert metrics.top_k_accuracy(labels, probabilities, 4) == 1


def test_classes_that_share_a_place_are_all_in_it():
    assert metrics.top_k_accuracy([2], [[0.25, 0.25, 0.25, 0.25]], k=1) == 1
    assert metrics.top_k_accuracy([2], [[0.4, 0.4, 0.2]], k=2) == 0


@pytest.mark.parametrize("seed", range(5))
def test_each_class_as_in_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    labels, predictions = rng.integers(0, 5, (2, 30))
    predictions[predictions == 4] = 0  # never predicted
    labels[labels == 3] = 0  # never there
    found = metrics.per_class(labels, predictions, 5)
    expected = precision_recall_fscore_support(
        labels, predictions, labels=range(5), zero_division=np.nan
    )
    for name, values in zip(("precision", "recall", "f1", "support"), expected, strict=True):
        if name == "f1":  # scikit-learn says 0 where one of the two is unknown
            values = np.where(np.isnan(found["f1"]), np.nan, values)
        np.testing.assert_allclose(found[name], values, rtol=1e-12)
    assert np.isnan(found["precision"][4]) and np.isnan(found["recall"][3])


def test_the_report_leaves_empty_what_is_unknown():
    lines = metrics.report([0, 0, 1], [0, 0, 0], ["cat", "dog", "owl"]).splitlines()
    assert lines[2].split() == ["cat", "66.7%", "100.0%", "80.0%", "2"]
    assert lines[3].split() == ["dog", "0.0%", "0.0%", "1"]
    assert lines[4].split() == ["owl", "0"]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("bins", [1, 5, 10, 15])
def test_reliability_is_scikit_learns(seed, bins):
    labels, probabilities = drawn(seed)
    found = metrics.reliability(labels, probabilities, bins)
    right = probabilities.argmax(axis=1) == labels
    accuracy, confidence = calibration_curve(right, probabilities.max(axis=1), n_bins=bins)
    np.testing.assert_allclose(found["accuracy"], accuracy)
    np.testing.assert_allclose(found["confidence"], confidence)
    assert found["images"].sum() == 60
    expected = (abs(accuracy - confidence) * found["images"]).sum() / 60
    error = metrics.expected_calibration_error(labels, probabilities, bins)
    assert error == pytest.approx(expected)


def test_a_network_that_is_always_sure_and_half_right_is_off_by_a_half():
    probabilities = np.eye(2)[[0, 0, 1, 1]]
    assert metrics.expected_calibration_error([0, 1, 1, 0], probabilities) == 0.5


@pytest.mark.parametrize("factor", [0.3, 1, 4])
def test_the_temperature_undoes_what_made_a_network_too_sure(factor):
    rng = np.random.default_rng(0)
    calibrated = rng.dirichlet(np.ones(4), 20_000)
    labels = (calibrated.cumsum(axis=1) > rng.random((20_000, 1))).argmax(axis=1)
    powers = calibrated**factor
    sure = powers / powers.sum(axis=1, keepdims=True)
    found = metrics.temperature(labels, sure)
    assert found == pytest.approx(factor, rel=0.02)
    cooled = metrics.with_temperature(sure, found)
    assert np.array_equal(cooled.argmax(axis=1), sure.argmax(axis=1))
    assert metrics.expected_calibration_error(labels, cooled) < 0.02
    np.testing.assert_allclose(metrics.with_temperature(sure, factor), calibrated, atol=1e-12)


def test_the_temperature_has_the_least_cross_entropy():
    labels, probabilities = drawn(1)

    def loss(temperature):
        rows = metrics.with_temperature(probabilities, temperature)
        return -np.log(rows[np.arange(len(labels)), labels]).mean()

    best = metrics.temperature(labels, probabilities)
    assert loss(best) < min(loss(0.99 * best), loss(1.01 * best))


def test_probabilities_of_0_and_1_have_a_temperature():
    assert metrics.temperature([0, 1], np.eye(2)) == pytest.approx(0.01)  # nothing is wrong
    assert metrics.temperature([1, 0], np.eye(2)) == pytest.approx(100)
    assert np.array_equal(metrics.with_temperature(np.eye(2), 1).round(6), np.eye(2))


@pytest.mark.parametrize("images", [1, 7, 100, 10_000])
@pytest.mark.parametrize("share", [0, 0.3, 0.99, 1])
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
def test_wilsons_interval_is_scipys(images, share, confidence):
    correct = int(share * images)
    found = binomtest(correct, images).proportion_ci(confidence, method="wilson")
    got = metrics.wilson_interval(correct, images, confidence)
    assert got == pytest.approx((found.low, found.high), abs=1e-12)
    assert 0 <= got[0] <= correct / images <= got[1] <= 1


@pytest.mark.parametrize("seed", range(20))
def test_mcnemars_test_is_the_binomial_one(seed):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, int(rng.integers(1, 3000)))
    first, second = (
        np.where(rng.random(len(labels)) < share, labels, 3) for share in rng.uniform(0.2, 1, 2)
    )
    found = metrics.mcnemar(labels, first, second)
    only_first = int(((first == labels) & (second != labels)).sum())
    only_second = int(((first != labels) & (second == labels)).sum())
    assert found[:2] == (only_first, only_second)
    expected = 1.0
    if only_first + only_second:
        expected = binomtest(only_first, only_first + only_second).pvalue
    assert found.p_value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.top_k_accuracy([0], [[0.1, 0.9]], 3), "k must be at most the number of"),
        (lambda: metrics.top_k_accuracy([0], [0.1, 0.9]), r"probabilities: expected a row .* \(2,"),
        (lambda: metrics.top_k_accuracy([0, 1], [[0.1, 0.9]]), "expected as many of each, got 2"),
        (lambda: metrics.top_k_accuracy([2], [[0.1, 0.9]]), "labels: expected class numbers from"),
        (lambda: metrics.top_k_accuracy([0], [[np.nan, 1]]), "probabilities must be finite"),
        (lambda: metrics.reliability([0], [[3.0, -1.0]]), "whose rows sum to 1; for logits"),
        (lambda: metrics.reliability([0], [[0.5, 0.5]], bins=0), "bins must be at least 1"),
        (lambda: metrics.temperature([0], [[3.0, -1.0]]), "whose rows sum to 1; for logits"),
        (lambda: metrics.with_temperature([0.5], 1), "probabilities: expected a row"),
        (lambda: metrics.with_temperature([[0.5, 0.5]], 0), "temperature must be a finite number"),
        (lambda: metrics.report([0], [0], "cat"), "class_names must be a list of names"),
        (lambda: metrics.wilson_interval(3, 2), "correct must be at most images, 2, got 3"),
        (lambda: metrics.wilson_interval(1, 0), "images must be at least 1"),
        (
            lambda: metrics.wilson_interval(1, 2, 95),
            "confidence must be a finite number above 0 and below 1",
        ),
        (lambda: metrics.mcnemar([0, 1], [0, 1], [0]), "expected as many of each, got 2 and 2 and"),
        (lambda: metrics.mcnemar(["cat"], [0], [0]), "labels must be an array of numbers"),
        (lambda: metrics.confusion([0], [0], 0), "classes must be at least 1"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()


def test_the_picture_of_reliability():
    labels, probabilities = drawn(0)
    figure = plots.reliability(labels, probabilities, bins=5)
    error = metrics.expected_calibration_error(labels, probabilities, 5)
    assert f"expected calibration error {error:.3f}" in figure.alt
