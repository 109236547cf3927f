"""The losses against their formulas, in both forms."""

import numpy as np
import pytest
from small_models import small

from cnncourse import Sequential, gradients, losses, to_categorical

LOGITS = np.array([[2.0, -1.0, 0.5], [0.0, 0.0, 3.0]])
LABELS = np.array([0, 1])


def by_formula(logits, labels):
    powers = np.exp(logits)
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    return -np.log(probabilities[range(len(labels)), labels]).mean()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_cross_entropy_is_its_formula(dtype):
    loss = losses.SoftmaxCrossEntropy()
    value = loss(LOGITS.astype(dtype), LABELS)
    assert value == pytest.approx(by_formula(LOGITS, LABELS), rel=1e-6)
    assert loss.gradient().dtype == dtype
    assert np.allclose(loss.gradient().sum(axis=1), 0, atol=1e-7)


def test_no_idea_costs_the_logarithm_of_the_number_of_classes():
    assert losses.SoftmaxCrossEntropy()(np.zeros((5, 10)), np.arange(5)) == np.log(10)


def test_scores_of_any_size_are_stable():
    loss = losses.SoftmaxCrossEntropy()
    assert loss(np.array([[1e4, 0.0]], np.float32), [1]) == 1e4
    assert np.isfinite(loss.gradient()).all()


def test_probabilities_of_a_final_softmax_give_the_same():
    expected = losses.SoftmaxCrossEntropy()(LOGITS, LABELS)
    loss = losses.SoftmaxCrossEntropy(from_logits=False)
    powers = np.exp(LOGITS)
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    assert loss(probabilities, LABELS) == pytest.approx(expected, rel=1e-12)
    gradient = gradients.numerical(lambda: loss(probabilities, LABELS), probabilities)
    loss(probabilities, LABELS)
    assert np.allclose(loss.gradient(), gradient, atol=1e-9)


def test_nothing_is_guessed_from_values():
    """Logits whose rows happen to sum to 1 are logits, unless somebody says otherwise."""
    logits = np.full((4, 10), 0.1)
    loss = losses.SoftmaxCrossEntropy()
    loss(logits, [0, 1, 2, 3])
    assert np.allclose(loss.gradient(), (logits - np.eye(10)[:4]) / 4)
    assert losses.SoftmaxCrossEntropy()([[0.3, 0.7]], [0]) == pytest.approx(0.9130152523999526)
    with pytest.raises(ValueError, match="probabilities from 0 to 1, got 0 to 2.*from_logits=True"):
        losses.SoftmaxCrossEntropy(from_logits=False)([[0.0, 2.0]], [0])


def test_sigmoid_cross_entropy_of_probabilities_is_its_formula():
    rng = np.random.default_rng(0)
    logits = rng.standard_normal((4, 3))
    targets = rng.random((4, 3))
    probabilities = 1 / (1 + np.exp(-logits))
    loss = losses.SigmoidCrossEntropy(from_logits=False)
    expected = losses.SigmoidCrossEntropy()(logits, targets)
    assert loss(probabilities, targets) == pytest.approx(expected)
    gradient = gradients.numerical(lambda: loss(probabilities, targets), probabilities)
    loss(probabilities, targets)
    assert np.allclose(loss.gradient(), gradient, atol=1e-9)
    assert loss.count_correct(probabilities, targets) == pytest.approx(
        losses.SigmoidCrossEntropy().count_correct(logits, targets)
    )


def test_one_hot_and_class_numbers_are_the_same():
    loss = losses.SoftmaxCrossEntropy()
    assert loss(LOGITS, to_categorical(LABELS, 3)) == loss(LOGITS, LABELS)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_cross_entropy_is_its_formula(dtype):
    targets = np.array([[1, 0, 1], [0, 1, 0.25]])
    p = 1 / (1 + np.exp(-LOGITS))
    expected = (-targets * np.log(p) - (1 - targets) * np.log(1 - p)).mean()
    loss = losses.SigmoidCrossEntropy()
    assert loss(LOGITS.astype(dtype), targets) == pytest.approx(expected, rel=1e-6)
    assert np.allclose(loss.gradient(), (p - targets) / 6, atol=1e-7)
    assert np.isfinite(loss(np.array([[1e4, -1e4, 0]]), [[0, 1, 1]]))
    with pytest.raises(ValueError, match="probabilities from 0 to 1, got 0 to 2"):
        loss(LOGITS, [[0, 1, 2], [0, 0, 0]])


