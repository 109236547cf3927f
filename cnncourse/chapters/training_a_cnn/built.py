"""The long exercise: a network in NumPy, built piece by piece and checked piece by piece."""

from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ...gradients import difference, numerical

CLOSE = 1e-6  # the largest relative difference from finite differences
BATCH = 50
ENOUGH = 0.9  # of the test digits correct


def check_loss(function):
    """Say whether ``function(z, labels)`` gives the softmax cross-entropy and its gradient.

    ``z`` (N, K), ``labels`` (N,) class numbers: the mean loss of the images, and its gradient
    (N, K). Prints one line; a function that returns None counts as not written yet.

    >>> check_loss(lambda z, labels: None)
    not answered yet
    >>> check_loss(loss)
    right: loss and gradient, for logits of any size
    """
    z = np.random.default_rng(1).normal(size=(4, 3))
    labels = np.array([2, 0, 1, 1])
    result = function(z.copy(), labels.copy())
    if result is None:
        print("not answered yet")
        return
    value, gradient = loss(z, labels)
    t = np.eye(3)[labels]
    if not _pair(result) or np.ndim(result[0]) or np.shape(result[1]) != z.shape:
        print(f"not yet: return two things, a number and an array {z.shape}")
    elif not np.isclose(result[0], value):
        wrong = {
            4 * value: "that is the sum over the images; the loss is their mean",
            -value: "the loss is −log p, a positive number",
            value / np.log(10): "take the natural logarithm",
            -np.log(_softmax(z)).mean(): "only the probability of the correct class counts",
        }
        print(f"not yet: {_named(result[0], wrong, 'the loss is the mean of −log p[label]')}")
    elif not np.allclose(result[1], gradient):
        wrong = [
            (4 * gradient, "the loss is a mean: divide the gradient by the number of images"),
            (-gradient, "the sign is turned round: prediction minus target"),
            (-4 * gradient, "the sign is turned round: prediction minus target"),
            (_softmax(z) / 4, "that is p / N; subtract the target first"),
            (_softmax(z), "that is p; subtract the target, and divide by N"),
            (t - gradient, "prediction minus target, divided by N"),
        ]
        print(f"not yet: {_matching(result[1], wrong, 'the gradient is (p − t) / N')}")
    else:
        with np.errstate(all="ignore"):
            far = function(np.array([[1000.0, 0.0, -1000.0]]), np.array([0]))
        if np.isfinite(far[0]) and np.isfinite(far[1]).all():
            print("right: loss and gradient, for logits of any size")
        else:
            print("not yet: logits of 1,000 give NaN; subtract each row's largest logit first")


def loss(z, labels):
    """A solution: the mean of log Σ exp z − z[label], and (p − t) / N."""
    z = z - z.max(axis=1, keepdims=True)
    images = np.arange(len(z))
    gradient = _softmax(z)
    value = (np.log(np.exp(z).sum(axis=1)) - z[images, labels]).mean()
    gradient[images, labels] -= 1
    return value, gradient / len(z)


def check_convolution(function):
    """Say whether ``function(x, k, g)`` is the backward pass of a convolution.

    ``x`` (N, H, W, C), ``k`` (KH, KW, C, F), ``g`` (N, H − KH + 1, W − KW + 1, F): the gradients of
    ``k`` and of ``x``, in this order. They are compared with finite differences. Prints one line;
    a function that returns None counts as not written yet.

    >>> check_convolution(lambda x, k, g: None)
    not answered yet
    >>> check_convolution(convolution_backward)
    right: both gradients agree with finite differences
    """
    rng = np.random.default_rng(2)
    x = rng.normal(size=(2, 5, 6, 2))
    k = rng.normal(size=(3, 2, 2, 3))
    g = rng.normal(size=(2, 3, 5, 3))
    result = function(x.copy(), k.copy(), g.copy())
    if result is None:
        print("not answered yet")
    elif not _pair(result):
        print("not yet: return two arrays, the gradient of k and that of x")
    elif (np.shape(result[0]), np.shape(result[1])) == (x.shape, k.shape):
        print("not yet: return the gradient of k first, then that of x")
    elif np.shape(result[0]) != k.shape:
        print(
            f"not yet: the gradient of k has the shape of k, {k.shape}, not {np.shape(result[0])}"
        )
    elif np.shape(result[1]) != x.shape:
        print(
            f"not yet: the gradient of x has the shape of x, {x.shape}, not {np.shape(result[1])}"
        )
    else:
        print(_convolution_verdict(x, k, g, *result))


