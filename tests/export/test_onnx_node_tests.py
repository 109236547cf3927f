"""The standard's own tests of the operators that `export.to_onnx` writes.

For each that one of our layers can express, the layer and the file written from it give what the
standard expects. They are in channels-first; ours are turned.
"""

import numpy as np
import pytest

from cnncourse import Sequential, export, layers

CHANNELS_LAST, CHANNELS_FIRST = (0, 2, 3, 1), (0, 3, 1, 2)


def convolution(**options):
    return lambda x, kernel: layers.Conv2D(len(kernel), kernel.shape[2:], use_bias=False, **options)


# name of the test → the layer, for its inputs; all others need what no layer of ours has
CASES = {
    "basic_conv_with_padding": convolution(padding="same"),
    "basic_conv_without_padding": convolution(),
    "conv_with_strides_padding": convolution(strides=2, padding="same"),
    "conv_with_strides_no_padding": convolution(strides=2),
    "conv_with_autopad_same": convolution(strides=2, padding="same"),
    "maxpool_2d_default": lambda x: layers.MaxPooling2D(2, strides=1),
    "maxpool_2d_precomputed_pads": lambda x: layers.MaxPooling2D(5, strides=1, padding="same"),
    "maxpool_2d_precomputed_same_upper": lambda x: layers.MaxPooling2D(3, 2, padding="same"),
    "maxpool_2d_precomputed_strides": lambda x: layers.MaxPooling2D(2),
    "maxpool_2d_same_upper": lambda x: layers.MaxPooling2D(2, strides=1, padding="same"),
    "maxpool_2d_strides": lambda x: layers.MaxPooling2D(5, strides=3),
    "averagepool_2d_default": lambda x: layers.AveragePooling2D(2, strides=1),
    "averagepool_2d_precomputed_pads": lambda x: layers.AveragePooling2D(
        5, strides=1, padding="same"
    ),
    "averagepool_2d_precomputed_same_upper": lambda x: layers.AveragePooling2D(
        3, strides=2, padding="same"
    ),
    "averagepool_2d_precomputed_strides": lambda x: layers.AveragePooling2D(2),
    "averagepool_2d_same_upper": lambda x: layers.AveragePooling2D(2, strides=1, padding="same"),
    "averagepool_2d_strides": lambda x: layers.AveragePooling2D(5, strides=3),
    "globalaveragepool": lambda x: layers.GlobalAveragePooling2D(),
    "globalaveragepool_precomputed": lambda x: layers.GlobalAveragePooling2D(),
    "globalmaxpool": lambda x: layers.GlobalMaxPooling2D(),
    "globalmaxpool_precomputed": lambda x: layers.GlobalMaxPooling2D(),
    "lppool_2d_default": lambda x: layers.LpPooling2D(2, p=4, strides=1),
    "lppool_2d_same_upper": lambda x: layers.LpPooling2D(2, p=2, strides=1, padding="same"),
    "lppool_2d_strides": lambda x: layers.LpPooling2D(5, p=2, strides=3),
    "batchnorm_example": lambda x, *parameters: layers.BatchNormalization(epsilon=1e-5),
    "batchnorm_epsilon": lambda x, *parameters: layers.BatchNormalization(epsilon=1e-2),
    "gemm_default_no_bias": lambda x, kernel: layers.Dense(kernel.shape[1], use_bias=False),
    "gemm_default_vector_bias": lambda x, kernel, bias: layers.Dense(kernel.shape[1]),
    "relu": lambda x: layers.ReLU(),
    "sigmoid": lambda x: layers.Sigmoid(),
    "tanh": lambda x: layers.Tanh(),
    "softmax_example": lambda x: layers.Softmax(),
    "softmax_large_number": lambda x: layers.Softmax(),
}


@pytest.fixture(scope="module")
def node_tests():
    """The standard's tests, by name: inputs and expected outputs."""
    node = pytest.importorskip(
        "onnx.backend.test.case.node", reason='the extra "onnx" is not installed'
    )
    # some have no inputs, and are generated while they are collected
    with np.errstate(all="ignore"):
        return {case.name.removeprefix("test_"): case for case in node.collect_testcases(None)}


def as_ours(values):
    """Images of the standard, as ours: (N, C, H, W) as (N, H, W, C); (N, H, C) as (N, 1, H, C)."""
    if values.ndim == 3:
        return values[:, None]
    return values.transpose(CHANNELS_LAST) if values.ndim == 4 else values


@pytest.mark.parametrize("name", CASES)
def test_the_layer_is_the_operator(name, node_tests, tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed")
    inputs, (expected,) = node_tests[name].data_sets[0]
    x = as_ours(inputs[0]).astype(np.float32)
    model = Sequential([CASES[name](*inputs)], input_shape=x.shape[1:])
    weights = [w.transpose(2, 3, 1, 0) if w.ndim == 4 else w for w in inputs[1:]]
    own = model.get_weights()
    model.set_weights([w.reshape(like.shape) for w, like in zip(weights, own, strict=True)])
    wanted = as_ours(expected).reshape(model.predict(x).shape)
    np.testing.assert_allclose(model.predict(x), wanted, rtol=1e-4, atol=1e-5)

    path = tmp_path / "layer.onnx"
    export.to_onnx(model, path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (found,) = session.run(["predictions"], {"images": x})
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-5)
