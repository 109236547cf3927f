"""Chapter 05's exercises: their checks, which say what is wrong, and solutions to read."""

from ... import layers
from ...layers.weighted import WeightedLayer
from ...layers.windows import WindowLayer
from ...model.sequential import Sequential
from ...model.summary import layer_shapes
from ...support.answers import number
from ...support.exercise import Exercise
from ...support.verdict import not_answered, not_yet, right

IMAGE = (64, 64, 3)
CLASSES = 5
MOST_PARAMETERS = 20_000
MOST_WORK = 3_000_000  # multiply-adds
LEAST_CONVOLUTIONS = 3


def check_count(answer):
    """Say whether ``answer`` is the number of parameters of exercise 1's network.

    None counts as not answered yet.

    >>> check_count(None)
    not answered yet
    >>> check_count(15_648)
    not yet: looks as if biases were left out; each filter and each unit has one
    """
    mistakes = {
        _count(bias=0): "biases were left out; each filter and each unit has one",
        _count(channels=(1, 1)): "a filter had one channel; it has weights for all that come in",
        _count(channels=(3, 1)): "a filter of the second convolution had one channel; 16 come in",
        _count(channels=(1, 16)): "a filter of the first convolution had one channel; 3 come in",
        _count(biases=(3, 16)): "a filter had a bias for each channel; it has one in all",
        _count(side=6): "the first layer were 'valid'; 'same' keeps 32×32",
        _count(side=8): "the second layer were 'same'; 'valid' loses 2 pixels a side",
        _count(dense=False): "the dense layer were left out",
    }
    mistakes = {value: f"looks as if {hint}" for value, hint in mistakes.items()}
    rule = "write down each layer's output shape first, then count layer by layer"
    return number(answer, count(), "most of them are in the dense layer", mistakes, rule)


def count():
    """A solution: the sides are 32 → 32 → 16 → 14 → 7.

    448 + 3,480 + 11,770 = 15,698.
    """
    return (9 * 3 + 1) * 16 + (9 * 16 + 1) * 24 + (7 * 7 * 24 + 1) * 10


def _count(side=7, channels=(3, 16), bias=1, biases=(1, 1), dense=True):
    """The parameters of exercise 1's network with a mistake; ``side``: of its last maps."""
    first, second = channels
    convolutions = 16 * (3 * 3 * first + bias * biases[0])
    convolutions += 24 * (3 * 3 * second + bias * biases[1])
    return convolutions + dense * 10 * (side * side * 24 + bias)


def check_design(model):
    """Say whether ``model`` keeps to what exercise 2 asks for; if not, what to change.

    None counts as not answered yet.

    >>> check_design(None)
    not answered yet
    >>> check_design(slim())
    right: 3 convolutions, 6,197 parameters, 811,168 multiply-adds
    """
    if model is None:
        return not_answered()
    problem = _no_model(model, IMAGE) or _design_problem(model)
    if problem:
        return not_yet(problem)
    _, parameters, work = _costs(model)
    convolutions = len(_convolutions(model))
    return right(f"{convolutions} convolutions, {parameters:,} parameters, {work:,} multiply-adds")


def _no_model(model, shape):
    """What is wrong where ``model`` is none, or takes other images; else None."""
    if not isinstance(model, Sequential):
        return f"give a model, Sequential([…], input_shape={shape}), not {type(model).__name__}"
    if model.input_shape != shape:
        return f"images are {shape}, your model takes {model.input_shape}"
    return None


def _costs(model):
    shapes = layer_shapes(model)
    work = sum(layer.multiply_adds(before) for layer, before, _ in shapes)
    return shapes, model.count_params(), work


def _convolutions(model):
    """Those that look at neighbours: a window of 1×1 does not."""
    return [x for x in model.layers if isinstance(x, layers.Conv2D) and max(x.window) > 1]


def _steps(layer):
    """Stride and window along each axis."""
    return zip(layer.strides, layer.window, strict=True)


def _design_problem(model):
    _, parameters, work = _costs(model)
    if model.output_shape != (CLASSES,):
        return f"{CLASSES} classes want an output of {(CLASSES,)}, yours is {model.output_shape}"
    if len(_convolutions(model)) < LEAST_CONVOLUTIONS:
        return (
            f"{LEAST_CONVOLUTIONS} convolutions at least, yours has {len(_convolutions(model))} "
            "with a window larger than 1×1"
        )
    pairs = [(x, stride, w) for x in _convolutions(model) for stride, w in _steps(x)]
    blind = [layer for layer, stride, window in pairs if stride > window]
    if blind:
        return f"the stride of {blind[0].name} is larger than its window: it skips pixels"
    linear = _linear_pair(model)
    if linear:
        return f"between {linear} there is nothing non-linear, so they are one (chapter 04)"
    if parameters > MOST_PARAMETERS:
        return f"{parameters:,} parameters; which layer has most of them?"
    if work > MOST_WORK:
        return f"{work:,} multiply-adds; fewer filters or a stride where maps are large"
    return None


BENDS = (
    layers.ReLU,
    layers.Sigmoid,
    layers.Tanh,
    layers.MaxPooling2D,
    layers.GlobalMaxPooling2D,
    layers.LpPooling2D,
)