def _convolution_verdict(x, k, g, by_k, by_x):
    """The check of gradients whose shapes are right."""

    def value():
        return np.sum(g * convolution(x, k))

    expected = numerical(value, k), numerical(value, x)
    if not _close(by_k, expected[0]):
        wrong = [
            (expected[0][::-1, ::-1], "the kernel's gradient is flipped; here there is no flip"),
            (expected[0] / len(x), "the kernel's gradient is a sum over the images, not a mean"),
            (convolution_backward(x[:1], k, g[:1])[0], "the kernel's gradient: add up all images"),
            (
                convolution_backward(x[-1:], k, g[-1:])[0],
                "the kernel's gradient: add up all images",
            ),
        ]
        return f"not yet: {_matching(by_k, wrong, 'the gradient of k does not agree')}"
    if not _close(by_x, expected[1]):
        flipped = convolution_backward(x, k[::-1, ::-1], g)[1]
        wrong = [(flipped, "the input's gradient: the kernel must be flipped, or not twice")]
        return f"not yet: {_matching(by_x, wrong, 'k is right, the gradient of x does not agree')}"
    return "right: both gradients agree with finite differences"


def convolution(x, k):
    """The forward pass: (N, H, W, C) and (KH, KW, C, F) give (N, H − KH + 1, W − KW + 1, F)."""
    windows = sliding_window_view(x, k.shape[:2], axis=(1, 2))  # (N, I, J, C, KH, KW)
    return np.einsum("nijcuv,uvcf->nijf", windows, k, optimize=True)


def convolution_backward(x, k, g):
    """A solution: each cell (u, v) of the kernel has met one shifted part of the input."""
    by_k = np.zeros(k.shape)
    by_x = np.zeros(x.shape)
    rows, columns = g.shape[1:3]
    for u in range(k.shape[0]):
        for v in range(k.shape[1]):
            part = np.s_[:, u : u + rows, v : v + columns]  # (N, I, J, C)
            by_k[u, v] = np.einsum("nijc,nijf->cf", x[part], g, optimize=True)
            by_x[part] += g @ k[u, v].T
    return by_k, by_x


def check_adam(function):
    """Say whether ``function(p, g, m, s, t, rate)`` is a step of Adam.

    ``p``, ``g``, ``m``, ``s``: arrays of one shape; ``t``: the step's number, from 1. Gives the new
    p, m and s, with β₁ = 0.9, β₂ = 0.999. Prints one line; a function that returns None counts as
    not written yet.

    >>> check_adam(lambda p, g, m, s, t, rate: None)
    not answered yet
    >>> check_adam(adam)
    right: three steps are Adam's
    """
    steps = _three_steps(function)
    if steps is None:
        print("not answered yet")
    elif steps is _NO_TRIPLE:
        print("not yet: return three arrays of the shape of p: the new p, m and s")
    elif np.allclose(steps, _three_steps(adam), atol=1e-6):
        print("right: three steps are Adam's")
    else:
        hints = [
            hint for wrong, hint in _ADAMS if np.allclose(steps, _three_steps(wrong), atol=1e-6)
        ]
        print(f"not yet: {hints[0] if hints else 'compare with the table in section 5'}")


_NO_TRIPLE = object()


def _three_steps(function):
    """What three steps give, as one array; None for no answer."""
    state = np.array([1.0, -2.0]), np.zeros(2), np.zeros(2)
    seen = []
    for t, g in enumerate(([3.0, -0.5], [-1.0, 0.25], [2.0, 2.0]), start=1):
        p, m, s = (array.copy() for array in state)
        state = function(p, np.array(g), m, s, t, 0.1)
        if state is None:
            return None
        if not isinstance(state, tuple) or [np.shape(array) for array in state] != [(2,)] * 3:
            return _NO_TRIPLE
        seen += state
    return np.array(seen)


