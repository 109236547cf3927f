"""The residual block: layers, and a shortcut past them.

Its parts run as their own files say; the sum is ``reference.add``, or the same function of the
model's device. On the CPU, the parts are fused steps as they would be in a model, and the sum and a
ReLU behind it are one, too.
"""

from ..support.arguments import described
from ..support.elsewhere import advising
from ..support.text import size_text
from .activations import activation_named
from .arrays import ReadOnly
from .base import Layer, whole
from .names_elsewhere import RESIDUAL
from .rows import run, run_back, seen_through


class Residual(Layer):
    """Layers in a row, and a shortcut past them: ``activation(layers(x) + shortcut(x))``.

    With the input itself as the shortcut, the layers learn only the difference, the *residual*,
    between what comes in and what should go out; and the gradient has a way back on which nothing
    makes it smaller. So networks of a hundred layers learn, too. A block may be one of the layers
    of another: a U-shaped network is blocks in blocks.

    Parameters
    ----------
    layers : list of Layer
        A chain, as in a model.
    shortcut : None, Layer or list of Layer
        The other branch: none, where the layers keep the shape, and the input itself is added. Or
        layers that give the shape that the others give, a convolution of 1×1 as a rule.
    activation : None, "relu", "sigmoid", "tanh" or "softmax"
        What follows on the sum.
    name : str
        What summaries and files call the block; ``residual_1`` and the like if left out.

    The weights are those of its layers, which are layers of the model, too: each has a name of its
    own, ``model.get_layer`` finds it, and it can be frozen by itself; ``trainable = False`` on the
    block freezes all of them. A layer of your own must leave its input, and the gradient that it
    gets, as they are: the other branch takes the same arrays.

    >>> from cnncourse.layers import Conv2D
    >>> block = Residual([Conv2D(16, 3, padding="same", activation="relu"),
    ...                   Conv2D(16, 3, padding="same")], activation="relu")
    >>> block.output_shape((28, 28, 16))
    (28, 28, 16)

    Source: He, Zhang, Ren & Sun, *Deep Residual Learning for Image Recognition*, 2015.
    """

    @advising(RESIDUAL)
    def __init__(self, layers, shortcut=None, activation=None, name=None):
        super().__init__(name)
        self.layers = _listed(layers, "layers")
        if not self.layers:
            raise ValueError("layers: expected at least one layer, got an empty list")
        shortcut = () if shortcut is None else shortcut
        self.shortcut = _listed([shortcut] if isinstance(shortcut, Layer) else shortcut, "shortcut")
        self.activation = activation_named(activation)
        for part in self.parts:
            if sum(part is other for other in self.parts) > 1:
                raise ValueError(f"{part} is in the block twice; make a second layer")

    @property
    def given_arguments(self):
        lists = {"layers": list(self.layers), "shortcut": list(self.shortcut) or None}
        return super().given_arguments | lists

    # Its parts

    @property
    def inner(self):
        """The layers of both branches."""
        return (*self.layers, *self.shortcut)

    @property
    def parts(self):
        return (self, *(part for layer in self.inner for part in layer.parts))

    @property
    def operations(self):
        return (self,) if self.activation is None else (self, self.activation)

    @property
    def branches(self):
        """The operations of the layers, and those of the shortcut."""
        return tuple(
            [operation for layer in layers for operation in layer.operations]
            for layers in (self.layers, self.shortcut)
        )

    @property
    def weights(self):
        """The weights of all parts: ``layers[0]/kernel``, ``shortcut[0]/kernel`` and so on."""
        return ReadOnly(
            {
                f"{branch}[{number}]/{name}": weight
                for branch in ("layers", "shortcut")
                for number, layer in enumerate(getattr(self, branch))
                for name, weight in layer.weights.items()
            }
        )

    def put_weights(self, arrays):
        arrays = list(arrays)
        for layer in self.inner:
            count = len(layer.weights)
            layer.put_weights(arrays[:count])
            del arrays[:count]

    def count_trainable(self):
        return sum(layer.count_trainable() for layer in self.inner)

    @property
    def trainable(self):
        """Whether any of its layers learns; to set it is to set all of them."""
        return any(layer.trainable for layer in self.inner)

    @trainable.setter
    def trainable(self, value):
        Layer.trainable.fset(self, value)
        for layer in self.inner:
            layer.trainable = value

    def build(self, input_shape, backend=None, rng=None):
        with whole(operation for part in self.parts for operation in part.operations):
            super().build(input_shape, backend, rng)
            for layers in self.layers, self.shortcut:
                shape = self.input_shape
                for layer in layers:
                    if layer.backend is None:  # else it has its weights, from another model say
                        layer.build(shape, self.backend, rng)
                    shape = layer.output_shape(shape)
            if self.activation is not None:
                self.activation.build(shape, self.backend, rng)

    def to(self, backend):
        operations = [operation for branch in self.branches for operation in branch]
        with whole(operation for part in self.parts for operation in part.operations):
            super().to(backend)
            for operation in operations:
                operation.to(backend)

    def twin(self):
        twin = super().twin()
        twin.layers, twin.shortcut = (
            tuple(layer.twin() for layer in layers) for layers in (self.layers, self.shortcut)
        )
        return twin

    # What it computes

    def output_shape(self, input_shape):
        input_shape = super().output_shape(input_shape)
        deep, past = (_shape_behind(layers, input_shape) for layers in (self.layers, self.shortcut))
        if deep != past:
            raise ValueError(f"{self}: {_mismatch(input_shape, deep, past, bool(self.shortcut))}")
        if self.activation is not None:
            self.activation.output_shape(deep)
        return deep

    def multiply_adds(self, input_shape):
        total = 0
        for layers in self.layers, self.shortcut:
            shape = input_shape
            for layer in layers:
                total += layer.multiply_adds(shape)
                shape = layer.output_shape(shape)
        return total

    @property
    def receptive_field(self):
        """The window of the branch that sees more, and the strides, which are the same in both."""
        deep, past = seen_through(self.layers), seen_through(self.shortcut)
        if deep is None or past is None:
            return None
        return tuple(map(max, deep[0], past[0])), deep[1]

    def forward(self, x, training=False):
        deep, past = (run(branch, x, training, self.backend) for branch in self.branches)
        return self._sum(deep, past)

    def backward(self, gradient, need_input_gradient=True):
        deep, past = (
            run_back(branch, gradient, need_input_gradient, self.backend)
            for branch in self.branches
        )
        return self._sum(deep, past) if need_input_gradient else None

    def _sum(self, deep, past):
        out = self.backend.empty(deep.shape)
        self.backend.add(deep, past, out)
        return out


