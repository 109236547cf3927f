"""A chain of layers: built, moved, described, and run in its two directions."""

from contextlib import contextmanager
from copy import deepcopy
from itertools import count
from math import inf

import numpy as np

from .. import kernels
from ..layers import Layer
from ..layers.base import parts_of, snake_case, whole
from ..layers.rows import run, run_back
from ..support import arguments, checks
from . import fusion
from .names_elsewhere import ModelNames
from .summary import explanation, summary


class Chain(ModelNames):
    """Layers in a row, each of which takes what the one before it gives.

    `Sequential` is a chain that can be trained; its docstring describes the arguments.
    """

    def __init__(self, layers=(), input_shape=None, seed=None, device=None, fuse=True):
        if not isinstance(layers, (list, tuple)):
            raise TypeError(
                f"layers must be a list of layers, Sequential([…, …]), got {type(layers).__name__}"
            )
        if seed is not None:
            seed = checks.whole_number(seed, "seed", least=0, most=inf)
        self.layers = []
        self.input_shape = None if input_shape is None else checks.shape(input_shape, "input_shape")
        self.backend = kernels.get(device)
        self.fuse = arguments.flag(fuse, "fuse")
        self._ran = []  # the steps of the last forward pass
        self._plan = None  # how to predict a few images, of the shape it saw last
        weights, order, augment = np.random.SeedSequence(seed).spawn(3)
        self._weights_rng = np.random.default_rng(weights)
        self._order_rng = np.random.default_rng(order)
        self._augment_rng = np.random.default_rng(augment)
        known = [layer for layer in layers if isinstance(layer, Layer)]
        with whole(_operations_of(parts_of(known))):  # if one is refused, they belong to no model
            for layer in layers:
                self.add(layer)

    def __repr__(self):
        names = ", ".join(layer.name for layer in self.layers)
        return f"{type(self).__name__}({names}) with {self.count_params():,} parameters"

    # Building

    def add(self, layer):
        """Put ``layer`` at the end of the chain.

        Raises ``TypeError`` for what is no layer, and ``ValueError`` for a layer that cannot take
        what the chain gives, or is in the chain already; the model stays as it was.
        """
        if not isinstance(layer, Layer):
            got = arguments.described(layer)
            raise TypeError(f"a model is made of layers, such as layers.Dense(10), got {got}")
        for part in layer.parts:
            if part in self.parts:
                raise ValueError(f"{part} is in this model already; make a second layer")
        with self._whole(layer):
            names = {part.name for part in self.parts}
            for part in layer.parts:
                _name(part, names)
                names.add(part.name)
            if self.input_shape is not None:
                self._build(layer, self.output_shape)
        self.layers.append(layer)

    def _build(self, layer, shape):
        """Give ``layer`` its weights, unless it has them, from another model say."""
        if layer.backend is None:
            layer.build(shape, self.backend, self._weights_rng)
        else:
            layer.output_shape(shape)

    def _build_for(self, images):
        """Build all layers for checked ``images``, if no ``input_shape`` was given."""
        if self.input_shape is None:
            shapes = self._shapes(images.shape[1:])
            with self._whole():
                for layer, shape in zip(self.layers, shapes[:-1], strict=True):
                    self._build(layer, shape)
            self.input_shape = shapes[0]

    def _shapes(self, input_shape):
        """The shapes of one image before the first layer and behind each."""
        shapes = [tuple(input_shape)]
        for layer in self.layers:
            shapes.append(layer.output_shape(shapes[-1]))
        return shapes

    @property
    def operations(self):
        """The chain in single steps: layers, and the activations named in their arguments."""
        return [operation for layer in self.layers for operation in layer.operations]

    @property
    def parts(self):
        """All layers that hold weights: those of the chain, and those that some are made of."""
        return parts_of(self.layers)

    @property
    def output_shape(self):
        """The shape of one image's output."""
        return self._shapes(self.input_shape)[-1]

    def to(self, device):
        """Move the weights to another device, and go on there; gives the model itself.

        All or nothing: where it fails, for want of memory say, the model stays where it was.
        """
        backend = kernels.get(device)
        with self._whole():
            self._move(backend)
        return self

    def _move(self, backend):
        self.backend = backend
        self._ran = []  # what was computed there is of no use here
        for operation in self.operations:
            if operation.backend is not None:  # else it is built on the new one
                operation.to(backend)

    @contextmanager
    def _whole(self, *more):
        """Put the model and its layers, and ``more``, back as they were if the block fails."""
        rng = deepcopy(self._weights_rng)
        try:
            with whole([self, *_operations_of(parts_of((*self.layers, *more)))]):
                yield
        except BaseException:
            self._weights_rng = rng
            raise

    def get_layer(self, name=None, index=None):
        """The layer of that name, or the one at that place, from 0; as in Keras.

        A name may be that of a layer inside of another one. Raises ``ValueError`` where there is
        none.
        """
        if (name is None) == (index is None):
            raise ValueError("get_layer takes a name or an index, one of them")
        if index is not None:
            index = checks.whole_number(index, "index", least=0)
            if index < len(self.layers):
                return self.layers[index]
            raise ValueError(f"index must be below {len(self.layers)}, got {index}")
        names = [part.name for part in self.parts]
        if not isinstance(name, str) or name not in names:
            raise ValueError(f"there is no layer named {name!r}; there are {', '.join(names)}")
        return self.parts[names.index(name)]

    def count_params(self):
        """How many weights the model holds: all that it learns, and its running statistics."""
        return sum(layer.count_params() for layer in self.layers)

    def summary(self):
        """Print layers, output shapes and parameters as a table."""
        print(summary(self.layers, self._known_shape()))

    def explain(self):
        """Print what each layer costs and how much of the image it sees, and the fused steps.

        A fused step does several layers in one go, in training as it is named here; see
        ``model/fusion.py``. All others run as their files in ``cnncourse/layers`` are written.
        """
        print(explanation(self.layers, self._known_shape()))
        names = []
        if self.fuse:
            names = fusion.fused_names(self.operations, self.input_shape, self.backend)
        title = "Fused steps: " if names else "No fused steps: "
        print(title + ("\n" + " " * len(title)).join(names or ["each layer runs as it is written"]))

    def _require_trainable(self):
        """Refuse to train a model all of whose layers that could learn are frozen."""
        able = [layer for layer in self.parts if layer.parameters]
        if able and not any(layer.trainable for layer in able):
            raise ValueError(
                "all layers that could learn are frozen; set layer.trainable = True for those that "
                "should"
            )

    def _known_shape(self):
        if self.input_shape is None:
            raise ValueError("shapes are unknown: give Sequential its input_shape, or fit it first")
        return self.input_shape

    def get_weights(self):
        """Copies of all layers' weights in one list, as in Keras."""
        return [weight for layer in self.layers for weight in layer.get_weights()]

    def set_weights(self, weights):
        """Replace all weights by a list as `get_weights` gives it.

        Raises ``ValueError`` where number or shapes differ, ``TypeError`` for what are no numbers;
        nothing is changed then.
        """
        self._known_shape()
        if not isinstance(weights, (list, tuple)):
            raise TypeError(
                "weights must be a list of arrays, as get_weights gives it, got "
                f"{type(weights).__name__}"
            )
        counts = [len(layer.weights) for layer in self.layers]
        if len(weights) != sum(counts):
            raise ValueError(f"expected {sum(counts)} arrays of weights, got {len(weights)}")
        ends = np.cumsum(counts)
        parts = [weights[end - count : end] for end, count in zip(ends, counts, strict=True)]
        pairs = list(zip(self.layers, parts, strict=True))
        checked = [layer.checked_weights(part) for layer, part in pairs]
        for layer, arrays in zip(self.layers, checked, strict=True):
            layer.put_weights(arrays)

    def generators(self):
        """The random generators that training draws from, by name."""
        self.require_names()
        own = {"order": self._order_rng, "augment": self._augment_rng}
        return own | {f"layers/{part.name}": part.rng for part in self.parts}

    def require_names(self):
        """Refuse two layers of one name: each would write over the other's entry."""
        names = [part.name for part in self.parts]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(
                f"two layers of this model are named {', '.join(sorted(twice))}; set layer.name, "
                "so that each has a name of its own"
            )

    # The two directions

    def forward(self, x, training=False):
        """The outputs for a batch of images, through all layers.

        ``x``: (images, *input_shape), any number type; another height and width will do where all
        layers take it, as convolutions and pooling do. ``training``: whether layers should behave
        as in training. Gives the backend's array (images, *output_shape).
        """
        training = arguments.flag(training, "training")
        return self._run(self.operations, self._images(x), training)

    def __call__(self, x, training=False):
        """The same as `forward`, as in Keras: ``model(x)``."""
        return self.forward(x, training)

    def backward(self, gradient, need_input_gradient=True):
        """From d loss / d outputs to d loss / d images; fills each layer's ``gradients``.

        It goes back through what the last forward pass computed. Without
        ``need_input_gradient``, it goes no further than the first layer that learns, which is
        spared the work, too, and ``None`` is given. Raises ``RuntimeError`` if nothing was computed
        yet.
        """
        if not self._ran:
            raise RuntimeError("nothing to go back through: call model.forward(x) first")
        need_input_gradient = arguments.flag(need_input_gradient, "need_input_gradient")
        if getattr(gradient, "device", "cpu") == "cpu":
            gradient = checks.numbers(gradient, "gradient")
            if np.isfinite(gradient).all():  # NaN goes back as NaN; 1e300 would become infinite
                checks.in_float32(gradient, "gradient")
        return self._go_back(gradient, need_input_gradient)

    def _go_back(self, gradient, need_input_gradient):
        """The same for a gradient that a loss has computed, which is not looked through."""
        gradient = self.backend.asarray(gradient)
        return run_back(self._ran, gradient, need_input_gradient, self.backend)

    def _run(self, operations, x, training=False):
        if self.backend.frees_first:
            self._forget()
        steps = operations
        if self.fuse:
            steps = fusion.steps(operations, tuple(x.shape[1:]), self.backend, training)
        x = run(steps, self.backend.asarray(x), training, self.backend)
        self._ran = steps
        return x

    def _forget(self):
        """Let go of what the last pass has kept."""
        self._ran = []
        for operation in _operations_of(self.parts):
            operation.saved = None

    def _infer(self, operations, x):
        """The outputs for images, slice by slice, so that all on the way stays in the cache.

        It leaves nothing behind: a `backward` goes back through the last `forward` all the same.
        """
        size = self.backend.slice_size or len(x)
        if self.fuse:
            steps = fusion.inference(operations, tuple(x.shape[1:]), self.backend)
        else:
            steps = [operation.twin() for operation in operations]
        parts = []
        for start in range(0, len(x), size):
            part = self.backend.asarray(x[start : start + size])
            parts.append(run(steps, part, False, self.backend))
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _images(self, x):
        """The images ``x``, checked, for a model that is built for them now."""
        images = self._checked_images(x)
        self._build_for(images)
        return images

    def _checked_images(self, x, input_shape=None):
        """The same without building: a call that is refused leaves the model as it was.

        ``input_shape``: what a model without one of its own is about to be built for.
        """
        if not self.layers:
            raise ValueError("the model has no layers yet: add some, as in model.add(layers.…)")
        images = checks.numbers(x, "images")
        shape = self.input_shape or input_shape
        if shape is None or self._only_the_size_differs(images.shape[1:]):
            shape = images.shape[1:]
        images = checks.images(images, shape, str(self.layers[0]))
        if self.input_shape is None:
            self._shapes(shape)  # refuses what a layer cannot take
        return images

    def _only_the_size_differs(self, shape):
        """Whether images of ``shape`` differ from the model's in height and width, and may do so.

        Raises ``ValueError`` that names the layer which takes the model's size only.
        """
        known = self.input_shape
        if known is None or len(shape) != 3 or len(known) != 3 or shape[2] != known[2]:
            return False
        if tuple(shape) != known:
            try:
                self._shapes(shape)
            except ValueError as error:
                expected, got = (", ".join(map(str, sizes)) for sizes in (known, shape))
                raise ValueError(
                    f"{self.layers[0]}: expected images (images, {expected}), got (images, {got}), "
                    f"which not all layers take: {error}"
                ) from None
        return True

    def __getstate__(self):
        """For copies and pickles: nothing of a batch, and the backend, a module, by its name."""
        backend = kernels.portable(self.backend)
        return self.__dict__ | {"backend": backend, "_ran": [], "_plan": None}

    def __setstate__(self, state):
        self.__dict__ = state | {"backend": kernels.restored(state["backend"])}


def _operations_of(layers):
    """The operations of layers: themselves, and the activations named in their arguments."""
    return [operation for layer in layers for operation in layer.operations]


def _name(layer, names):
    """Give a layer that belongs to no model yet a name that is none of ``names``.

    Raises ``ValueError`` where it has one of them already.
    """
    stem = snake_case(type(layer).__name__)
    if layer.backend is None and layer.name == stem and not layer.named:
        number = next(k for k in count(1) if f"{stem}_{k}" not in names)
        layer.take_name(f"{stem}_{number}")
    elif layer.name in names:
        raise ValueError(f"this model has another layer named {layer.name}; rename one of them")