def adam(p, g, m, s, t, rate=0.001):
    """A solution: both running means, each divided by what it lacks for having begun at 0."""
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    m_hat, s_hat = m / (1 - 0.9**t), s / (1 - 0.999**t)
    return p - rate * m_hat / (np.sqrt(s_hat) + 1e-7), m, s


def _variant(sign=-1, root=np.sqrt, square=True, m_corrected=True, s_corrected=True, whole=False):
    """Adam with a mistake."""

    def step(p, g, m, s, t, rate):
        m = 0.9 * m + (1 if whole else 0.1) * g
        s = 0.999 * s + (1 if whole else 0.001) * (g**2 if square else g)
        m_hat = m / (1 - 0.9**t) if m_corrected else m
        s_hat = s / (1 - 0.999**t) if s_corrected else s
        with np.errstate(invalid="ignore"):
            return p + sign * rate * m_hat / (root(s_hat) + 1e-7), m, s

    return step


def _hats_kept(p, g, m, s, t, rate):
    new, m, s = adam(p, g, m, s, t, rate)
    return new, m / (1 - 0.9**t), s / (1 - 0.999**t)


_ADAMS = (
    (_variant(sign=1), "it goes uphill: subtract the step"),
    (_variant(m_corrected=False, s_corrected=False), "the hats are missing: m and s begin at 0"),
    (_variant(s_corrected=False), "s needs its hat, too"),
    (_variant(m_corrected=False), "m needs its hat, too"),
    (_variant(root=lambda s: s), "the root is missing"),
    (_variant(whole=True), "running means: 1 − β of the new value"),
    (_hats_kept, "hand on m and s themselves; the hats are for this step only"),
)


class Network:
    """A small network in NumPy: convolution, ReLU, dense layer, with a loss of your own.

    For images (N, 8, 8, 1) and ten classes. ``parameters``: name → array, which a step may replace.
    ``loss`` and ``convolution_backward``: as `check_loss` and `check_convolution` ask for.
    """

    def __init__(self, loss=loss, convolution_backward=convolution_backward, seed=0):
        rng = np.random.default_rng(seed)
        self.loss = loss
        self.convolution_backward = convolution_backward
        self.parameters = {
            "kernel": rng.normal(0, np.sqrt(2 / 9), (3, 3, 1, 8)),
            "weights": rng.normal(0, np.sqrt(2 / 288), (288, 10)),
            "bias": np.zeros(10),
        }

    def predict(self, images):
        """The class of each image, (N,)."""
        return self._forward(images)[1].argmax(axis=1)

    def _forward(self, images):
        features = np.maximum(convolution(images, self.parameters["kernel"]), 0)  # (N, 6, 6, 8)
        flat = features.reshape(len(images), -1)  # (N, 288)
        return features, flat @ self.parameters["weights"] + self.parameters["bias"]

    def gradients(self, images, labels):
        """The loss of a batch, and name → gradient for each of `parameters`."""
        features, logits = self._forward(images)
        loss, g = self.loss(logits, labels)
        back = (g @ self.parameters["weights"].T).reshape(features.shape) * (features > 0)
        by_kernel, _ = self.convolution_backward(images, self.parameters["kernel"], back)
        flat = features.reshape(len(images), -1)
        return loss, {"kernel": by_kernel, "weights": flat.T @ g, "bias": g.sum(axis=0)}


class _Watched(Network):
    """A network that notes which images it was given."""

    def __init__(self):
        super().__init__()
        self.batches = []

    def gradients(self, images, labels):
        self.batches.append(images[:, 0, 0, 0].astype(int))
        return super().gradients(images, labels)


