"""An exported network agrees: float32 with ``predict``, int8 with its integer reference."""

import numpy as np

from cnncourse import quantization


def check(model, images, write, run):
    """``write(model, dtype)`` exports; ``run(images, dtype, count)`` gives numbers and scores."""
    count = int(np.prod(model.output_shape))

    write(model, "float32")
    numbers, scores = run(images, np.float32, count)
    exact = model.predict(images).reshape(len(images), count)
    np.testing.assert_allclose(scores, exact, rtol=0, atol=1e-5 * max(1, abs(exact).max()))
    np.testing.assert_array_equal(numbers, scores.argmax(axis=1))

    quantized = quantization.quantize(model, images)
    write(quantized, "int8")
    integers = quantized.integers(images).reshape(len(images), count)
    numbers, scores = run(quantized.image_integers(images), integers.dtype, count)
    np.testing.assert_array_equal(scores, integers)
    np.testing.assert_array_equal(numbers, integers.argmax(axis=1))
