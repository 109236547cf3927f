"""Networks that call every kernel of a device, with the types that training gives it."""

import sys
from pathlib import Path

import numpy as np


def run_everything(device):
    """Train the tests' networks, which have all kinds of layers, with all optimizers and losses."""
    sys.path.append(str(Path(__file__).parent.parent / "tests"))
    from small_models import channel_by_channel, everything, residual, small_batch

    from cnncourse import Sequential, layers, optimizers
    from cnncourse.networks import DOCUMENTS

    labels = np.zeros(128, int)
    for make in DOCUMENTS.values():
        for optimizer, images in ("sgd", 128), ("rmsprop", 16), ("adam", 1):
            train(make(device=device), optimizer, np.zeros((images, 28, 28, 1)), labels[:images])
    for make in everything, residual, channel_by_channel:
        train(make(device=device), "sgd", *small_batch())
    large = np.zeros((64, 32, 32, 256), np.float32)
    for loss in "sigmoid_cross_entropy", "euclidean":
        chain = [layers.Conv2D(256, 3, strides=2, padding="same"), layers.Sigmoid()]
        chain += [layers.GlobalAveragePooling2D(), layers.Softmax(), layers.Dense(3)]
        model = Sequential(chain, large.shape[1:], device=device)
        train(model, optimizers.SGD(0.1, momentum=0.9), large, np.zeros((64, 3)), loss)
    chain = [layers.UpSampling2D(2, "bilinear"), layers.Conv2DTranspose(8, 3, strides=2)]
    chain += [layers.LayerNormalization(), layers.Flatten(), layers.Dense(3)]
    model = Sequential(chain, (4, 4, 8), device=device)
    train(model, "sgd", np.zeros((4, 4, 4, 8)), labels[:4])
    # as many filters as any CPU has floats in a vector, upsampling in one step, a sum in another
    slide = [layers.Conv2D(filters, 3, padding="same") for filters in (4, 4, 8, 8, 16, 16)]
    inner = [layers.Conv2D(16, 3, padding="same"), layers.BatchNormalization()]
    chain = [*slide, layers.Residual(inner, activation="relu")]
    chain += [layers.UpSampling2D(2), layers.Conv2D(4, 3, padding="same"), layers.Flatten()]
    model = Sequential([*chain, layers.Dense(3)], (16, 16, 3), device=device)
    train(model, "sgd", np.zeros((4, 16, 16, 3)), labels[:4])


def train(model, optimizer, x, y, loss="softmax_cross_entropy"):
    """A step of training, the backward pass down to the images, and inference."""
    model.compile(optimizer, loss)
    model.train_on_batch(x, y)
    model.scores(x)
    model.backward(model.loss.gradient())
    model.predict(x)