@cache
def digits():
    """scikit-learn's digits of 8×8 pixels: images and labels to train on, and to test on."""
    from sklearn.datasets import load_digits  # takes most of a second: only when wanted

    images, labels = load_digits(return_X_y=True)
    images = images.reshape(-1, 8, 8, 1) / 16
    test = np.arange(len(labels)) % 4 == 0
    return images[~test], labels[~test], images[test], labels[test]


def check_fit(fit, loss=loss, convolution_backward=convolution_backward):
    """Say whether ``fit(network, images, labels, epochs, rng)`` trains a `Network`.

    It goes ``epochs`` times through all images, each time in a new order drawn from ``rng``, in
    batches of 50, and takes a step for each. Then it is tried on 1,347 digits, with the ``loss``
    and ``convolution_backward`` given. Prints one line.

    >>> check_fit(lambda network, images, labels, epochs, rng: None)
    not answered yet
    """
    count = 120
    watched = _Watched()
    before = {name: array.copy() for name, array in watched.parameters.items()}
    images = np.zeros((count, 8, 8, 1))
    images[:, 0, 0, 0] = np.arange(count)
    fit(watched, images, np.arange(count) % 10, 2, np.random.default_rng(0))
    if not watched.batches:
        print("not answered yet")
        return
    seen = np.concatenate(watched.batches)
    sizes = [len(batch) for batch in watched.batches]
    if len(seen) == count and sizes == [50, 50, 20]:
        verdict = "that is one epoch, not two"
    elif sizes == [50, 50] * 2:
        verdict = "the images that are left over make a batch, too"
    elif sizes != [50, 50, 20] * 2:
        verdict = (
            f"batches of 50, 50 and 20 in each of two epochs, not {', '.join(map(str, sizes))}"
        )
    elif any(len(set(epoch)) < count for epoch in np.split(seen, 2)):
        verdict = "each epoch takes every image once"
    elif np.array_equal(seen[:count], np.arange(count)):
        verdict = "shuffle the images"
    elif np.array_equal(seen[:count], seen[count:]):
        verdict = "shuffle anew in each epoch"
    elif any(np.array_equal(before[name], watched.parameters[name]) for name in before):
        verdict = "not all parameters have changed: network.parameters[name] = …"
    else:
        print(_trained(fit, loss, convolution_backward))
        return
    print(f"not yet: {verdict}")


def _trained(fit, loss, convolution_backward):
    """What comes out of a training on real digits."""
    network = Network(loss, convolution_backward)
    images, labels, test_images, test_labels = digits()
    try:
        fit(network, images, labels, 10, np.random.default_rng(0))
    except TypeError as error:
        return f"not yet: exercises 3 to 5 must work first ({error})"
    accuracy = np.mean(network.predict(test_images) == test_labels)
    if accuracy > ENOUGH:
        return f"right: a CNN of your own, {accuracy:.1%} of {len(test_labels)} test digits"
    return f"not yet: after ten epochs only {accuracy:.0%} of the test digits are correct"


def fit(network, images, labels, epochs, rng, rate=0.003):
    """A solution: the loop of section 4, with Adam's step for each parameter."""
    moments = {name: (0 * array, 0 * array) for name, array in network.parameters.items()}
    t = 0
    for _ in range(epochs):
        order = rng.permutation(len(images))
        for start in range(0, len(images), BATCH):
            batch = order[start : start + BATCH]
            t += 1
            _, gradients = network.gradients(images[batch], labels[batch])
            for name, g in gradients.items():
                new, *moments[name] = adam(network.parameters[name], g, *moments[name], t, rate)
                network.parameters[name] = new


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _pair(result):
    return isinstance(result, (tuple, list)) and len(result) == 2


def _close(a, b):
    return np.isfinite(a).all() and difference(np.asarray(a, float), b) < CLOSE


def _named(value, wrong, otherwise):
    """The hint of the wrong value that ``value`` is."""
    return next((hint for other, hint in wrong.items() if np.isclose(value, other)), otherwise)


def _matching(array, wrong, otherwise):
    """The hint of the wrong array that ``array`` is."""
    return next((hint for other, hint in wrong if np.allclose(array, other)), otherwise)
