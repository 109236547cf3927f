"""Operations in a row, each of which takes what the one before it gives: run forwards, and back.

A model runs its steps so, and `Residual` its two branches. An operation is a layer, or a fused step
of the model's, which runs like one.
"""

NOTHING = (1, 1), (1, 1)  # what a row of no layers sees: each pixel itself


def run(operations, x, training, backend):
    """What the last of ``operations`` gives for a batch ``x``; ``x`` itself if there are none."""
    for operation in operations:
        # a layer of somebody's own may give another type than the kernels read
        x = backend.asarray(operation.forward(x, training))
    return x


def run_back(operations, gradient, need_input_gradient, backend):
    """From d loss / d output to d loss / d input, through what the last `run` computed.

    Without ``need_input_gradient``, it goes no further than the first operation that learns, which
    is spared the work, too, and ``None`` is given: before it, no gradient is of use.
    """
    if not need_input_gradient:
        learning = (k for k, operation in enumerate(operations) if _learns(operation))
        operations = operations[next(learning, len(operations)) :]
    for operation in reversed(operations):
        needed = need_input_gradient or operation is not operations[0]
        gradient = operation.backward(gradient, needed)
        if gradient is not None:
            gradient = backend.asarray(gradient)
    return gradient if need_input_gradient else None


def seen_through(layers, seen=NOTHING):
    """The receptive field of ``layers`` in a row, and the pixels from one such field to the next.

    ``seen``: those of what goes into the first. With a window of ``k`` and a stride of ``s``, a
    layer makes the field grow by ``k − 1`` of these distances, and multiplies the distance by
    ``s``. ``None`` where a value sees everything.
    """
    for layer in layers:
        if seen is None or layer.receptive_field is None:
            return None
        sides = zip(*seen, *layer.receptive_field, strict=True)
        pairs = [(field + (k - 1) * jump, jump * stride) for field, jump, k, stride in sides]
        seen = tuple(zip(*pairs, strict=True))
    return seen


def _learns(operation):
    """Whether one of an operation's weights changes in a step of the optimizer."""
    layer = getattr(operation, "learner", operation)
    return any(part.trainable and part.parameters for part in layer.parts)
