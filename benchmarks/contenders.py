"""How each framework trains and infers as fast as it honestly can: images wait in memory, ready.

A contender is made with a number of threads. Its methods prepare a job and give a function that
does ``count`` steps of it, and how many samples a step takes.
"""

import os
from functools import cache, partial
from itertools import cycle, islice
from math import prod

import numpy as np
from networks import CLASSES, DEEPER, IMAGE, NETWORKS, keras_model, torch_model

ALL = NETWORKS | DEEPER

POOL = 8192  # of the documents' images in memory: more than the caches hold, as in real training


def random_images(shape=IMAGE, count=POOL):
    return np.random.default_rng(0).random((count, *shape), np.float32)


def random_labels(count=POOL, pixels=0):
    """Class numbers (N,), or masks (N, pixels) of 0 and 1."""
    rng = np.random.default_rng(1)
    if pixels:
        return rng.integers(0, 2, (count, pixels)).astype(np.float32)
    return rng.integers(0, CLASSES, count)


def as_arrays(images, labels):
    return images, labels


def data(network, size, made=as_arrays):
    """Images and labels, as many numbers as `POOL` says, and at least ``size`` images.

    ``made``: turns both into what a framework takes.
    """
    count = max(POOL * prod(IMAGE) // prod(network.image), size)
    return _data(network.image, network.pixels, count, made)


@cache
def _data(image, pixels, count, made):
    return made(random_images(image, count), random_labels(count, pixels))


def batches(images, labels, size):
    """The images and their labels, ``size`` at a time, over and over."""
    starts = range(0, len(images) - size + 1, size)
    return cycle([(images[k : k + size], labels[k : k + size]) for k in starts])


def repeat(step, count):
    for _ in range(count):
        step()


class Ours:
    """The functions that the chapters call, on NumPy arrays."""

    package = "cnncourse"

    def __init__(self, threads):
        from cnncourse import optimizers

        self.optimizers = optimizers  # the threads were set by NUMBA_NUM_THREADS

    def training(self, network, size):
        network = ALL[network]
        model = network.make()
        optimizer = getattr(self.optimizers, network.optimizer)(network.learning_rate)
        loss = "sigmoid_cross_entropy" if network.pixels else "softmax_cross_entropy"
        model.compile(optimizer, loss)
        pool = batches(*data(network, size), size)

        def steps(count):
            for x, y in islice(pool, count):
                model.train_on_batch(x, y)

        return steps, size

    def inference(self, network, size):
        network = ALL[network]
        model, (images, _) = network.make(), data(network, size)
        return partial(repeat, partial(model.predict, images[:size], batch_size=size)), size

    def features(self, network, size, side):
        """Forward and backward through the convolution part, on images of another size."""
        image = side, side, IMAGE[-1]
        model = NETWORKS[network].features(image)
        x = random_images(image, size)
        gradient = random_images(model.output_shape, size)

        def step():
            model.forward(x, training=True)
            model.backward(gradient, need_input_gradient=False)

        return partial(repeat, step), size


class Torch:
    """Eager PyTorch on tensors, with the channels where it puts them: first."""

    package = "torch"

    def __init__(self, threads):
        import torch

        torch.set_num_threads(threads)
        self.torch = torch
        self.layout = self.memory_format()

    def tensors(self, images, labels):
        # Made in PyTorch's own layout. A view of channels-last images will not do: with one channel
        # it counts as contiguous either way, and all layers would go on with channels last.
        count, height, width, channels = images.shape
        tensor = self.torch.empty(count, channels, height, width)
        tensor.copy_(self.torch.from_numpy(images).permute(0, 3, 1, 2))
        return tensor.to(memory_format=self.layout), self.torch.from_numpy(labels)

    def memory_format(self):
        return self.torch.contiguous_format

    def model(self, operations):
        return torch_model(operations).to(memory_format=self.layout)

    def training(self, network, size):
        network = ALL[network]
        model = self.model(network.scores)
        kind = getattr(self.torch.optim, network.optimizer)
        fused = {"fused": True} if network.optimizer == "Adam" else {}  # where it gains something
        optimizer = kind(model.parameters(), lr=network.learning_rate, **fused)
        losses = self.torch.nn.functional
        loss = losses.binary_cross_entropy_with_logits if network.pixels else losses.cross_entropy
        pool = batches(*data(network, size, self.tensors), size)

        def steps(count):
            for x, y in islice(pool, count):
                optimizer.zero_grad()
                loss(model(x), y).backward()
                optimizer.step()

        return steps, size

    def inference(self, network, size):
        network = ALL[network]
        model = self.model(network.operations).eval()
        images = data(network, size, self.tensors)[0][:size]

        @self.torch.inference_mode()
        def steps(count):
            repeat(partial(model, images), count)

        return steps, size


class TorchChannelsLast(Torch):
    """The same with the channels last in memory, which oneDNN, its CPU library, prefers."""

    def memory_format(self):
        return self.torch.channels_last


class Keras:
    """Keras on TensorFlow, its steps compiled into one graph.

    Training is a loop inside a ``tf.function``: measured beside ``train_on_batch``, ``fit`` (with
    one and with ten steps an execution) and a compiled single step, it was the fastest. XLA
    (``jit_compile=True``) was several times slower.
    """

    package = "tensorflow"

    def __init__(self, threads):
        os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="2")
        import keras
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        self.keras, self.tf = keras, tf

    def training(self, network, size):
        tf, network = self.tf, ALL[network]
        model = keras_model(network.scores)
        optimizer = getattr(self.keras.optimizers, network.optimizer)(network.learning_rate)
        optimizer.build(model.trainable_variables)
        losses = self.keras.losses
        loss = losses.BinaryCrossentropy if network.pixels else losses.SparseCategoricalCrossentropy
        loss_function = loss(from_logits=True)
        whole = len(data(network, size)[0]) // size
        images, labels = (
            tf.constant(values[: whole * size].reshape(whole, size, *values.shape[1:]))
            for values in data(network, size)
        )

        @tf.function
        def steps(count):
            loss = 0.0
            for step in tf.range(count):
                with tf.GradientTape() as tape:
                    scores = model(images[step % whole], training=True)
                    loss = loss_function(labels[step % whole], scores)
                gradients = tape.gradient(loss, model.trainable_variables)
                optimizer.apply(gradients, model.trainable_variables)
            return loss

        return lambda count: float(steps(tf.constant(count))), size

    def inference(self, network, size):
        tf, network = self.tf, ALL[network]
        model = keras_model(network.operations)
        images = tf.constant(data(network, size)[0][:size])

        @tf.function
        def infer(x):
            return model(x, training=False)

        return partial(repeat, lambda: infer(images).numpy()), size


CONTENDERS = {
    "cnncourse": Ours,
    "torch": Torch,
    "torch-channels-last": TorchChannelsLast,
    "keras": Keras,
}
