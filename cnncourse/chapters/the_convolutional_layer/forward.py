"""The exercise of chapter 02 that builds the layer: its check, step by step, and a solution."""

import numpy as np

STEPS = {  # what is new → images, channels, filters, window, stride, padding, whether there is bias
    "one image, one channel, one filter": (1, 1, 1, (3, 3), 1, 0, False),
    "a window that is higher than wide": (1, 1, 1, (4, 2), 1, 0, False),
    "several channels": (1, 3, 1, (3, 3), 1, 0, False),
    "several filters": (1, 3, 2, (3, 3), 1, 0, False),
    "several images": (4, 3, 2, (3, 3), 1, 0, False),
    "a bias": (4, 3, 2, (3, 3), 1, 0, True),
    "a stride": (4, 3, 2, (3, 2), 2, 0, True),
    "padding": (4, 3, 2, (3, 2), 1, 2, True),
    "stride and padding together": (4, 3, 2, (3, 2), 2, 1, True),
}
SIDES = 7, 6  # pixels of the images that it is tried on


def forward(x, kernel, bias, S, P):
    """A solution: the layer's equation for all images, positions and filters at once.

    ``x``: (N, H, W, C), ``kernel``: (U, V, C, O), ``bias``: (O,), ``S``: stride, ``P``: padding;
    the result is (N, I, J, O).

    >>> forward(np.ones((1, 3, 3, 2)), np.ones((3, 3, 2, 1)), np.array([0.5]), S=2, P=1)[0, :, :, 0]
    array([[8.5, 8.5],
           [8.5, 8.5]])
    """
    x = np.pad(x, ((0, 0), (P, P), (P, P), (0, 0)))
    down = (x.shape[1] - kernel.shape[0]) // S + 1  # positions
    across = (x.shape[2] - kernel.shape[1]) // S + 1
    out = np.zeros((len(x), down, across, kernel.shape[3])) + bias
    for u, v in np.ndindex(kernel.shape[:2]):
        seen = x[:, u : u + S * down : S, v : v + S * across : S]  # by cell (u, v) everywhere
        out += seen @ kernel[u, v]  # (N, I, J, C) @ (C, O)
    return out


def check_forward(function):
    """Say up to which step ``function(x, kernel, bias, S, P)`` is a convolutional layer.

    Each step adds one thing: channels, filters, images, bias, stride, padding. Prints one line; a
    function that returns None counts as not written yet.

    >>> check_forward(lambda x, kernel, bias, S, P: None)
    not answered yet
    >>> check_forward(lambda x, kernel, bias, S, P: forward(x, kernel, 0 * bias, S, P))
    not yet, 5 of 9 steps: at "a bias", the bias is missing
    """
    print(_verdict(function)[1])


def trainable(function):
    """``function`` if it is right, else the solution; says which, in one line.

    >>> trainable(lambda x, kernel, bias, S, P: None) is forward
    not answered yet, so the solution is used
    True
    """
    right, said = _verdict(function)
    print("your layer is used" if right else f"{said.split(',')[0]}, so the solution is used")
    return function if right else forward


def _verdict(function):
    """Whether all steps are right, and what to say."""
    for done, (step, case) in enumerate(STEPS.items()):
        x, kernel, bias, S, P = arguments = _arguments(*case)
        copies = x.copy(), kernel.copy(), bias.copy()
        wanted = forward(*arguments)
        try:
            out = function(*arguments)
        except Exception as error:  # whatever a beginner's function raises
            said = f"your function raises {type(error).__name__}: {' '.join(str(error).split())}"
            return False, _not_yet(done, step, said)
        if out is None:
            return False, "not answered yet"
        if not all(np.array_equal(a, b) for a, b in zip(copies, (x, kernel, bias), strict=True)):
            return False, _not_yet(done, step, "it changes the arrays that it is given")
        if np.shape(out) != wanted.shape:
            said = f"the shape should be {wanted.shape}, yours is {np.shape(out)}"
            return False, _not_yet(done, step, said)
        if not np.allclose(out, wanted, atol=1e-5):
            return False, _not_yet(done, step, _mistake(out, arguments))
    return True, f"right: all {len(STEPS)} steps, channels, filters, bias, stride and padding"


def _not_yet(done, step, said):
    return f'not yet, {done} of {len(STEPS)} steps: at "{step}", {said}'


def _mistake(out, arguments):
    """What was done instead, as far as one can tell."""
    x, kernel, bias, S, P = arguments
    mistakes = {
        "the kernel is flipped; a layer does not flip": (x, kernel[::-1, ::-1], bias, S, P),
        "the bias is missing": (x, kernel, 0 * bias, S, P),
        "only channel 0 is used": (x[..., :1], kernel[:, :, :1], bias, S, P),
        "all filters are the first one": (x, kernel[..., [0] * kernel.shape[3]], bias, S, P),
        "all images give the result of the first": (x[[0] * len(x)], kernel, bias, S, P),
    }
    for said, wrong in mistakes.items():
        if np.allclose(out, forward(*wrong), atol=1e-5):
            return said
    products = forward(x, kernel, 0 * bias, S, P)
    per_channel = bias * x.shape[3] + products
    if np.allclose(out, per_channel, atol=1e-5):
        return "the bias is added once for each channel; once is enough"
    return "the shape is right, the values are not"


def _arguments(images, channels, filters, window, stride, padding, with_bias):
    """Whole numbers, so that a result is right or wrong; both sides and all weights differ."""
    rng = np.random.default_rng(images + 10 * channels + 100 * filters)
    x = rng.integers(-3, 4, (images, *SIDES, channels)).astype(float)
    kernel = rng.integers(-3, 4, (*window, channels, filters)).astype(float)
    bias = rng.integers(1, 5, filters).astype(float) * with_bias
    return x, kernel, bias, stride, padding
