"""What all layers have in common: shapes, weights, and the two directions.

A layer knows shapes and holds weights; kernels do its arithmetic. To write one of your own, derive
from `Layer` and say in `forward` and `backward` what it does. What `backward` will need of the
batch, keep in ``self.saved``. If it changes shapes, say so in `output_shape`; if it learns, make
its weights in `create_parameters`. To be saved with a model, it keeps its constructor's arguments
as attributes of the same names.

The files beside this one run as they are written on every device. On the CPU, a model takes *fused
steps* instead where it has some (``model/fusion.py``; ``model.explain()`` names them): several
layers in one go, with the same results and less traffic to memory. ``Sequential(…, fuse=False)``
runs the layers themselves, and so does every layer whose ``forward`` you replace or override.
"""

import re
from contextlib import contextmanager

import numpy as np

from .. import kernels
from ..support import arguments, checks
from ..support.elsewhere import advising
from ..support.text import call_text
from .arrays import Held, HeldGradients, ReadOnly, taken
from .names_elsewhere import ANY_LAYER, LayerNames


class Layer(LayerNames):
    """Base class of all layers.

    Attributes
    ----------
    name : str
        That given as ``name=``, or put in by hand; else the model gives ``conv2d_1`` and the like.
        No two layers of a model have the same.
    named : bool
        Whether somebody has given it its name.
    parameters : dict of str to array
        What the optimizer changes, by name: ``"kernel"``, ``"bias"``. Put in by hand, values are
        checked and copied: any numbers of the right shape will do.
    gradients : dict of str to array
        d loss / d parameter under the same names, after `backward`.
    statistics : dict of str to array
        What the layer keeps but the optimizer leaves alone: batch normalisation's running means.
    saved : object
        What the last `forward` left behind for `backward`. Copies of the layer do not have it.
    rng : numpy.random.Generator
        The layer's own random generator, for what is random in training; set by `build`.
    trainable : bool
        Whether the layer learns. With ``False`` it is *frozen*: the optimizer leaves its parameters
        as they are, the backward pass computes no gradient of them, and batch normalisation goes by
        its running statistics, and leaves them as they are, too. It takes effect at once.
    """

    parameters = Held()
    statistics = Held()
    gradients = Held(HeldGradients)

    # the receptive field: window and strides on its input; None where it sees everything
    receptive_field = (1, 1), (1, 1)

    @advising(ANY_LAYER)
    def __init__(self, name=None):
        if name is None:
            self.take_name(snake_case(type(self).__name__))
        else:
            self.name = name
        self._hold({}, {})
        self._trainable = True
        self.input_shape = None  # of one image; None until the layer is built
        self.backend = self.rng = self.saved = None

    def __repr__(self):
        return call_text(self)

    def __str__(self):
        return f"{self.name} ({type(self).__name__})"

    # What a layer of your own says

    def output_shape(self, input_shape):
        """The shape of one image's output, for one image's input: both without the images' axis.

        Raises ``ValueError`` for an input that the layer cannot take, ``TypeError`` for no shape.
        """
        return checks.shape(input_shape, "input_shape")

    def create_parameters(self, input_shape, rng):
        """Initial parameters, by name, as NumPy arrays; ``rng`` is a ``numpy.random.Generator``."""
        return {}

    def create_statistics(self, input_shape):
        """Initial statistics, by name, as NumPy arrays."""
        return {}

    def multiply_adds(self, input_shape):
        """Multiplications by a weight (each with its addition) that one image takes."""
        return 0

    def forward(self, x, training=False):
        """The output for a batch ``x`` (images, …); keeps in ``saved`` what `backward` needs."""
        raise NotImplementedError(f"{self} has no forward")

    def backward(self, gradient, need_input_gradient=True):
        """From d loss / d output to d loss / d input; fills ``gradients`` on the way.

        With ``need_input_gradient=False`` it may return ``None``: the first layer's is not needed.
        """
        raise NotImplementedError(f"{self} has no backward")

    def new_gradient(self, name):
        """Room for the gradient of the parameter ``name``, noted in ``gradients`` if it learns."""
        self.gradients.pop(name, None)  # first, so that the memory may be the same
        room = self.backend.empty(self.parameters[name].shape)
        if self.trainable:
            dict.__setitem__(self.gradients, name, room)  # sound, so it is not checked in each step
        return room

    # What all layers do

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, value):
        self._name = checks.name(value, f"{type(self).__name__}: name")
        self.named = True

    def take_name(self, name):
        """Go by a name that nobody has chosen."""
        self._name = name
        self.named = False

    @property
    def given_arguments(self):
        """Arguments whose attributes hold something else by now."""
        return {} if self.named else {"name": None}

    @property
    def trainable(self):
        return self._trainable

    @trainable.setter
    def trainable(self, value):
        if not isinstance(value, (bool, np.bool_)):
            raise TypeError(f"{self}: trainable must be True or False, got {value!r}")
        self._trainable = bool(value)
        self.gradients = {}  # of a frozen layer there are none

    @property
    def operations(self):
        """The layer as a chain of operations: itself, and the activation named in its arguments."""
        return (self,)

    @property
    def parts(self):
        """The layer itself, and all layers that it is made of, if it is a block of some."""
        return (self,)

    def build(self, input_shape, backend=None, rng=None):
        """Create the weights for images of ``input_shape``, on ``backend``.

        ``rng`` is a ``numpy.random.Generator``; without one the weights differ in each run.
        """
        input_shape = checks.shape(input_shape, "input_shape")
        self.output_shape(input_shape)  # refuses what the layer cannot take
        backend = kernels.get(backend)
        rng = np.random.default_rng() if rng is None else arguments.generator(rng)
        own_rng = rng.spawn(1)[0]
        parameters = self._created(self.create_parameters(input_shape, rng), backend)
        statistics = self._created(self.create_statistics(input_shape), backend)
        self.backend = backend  # from here on nothing is refused
        self.rng = own_rng
        self._hold(parameters, statistics)
        self.input_shape = input_shape

    def _created(self, values, backend):
        return {
            name: taken(value, f"{self}: weight {name!r}", backend)
            for name, value in values.items()
        }

    def _hold(self, parameters, statistics):
        """Keep these arrays of the backend's as the weights; of gradients there are none yet."""
        Layer.parameters.put(self, parameters)
        Layer.statistics.put(self, statistics)
        Layer.gradients.put(self, {})

    def to(self, backend):
        """Move the weights to another backend; the gradients are dropped.

        All or nothing: where it fails, the layer stays where it was.
        """
        moved = [
            {name: backend.asarray(self.backend.to_numpy(array)) for name, array in held.items()}
            for held in (self.parameters, self.statistics)
        ]
        self.backend = backend
        self._hold(*moved)

    def twin(self):
        """A layer with the same weights, which keeps nothing of a batch in this one."""
        twin = object.__new__(type(self))
        twin.__dict__ = self.__dict__ | {"saved": None}
        return twin

    def __call__(self, x, training=False):
        """The layer's output for a batch, activation included; builds the layer if need be."""
        training = arguments.flag(training, "training")
        if getattr(x, "device", "cpu") == "cpu":
            x = checks.in_float32(checks.numbers(x, "x"), "x")
            self.output_shape(x.shape[1:])
        if self.backend is None:
            self.build(x.shape[1:])
        x = self.backend.asarray(x)
        for operation in self.operations:
            x = operation.forward(x, training)
        return x

    @property
    def weights(self):
        """Parameters and statistics in one dict: what makes the layer what it is."""
        return ReadOnly(self.parameters | self.statistics)

    def count_params(self):
        """How many weights the layer holds: parameters and statistics."""
        return sum(weight.size for weight in self.weights.values())

    def count_trainable(self):
        """How many weights the layer learns: parameters alone, and none if it is frozen."""
        return sum(p.size for p in self.parameters.values()) if self.trainable else 0

    def get_weights(self):
        """Copies of the weights as a list of NumPy arrays, in Keras's order: kernel, bias."""
        return [np.array(self.backend.to_numpy(weight)) for weight in self.weights.values()]

    def set_weights(self, weights):
        """Replace the weights by a list as `get_weights` gives it.

        They are copied. NaN is taken: a training that went wrong can be kept, and looked into.
        Raises ``ValueError`` where number or shapes differ, ``TypeError`` for what are no numbers;
        nothing is changed then.
        """
        self.put_weights(self.checked_weights(weights))

    def checked_weights(self, weights):
        """Weights for `put_weights`, or the error of `set_weights`."""
        if not isinstance(weights, (list, tuple)):
            raise TypeError(
                f"{self}: weights must be a list of arrays, as get_weights gives it, got "
                f"{type(weights).__name__}"
            )
        weights = [
            checks.numbers(weight, f"{self}: weight {number}")
            for number, weight in enumerate(weights)
        ]
        expected = [weight.shape for weight in self.weights.values()]
        given = [weight.shape for weight in weights]
        if given != expected:
            raise ValueError(
                f"{self}: expected weights of the shapes {expected} "
                f"({', '.join(self.weights) or 'it has none'}), got {given}"
            )
        return [taken(weight, str(self), self.backend, finite=False) for weight in weights]

    def put_weights(self, arrays):
        """Take over arrays of the backend's, in the order of `weights`."""
        count = len(self.parameters)
        for held, part in (self.parameters, arrays[:count]), (self.statistics, arrays[count:]):
            dict.update(held, zip(held, part, strict=True))

    def __getstate__(self):
        """For copies and pickles: nothing of a batch, and the backend by its name."""
        state = self.__dict__ | {"gradients": {}, "saved": None}
        if self.backend is not None:
            for held in ("parameters", "statistics"):
                state[held] = {k: self.backend.to_numpy(v) for k, v in state[held].items()}
            state["backend"] = kernels.portable(self.backend)
        return state

    def __setstate__(self, state):
        self.__dict__ = dict(state)
        held = self.parameters, self.statistics
        if self.backend is not None:
            self.backend = kernels.restored(self.backend)
            # weights may come read-only, from a file that joblib maps into memory
            asarray = self.backend.asarray
            held = [{name: asarray(value) for name, value in arrays.items()} for arrays in held]
        self._hold(*held)


@contextmanager
def whole(objects):
    """Put the attributes of all ``objects`` back as they were if the block fails."""
    before = [(one, dict(vars(one))) for one in objects]
    try:
        yield
    except BaseException:
        for one, state in before:
            one.__dict__ = state
        raise


def parts_of(layers):
    """All layers that hold weights, in order: ``layers``, and those that some are made of."""
    return [part for layer in layers for part in layer.parts]


def snake_case(name):
    """Keras's names.

    >>> snake_case("Conv2D"), snake_case("MaxPooling2D"), snake_case("Conv2DTranspose")
    ('conv2d', 'max_pooling2d', 'conv2d_transpose')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=\w)(?=[A-Z][a-z])", "_", name).lower()


def require_image(layer, input_shape):
    """Height, width and channels of one image; a ``ValueError`` that names the layer otherwise."""
    input_shape = checks.shape(input_shape, "input_shape")
    if len(input_shape) != 3:
        raise ValueError(
            f"{layer}: expected 4 axes (images, height, width, channels), got "
            f"{len(input_shape) + 1}: (images, {', '.join(map(str, input_shape))}). "
            "A single image is image[None]; grey images without channels are images[..., None]"
        )
    return input_shape
