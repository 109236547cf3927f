"""What Keras and PyTorch call things that layers here call otherwise, or do not have."""

from ..support.elsewhere import Elsewhere, NamesElsewhere

_BY_NAME = "weights are in layer.parameters and layer.statistics, by name"
_DECAY = "optimizers have weight_decay instead, and exclude_from_weight_decay: optimizers.AdamW(…)"
_PENALTY = "a penalty on outputs is part of a loss; write one of your own"
_TYPE = "a model computes in its device's float type; see device="
_CONSTRAINT = "weights are not constrained; set layer.parameters[…] between steps, in a callback"
_MODEL = "training or inference is said in each call: model(x, training=True)"
_INPUT = "give it to the model: Sequential([…], input_shape=…)"
_LAST = "channels are the last axis, (images, height, width, channels), as in Keras's default"


class LayerNames(NamesElsewhere):
    """Attributes of other libraries' layers."""

    kernel = Elsewhere('weights are in layer.parameters["kernel"]')
    weight = Elsewhere('weights are in layer.parameters["kernel"]')
    bias = Elsewhere('weights are in layer.parameters["bias"]')
    gamma = Elsewhere('weights are in layer.parameters["gamma"]')
    beta = Elsewhere('weights are in layer.parameters["beta"]')
    moving_mean = Elsewhere('it is in layer.statistics["moving_mean"]')
    moving_variance = Elsewhere('it is in layer.statistics["moving_variance"]')
    trainable_weights = Elsewhere("they are in layer.parameters, by name")
    trainable_variables = Elsewhere("they are in layer.parameters, by name")
    non_trainable_weights = Elsewhere("they are in layer.statistics, by name")
    variables = Elsewhere(_BY_NAME)
    requires_grad = Elsewhere("a layer is frozen by layer.trainable = False")
    requires_grad_ = Elsewhere("a layer is frozen by layer.trainable = False")
    grad = Elsewhere("gradients are in layer.gradients, by the parameters' names")
    zero_grad = Elsewhere("each backward pass makes new gradients; there is nothing to reset")
    state_dict = Elsewhere(f"{_BY_NAME}; layer.get_weights() copies them")
    load_state_dict = Elsewhere("layer.set_weights([…]) replaces them")
    add_weight = Elsewhere("a layer of your own makes its weights in create_parameters")
    train = Elsewhere(_MODEL)
    eval = Elsewhere(_MODEL)
    dtype = Elsewhere(_TYPE)
    kernel_regularizer = Elsewhere(_DECAY)
    bias_regularizer = Elsewhere(_DECAY)
    activity_regularizer = Elsewhere(_PENALTY)
    kernel_constraint = Elsewhere(_CONSTRAINT)
    bias_constraint = Elsewhere(_CONSTRAINT)


# Arguments of other libraries' layers, with what there is instead

