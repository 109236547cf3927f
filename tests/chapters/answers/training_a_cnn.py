"""Answers to the exercises on training a CNN, and what their checks say of them."""

import numpy as np

from cnncourse.chapters.training_a_cnn import exercises


def momentum(rate=1.0, share=1.0, sign=-1, order=1, after=None):
    """A step with momentum, or one with a mistake."""

    def step(p, v, g, learning_rate, momentum):
        new = momentum * v + sign * share * (learning_rate if rate else 1) * g
        moved = p + (new if after is None else after(v, new, g, learning_rate, momentum))
        return (moved, new)[::order]

    return step


def fit(orders, size=50, change=True):
    """A loop that takes the images as ``orders(count, epoch, rng)`` says."""

    def function(network, images, labels, epochs, rng):
        for epoch in range(epochs):
            order = orders(len(images), epoch, rng)
            for start in range(0, len(order), size):
                batch = order[start : start + size]
                _, gradients = network.gradients(images[batch], labels[batch])
                for name, gradient in gradients.items():
                    if change:
                        network.parameters[name] = network.parameters[name] - 1e-9 * (gradient + 1)

    return function


def shuffled(count, epoch, rng):
    return rng.permutation(count)


def unlike(network, images, labels, epochs, rng):
    """Images and labels in orders of their own; the images are shuffled where they stand."""
    for _ in range(epochs):
        rng.shuffle(images)
        for start in range(0, len(images), 50):
            batch = np.s_[start : start + 50]
            network.gradients(images[batch], labels[batch])


def changed(solution, output, change):
    """The solution with one of its outputs changed."""

    def function(*arguments):
        results = list(solution(*arguments))
        results[output] = change(results[output])
        return results

    return function


def half(array):
    return array / 2


ANSWERS = {
    exercises.check_start: [
        (3.26, "right: "),
        (np.float32(np.log(26)), "right: "),
        (3.3, "the idea is right"),
        (3.25, "the idea is right"),
        (np.log10(26), "natural"),
        (np.log2(26), "base 2"),
        (1 / 26, "the probability"),
        (-np.log(26), "sign lost"),
        (np.log(10), "ten classes"),
        (26, "each letter gets 1/26"),
        ("log(26)", "expected a number"),
    ],
    exercises.check_momentum: [
        (momentum(), "right: "),
        (momentum(sign=1), "uphill"),
        (momentum(order=-1), "their order is not: return the new parameter"),
        (momentum(rate=0), "learning rate is missing"),
        (lambda p, v, g, rate, mu: (p - mu * v, mu * v - (1 - mu) * rate * g), "the new parameter"),
        (
            lambda p, v, g, rate, mu: (p + mu * v - (1 - mu) * rate * g, v),
            "looks like an average with 1 − momentum",
        ),
        (momentum(after=lambda v, new, g, rate, momentum: v), "old velocity"),
        (momentum(after=lambda v, new, g, rate, mu: mu * new - rate * g), "Nesterov"),
        (lambda p, v, g, rate, mu: (p - rate * (mu * v + g), mu * v + g), "PyTorch's form"),
        (lambda p, v, g, rate, mu: (p + rate * (mu * v - g), v), "to the gradient alone"),
        (lambda p, v, g, rate, momentum: (p - rate * g, v), "plain SGD"),
        (lambda p, v, g, rate, momentum: (p - rate * g, -rate * g), "plain SGD"),
        (lambda p, v, g, rate, momentum: (p + 1, v), "3 is not right"),
        (lambda p, v, g, rate, momentum: p, "return the new parameter and the new velocity"),
        (lambda p, v, g: p, "your function raises TypeError"),
    ],
    exercises.check_conv2d_backward: [
        (changed(exercises.conv2d_backward, 0, np.negative), "the sign is turned round"),
        (changed(exercises.conv2d_backward, 1, half), "the values are not"),
        (lambda x, kernel, bias, S, P, g: g, "return "),
    ],
    exercises.check_batch_norm: [
        (changed(exercises.batch_norm, 0, half), "the values are not"),
        (lambda *arguments: exercises.batch_norm(*arguments)[0], "return "),
        (lambda *arguments: exercises.batch_norm(*arguments[:-1], training=True), "at step "),
    ],
    exercises.check_batch_norm_backward: [
        (changed(exercises.batch_norm_backward, 0, np.negative), "the sign is turned round"),
        (changed(exercises.batch_norm_backward, 1, half), "the values are not"),
        (lambda x, gamma, beta, g: (g, gamma), "return "),
    ],
    exercises.check_adam: [
        (lambda p, g, m, s, t, rate: (p - rate * g, m, s), "the new p: "),
        (changed(exercises.adam, 1, half), "the new m: "),
        (lambda p, g, m, s, t, rate: p, "return the new p"),
    ],
    exercises.check_fit: [
        (fit(lambda count, epoch, rng: shuffled(count, 0, rng) if epoch == 0 else []), "one epoch"),
        (fit(lambda count, epoch, rng: rng.permutation(count)[:100]), "left over"),
        (fit(shuffled, size=60), "not 60, 60, 60, 60"),
        (fit(lambda count, epoch, rng: rng.integers(count, size=count)), "every image once"),
        (fit(lambda count, epoch, rng: np.arange(count)), "shuffle the images"),
        (
            fit(lambda count, epoch, rng: np.random.default_rng(0).permutation(count)),
            "anew in each epoch",
        ),
        (fit(shuffled, change=False), "not all parameters"),
        (fit(shuffled), "after 5 epochs only"),
        (unlike, "an image keeps its label"),
        (lambda network, images, labels, epochs, rng: 1 / 0, "raises ZeroDivisionError"),
        (lambda network: None, "raises TypeError"),
    ],
}
