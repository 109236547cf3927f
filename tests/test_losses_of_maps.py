"""The loss of a class for each position: that of the positions as rows, and PyTorch's."""

import numpy as np
import pytest

from cnncourse import Sequential, gradients, layers, losses, optimizers

RATE, CLOSE = 0.1, 1e-5


def maps_and_labels(seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(2, 3, 4, 5)), rng.integers(0, 5, (2, 3, 4))


@pytest.mark.parametrize("smoothing", [0, 0.2])
def test_positions_are_rows(smoothing):
    maps, labels = maps_and_labels()
    loss, of_rows = (losses.SoftmaxCrossEntropy(label_smoothing=smoothing) for _ in range(2))
    expected = of_rows(maps.reshape(24, 5), labels.ravel())
    assert loss(maps, labels) == pytest.approx(expected, rel=1e-12)
    assert np.allclose(loss.gradient().reshape(24, 5), of_rows.gradient(), rtol=0, atol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_all_kinds_of_labels_are_the_same(dtype):
    maps, labels = maps_and_labels()
    maps, loss = maps.astype(dtype), losses.SoftmaxCrossEntropy()
    for same in (labels.astype(np.uint8), labels[..., None], np.eye(5)[labels]):
        assert loss(maps, same) == loss(maps, labels)
    assert loss.gradient().shape == maps.shape and loss.gradient().dtype == dtype


@pytest.mark.parametrize("from_logits", [True, False])
def test_the_gradient_beside_finite_differences(from_logits):
    maps, labels = maps_and_labels()
    if not from_logits:
        maps = np.exp(maps) / np.exp(maps).sum(axis=-1, keepdims=True)
    loss = losses.SoftmaxCrossEntropy(from_logits=from_logits)
    by_nudging = gradients.numerical(lambda: loss(maps, labels, [0.5, 2]), maps)
    loss(maps, labels, [0.5, 2])
    assert gradients.difference(loss.gradient(), by_nudging) < 1e-6


def test_each_image_counts_alike_and_by_its_weight():
    maps, labels = maps_and_labels()
    loss = losses.SoftmaxCrossEntropy()
    each = [loss(maps[k : k + 1], labels[k : k + 1]) for k in range(2)]
    assert loss(maps, labels) == pytest.approx(np.mean(each))
    assert loss(maps, labels, [3, 1]) == pytest.approx((3 * each[0] + each[1]) / 2)


def test_the_accuracy_is_the_share_of_the_positions():
    maps = np.eye(3)[[[[0, 1], [2, 2]], [[0, 0], [0, 0]]]]  # (2, 2, 2, 3)
    labels = np.array([[[0, 1], [2, 1]], [[0, 0], [1, 1]]])
    loss = losses.SoftmaxCrossEntropy()
    assert loss.count_correct(maps, loss.targets(labels, maps.shape)) == 0.75 + 0.5


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.zeros((2, 3, 5)), r"each position, \(2, 3, 4\), or one-hot labels \(2, 3, 4, 5\), got"),
        (np.zeros((2, 4, 3)), r"got shape \(2, 4, 3\)"),
        (np.zeros(2), r"got shape \(2,\)"),
        (np.zeros((2, 5)), r"got shape \(2, 5\)"),
        (np.zeros((3, 3, 4)), "as many as images, 2, got 3"),
        (np.full((2, 3, 4), 5), "whole numbers from 0 to 4"),
        (np.full((2, 3, 4), np.nan), "labels must be"),
        (np.zeros((2, 3, 4, 5)), "probabilities that sum to 1"),
    ],
)
def test_other_labels_are_refused(labels, message):
    maps, _ = maps_and_labels()
    with pytest.raises(ValueError, match=message):
        losses.SoftmaxCrossEntropy()(maps, labels)


def network(device="cpu"):
    """A convolution, and one of 1×1 to classes."""
    chain = [layers.Conv2D(4, 3, padding="same", activation="relu"), layers.Conv2D(5, 1)]
    model = Sequential(chain, input_shape=(6, 7, 2), seed=0, device=device)
    model.compile(optimizers.SGD(RATE))
    return model


def batch():
    rng = np.random.default_rng(1)
    return rng.random((3, 6, 7, 2), dtype=np.float32), rng.integers(0, 5, (3, 6, 7))


def test_one_training_step_as_in_pytorch():
    torch = pytest.importorskip("torch")
    model, (images, labels) = network(), batch()
    twins = []
    for layer in model.layers:
        kernel = torch.tensor(layer.parameters["kernel"].copy()).permute(3, 2, 0, 1)
        weights = kernel.clone(), torch.tensor(layer.parameters["bias"].copy())
        twins.append([weight.requires_grad_() for weight in weights])
    x = torch.tensor(images).permute(0, 3, 1, 2)
    hidden = torch.relu(torch.nn.functional.conv2d(x, *twins[0], padding="same"))
    loss = torch.nn.functional.cross_entropy(
        torch.nn.functional.conv2d(hidden, *twins[1]), torch.tensor(labels)
    )
    loss.backward()
    assert model.train_on_batch(images, labels) == pytest.approx(loss.item(), rel=CLOSE)
    for layer, (kernel, bias) in zip(model.layers, twins, strict=True):
        stepped = [(weight - RATE * weight.grad).detach().numpy() for weight in (kernel, bias)]
        assert np.allclose(layer.parameters["kernel"], stepped[0].transpose(2, 3, 1, 0), atol=CLOSE)
        assert np.allclose(layer.parameters["bias"], stepped[1], atol=CLOSE)


@pytest.mark.parametrize("device", ["reference", "cuda"])
def test_all_devices_agree(device):
    ours, other, data = network(), network(device), batch()
    assert ours.train_on_batch(*data) == pytest.approx(other.train_on_batch(*data), rel=CLOSE)
    for one, two in zip(ours.get_weights(), other.get_weights(), strict=True):
        assert np.allclose(one, two, atol=CLOSE)


def test_fit_and_evaluate_take_masks():
    model, (images, _) = network(), batch()
    labels = (images[..., 0] > 0.5).astype(np.uint8)
    history = model.fit(images, labels, epochs=3, verbose=0, validation_data=(images, labels))
    assert history["loss"][-1] < history["loss"][0]
    loss, accuracy = model.evaluate(images, labels)
    assert accuracy == pytest.approx(np.mean(model.predict(images).argmax(-1) == labels))
    assert history["val_loss"][-1] == pytest.approx(loss)
    with pytest.raises(ValueError, match="class_weight"):
        model.fit(images, labels, class_weight={0: 2}, verbose=0)