def test_euclidean_is_half_the_squared_distance():
    loss = losses.Euclidean()
    assert loss([[3.0, 4.0], [0.0, 0.0]], [[0, 0], [0, 0]]) == 12.5 / 2
    assert loss.gradient().tolist() == [[1.5, 2], [0, 0]]
    assert loss([[3.0], [1.0]], [1, 1]) == 1  # a number an image
    with pytest.raises(ValueError, match=r"the outputs' shape, \(2, 3\), got \(2,\)"):
        loss(LOGITS, LABELS)
    with pytest.raises(ValueError, match="labels must be finite"):
        loss([[3.0]], [[np.nan]])


def test_a_loss_must_be_called_before_its_gradient():
    with pytest.raises(RuntimeError, match="call the loss first"):
        losses.SoftmaxCrossEntropy().gradient()


def test_outputs_must_be_rows_of_scores():
    with pytest.raises(ValueError, match=r"expected outputs \(images, classes\)"):
        losses.SoftmaxCrossEntropy()(np.zeros((2, 3, 4)), LABELS)


def test_losses_by_name():
    assert isinstance(losses.get("categorical_crossentropy"), losses.SoftmaxCrossEntropy)
    with pytest.raises(ValueError, match="loss must be a Loss or one of"):
        losses.get("hinge")


@pytest.mark.parametrize("share", [0.1, 0.5])
@pytest.mark.parametrize("from_logits", [True, False])
def test_smoothed_labels(share, from_logits):
    """Are the labels with a share spread evenly; the gradient beside differences."""
    rng = np.random.default_rng(0)
    outputs = rng.normal(size=(5, 3))
    if not from_logits:
        outputs = np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)
    labels = np.eye(3)[[0, 2, 1, 1, 0]]
    for kind, even in (losses.SoftmaxCrossEntropy, 1 / 3), (losses.SigmoidCrossEntropy, 1 / 2):
        smooth = kind(from_logits=from_logits, label_smoothing=share)
        plain = kind(from_logits=from_logits)
        by_hand = (1 - share) * labels + share * even
        assert smooth(outputs, labels) == pytest.approx(plain(outputs, by_hand), rel=1e-6)
        smooth(outputs, labels)
        gradient = smooth.gradient()
        by_nudging = gradients.numerical(lambda loss=smooth: loss(outputs, labels), outputs)
        assert gradients.difference(gradient, by_nudging) < 1e-6
    assert repr(losses.SoftmaxCrossEntropy(label_smoothing=share)).endswith(f"={share})")


@pytest.mark.parametrize("wrong", [-0.1, 1, 1.5, "much", float("nan"), None])
def test_smoothing_out_of_range_is_refused(wrong):
    with pytest.raises((ValueError, TypeError), match="label_smoothing must be"):
        losses.SoftmaxCrossEntropy(label_smoothing=wrong)


def test_a_smoothed_model_is_saved_with_its_loss(tmp_path):
    model = small()
    model.compile("sgd", losses.SoftmaxCrossEntropy(label_smoothing=0.2))
    model.save(tmp_path / "model.npz")
    assert Sequential.load(tmp_path / "model.npz").loss.label_smoothing == 0.2


def test_weighted_losses_are_sums_of_weights_times_losses():
    outputs, labels = np.random.default_rng(0).normal(size=(5, 3)), [0, 2, 1, 1, 0]
    weights = np.array([0, 1, 2, 0.5, 3])
    loss = losses.SoftmaxCrossEntropy()
    each = [loss(outputs[k : k + 1], labels[k : k + 1]) for k in range(5)]
    assert loss(outputs, labels, weights) == pytest.approx(np.dot(weights, each) / 5)
    by_nudging = gradients.numerical(lambda: loss(outputs, labels, weights), outputs)
    loss(outputs, labels, weights)
    assert gradients.difference(loss.gradient(), by_nudging) < 1e-6
    with pytest.raises(ValueError, match="sample_weight: expected a number for each of the 5"):
        loss(outputs, labels, weights[1:])
