"""What all layers have in common: shapes, weights, and the two directions.

A layer knows shapes and holds weights; kernels do its arithmetic. To write one of your own, derive
from `Layer` and say what it does in `forward` and `backward`; say in `output_shape` how it changes
a shape, and make its weights in `create_parameters`.
"""

import re

import numpy as np

from .. import kernels


class Layer:
    """Base class of all layers.

    Attributes
    ----------
    name : str
        ``conv2d_1`` and the like, given by the model.
    parameters : dict of str to array
        What the optimizer changes, by name: ``"kernel"``, ``"bias"``.
    gradients : dict of str to array
        d loss / d parameter under the same names, after `backward`.
    """

    def __init__(self):
        self.name = snake_case(type(self).__name__)
        self.parameters = {}
        self.gradients = {}
        self.input_shape = None  # of one image; None until the layer is built
        self.backend = None

    def __repr__(self):
        return f"{self.name} ({type(self).__name__})"

    # What a layer of your own says

    def output_shape(self, input_shape):
        """The shape of one image's output, for one image's input: both without the images' axis.

        Raises ``ValueError`` for an input that the layer cannot take.
        """
        return input_shape

    def create_parameters(self, input_shape, rng):
        """Initial weights, by name, as NumPy arrays; ``rng`` is a ``numpy.random.Generator``."""
        return {}

    def forward(self, x, training=False):
        """The output for a batch ``x`` (images, …); keeps what `backward` will need."""
        raise NotImplementedError(f"{self} has no forward")

    def backward(self, gradient, need_input_gradient=True):
        """From d loss / d output to d loss / d input; fills ``gradients`` on the way.

        With ``need_input_gradient=False`` it may return ``None``: the first layer's is not needed.
        """
        raise NotImplementedError(f"{self} has no backward")

    # What all layers do

    @property
    def operations(self):
        """The layer as a chain of operations: itself, and the activation named in its arguments."""
        return (self,)

    def build(self, input_shape, backend=None, rng=None):
        """Create the weights for images of ``input_shape``, on ``backend``.

        ``rng`` is a ``numpy.random.Generator``; without one the weights differ in each run.
        """
        self.output_shape(input_shape)  # refuses what the layer cannot take
        self.backend = backend or kernels.get()
        rng = rng or np.random.default_rng()
        created = self.create_parameters(input_shape, rng)
        self.parameters = {key: self.backend.asarray(value) for key, value in created.items()}
        self.gradients = {}
        self.input_shape = tuple(input_shape)

    def to(self, backend):
        """Move the weights to another backend; what the last passes left behind is dropped."""
        self.parameters = {
            key: backend.asarray(self.backend.to_numpy(value))
            for key, value in self.parameters.items()
        }
        self.gradients = {}
        self.backend = backend

    def __call__(self, x, training=False):
        """The layer's output for a batch, activation included; builds the layer if need be."""
        if self.backend is None:
            for operation in self.operations:
                operation.build(np.shape(x)[1:])
        x = self.backend.asarray(x)
        for operation in self.operations:
            x = operation.forward(x, training)
        return x

    def count_params(self):
        """How many numbers the layer learns."""
        return sum(parameter.size for parameter in self.parameters.values())

    def get_weights(self):
        """Copies of the parameters as a list of NumPy arrays, kernel first, as in Keras."""
        return [np.array(self.backend.to_numpy(value)) for value in self.parameters.values()]

    def set_weights(self, weights):
        """Replace the parameters by ``weights``, a list as `get_weights` gives it.

        Raises ``ValueError``, with nothing changed, where number or shapes differ.
        """
        self.check_weights(weights)
        for key, value in zip(self.parameters, weights, strict=True):
            self.parameters[key] = self.backend.asarray(np.array(value))

    def check_weights(self, weights):
        """Raise the ``ValueError`` of `set_weights`, or do nothing."""
        expected = [parameter.shape for parameter in self.parameters.values()]
        given = [np.shape(weight) for weight in weights]
        if given != expected:
            raise ValueError(
                f"{self}: expected weights of the shapes {expected} "
                f"({', '.join(self.parameters) or 'it has none'}), got {given}"
            )


def snake_case(name):
    """Keras's names: ``Conv2D`` → ``conv2d``, ``MaxPooling2D`` → ``max_pooling2d``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def require_image(layer, input_shape):
    """Height, width and channels of one image; a ``ValueError`` that names the layer otherwise."""
    if len(input_shape) != 3:
        raise ValueError(
            f"{layer}: expected 4 axes (images, height, width, channels), got "
            f"{len(input_shape) + 1}: (images, {', '.join(map(str, input_shape))}). "
            "A single image is image[None]; grey images without channels are images[..., None]"
        )
    return input_shape
