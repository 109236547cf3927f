"""What Keras and PyTorch call things that a model here calls otherwise, or does not have."""

from ..support.elsewhere import Elsewhere, NamesElsewhere

_WEIGHTS = "model.get_weights() lists them; by name they are in each layer's parameters"
_MODE = "training or inference is said in each call: model(x, training=True)"
_DEVICE = 'model.to("cuda"), model.to("cpu")'
_FIGURES = 'evaluate gives (loss, accuracy), fit a dict of "loss", "accuracy" and so on'
_FREEZE = "freeze its layers: for layer in model.layers: layer.trainable = False"
_FILE = "model.save(path) and Sequential.load(path) keep all of it in one file"
_LAYERS = "model.layers is the list; layers.…, called with a batch, gives its output"
_SHAPE = "give the model its input_shape, or let it take that of the first images"
_PROBABILITIES = "model.predict(x) gives the last layer's outputs"
_CLASSES = "model.predict(x).argmax(axis=1)"
_SOURCE = "fit, evaluate and predict take sources of batches, such as datasets.image_folder(…)"
_TYPE = "a model computes in its device's float type; see device="


class ModelNames(NamesElsewhere):
    """Attributes of other libraries' models."""

    trainable = Elsewhere(_FREEZE)
    requires_grad = Elsewhere(_FREEZE)
    requires_grad_ = Elsewhere(_FREEZE)
    weights = Elsewhere(_WEIGHTS)
    variables = Elsewhere(_WEIGHTS)
    trainable_weights = Elsewhere(_WEIGHTS)
    trainable_variables = Elsewhere(_WEIGHTS)
    non_trainable_weights = Elsewhere(_WEIGHTS)
    parameters = Elsewhere(_WEIGHTS)
    named_parameters = Elsewhere(_WEIGHTS)
    state_dict = Elsewhere(_WEIGHTS)
    load_state_dict = Elsewhere("model.set_weights([…]) replaces them")
    zero_grad = Elsewhere("each backward pass makes new gradients; there is nothing to reset")
    train = Elsewhere(_MODE)
    eval = Elsewhere(_MODE)
    training = Elsewhere(_MODE)
    cuda = Elsewhere(_DEVICE)
    cpu = Elsewhere(_DEVICE)
    device = Elsewhere(f"model.backend.name says where it is; {_DEVICE} move it")
    lr = Elsewhere("it is model.optimizer.learning_rate")
    learning_rate = Elsewhere("it is model.optimizer.learning_rate")
    metrics = Elsewhere(_FIGURES)
    metrics_names = Elsewhere(_FIGURES)
    name = Elsewhere("only layers have names")
    dtype = Elsewhere(_TYPE)
    input = Elsewhere(_LAYERS)
    output = Elsewhere(_LAYERS)
    inputs = Elsewhere(_LAYERS)
    outputs = Elsewhere(_LAYERS)
    children = Elsewhere(_LAYERS)
    modules = Elsewhere(_LAYERS)
    pop = Elsewhere("make a model of the layers that stay: Sequential(model.layers[:-1])")
    build = Elsewhere(_SHAPE)
    built = Elsewhere("model.input_shape is None until it is")
    save_weights = Elsewhere(_FILE)
    load_weights = Elsewhere(_FILE)
    to_json = Elsewhere(_FILE)
    get_config = Elsewhere(_FILE)
    predict_proba = Elsewhere(_PROBABILITIES)
    predict_on_batch = Elsewhere(_PROBABILITIES)
    predict_classes = Elsewhere(_CLASSES)
    test_on_batch = Elsewhere("model.evaluate(x, y)")
    fit_generator = Elsewhere(_SOURCE)
    evaluate_generator = Elsewhere(_SOURCE)
    predict_generator = Elsewhere(_SOURCE)
    run_eagerly = Elsewhere("a model is always run step by step")
    regularizers = Elsewhere("optimizers have weight_decay: optimizers.AdamW(…)")


ARGUMENTS = {
    "name": "only layers have names",
    "trainable": _FREEZE,
    "dtype": _TYPE,
    "input_dim": "give input_shape=(features,)",
    "inputs": "a model is a chain of layers; the first images are given to fit",
    "outputs": "a model is a chain of layers; the last one gives the outputs",
}