ANY_LAYER = {
    "trainable": "set it when the layer is made: layer.trainable = False",
    "dtype": _TYPE,
    "input_shape": _INPUT,
    "input_dim": _INPUT,
    "batch_input_shape": _INPUT,
    "batch_shape": _INPUT,
    "batch_size": "fit has it",
    "weights": "layer.set_weights([…]) sets them once the layer has its shapes",
    "kernel_regularizer": _DECAY,
    "bias_regularizer": _DECAY,
    "activity_regularizer": _PENALTY,
    "kernel_constraint": _CONSTRAINT,
    "bias_constraint": _CONSTRAINT,
    "data_format": _LAST,
    "axis": _LAST,
    "in_channels": "the layer takes it from its input",
    "in_features": "the layer takes it from its input",
    "num_features": "the layer takes it from its input",
    "stride": "it is called strides",
    "bias": "it is called use_bias",
    "inplace": "outputs are always new arrays",
    "padding_mode": "padding adds zeros",
}
CONVOLUTION = ANY_LAYER | {
    "dilation": "it is called dilation_rate",
    "groups": "each filter sees all channels; DepthwiseConv2D has filters of one channel",
    "out_channels": "it is called filters",
}
DEPTHWISE = CONVOLUTION | {
    "filters": "each channel has depth_multiplier kernels; SeparableConv2D has filters",
    "out_channels": "each channel has depth_multiplier kernels",
    "groups": "each channel is a group of its own",
    "kernel_initializer": "it is called depthwise_initializer",
    "depthwise_regularizer": _DECAY,
    "depthwise_constraint": _CONSTRAINT,
}
SEPARABLE = CONVOLUTION | {
    "groups": "each channel is a group of its own, before they are mixed",
    "kernel_initializer": "there are depthwise_initializer and pointwise_initializer",
    "depthwise_regularizer": _DECAY,
    "pointwise_regularizer": _DECAY,
    "depthwise_constraint": _CONSTRAINT,
    "pointwise_constraint": _CONSTRAINT,
}
TRANSPOSED_CONVOLUTION = CONVOLUTION | {
    "dilation": "kernels have no gaps here",
    "dilation_rate": "kernels have no gaps here",
    "output_padding": "padding='same' makes the output strides times as large, 'valid' no smaller",
}
DENSE = ANY_LAYER | {"out_features": "it is called units"}
POOLING = ANY_LAYER | {
    "kernel_size": "it is called pool_size",
    "dilation": "windows have no gaps here",
    "ceil_mode": 'padding="same" keeps the windows at the edge',
    "return_indices": "the layer keeps them for its backward pass",
    "keepdims": "the output is (images, channels); reshape it",
}
UPSAMPLING = ANY_LAYER | {
    "scale_factor": "it is called size",
    "mode": "it is called interpolation",
    "align_corners": "corners are not aligned, as in Keras: values lie in their pixels' centres",
}
DROPOUT = ANY_LAYER | {
    "p": "it is called rate",
    "seed": "the model's seed fixes what is dropped: Sequential(…, seed=0)",
    "noise_shape": "each activation is dropped by itself",
}
_SCALING = "scales begin as 1, shifts as 0; set_weights changes it"
_ANY_NORMALIZATION = ANY_LAYER | {
    "eps": "it is called epsilon",
    "beta_initializer": _SCALING,
    "gamma_initializer": _SCALING,
    "beta_regularizer": _DECAY,
    "gamma_regularizer": _DECAY,
    "beta_constraint": _CONSTRAINT,
    "gamma_constraint": _CONSTRAINT,
}
NORMALIZATION = _ANY_NORMALIZATION | {
    "center": "the shift is always learned",
    "scale": "the scale is always learned",
    "affine": "scale and shift are always learned",
    "track_running_stats": "running averages are always kept",
    "moving_mean_initializer": _SCALING,
    "moving_variance_initializer": _SCALING,
}
LAYER_NORMALIZATION = _ANY_NORMALIZATION | {
    "elementwise_affine": "there are scale and center",
    "normalized_shape": "it is the channels, which the layer takes from its input",
    "rms_scaling": "values are always normalised by their mean and variance",
}
RESIDUAL = ANY_LAYER | {
    "downsample": "it is called shortcut",
    "filters": "its layers say it: Residual([layers.Conv2D(16, 3, padding='same'), …])",
}

_PICTURES = "pictures are changed before they reach the model: cnncourse.augmentation"
CLASSES = {
    "Input": _INPUT,
    "InputLayer": _INPUT,
    "Activation": 'take layers.ReLU() and so on, or another layer\'s activation="relu"',
    "MaxPool2D": "it is called MaxPooling2D",
    "MaxPool2d": "it is called MaxPooling2D",
    "AvgPool2D": "it is called AveragePooling2D",
    "AvgPool2d": "it is called AveragePooling2D",
    "GlobalMaxPool2D": "it is called GlobalMaxPooling2D",
    "GlobalAvgPool2D": "it is called GlobalAveragePooling2D",
    "AdaptiveAvgPool2d": "GlobalAveragePooling2D is its usual case",
    "Convolution2D": "it is called Conv2D",
    "SeparableConvolution2D": "it is called SeparableConv2D",
    "Conv2d": "it is called Conv2D",
    "Convolution2DTranspose": "it is called Conv2DTranspose",
    "ConvTranspose2d": "it is called Conv2DTranspose",
    "Upsample": "it is called UpSampling2D",
    "UpsamplingNearest2d": "it is called UpSampling2D",
    "UpsamplingBilinear2d": "UpSampling2D(interpolation='bilinear') does not align corners",
    "Linear": "it is called Dense",
    "BatchNorm2d": "it is called BatchNormalization",
    "BatchNorm1d": "it is called BatchNormalization",
    "LayerNorm": "it is called LayerNormalization",
    "Add": "Residual(layers, shortcut=…) adds what goes past its layers",
    "Reshape": "reshape the images before they reach the model; Flatten makes rows of them",
    "ZeroPadding2D": "Conv2D takes padding=(rows, columns)",
    "Rescaling": "divide the images before fit: images / 255",
    "RandomFlip": _PICTURES,
    "RandomRotation": _PICTURES,
    "RandomZoom": _PICTURES,
    "RandomTranslation": _PICTURES,
    "Resizing": "datasets.image_folder(…, target_size=…) resizes",
}
