"""Each public callable, with what its arguments may be.

``CALLS``: its path in ``cnncourse`` → a `Call`. A kind of argument is a `Kind`: expressions that
are right, and some that are odd or wrong besides those that any argument may get. The expressions
are made of the names in ``world.py``.
"""

# ruff: noqa: E501

from dataclasses import dataclass, field

ANYTHING = (
    "None", "nan", "inf", "-1", "0", "0.5", "10**9", "10**30", "1j", "True", "'a'", "''", "b'a'",
    "[]", "()", "{}", "[None]", "['a', 'b']", "{'a': 1}", "{'a': None}", "{1: [2]}", "object()",
    "int", "lambda *a: a", "np.array(3)", "np.array([])", "np.array(['a'])", "np.float32(2)",
    "np.int64(2)", "np.zeros((2, 2))", "np.zeros((2, 3, 4, 5, 6))", "np.array([None])", "images()",
    "np.ma.masked", "Duck([1.0])", "Liar()", "range(3)", "iter([1])", "compiled()", "dense()",
    "optimizers.SGD()", "losses.Euclidean()", "np", "...",
)  # fmt: skip
# an array of the right kind, made odd
ARRAY_LIKE = (
    "big_endian({})", "read_only({})", "strided({})", "reversed_({})", "masked({})",
    "unmasked({})", "as_objects({})", "as_text({})", "with_({}, nan)", "with_({}, inf)",
    "with_({}, -1)", "with_({}, 1e30)", "with_({}, 1e300)", "cast({}, np.float16)",
    "cast({}, np.float64)", "cast({}, complex)", "cast({}, bool)", "cast({}, np.int8)",
    "cast({}, np.longdouble)", "np.asarray({}).tolist()", "column({})", "fewer({})", "none_of({})",
    "first({})", "one_more_axis({})", "scalar({})", "ragged({})", "Duck({})", "np.asfortranarray({})",
    "tuple(np.asarray({}))", "np.asarray({}).T",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """What an argument may be."""

    right: tuple
    odd: tuple = ()
    array: bool = False  # whether what `ARRAY_LIKE` makes of it is odd, too


@dataclass(frozen=True)
class Call:
    """How to call it."""

    arguments: dict  # name → Kind
    owners: tuple = ()  # expressions of what a method belongs to; none for a function
    may_be_nan: bool = False  # where NaN says that something is not known
    use: str = ""  # the function in world.py that shows whether the result can be used
    raises: tuple = ()  # errors that the docstring names, beside ValueError and TypeError
    # words that a message about an argument may have instead of its name
    known_as: dict = field(default_factory=dict)


def right(*expressions, odd=()):
    return Kind(expressions, tuple(odd))


def array(*expressions):
    return Kind(expressions, array=True)


def one_of(*choices):
    return Kind(tuple(map(repr, choices)), ("'A'", "['a']", "('a',)"))


WHOLE = right("1", "2", "np.int64(2)", odd=("2.0", "1.5", "[2]", "-3", "np.array([2])", "'2'"))
INDEX = right("0", "1", "np.int64(0)", odd=("2.0", "-7", "9", "[1]"))
SHARE = right("0", "0.5", "np.float32(0.25)", odd=("1", "1.5", "-0.1", "[0.5]", "np.array([0.5])"))
POSITIVE = right("0.1", "1", "np.float64(0.5)", odd=("1e-300", "1e300", "[0.1]", "np.array([1.0])"))
REAL = right("0.1", "-2", "3.0")
FLAG = right("True", "False", "np.True_", "1", odd=("'False'", "2", "[1]", "np.array([1, 0])"))
VERBOSE = right("0", "False", odd=("'no'", "3", "[1]"))
TEXT = right("'a'", "'$x$'", "'σ, 1'", odd=("3", "b'x'", "['x']", "'$x'", "'\\n'", "'a' * 10**4"))
ALT = right("None", "'what it shows'")
COLUMNS = right("1", "3", "np.int64(2)", odd=("2.5", "100"))
SEED = right("None", "0", "np.int64(3)", "2**40", odd=("-2", "1.0", "[1]"))
PAIR = right("2", "(2, 1)", "[1, 2]", "np.int64(2)",
             odd=("(1, 2, 3)", "(0, 1)", "(1.0, 2)", "9", "(-1, 1)", "np.array([2, 2])", "(1,)",
                  "(2**40, 1)", "(True, 1)"))  # fmt: skip
POSITION = right("(0, 0)", "[1, 2]", "(np.int64(1), 0)", odd=(*PAIR.odd, "2", "(9, 9)"))
STRIDES = right("1", "(2, 1)", odd=("0", "(1, 2, 3)", "2**40", "(1.0, 2)"))
PADDING = right("'valid'", "'same'", "1", "(1, 0)", odd=("'full'", "(1,)", "-1", "2**40", "1.5"))
SIZE = right("1", "2", "3", odd=("2.0", "10**5", "-3", "[2]"))
ACTIVATION = right("None", "'relu'", "'softmax'", "'tanh'", "'linear'",
                   odd=("'elu'", "layers.ReLU()", "layers.ReLU", "['relu']", "np.tanh"))  # fmt: skip
INITIALIZER = right(
    "'zeros'", "'he_normal'", "initializers.normal(0.1)", "lambda shape, rng: np.ones(shape)",
    odd=("'ones'", "initializers.normal", "lambda shape, rng: 1", "lambda shape: np.ones(shape)",
         "lambda shape, rng: np.full(shape, nan)", "lambda shape, rng: None", "['zeros']",
         "lambda shape, rng: np.zeros(shape + (2,))", "lambda shape, rng: np.full(shape, 'a')"),
)  # fmt: skip
IMAGES = array("images()", "bytes_of_images()", "images(1)")
LABELS = array("labels()", "one_hot()")
CLASS_NUMBERS = array("labels()", "cast(labels(), np.uint8)", "labels()[:, None]")
ROWS = array("rows()")
PROBABILITIES = array("probabilities()")
PICTURE = array("picture()", "np.arange(6).reshape(2, 3)")
IMAGE = array("picture()", "colour()", "images()[0]")
KERNEL = array("[[1, 2], [3, 4]]", "filters.KERNELS['sharpen']")
SIGNAL = array("[1, 2, 3, 4]", "np.arange(5.0)")
WEIGHTS_1D = array("[1, -1]", "np.ones(3)")
NAMES = right("['a', 'b', 'c']", "('x', 'y', 'z')",
              odd=("['a']", "'abc'", "[1, 2, 3]", "[None] * 3", "['a'] * 4", "np.array(['a'] * 3)",
                   "{'a': 0, 'b': 1, 'c': 2}"))  # fmt: skip
CLASS_NAMES = Kind(("None", *NAMES.right), NAMES.odd)
GENERATOR = right("rng()", "rng(1)", odd=("np.random", "np.random.RandomState(0)", "lambda: 0"))
DEVICE = right("'cpu'", "'reference'", "None", "kernels.get('cpu')",
               "kernels.variant('cpu', relu=lambda x, out: np.maximum(x, 0, out=out))",
               odd=("'gpu'", "'CPU'", "['cpu']", "kernels"))  # fmt: skip
SHAPE = right("(8, 8, 1)", "[8, 8, 1]", "(np.int64(8), 8, 1)",
              odd=("(8, 8)", "(None, 8, 1)", "8", "(8.0, 8, 1)", "(0, 8, 1)", "(8, 8, -1)",
                   "np.array([8, 8, 1])", "(10**6, 10**6, 10**6)", "(8, 8, 1, 1)", "(5,)", "'881'",
                   "(2, 2, 1)"))  # fmt: skip
CLASSES = right("None", "1", "[0, 1, 2, 0, 1, 2]", odd=("3", "-1", "1.0", "[0, 1]", "'a'"))
METHOD = one_of("gradient", "gradient × input", "smoothgrad")
MAP_LAYER = right("None", "'conv2d_1'", "'max_pooling2d_1'",
                  odd=("'dense_1'", "0", "layers.Conv2D(2, 3)", "layers.Conv2D"))  # fmt: skip
FILTERS = right("0", "[1, 0]", "range(2)", odd=("[]", "2", "[0.5]", "'01'", "range(0)"))
KERNEL_4D = array("conv().get_weights()[0]", "np.ones((3, 3, 1, 2))")
# a layer's maps depend on the model, whose words they get
OF_LAYER = {"model": ("model", "layer", "filter"), "filters": ("filter",), "images": ("expected",)}
SMALL_WINDOW = {name: ("window", "pictures", "padding", name) for name in (
    "image", "kernel", "pool_size", "strides", "padding")}  # fmt: skip
LAYER = right("layers.ReLU()", "Doubled()", "layers.Dropout(0.1)",
              odd=("layers.ReLU", "dense()", "layers.Conv2D(2, 3)", "'relu'", "[layers.ReLU()]"))  # fmt: skip
LAYERS = right("chain()", "tuple(chain())", "[]", "[Doubled(), *chain()]",
               odd=("layers.Flatten()", "[layers.Flatten]", "[None]", "chain()[::-1]", "'layers'",
                    "iter(chain())", "{0: layers.Flatten()}", "[layers.Flatten()] * 2",
                    "[layers.Dense(3)]", "trained().layers", "[*chain(), layers.Conv2D(1, 1)]"))  # fmt: skip
BLOCK = right("[layers.Conv2D(1, 3, padding='same')]", "(layers.BatchNormalization(), layers.ReLU())",
              "[layers.Residual([layers.Conv2D(1, 1)])]",
              odd=("[]", "layers.ReLU()", "[layers.ReLU]", "[None]", "'relu'", "[layers.ReLU()] * 2",
                   "[layers.Conv2D(2, 3)]", "iter(maps())", "trained().layers"))  # fmt: skip
SHORTCUT = right("None", "layers.Conv2D(1, 1)", "[layers.Conv2D(1, 1), layers.BatchNormalization()]",
                 odd=("layers.Conv2D(2, 1)", "[None]", "'identity'", "True", "layers.ReLU",
                      "layers.Flatten()", "lambda x: x"))  # fmt: skip
MAPS = right("maps()", "[layers.Conv2D(2, 3), layers.ReLU()]",
             odd=("chain()", "[None]", "[layers.Conv2D]", "'ab'", "[]", "tuple(maps())",
                  "layers.Conv2D(2, 3)", "uncompiled()", "iter(maps())"))  # fmt: skip
MODEL = right("compiled()", "trained()", "uncompiled()", "distances()", "deeper()",
              odd=("unbuilt()", "no_layers()", "Sequential", "chain()", "conv()", "fitted()"))  # fmt: skip
OPTIMIZER = right("'adam'", "optimizers.SGD(0.1)", "optimizers.RMSprop()",
                  odd=("'Adam'", "optimizers.Adam", "['sgd']", "losses.Euclidean()", "0.1"))  # fmt: skip
LOSS = right("'softmax_cross_entropy'", "losses.SoftmaxCrossEntropy()",
             "'categorical_crossentropy'",
             odd=("'mse'", "losses.Euclidean", "['euclidean']", "optimizers.SGD()",
                  "'binary_crossentropy'", "'euclidean'"))  # fmt: skip
LEARNING_RATE = right("0.01", "1", "np.float32(0.1)",
                      odd=("'0.1'", "-0.1", "[0.1]", "np.array(0.1)", "1e300", "1e-300", "True"))  # fmt: skip
FUNCTION = right("None", "lambda *a: None", odd=("'print'", "[print]", "3"))
MAPPING_ODD = (
    "[1, 2]", "'ab'", "[('a', [1])]", "{'a': 'b'}", "{'a': [[1], [2, 3]]}", "{'a': []}",
    "{None: [[1.0]]}", "{3: [[1.0, 2.0]]}", "{'a': [[nan, 1]]}", "{'a': [[inf, 1]]}",
    "{'a': np.zeros((2, 2, 2, 2))}", "{'a': masked(picture())}", "{'a': as_objects(picture())}",
    "{'a': 3}", "{'a': (1, 2)}", "{'a': ([1], [2, 3])}", "{'a': compiled()}", "{'a': [1j]}",
    "{'a': (1, 2, 3), 'b': 4}", "{'a': [1e300, -1e300]}", "{'a': Duck([1.0])}", "compiled().history",
    "{'a': {'b': 1}}", "{'a': ['x', 'y']}", "{'a': [True, False]}", "{'a': picture(), 'b': None}",
)  # fmt: skip


def mapping(*expressions):
    return Kind(expressions, MAPPING_ODD)


TABLES = mapping("{'a': picture(), 'b': [1, 2]}", "{'x': [[0, 1], [1, 0]]}")
PATH = right("here('new.npz')", "here('model.npz')",
             odd=("here('none/new.npz')", "here('photos')", "here('x\\0y')", "''", "here()",
                  "here('text.txt')", "b'new.npz'", "Path(here('new.npz'))", "'a' * 300",
                  "here('photos') + '/cats/0.png'"))  # fmt: skip
FILE_ERRORS = ("OSError",)
FILE = {"path": ("/tmp/", "aaa", "new.npz", "there is no", "no such file", "path must")}
OPTIONS = {"seed": SEED, "device": DEVICE, "input_shape": SHAPE, "fuse": FLAG}
EPSILON = right("1e-7", "0.01", odd=("-1.0", "'1'", "[1]", "1e300", "1e-300"))

CLIPPING = {"weight_decay": right("None", "0.01", odd=("-1", "'a'", "1e300")),
            **{name: right("None", "1.0", "0.1", odd=("-1", "0", "'a'", "1e300", "[1]"))
               for name in ("clipnorm", "clipvalue", "global_clipnorm")}}  # fmt: skip
CLIPPED = {"clipnorm": ("clip",), "clipvalue": ("clip",), "global_clipnorm": ("clip",)}

MODEL_OWNERS = ("compiled()", "trained()", "unbuilt()", "uncompiled()", "one_output()",
                "distances()", "no_layers()", "ran()", "deeper()", "compiled(fuse=False)",
                "compiled(device='reference')")  # fmt: skip
LAYER_OWNERS = ("conv()", "dense()", "layers.Conv2D(2, 3)", "layers.Dense(2)", "layers.Flatten()",
                "layers.BatchNormalization()", "trained().layers[1]", "layers.Dropout(0.5)",
                "layers.GlobalMaxPooling2D()", "layers.LpPooling2D(2)", "layers.Softmax()",
                "layers.UpSampling2D()", "layers.Conv2DTranspose(2, 3)",
                "layers.DepthwiseConv2D(3)", "layers.SeparableConv2D(2, 3)",
                "layers.Conv2D(2, 2, dilation_rate=2)", "layers.LayerNormalization()",
                "Doubled()", "layers.MaxPooling2D(3, padding='same')",
                "layers.Residual([layers.Conv2D(1, 3, padding='same')])")  # fmt: skip
NOT_COMPILED = ("RuntimeError",)
X_AND_Y = {"x": ("images", "expected images", "layers", "input_shape", "source"),
           "y": ("labels", "targets"), "sample_weight": ("weight",)}  # fmt: skip
VALIDATION = right("None", "(images(), labels())", "[images(), one_hot()]",
                   odd=("(images(), labels(), labels())", "images()", "(1, 2)", "(images(), None)",
                        "{'x': images()}", "(images(), fewer(labels()))", "(rows(), labels())",
                        "photos()", "(images(),)"))  # fmt: skip
SAMPLE_WEIGHT = Kind(("None", "np.ones(6)", "np.arange(6) + 1"),
                     ("np.zeros(6)", "-np.ones(6)", "np.ones(5)", "with_(np.ones(6), nan)",
                      "['a'] * 6", "np.ones((6, 1))", "masked(np.ones(6))"))  # fmt: skip
CLASS_WEIGHT = right("None", "{0: 1.0, 1: 2.0, 2: 0.5}",
                     odd=("[1, 2, 3]", "{0: 1}", "{'a': 1, 'b': 2, 'c': 3}", "{0: nan, 1: 1, 2: 1}",
                          "{0: -1, 1: 1, 2: 1}", "{7: 1}", "{0: '1', 1: 1, 2: 1}"))  # fmt: skip
STEPS = right("None", "1", "2", odd=("0", "2.0", "'1'"))
BATCH_SIZE = right("None", "2", "np.int64(4)", odd=("0", "2.0", "'2'", "[2]"))
WEIGHTS = right("{owner}.get_weights()", odd=("[]", "[np.ones(2)]", "{owner}.get_weights()[:-1]",
                "[w.tolist() for w in {owner}.get_weights()]",
                "[w.astype(complex) for w in {owner}.get_weights()]",
                "[w.astype(str) for w in {owner}.get_weights()]",
                "[w * nan for w in {owner}.get_weights()]",
                "[w + 1e300 for w in map(np.float64, {owner}.get_weights())]",
                "[masked(w) for w in {owner}.get_weights()]",
                "[big_endian(w) for w in {owner}.get_weights()]",
                "[as_objects(w) for w in {owner}.get_weights()]",
                "[w.T for w in {owner}.get_weights()]",
                "{str(k): w for k, w in enumerate({owner}.get_weights())}"))  # fmt: skip

CLIENT = right("None", odd=("3", "'tcp://127.0.0.1:8786'"))
FIT = {
    "x": Kind(("images()", "bytes_of_images()", "photos()"), IMAGES.odd, array=True),
    "y": Kind(("labels()", "one_hot()", "None"), array=True),
    "batch_size": BATCH_SIZE, "epochs": WHOLE, "verbose": right("0", "False"),
    "callbacks": right("()", "[]", "[lambda epoch, logs: None]", "[callbacks.Callback()]",
                       odd=("print", "[3]", "callbacks.Callback()", "[callbacks.EarlyStopping]",
                            "['a']", "[callbacks.EarlyStopping()]", "[lambda: None]")),
    "validation_split": SHARE, "validation_data": VALIDATION, "shuffle": FLAG,
    "class_weight": CLASS_WEIGHT, "sample_weight": SAMPLE_WEIGHT, "initial_epoch": INDEX,
    "steps_per_epoch": STEPS, "validation_steps": STEPS,
    "augment": right("None", "augmentation.Augmentation(flip=True)", "lambda x, rng: x",
                     odd=("3", "'flip'", "lambda x: x", "lambda x, rng: x[:1]",
                          "lambda x, rng: None", "augmentation.random_flip",
                          "lambda x, rng: x * nan")),
    "resume": FLAG,
}  # fmt: skip
FIT_WORDS = X_AND_Y | {
    "callbacks": ("callback", "EarlyStopping"), "resume": ("epochs",),
    "validation_data": ("validation",), "validation_split": ("validation",),
    "initial_epoch": ("epochs",), "epochs": ("initial_epoch",),
}  # fmt: skip
POOLING = {"pool_size": PAIR, "strides": STRIDES, "padding": PADDING}
WINDOW_WORDS = {"strides": ("strides",), "padding": ("padding",), "kernel_size": ("window",),
                "pool_size": ("window",), "dilation_rate": ("window",),
                "activation": ("softmax",)}  # fmt: skip
CONVOLUTION = {"kernel_size": PAIR, "strides": STRIDES, "padding": PADDING,
               "activation": ACTIVATION, "use_bias": FLAG, "bias_initializer": INITIALIZER,
               "dilation_rate": PAIR}  # fmt: skip
MULTIPLIER = right("1", "2", odd=("0", "2.0", "[2]", "True"))


def layer(known_as=None, **arguments):
    return Call(arguments, use="use_layer", known_as=known_as or {})


def plot(known_as=None, **arguments):
    return Call(arguments, use="use_figure", known_as=known_as or {})


def model(known_as=None, raises=(), **arguments):
    return Call(arguments, MODEL_OWNERS, raises=raises, known_as=known_as or {})


def of_layer(**arguments):
    return Call(arguments, LAYER_OWNERS)


NO_TITLE = {"alt": ("alt",)}
CALLS = {
    # one object each
    "to_categorical": Call({"labels": CLASS_NUMBERS, "num_classes": right("3", "None", odd=("2",))},
                           known_as={"num_classes": ("labels",)}),
    "use_device": Call({"device": DEVICE}),
    "progress": Call({"iterable": right("[1, 2]", "range(3)", odd=("None",)), "desc": TEXT,
                      "total": right("None", "2"), "disable": FLAG}, use="use_progress"),
    "CNNClassifier": Call({
        "filters": right("(2,)", "[2, 3]", "()", odd=("3", "(0,)", "(2.5,)", "'23'", "[None]")),
        "kernel_size": PAIR, "dense_units": right("()", "(4,)", odd=("4", "(0,)", "'4'")),
        "make_layers": right("None", "lambda n: [layers.Flatten(), layers.Dense(n)]",
                             odd=("chain", "[layers.Flatten()]", "lambda n: None", "lambda: []",
                                  "lambda n: [layers.Dense(n)]", "lambda n: []")),
        "epochs": WHOLE, "batch_size": WHOLE, "learning_rate": LEARNING_RATE,
        "optimizer": right("'adam'", "'sgd'", odd=("'Adam'", "optimizers.SGD()", "['sgd']")),
        "device": DEVICE, "random_state": right("0", "None", "np.random.RandomState(0)",
                                                odd=("'a'", "-1", "rng()", "1.5")),
        "verbose": right("False", "0")}, use="use_classifier",
        known_as={"filters": ("layers",), "kernel_size": ("window",), "make_layers": ("layers",),
                  "dense_units": ("units",)}),
    "CNNClassifier.fit": Call({"X": Kind(("images()", "rows()", "bytes_of_images()"), array=True),
                               "y": Kind(("labels()", "np.array(list('abcabc'))"), array=True)},
                              ("classifier()", "fitted()"), known_as={"y": ("labels", "classes")}),
    "CNNClassifier.predict": Call({"X": IMAGES}, ("fitted()", "classifier()"),
                                  raises=("NotFittedError",)),
    "CNNClassifier.predict_proba": Call({"X": IMAGES}, ("fitted()", "classifier()"),
                                        raises=("NotFittedError",)),
    # the model
    "Sequential": Call({"layers": LAYERS, **OPTIONS}, use="use_model",
                       raises=("NotImplementedError",),
                       known_as={"input_shape": ("expected", "window"), "layers": ("layer", "dense",
                                 "conv2d", "model")}),
    "Sequential.add": model({"layer": ("layers", "expected")}, layer=LAYER),
    "Sequential.compile": model({"optimizer": (), "loss": ("CrossEntropy", "Euclidean")},
                                optimizer=OPTIMIZER, loss=LOSS, metrics=right(
        "('accuracy',)", "['acc']", "None", odd=("'accuracy'", "['auc']", "[print]", "3", "[[1]]"))),
    "Sequential.to": model(device=DEVICE),
    "Sequential.scores": model(X_AND_Y, NOT_COMPILED, x=IMAGES, training=FLAG),
    "Sequential.train_on_batch": model(X_AND_Y, NOT_COMPILED, x=IMAGES, y=LABELS,
                                       sample_weight=SAMPLE_WEIGHT, class_weight=CLASS_WEIGHT),
    "Sequential.fit": model(FIT_WORDS, NOT_COMPILED, **FIT),
    "Sequential.evaluate": model(X_AND_Y, NOT_COMPILED, x=FIT["x"], y=FIT["y"],
                                 batch_size=BATCH_SIZE, verbose=VERBOSE,
                                 sample_weight=SAMPLE_WEIGHT),
    "Sequential.predict": model(X_AND_Y, x=FIT["x"], batch_size=BATCH_SIZE, verbose=VERBOSE),
    "Sequential.save": model({"path": ("shapes", "layers")}, FILE_ERRORS, path=PATH),
    "Sequential.load": Call({"path": right("here('model.npz')", odd=PATH.odd),
                             "custom": right("()", "[Doubled]",
                                             odd=("Doubled", "[3]", "'ab'", "[Doubled()]"))},
                            use="use_model", raises=FILE_ERRORS,
                            known_as={"path": ("model that cnncourse saved",)}),
    "Sequential.get_layer": model(name=right("None", "'dense_1'", odd=("'dense'", "'none'")),
                                  index=right("None", "0", "-1", odd=("99", "1.0"))),
    "Sequential.summary": model(), "Sequential.explain": model(),
    "Sequential.fully_convolutional": model(),
    "Sequential.count_params": model(), "Sequential.get_weights": model(),
    "Sequential.set_weights": model({"weights": ("weight",)}, weights=WEIGHTS),
    "Sequential.forward": model(X_AND_Y, x=IMAGES, training=FLAG),
    "Sequential.__call__": model(X_AND_Y, x=IMAGES, training=FLAG),
    "Sequential.backward": model(None, NOT_COMPILED,
                                 gradient=array("one_hot()", "cast(one_hot(), float)"),
                                 need_input_gradient=FLAG),
    # layers
    "layers.Layer": Call({}),
    "layers.Conv2D": layer(WINDOW_WORDS, filters=SIZE, **CONVOLUTION,
                           kernel_initializer=INITIALIZER),
    "layers.DepthwiseConv2D": layer(WINDOW_WORDS, **CONVOLUTION, depth_multiplier=MULTIPLIER,
                                    depthwise_initializer=INITIALIZER),
    "layers.SeparableConv2D": layer(WINDOW_WORDS, filters=SIZE, **CONVOLUTION,
                                    depth_multiplier=MULTIPLIER,
                                    depthwise_initializer=INITIALIZER,
                                    pointwise_initializer=INITIALIZER),
    "layers.Conv2DTranspose": layer(
        {**WINDOW_WORDS, "filters": ("output",), "strides": ("strides", "output"),
         "padding": ("padding", "output")}, filters=SIZE, kernel_size=PAIR, strides=STRIDES,
        padding=PADDING, activation=ACTIVATION, use_bias=FLAG, kernel_initializer=INITIALIZER,
        bias_initializer=INITIALIZER),
    "layers.UpSampling2D": layer({"size": ("output",)}, size=PAIR,
                                 interpolation=one_of("nearest", "bilinear")),
    "layers.Dense": layer(units=SIZE, activation=ACTIVATION, use_bias=FLAG,
                          kernel_initializer=INITIALIZER, bias_initializer=INITIALIZER),
    "layers.MaxPooling2D": layer(WINDOW_WORDS, **POOLING),
    "layers.AveragePooling2D": layer(WINDOW_WORDS, **POOLING),
    "layers.WeightedAveragePooling2D": layer(WINDOW_WORDS, **POOLING),
    "layers.LpPooling2D": layer(WINDOW_WORDS, **POOLING,
                                p=right("1", "2", "2.5", odd=("0.5", "'2'", "1e300", "100"))),
    "layers.GlobalAveragePooling2D": layer(), "layers.GlobalMaxPooling2D": layer(),
    "layers.BatchNormalization": layer(momentum=SHARE, epsilon=EPSILON),
    "layers.LayerNormalization": layer(axis=right("-1", odd=("1", "[1, 2, 3]", "-1.0")),
                                       epsilon=EPSILON, center=FLAG, scale=FLAG),
    "layers.Dropout": layer(rate=SHARE), "layers.Flatten": layer(), "layers.ReLU": layer(),
    "layers.Residual": layer({"activation": ("softmax",), "shortcut": ("layers",),
                              "layers": ("shortcut", "block", "expected")},
                             layers=BLOCK, shortcut=SHORTCUT, activation=ACTIVATION),
    "layers.Sigmoid": layer(), "layers.Softmax": layer(), "layers.Tanh": layer(),
    "layers.Layer.__call__": Call({"x": Kind(("images()", "rows()"), array=True), "training": FLAG},
                                  LAYER_OWNERS, raises=("NotImplementedError",),
                                  known_as={"x": ("expected",)}),
    "layers.Layer.build": Call({"input_shape": SHAPE, "backend": right("None", "kernels.get('cpu')"),
                                "rng": GENERATOR}, LAYER_OWNERS,
                               known_as={"input_shape": ("expected", "window"),
                                         "backend": ("device",)}),
    "layers.Layer.output_shape": Call({"input_shape": SHAPE}, LAYER_OWNERS,
                                      known_as={"input_shape": ("expected", "window")}),
    "layers.Layer.multiply_adds": Call({"input_shape": SHAPE}, LAYER_OWNERS,
                                       known_as={"input_shape": ("expected", "window")}),
    "layers.Layer.count_params": of_layer(), "layers.Layer.count_trainable": of_layer(),
    "layers.Layer.get_weights": of_layer(),
    "layers.Layer.set_weights": Call({"weights": WEIGHTS}, LAYER_OWNERS, known_as={"weights": ("weight",)}),
    # losses and optimizers
    "losses.SoftmaxCrossEntropy": Call({"from_logits": FLAG, "label_smoothing": SHARE}, use="use_loss"),
    "losses.SigmoidCrossEntropy": Call({"from_logits": FLAG, "label_smoothing": SHARE}, use="use_loss"),
    "losses.Euclidean": Call({}, use="use_loss"), "losses.Loss": Call({}),
    "losses.CrossEntropy": Call({"from_logits": FLAG}),
    "losses.get": Call({"loss": LOSS}),
    "losses.Loss.__call__": Call(
        {"outputs": PROBABILITIES, "labels": LABELS, "sample_weight": SAMPLE_WEIGHT},
        ("losses.SoftmaxCrossEntropy()", "losses.SigmoidCrossEntropy()", "losses.Euclidean()",
         "losses.SoftmaxCrossEntropy(from_logits=False)",
         "losses.SigmoidCrossEntropy(from_logits=False)", "losses.Loss()"),
        raises=("NotImplementedError",),
        known_as={"outputs": ("expected probabilities", "labels"), "sample_weight": ("weight",)}),
    "losses.Loss.gradient": Call({}, ("used(losses.SoftmaxCrossEntropy())", "losses.Euclidean()"),
                                 raises=NOT_COMPILED),
    "optimizers.SGD": Call({"learning_rate": LEARNING_RATE, "momentum": SHARE, "nesterov": FLAG,
                            **CLIPPING}, use="use_optimizer", known_as=CLIPPED),
    "optimizers.RMSprop": Call({"learning_rate": LEARNING_RATE, "rho": SHARE, "epsilon": EPSILON,
                                **CLIPPING}, use="use_optimizer", known_as=CLIPPED),
    **{f"optimizers.{name}": Call(
        {"learning_rate": LEARNING_RATE, "beta_1": SHARE, "beta_2": SHARE, "epsilon": EPSILON,
         **CLIPPING}, use="use_optimizer", known_as=CLIPPED) for name in ("Adam", "AdamW")},
    "optimizers.Optimizer.exclude_from_weight_decay": Call(
        {"var_names": right("['bias']", "['bias', 'gamma']", odd=("'bias'", "[3]"))},
        ("optimizers.AdamW()", "optimizers.SGD()")),
    "optimizers.Optimizer": Call({"learning_rate": LEARNING_RATE}),
    "optimizers.get": Call({"optimizer": OPTIMIZER}),
    # schedules
    "schedules.LearningRateSchedule": Call({}),
    "schedules.Constant": Call({"learning_rate": LEARNING_RATE}, use="use_schedule"),
    "schedules.PiecewiseConstantDecay": Call({
        "boundaries": right("[1]", "[1, 3]", odd=("[3, 1]", "[-1]", "[0.5]", "np.array([1])")),
        "values": right("[0.1, 0.01]", "[0.3, 0.2, 0.1]", odd=("[0.1]", "['a', 'b']"))},
        use="use_schedule"),
    "schedules.ExponentialDecay": Call({
        "initial_learning_rate": LEARNING_RATE, "decay_steps": WHOLE, "decay_rate": POSITIVE,
        "staircase": FLAG}, use="use_schedule"),
    "schedules.CosineDecay": Call({
        "initial_learning_rate": LEARNING_RATE, "decay_steps": WHOLE, "alpha": SHARE,
        "warmup_target": right("None", "0.1"), "warmup_steps": INDEX}, use="use_schedule"),
    "schedules.CosineDecayRestarts": Call({
        "initial_learning_rate": LEARNING_RATE, "first_decay_steps": WHOLE, "t_mul": POSITIVE,
        "m_mul": POSITIVE, "alpha": SHARE}, use="use_schedule"),
    "schedules.OneCycle": Call({
        "max_learning_rate": LEARNING_RATE, "total_steps": WHOLE, "pct_start": SHARE,
        "div_factor": POSITIVE, "final_div_factor": POSITIVE}, use="use_schedule"),
    # initializers
    "initializers.Initializer": Call({}),
    "initializers.Constant": Call({"value": REAL}, use="use_initializer"),
    "initializers.constant": Call({"value": REAL}, use="use_initializer"),
    **{f"initializers.{name}": Call({}, use="use_initializer")
       for name in ("GlorotNormal", "LecunNormal", "HeUniform", "Ones")},
    **{f"initializers.{name}": Call({"shape": right("(3, 2)", "(3, 3, 1, 2)", odd=SHAPE.odd),
                                     "rng": GENERATOR})
       for name in ("glorot_normal", "lecun_normal", "he_uniform", "ones")},
    "initializers.GlorotUniform": Call({}, use="use_initializer"),
    "initializers.HeNormal": Call({}, use="use_initializer"),
    "initializers.Zeros": Call({}, use="use_initializer"),
    "initializers.Normal": Call({"stddev": right("0.1", "0", "2", odd=("-1", "'1'", "1e300"))},
                                use="use_initializer"),
    "initializers.glorot_uniform": Call({"shape": right("(3, 2)", "(3, 3, 1, 2)", odd=SHAPE.odd),
                                         "rng": GENERATOR}),
    "initializers.he_normal": Call({"shape": right("(3, 2)", odd=SHAPE.odd), "rng": GENERATOR}),
    "initializers.zeros": Call({"shape": right("(3, 2)", "(4,)", odd=SHAPE.odd), "rng": GENERATOR}),
    "initializers.normal": Call({"stddev": right("0.1", odd=("-1", "'1'"))}, use="use_initializer"),
    "initializers.get": Call({"initializer": INITIALIZER}),
    # callbacks
    "callbacks.Callback": Call({}, use="use_callback"),
    "callbacks.LambdaCallback": Call({name: FUNCTION for name in (
        "on_epoch_begin", "on_epoch_end", "on_train_begin", "on_train_end",
        "on_train_batch_begin", "on_train_batch_end")}, use="use_callback"),
    "callbacks.EarlyStopping": Call({
        "monitor": right("'val_loss'", "'loss'", "'accuracy'", odd=("'auc'", "3", "['loss']")),
        "min_delta": SHARE, "patience": INDEX, "verbose": VERBOSE, "mode": one_of("auto", "min"),
        "baseline": right("None", "0.5"), "restore_best_weights": FLAG, "start_from_epoch": INDEX},
        use="use_callback"),
    "callbacks.ModelCheckpoint": Call({
        "filepath": PATH, "monitor": right("'val_loss'", odd=("'auc'", "3")), "verbose": VERBOSE,
        "save_best_only": FLAG, "mode": one_of("auto", "max"), "save_freq": right("'epoch'", "1"),
        "initial_value_threshold": right("None", "0.5")}, use="use_callback", raises=FILE_ERRORS, known_as={"filepath": ("path",)}),
    "callbacks.CSVLogger": Call({
        "filename": right("here('new.csv')", odd=PATH.odd), "separator": right("','", "';'",
                                                                         odd=("''", "'ab'", "3")),
        "append": FLAG}, use="use_callback", raises=FILE_ERRORS,
        known_as={"filename": ("path",)}),
    "callbacks.LearningRateScheduler": Call({
        "schedule": right("lambda epoch: 0.1", "lambda epoch, rate: rate / 2",
                          odd=("0.1", "'step'", "lambda: 0.1", "lambda epoch: 'a'",
                               "lambda epoch: nan", "lambda epoch: -1", "lambda epoch: None")),
        "verbose": VERBOSE}, use="use_callback", known_as={"schedule": ("learning_rate",)}),
    # data
    "datasets.load": Call({"name": one_of("digits", "mnist"), "fallback": right("None", "'digits'"),
                           "quick": right("None", "True", "False")}),
    "datasets.read_image": Call({
        "path": right("here('picture.png')", "Path(here('picture.png'))",
                      odd=(*PATH.odd, "[here('picture.png')]", "Image.new('L', (3, 3))")),
        "target_size": right("None", "(4, 5)", "[4, 5]",
                             odd=("4", "(4,)", "(4, 5, 6)", "(0, 4)", "(2.5, 3)", "(-1, 2)", "'45'",
                                  "(10**9, 10**9)", "(np.int64(4), 4)", "np.array([4, 4])")),
        "color": one_of("rgb", "grayscale")}, raises=FILE_ERRORS,
        known_as=FILE),
    "datasets.image_folder": Call({
        "path": right("here('photos')", odd=(*PATH.odd, "here('empty')", "here('picture.png')")),
        "target_size": right("(8, 8)", odd=("8", "(8,)", "(0, 8)", "(8.0, 8)", "(10**9, 10**9)")),
        "batch_size": WHOLE, "class_mode": one_of("binary", "categorical", "sparse"),
        "rescale": right("1 / 255", "1", odd=("0", "'1'", "1e300", "-1", "[1]")),
        "color": one_of("rgb", "grayscale"), "shuffle": FLAG, "seed": SEED,
        "augment": right("None", "augmentation.Augmentation(shift=1)", odd=("print", "'flip'")),
        "workers": right("1", "None", odd=("0", "1.5")),
        "cache_megabytes": right("64", "0", odd=("-1", "'1'"))},
        use="use_folder", raises=FILE_ERRORS, known_as={"path": ("sub-folder", "class")}),
    "datasets.canvases": Call({
        "count": right("1", "3", "np.int64(2)", odd=("2.0", "0", "[2]")),
        "size": right("32", "(32, 48)", "np.int64(40)", odd=("8", "(32,)", "(2.0, 32)", "10**6", "'32'")),
        "objects": right("(1, 2)", "[1, 8]", odd=("2", "(2, 1)", "(0, 1)", "(1, 9)", "(1.0, 2)", "(1,)")),
        "classes": right("3", "['cat', 'star']", "('ball',)",
                         odd=("0", "17", "['dog']", "[]", "'cat'", "['cat', 'cat']", "[3]")),
        "part": one_of("train", "test"), "seed": right("0", "2**40", odd=("-1", "1.0", "None"))},
        raises=FILE_ERRORS),
    "datasets.Canvases": Call({"images": IMAGES, "boxes": right("()"), "masks": IMAGES,
                               "class_names": NAMES}),
    "datasets.image_folder.ordered": Call({"steps": STEPS}, ("photos()",)),
    "datasets.image_folder.dummy_images": Call({}, ("photos()",)),
    "datasets.read_idx": Call({"path": PATH}, raises=FILE_ERRORS, known_as=FILE),
    "datasets.Dataset.split": Call({"count": WHOLE, "seed": SEED}, ("dataset()",)),
    "datasets.Split.part": Call({"chosen": array("np.array([0, 2])", "slice(0, 2)")},
                                ("dataset().train",)),
    "datasets.Split": Call({"images": IMAGES, "labels": CLASS_NUMBERS}),
    "datasets.Split.from_bytes": Call({
        "pixels": array("np.zeros((3, 8, 8), np.uint8)"),
        "labels": array("np.zeros(3, np.uint8)")}),
    "datasets.Dataset": Call({"name": TEXT, "class_names": NAMES, "train": right("dataset().train"),
                              "test": right("dataset().test"), "source": TEXT}),
    # filters
    **{f"filters.{name}": Call({
        first: image, "kernel": kernel, "mode": one_of("valid", "same", "full"),
        "boundary": one_of("fill", "symm", "wrap")})
       for name, first, image, kernel in (
           ("conv1d", "signal", SIGNAL, WEIGHTS_1D), ("correlate1d", "signal", SIGNAL, WEIGHTS_1D),
           ("conv2d", "image", IMAGE, KERNEL), ("correlate2d", "image", IMAGE, KERNEL))},
    "filters.box": Call({"size": SIZE}),
    "filters.gaussian": Call({"size": SIZE, "sigma": POSITIVE}),
    # augmentation
    "augmentation.Augmentation": Call({
        "flip": FLAG, "shift": POSITIVE, "rotate": POSITIVE, "zoom": SHARE, "brightness": SHARE},
        use="use_augmentation"),
    "augmentation.Augmentation.__call__": Call(
        {"images": array("bytes_of_images()[0]", "np.uint8(255 * colour())", "images()"),
         "rng": GENERATOR},
        ("augmentation.Augmentation(flip=True)", "augmentation.Augmentation(shift=2, rotate=9)",
         "augmentation.Augmentation(brightness=0.5)", "augmentation.Augmentation()")),
    "augmentation.random_flip": Call({"images": IMAGES, "rng": GENERATOR}),
    "augmentation.random_shift": Call({"images": IMAGES, "pixels": WHOLE, "rng": GENERATOR}),
    "augmentation.shift": Call({
        "images": IMAGES, "down": right("0", "-1", "2", odd=("1.5", "10**6", "[1]")),
        "right": right("0", "1", odd=("1.5", "-10**6"))}),
    # metrics, gradients
    **{f"metrics.{name}": Call({"labels": CLASS_NUMBERS, "probabilities": PROBABILITIES,
                                "bins": WHOLE})
       for name in ("expected_calibration_error", "reliability")},
    "metrics.temperature": Call({"labels": CLASS_NUMBERS, "probabilities": PROBABILITIES}),
    "metrics.with_temperature": Call({
        "probabilities": PROBABILITIES,
        "temperature": right("2", "0.5", odd=("0", "-1", "1000", "'1'"))}),
    "metrics.mcnemar": Call({"labels": CLASS_NUMBERS, "first": CLASS_NUMBERS,
                             "second": CLASS_NUMBERS}),
    "metrics.per_class": Call({"labels": CLASS_NUMBERS, "predictions": CLASS_NUMBERS,
                               "classes": right("3", "4", odd=("2", "3.0", "'3'"))}, may_be_nan=True),
    "metrics.report": Call({"labels": CLASS_NUMBERS, "predictions": CLASS_NUMBERS,
                            "class_names": NAMES}, known_as={"class_names": ("classes",)}),
    "metrics.top_k_accuracy": Call({"labels": CLASS_NUMBERS, "probabilities": PROBABILITIES,
                                    "k": right("1", "2", odd=("0", "5", "1.0"))}),
    "metrics.wilson_interval": Call({"correct": right("3", "0", odd=("9", "-1", "1.5")),
                                     "images": right("5", "np.int64(7)", odd=("0", "-1")),
                                     "confidence": SHARE}),
    "metrics.confusion": Call({"labels": CLASS_NUMBERS, "predictions": CLASS_NUMBERS,
                               "classes": right("3", "4", odd=("2", "3.0", "'3'", "10**5"))},
                              known_as={"classes": ("labels",)}),
    "metrics.most_confused": Call({"labels": CLASS_NUMBERS, "predictions": CLASS_NUMBERS,
                                   "classes": right("3", odd=("2", "3.0")), "count": WHOLE},
                                  known_as={"classes": ("labels",)}),
    "gradients.numerical": Call({
        "function": right("lambda: 0.5", odd=("3", "lambda x: x", "lambda: 'a'", "lambda: None")),
        "array": array("np.ones((2, 2))"), "step": POSITIVE}),
    "gradients.difference": Call({"gradient": array("np.ones(3)"), "expected": array("-np.ones(3)")}),
    "gradients.check": Call({
        "model": right("compiled(device='reference')", odd=(*MODEL.right, *MODEL.odd)),
        "x": array("images(2)"), "y": array("labels(2)")}, known_as=X_AND_Y | {
            "model": ("input_shape", "compile")}, raises=NOT_COMPILED),
    # explanations
    "explanations.saliency": Call({
        "model": MODEL, "images": IMAGES, "classes": CLASSES, "method": METHOD, "samples": WHOLE,
        "noise": SHARE, "seed": SEED}, known_as={"images": ("expected", "window")}),
    "explanations.occlusion": Call({
        "model": MODEL, "images": IMAGES, "classes": CLASSES, "size": WHOLE, "stride": WHOLE,
        "fill": SHARE}),
    "explanations.grad_cam": Call({"model": MODEL, "images": IMAGES, "classes": CLASSES,
                                   "layer": MAP_LAYER}, known_as=OF_LAYER),
    "explanations.strongest_patches": Call({
        "model": MODEL, "images": IMAGES, "layer": MAP_LAYER, "filter": INDEX, "count": WHOLE},
        known_as=OF_LAYER),
    "explanations.preferred_images": Call({
        "model": MODEL, "layer": MAP_LAYER, "filters": FILTERS, "steps": WHOLE, "seed": SEED},
        known_as=OF_LAYER),
    "explanations.activations": Call({"model": MODEL, "images": IMAGES}),
    "explanations.last_hidden": Call({"model": MODEL, "images": IMAGES}),
    "explanations.in_two_dimensions": Call({
        "features": ROWS, "method": one_of("pca", "tsne"), "seed": SEED}),
    "explanations.filter_changes": Call({"before": KERNEL_4D, "after": KERNEL_4D}, may_be_nan=True),
    # quantization and export
    "quantization.quantize": Call({"model": MODEL, "images": IMAGES}, use="use_quantized"),
    "quantization.QuantizedModel.predict": Call({"images": IMAGES}, ("quantized()",)),
    "quantization.QuantizedModel.integers": Call({"images": IMAGES}, ("quantized()",)),
    "quantization.QuantizedModel.image_integers": Call({"images": IMAGES}, ("quantized()",)),
    "quantization.QuantizedModel.layer_errors": Call({"images": IMAGES}, ("quantized()",)),
    "quantization.QuantizedModel.evaluate": Call({"images": IMAGES, "labels": CLASS_NUMBERS},
                                                 ("quantized()",)),
    "quantization.QuantizedModel.sizes": Call({}, ("quantized()",)),
    "quantization.QuantizedModel.plan": Call({}, ("quantized()",)),
    "export.to_c": Call({"model": MODEL, "path": right("here('new.c')", odd=PATH.odd),
                         "dtype": one_of("float32", "int8"),
                         "calibration": Kind(("None", *IMAGES.right), IMAGES.odd, array=True)},
                        raises=FILE_ERRORS, known_as=FILE | {"calibration": ("images",)}),
    "export.to_wasm": Call({"model": MODEL, "path": right("here('new.wasm')", odd=PATH.odd),
                            "dtype": one_of("float32", "int8"),
                            "calibration": Kind(("None", *IMAGES.right), IMAGES.odd, array=True)},
                           raises=(*FILE_ERRORS, "ModuleNotFoundError"),
                           known_as=FILE | {"calibration": ("images",)}),
    "export.to_onnx": Call({"model": MODEL, "path": right("here('new.onnx')", odd=PATH.odd)},
                           raises=(*FILE_ERRORS, "ModuleNotFoundError"), known_as=FILE),
    "export.to_html": Call({
        "model": right("networks.explained()", odd=(*MODEL.right, *MODEL.odd, "quantized()")),
        "path": right("here('new.html')", odd=PATH.odd),
        "calibration": Kind(("np.ones((2, 28, 28, 1))",), ("None", *IMAGES.right), array=True)},
        raises=FILE_ERRORS, known_as=FILE | {"calibration": ("images",)}),
    # distributed
    "distributed.Timeline": Call({"most": WHOLE}),
    "distributed.fit": Call(
        {"model": MODEL, **FIT, "client": CLIENT,
         "micro_batches": right("1", "2", odd=("0", "2.0", "'2'", "99")),
         "timeline": right("None", "distributed.Timeline()", odd=("3", "[]"))},
        raises=(*NOT_COMPILED, "ModuleNotFoundError"), known_as=FIT_WORDS),
    "distributed.predict": Call(
        {"model": MODEL, "folder": right("photos()", odd=("images()", "3", "'photos'")),
         "client": CLIENT}, raises=("ModuleNotFoundError",), known_as={"folder": ("images", "window")}),
    "distributed.study": Call(
        {"function": right("lambda seed: seed", "lambda seed: {'x': np.arange(seed)}",
                           odd=("3", "lambda: 0", "lambda seed: object()", "lambda seed: 1 / seed")),
         "candidates": right("[{'seed': 1}, {'seed': 2}]", "()",
                             odd=("{'seed': 1}", "[3]", "'ab'", "[{'size': 1}]", "[{'seed': 0}]")),
         "folder": right("here('results')", odd=PATH.odd), "client": CLIENT,
         "verbose": VERBOSE}, raises=(*FILE_ERRORS, "RuntimeError", "ModuleNotFoundError"),
        known_as=FILE | {"candidates": ("settings", "does not take")}),
    # networks
    **{f"networks.{name}": Call(OPTIONS | extra, use="use_model", known_as={"input_shape": ("expected", "window")})
       for name, extra in (("tutorial", {"kernel_initializer": INITIALIZER}), ("ntnu", {}),
                           ("postech", {"bias_initializer": INITIALIZER}), ("renom", {}),
                           ("explained", {}))},
    # kernels
    "kernels.get": Call({"device": DEVICE}, raises=("RuntimeError",)),
    "kernels.use_device": Call({"device": DEVICE}, raises=("RuntimeError",)),
    "kernels.variant": Call({
        "device": DEVICE, "relu": right("lambda x, out: np.maximum(x, 0, out=out)",
                                        odd=("lambda x: x", "lambda x, out: None", "np.tanh",
                                             "lambda x, out: 'a'", "lambda x, out: x[:1]"))},
        use="use_backend", raises=("RuntimeError",)),
    # demos
    "demos.convolution_playground": Call(
        {"image": Kind(("None", *IMAGE.right), array=True)}, use="use_demo"),
    "demos.draw_digit": Call(
        {"model": right("networks.tutorial()", odd=(*MODEL.right, *MODEL.odd))}, use="use_demo"),
    "demos.explorer": Call(
        {"model": MODEL, "images": Kind(("None", *IMAGES.right), array=True)}, use="use_demo",
        known_as={"images": X_AND_Y["x"]}),
    "demos.live_training": Call(
        {"model": MODEL, "x": IMAGES, "y": LABELS, "validation_data": VALIDATION,
         "batch_size": WHOLE, "class_names": CLASS_NAMES, "seed": INDEX}, use="use_demo",
        raises=NOT_COMPILED, known_as=X_AND_Y | {"validation_data": ("validation",)}),
    # plots
    "plots.architecture": plot(model=MODEL), "plots.costs": plot(model=MODEL),
    "plots.confusion_matrix": plot({"class_names": ("labels", "num_classes", "classes")},
                                   labels=CLASS_NUMBERS, predictions=CLASS_NUMBERS,
                                   class_names=NAMES),
    "plots.mistakes": plot({"class_names": ("labels", "num_classes", "classes")}, images=IMAGES,
                           labels=CLASS_NUMBERS, probabilities=PROBABILITIES, class_names=NAMES,
                           count=WHOLE, alt=ALT),
    "plots.curves": plot(lines=mapping("{'a': ([0, 1], [2, 3])}", "{'b': (np.arange(3), [1, 2, 3])}"),
                         xlabel=TEXT, ylabel=TEXT, logarithmic=FLAG, alt=ALT),
    "plots.intervals": plot(estimates=mapping("{'a': (1, 0.5, 2)}"), xlabel=TEXT, alt=ALT),
    "plots.feature_maps": plot(maps=array("images()[0]", "np.ones((4, 4, 3))"), columns=COLUMNS),
    "plots.filters": plot({"channel": ("kernel",)}, kernel=array("conv().get_weights()[0]"),
                          channel=right("0", "np.int64(0)", odd=INDEX.odd), columns=COLUMNS),
    "plots.grids": plot(arrays=TABLES, frames=mapping("None", "{'a': [(0, 0, 1, 1)]}"), alt=ALT),
    "plots.histograms": plot(values=mapping("{'a': [1, 2, 2]}", "{'a': picture()}"), xlabel=TEXT,
                             alt=ALT, bins=right("5", "50", odd=("0", "2.5", "'auto'", "10**9"))),
    "plots.history": plot(history=mapping("trained().history", "{'loss': [1, 2]}")),
    "plots.images": plot(pictures=Kind(("images()", "np.stack([colour()] * 2)"), array=True),
                         titles=right("None", "'abcdef'", "['a'] * 6",
                                      odd=("['a']", "3", "[None] * 6", "'ab'", "range(6)")),
                         columns=COLUMNS, alt=ALT, size=right("1.0", "2", odd=("0", "1e6", "'1'"))),
    "plots.losses": plot(runs=mapping("{'a': [2.3, 0.5], 'b': [2, 1]}"),
                         beside=right("None", "'a'", odd=("'z'", "3", "['a']")),
                         level=mapping("None", "{'chance': 2.3}", )),
    "plots.photographs": plot(pictures=TABLES.__class__(("{'a': picture(), 'b': colour()}",),
                                                        MAPPING_ODD),
                              signed=right("()", "['a']", odd=("['z']", "'a'", "3")),
                              columns=COLUMNS, alt=ALT),
    "plots.prediction": plot({"row": ("probabilities",)}, image=IMAGE,
                             row=array("probabilities()[0]"), class_names=CLASS_NAMES, alt=ALT),
    "plots.probabilities": plot({"row": ("probabilities",)}, row=array("probabilities()[0]"),
                                class_names=CLASS_NAMES),
    "plots.reliability": plot(labels=CLASS_NUMBERS, probabilities=PROBABILITIES, bins=WHOLE),
    "plots.seeds": plot(runs=mapping("{'a': [97.1, 96.9], 'b': [98]}"), xlabel=TEXT, alt=ALT),
    "plots.receptive_cone": plot({"input_shape": ("expected", "window")}, layers=MAPS,
                                 input_shape=SHAPE, position=POSITION),
    "plots.receptive_fields": plot({"image": ("expected", "window")}, image=array("images()[0]"),
                                   layers=MAPS, position=POSITION),
    "plots.signed": plot(pictures=TABLES.__class__(("{'a': picture(), 'b': colour()}",),
                                                   MAPPING_ODD), alt=ALT,
                         limit=right("None", "2.0", odd=("-1", "'1'")), columns=COLUMNS),
    "plots.saliency": plot(model=MODEL, images=IMAGES, classes=CLASSES, method=METHOD,
                           class_names=CLASS_NAMES, columns=COLUMNS),
    "plots.occlusion": plot(model=MODEL, images=IMAGES, classes=CLASSES, size=WHOLE, stride=WHOLE,
                            fill=SHARE, class_names=CLASS_NAMES, columns=COLUMNS),
    "plots.grad_cam": plot(OF_LAYER, model=MODEL, images=IMAGES, classes=CLASSES, layer=MAP_LAYER,
                           class_names=CLASS_NAMES, columns=COLUMNS),
    "plots.strongest_patches": plot(OF_LAYER, model=MODEL, images=IMAGES, layer=MAP_LAYER,
                                    filters=FILTERS, count=WHOLE),
    "plots.preferred_images": plot(OF_LAYER, model=MODEL, layer=MAP_LAYER, filters=FILTERS,
                                   steps=WHOLE, seed=SEED, columns=COLUMNS),
    "plots.layer_maps": plot({"image": ("images", "expected")}, model=MODEL,
                             image=array("images()[0]"), most=WHOLE),
    "plots.embedding": plot({"class_names": ("labels", "num_classes")}, model=MODEL, images=IMAGES,
                            labels=CLASS_NUMBERS, method=one_of("pca", "tsne"), seed=SEED,
                            class_names=CLASS_NAMES),
    "plots.filters_before_and_after": plot({"channel": ("kernel",)}, before=KERNEL_4D,
                                           after=KERNEL_4D, channel=right("0", odd=INDEX.odd),
                                           most=WHOLE),
    "plots.source": Call({"function": right("plots.source", "rows", odd=("len", "'def f()'", "np"))}),
    # animations
    "animations.Movie": Call({
        "alt": TEXT, "steps": right("[0, 1]", odd=("[]", "3", "range(10**6)", "'ab'")),
        "draw": right("lambda k: plots.signed({'a': [[k]]})",
                      odd=("3", "lambda: 0", "lambda k: k")),
        "shown": WHOLE}, use="use_figure",
                      known_as={"draw": ("pictures",)}),  # what the drawing itself refuses
    "animations.Movie.png": Call({}, ("animations.sliding_product([1, 2], [1])",)),
    "animations.Movie.strip": Call({"count": WHOLE, "columns": COLUMNS},
                                   ("animations.sliding_product([1, 2], [1])",), use="use_figure"),
    "animations.TrainingRecorder": Call({"image": array("images()[0]"), "every": WHOLE},
                                        use="use_callback", known_as={"image": ("images", "expected")}),
    "animations.TrainingRecorder.movie": Call(
        {"class_names": CLASS_NAMES, "pictures": WHOLE},
        ("recorded()",), use="use_figure"),
    "animations.convolution": Call({
        "image": array("images(1, 5)[0]", "colour()"), "kernel": array("conv().get_weights()[0]"),
        "bias": array("None", "[0.5, 0]"), "strides": STRIDES, "padding": PADDING},
        use="use_figure", known_as=SMALL_WINDOW),
    "animations.convolution_gradient": Call({
        "image": array("[[1, 2, 3]]"), "kernel": array("[[1, 10]]"),
        "gradient": array("[[1.0, -1.0]]")}, use="use_figure"),
    "animations.pooling": Call({
        "image": PICTURE, "pool_size": PAIR, "strides": STRIDES, "padding": PADDING,
        "kind": one_of("max", "average")}, use="use_figure", known_as=SMALL_WINDOW),
    "animations.sliding_product": Call({"signal": SIGNAL, "kernel": WEIGHTS_1D}, use="use_figure"),
    "animations.sliding_window": Call({"image": PICTURE, "kernel": array("[[1, 2]]")},
                                      use="use_figure"),
    # receptive field, timing
    "receptive_field.trace": Call({"layers": MAPS, "input_shape": SHAPE, "position": POSITION},
                                  known_as={"input_shape": ("expected", "window")}),
    "timing.measure": Call({"function": right("lambda: None", odd=("3",)),
                            "operations": right("1", "10**6"), "budget": right("0", "0.01")}),
    "timing.Timing": Call({"first": POSITIVE, "seconds": POSITIVE, "calls": WHOLE,
                           "operations": WHOLE}),
    "timing.all_threads": Call({}),
    "timing.threads": Call({"count": right("1", odd=("0", "10**4", "1.5"))}, use="use_threads"),
    "timing.peak": Call({"count": right("1", "None", odd=("0", "10**4")), "budget": right("0")}),
    "timing.bandwidth": Call({"count": right("1", odd=("0", "10**4")),
                              "megabytes": right("1", "2", odd=("0", "1.5")), "budget": right("0")}),
    "timing.speed_by_size": Call({"sizes": right("[4096]", "(4096, 8192)", odd=("4096", "[0]", "[3]")),
                                  "budget": right("0")}),
    **{f"timing.{name}": Call({"x": array("images()"), "kernel": array("conv().get_weights()[0]")})
       for name in ("numpy_einsum", "simd", "operations", "traffic")},
    "timing.error_share": Call({
        "out": array("timing.simd(images(), conv().get_weights()[0])"),
        "x": array("images()"), "kernel": array("conv().get_weights()[0]")}, may_be_nan=True),
}  # fmt: skip

# Public names of classes that are no calls of a user's: what a layer, a loss, an optimizer, a
# callback or a source of one's own overrides, and what the model calls with what it has checked.
HOOKS = {
    "layers.Layer": ("backward", "create_parameters", "create_statistics", "forward",
                     "new_gradient", "to", "twin", "checked_weights", "put_weights", "take_name", "backprop"),
    "losses.Loss": ("class_numbers", "count_correct", "losses_and_gradient", "of_probabilities",
                    "targets", "value"),
    "optimizers.Optimizer": ("resume", "slots_of", "step", "steps_taken", "to", "update"),
    "callbacks.Callback": ("set_model", "set_params", "on_epoch_begin", "on_epoch_end",
                           "on_train_batch_begin", "on_train_batch_end", "on_train_begin",
                           "on_train_end"),
    "datasets.image_folder": ("bookmark", "go_to", "endless", "leave_out"),
    "Sequential": ("generators", "require_names"),
    "animations.Movie": ("answer", "on_picture", "on_start"),  # what its player calls
    "progress": ("close", "format_meter", "say"),
    "initializers.Initializer": ("__call__", "draw"),
    "schedules.LearningRateSchedule": ("__call__",),
    "receptive_field": ("cut", "zeros_before"),
    "gradients": ("compare",),  # whose inputs have no names; tests/test_gradients.py
    "quantization": ("QuantizedModel",),
    "export": ("Footprint",),
    "distributed.Timeline": ("note",),
    "kernels": ("backend_of", "chosen_here", "in_use", "portable", "restored", "using"),
}  # fmt: skip
