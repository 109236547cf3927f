"""The dense, or fully connected, layer.

Computed by ``reference.dense``, ``reference.dense_kernel_gradient`` and
``reference.dense_input_gradient``, or the same functions of the model's device. On the CPU, the
fused step of ``model/fused_steps.py`` runs instead, by ``kernels/cpu/fused_dense.py``.
"""

from ..support.checks import positive_int, shape
from ..support.elsewhere import advising
from .names_elsewhere import DENSE
from .weighted import WeightedLayer


class Dense(WeightedLayer):
    """Each of ``units`` outputs is a weighted sum of all features: (N, F) → (N, units).

    Parameters
    ----------
    units : int
        How many values come out of each image.
    activation : None, "relu", "sigmoid", "tanh" or "softmax"
    use_bias : bool
        Whether each unit adds a bias of its own.
    kernel_initializer, bias_initializer : str or function
        Initialisation of the weights; see `initializers`.
    name : str
        What summaries and files call the layer; ``dense_1`` and the like if left out.

    ``parameters["kernel"]`` is (F, units), ``parameters["bias"]`` (units,).

    >>> Dense(10).output_shape((1024,))
    (10,)

    Source: *CNN – Tutorial with Keras*, 4.4.
    """

    receptive_field = None  # every unit sees the whole image

    @advising(DENSE)
    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        name=None,
    ):
        super().__init__(name)
        self.set_weighting(activation, use_bias, kernel_initializer, bias_initializer)
        self.units = positive_int(units, "units")

    def kernel_shape(self, input_shape):
        return (input_shape[0], self.units)

    def output_shape(self, input_shape):
        input_shape = shape(input_shape, "input_shape")
        if len(input_shape) != 1:
            raise ValueError(
                f"{self}: expected (images, features), got (images, "
                f"{', '.join(map(str, input_shape))}); add layers.Flatten() before it"
            )
        if self.input_shape is not None and tuple(input_shape) != self.input_shape:
            raise ValueError(
                f"{self}: expected {self.input_shape[0]} features, which its kernel was built for, "
                f"got {input_shape[0]}; the images' size must not change after building, but in "
                "model.fully_convolutional()"
            )
        return (self.units,)

    def multiply_adds(self, input_shape):
        return self.output_shape(input_shape)[0] * input_shape[0]

    def forward(self, x, training=False):
        self.saved = x
        out = self.backend.empty((len(x), *self.output_shape(x.shape[1:])))  # (N, units)
        self.backend.dense(x, self.parameters["kernel"], out)
        self.add_bias(out)
        return out

    def backward(self, gradient, need_input_gradient=True):
        x = self.saved
        self.bias_gradient(gradient)
        self.backend.dense_kernel_gradient(x, gradient, self.new_gradient("kernel"))
        if not need_input_gradient:
            return None
        out = self.backend.empty(x.shape)  # (N, F)
        self.backend.dense_input_gradient(gradient, self.parameters["kernel"], out)
        return out