def _linear_pair(model):
    """Two layers with weights that follow each other without a non-linearity; or None."""
    before = None
    for layer in model.layers:
        if isinstance(layer, WeightedLayer):
            if before is not None:
                return f"{before.name} and {layer.name}"
            before = layer if layer.activation is None else None
        elif isinstance(layer, BENDS):
            before = None
    return None


def slim():
    """A solution: few filters while maps are large, and no large dense layer.

    It has 6,197 parameters.
    """
    return Sequential(
        [
            layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(5, activation="softmax"),
        ],
        input_shape=(64, 64, 3),
    )


def check_averaged(answer):
    """Say whether ``answer`` is what exercise 3's network has left of its parameters.

    None counts as not answered yet.

    >>> check_averaged(320 + 18_496 + 650)
    right: some 6 % of what it had
    """
    convolutions = 3 * 3 * 1 * 32 + 32 + 3 * 3 * 32 * 64 + 64
    mistakes = {
        convolutions: "the last dense layer is still there",
        convolutions + 64 * 100 + 100 + 1010: "the hidden dense layer goes, too",
        convolutions + 1010: "the last dense layer gets 64 values now, not 100",
        convolutions + 3136 * 10 + 10: "each map becomes one value: 64 come in, not 3,136",
        convolutions + 64 * 10: "the last dense layer has biases, too",
    }
    rule = "the convolutions keep theirs; which layers change?"
    return number(answer, averaged(), "some 6 % of what it had", mistakes, rule)


def averaged():
    """A solution: 320 + 18,496 + 650 = 19,466.

    An average does not keep where a stroke was, which tells a 6 from a 9.
    """
    return 32 * (3 * 3 * 1 + 1) + 64 * (3 * 3 * 32 + 1) + 10 * (64 + 1)


def check_no_row_lost(model):
    """Say whether exercise 4's network uses every row and column of its maps.

    None counts as not answered yet.

    >>> check_no_row_lost(evened())
    right: no row is lost, and the costs are 107,658 parameters and 3,840,768 multiply-adds
    """
    if model is None:
        return not_answered()
    problem = _no_model(model, (28, 28, 1)) or _row_lost(model)
    if problem:
        return not_yet(problem)
    _, parameters, work = _costs(model)
    costs = f"{parameters:,} parameters and {work:,} multiply-adds"
    return right(f"no row is lost, and the costs are {costs}")


def _row_lost(model):
    """Which layer leaves a row unused, or that the layers are other ones; or None."""
    kinds = [type(layer) for layer in model.layers]
    if kinds != [type(layer) for layer in evened().layers]:
        return "keep the layers and their order, and change one argument"
    for layer in model.layers:
        if isinstance(layer, WindowLayer) and layer.padding == "valid":
            side = layer.input_shape[0]
            lost = (side - layer.window[0]) % layer.strides[0]
            if lost:
                return f"{layer.name} gets {side} rows and leaves {lost} of them unused"
    return None


def evened():
    """A solution: a window of 4×4 in the second convolution, so 10 rows, not 11.

    Or `padding="same"` in the first convolution.
    """
    return Sequential(
        [
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 4, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ],
        input_shape=(28, 28, 1),
    )


def check_lenet(model):
    """Say whether ``model`` is LeNet-5 as exercise 5 describes it, or which layer differs first.

    None counts as not answered yet.

    >>> check_lenet(lenet())
    right: 61,706 parameters and 416,520 multiply-adds, 1998's state of the art
    """
    if model is None:
        return not_answered()
    problem = _no_model(model, (32, 32, 1)) or _lenet_problem(model)
    if problem:
        return not_yet(problem)
    _, parameters, work = _costs(model)
    costs = f"{parameters:,} parameters and {work:,} multiply-adds"
    return right(f"{costs}, 1998's state of the art")


def _lenet_problem(model):
    """Where ``model`` first differs from LeNet-5; or None. A softmax at the end is allowed."""
    ours, theirs = layer_shapes(lenet()), layer_shapes(model)
    for (layer, before, after), (want, _, shape) in zip(theirs, ours, strict=False):
        activation, wanted = (getattr(x, "activation", None) for x in (layer, want))
        if type(layer) is not type(want):
            return f"expected {type(want).__name__} after {before}, there is {layer}"
        if after != shape:
            return f"{layer} gives {after}, expected {shape}"
        if layer.count_params() != want.count_params():
            return f"{layer} has {layer.count_params():,} parameters; is its window right?"
        if type(activation) is not type(wanted) and not isinstance(activation, layers.Softmax):
            return f"the activation of {layer} is not the one described"
    if len(theirs) != len(ours):
        return f"LeNet-5 has {len(ours)} layers here, yours {len(theirs)}"
    return None


def lenet():
    """A solution: it has 61,706 parameters."""
    return Sequential(
        [
            layers.Conv2D(6, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Conv2D(16, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(120, activation="tanh"),
            layers.Dense(84, activation="tanh"),
            layers.Dense(10),
        ],
        input_shape=(32, 32, 1),
    )


EXERCISES = (
    Exercise(1, "Count the parameters", check_count, count),
    Exercise(2, "A slim network", check_design, slim),
    Exercise(3, "Global pooling instead", check_averaged, averaged),
    Exercise(4, "No row lost", check_no_row_lost, evened),
    Exercise(5, "LeNet-5", check_lenet, lenet),
)