def _listed(layers, argument):
    """A list of layers as a tuple; a ``TypeError`` that names the argument for anything else."""
    expected = f"{argument} must be a list of layers"
    if argument == "shortcut":
        expected = "shortcut must be None, a layer or a list of layers"
    if not isinstance(layers, (list, tuple)):
        raise TypeError(f"{expected}, got {described(layers)}")
    for layer in layers:
        if not isinstance(layer, Layer):
            raise TypeError(f"{expected}, such as layers.Conv2D(8, 3), got {described(layer)}")
    return tuple(layers)


def _shape_behind(layers, shape):
    """The shape of one image's output behind layers in a row."""
    for layer in layers:
        shape = layer.output_shape(shape)
    return shape


def _mismatch(input_shape, deep, past, has_shortcut):
    """What to say of two branches whose outputs cannot be added."""
    other = "its shortcut" if has_shortcut else "the shortcut, the input itself,"
    said = (
        f"its layers give {size_text(deep)}, {other} gives {size_text(past)}, and only equal "
        "shapes can be added"
    )
    if len(deep) != len(past):
        return f"{said}; end both with the same kind of layer"
    if has_shortcut:
        return f"{said}; give both the same strides, padding and filters"
    if len(deep) == 1:
        return f"{said}; give it shortcut=layers.Dense({deep[0]})"
    sides = list(zip(input_shape[:2], deep[:2], strict=True))
    stride = -(-sides[0][0] // sides[0][1])
    if any(-(-size // stride) != out for size, out in sides):
        return (
            f'{said}; give its layers padding="same", so that they keep height and width, or a '
            f"shortcut of layers that give {size_text(deep)}"
        )
    stride = "" if stride == 1 else f", strides={stride}"
    return f"{said}; give it shortcut=layers.Conv2D({deep[2]}, 1{stride})"
