"""`to_c`: the whole file, from its comment to the function that is called."""

from math import prod

import numpy as np

from ...inference import buffers, network
from ...quantization import QuantizedModel, quantize
from ...support import arguments, checks
from ...support.files import replacing
from .float32 import Float32
from .footprint import Footprint
from .int8 import Int8
from .text import TYPES, ascii_text, identifier, size

# Bytes of code on a Cortex-M4, compiled by gcc for size: about so many for each line of a function,
# each call and the rest. tests/export/test_c99.py holds them to what the compiler makes.
CODE_PER_LINE = 10
CODE_PER_CALL = 14
CODE_AT_LEAST = 60


def to_c(model, path, dtype="float32", calibration=None):
    """Write a trained ``model`` to ``path``: one file of C99 that predicts, and needs nothing else.

    Its comment says how to call it, and what it takes of a board; it uses no library and allocates
    nothing.

    Parameters
    ----------
    model : Sequential or QuantizedModel
        A trained model of the course's layers, or what `quantization.quantize` made of it.
    path : text or pathlib.Path
        The file to write. The C function takes its name: ``digits.c`` has ``digits_predict``.
    dtype : "float32" or "int8"
        The numbers to compute in. In int8 a final softmax is left out: the scores' order is that of
        the probabilities.
    calibration : array (images, *input_shape)
        For int8: a few hundred of the images that the model was trained on; see
        `quantization.quantize`. Not for a `QuantizedModel`, which has seen them.

    Gives the `Footprint`. Raises ``TypeError`` and ``ValueError`` for what cannot be exported, and
    then writes no file; ``OSError`` where none can be written.
    """
    path = checks.file_path(path, "path")
    dtype = arguments.one_of(dtype, "dtype", ("float32", "int8"))
    source = source_of(model, path, dtype, calibration)
    text = source.text()
    with replacing(path) as file:
        file.write(text.encode("ascii"))
    return source.footprint()


def source_of(model, path, dtype, calibration):
    """The `Source` that `to_c` writes to ``path``, or its errors."""
    if isinstance(model, QuantizedModel):
        if dtype != "int8" or calibration is not None:
            raise ValueError(
                'a QuantizedModel is exported with dtype="int8" and without calibration: it has '
                "its weights in int8, and its scales"
            )
        return Int8Source(model, path)
    if dtype == "int8":
        if calibration is None:
            raise ValueError(
                'calibration: dtype="int8" needs a few hundred images of those that the model was '
                "trained on, to see how large each layer's output gets"
            )
        return Int8Source(quantize(model, calibration), path)
    if calibration is not None:
        raise ValueError('calibration is for dtype="int8"; leave it out for "float32"')
    return Float32Source(network.of_model(model), path)


class Source:
    """A file of C for a ``network``, whose ``parts`` write its ``steps``."""

    def __init__(self, found, steps, parts, plan, path):
        self.network = found
        self.parts = parts
        self.file = path.name
        self.name = identifier(path.stem)
        self.plan = plan
        self.outputs = prod(found.steps[-1].output_shape)
        self._write(steps)

    def _write(self, steps):
        source, taken = "image", set()
        pairs = zip(steps, self.network.steps, self.plan.places, strict=True)
        for step, plain, place in pairs:
            name = identifier(plain.name.partition(" ")[0], taken)
            taken.add(name)
            target = "scores" if place is buffers.CALLERS else _memory(place)
            self.parts.add(step, name, source, target)
            source = target

    # What the two number types differ in

    scores_type = "float"
    scores_bytes = 4
    headers = ()

    def image_comment(self):
        raise NotImplementedError

    def scores_comment(self):
        raise NotImplementedError

    # The file

    def footprint(self):
        parts = self.parts
        lines = sum(len(text.splitlines()) for text in parts.functions if "(" in text)
        code = CODE_AT_LEAST + CODE_PER_LINE * lines + CODE_PER_CALL * len(parts.calls)
        image = prod(self.network.input_shape) * parts.value_bytes
        return Footprint(
            constants=parts.constant_bytes,
            code=code,
            buffers=self.plan.size * parts.value_bytes + parts.patch * parts.patch_bytes,
            caller=image + self.outputs * self.scores_bytes,
            multiply_adds=self.network.multiply_adds,
        )

    def text(self):
        parts = self.parts
        blocks = [self._comment(), *(f"#include <{header}>\n" for header in self.headers)]
        if self.plan.size:
            blocks.append(
                "/* What lies between the layers; what is never needed at once overlaps. */\n"
                f"static {parts.value_type} memory[{self.plan.size}];\n"
            )
        if parts.patch:
            blocks.append(
                "/* What the kernel sees at four positions. */\n"
                f"static {parts.patch_type} patch[{parts.patch}];\n"
            )
        return "\n".join([*blocks, *parts.functions, *parts.constants, self._predict()])

    def _signature(self):
        image = f"const {self.parts.value_type} *image"
        return f"int {self.name}_predict({image}, {self.scores_type} *scores)"

    def _predict(self):
        calls = "".join(f"    {call}\n" for call in self.parts.calls)
        return f"""\
{self._signature()};

/* The scores of one image; gives the number of the largest. */
{self._signature()}
{{
    int best = 0;
{calls}    for (int k = 1; k < {self.outputs}; k++)
        if (scores[k] > scores[best])
            best = k;
    return best;
}}
"""

    def _comment(self):
        rows = [
            (
                ascii_text(step.name),
                f"{size(step.input_shape)} -> {size(step.output_shape)}",
                f"{step.multiply_adds:,}",
            )
            for step in self.network.steps
        ]
        rows.insert(0, ("layers", "image", "multiply-adds"))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        table = "\n".join(
            f"   {name:<{widths[0]}}  {shapes:<{widths[1]}}  {count:>{widths[2]}}".rstrip()
            for name, shapes, count in rows
        )
        image, kind = prod(self.network.input_shape), self.parts.value_type
        footprint = str(self.footprint()).replace("\n", "\n   ")
        return f"""\
/* {ascii_text(self.file)}: a trained network, written by cnncourse in {self.parts.name}.

{table}

   {footprint}

   Call it so:

       {kind} image[{image}];
       {self.scores_type} scores[{self.outputs}];
       int number = {self.name}_predict(image, scores);

   image: {size(self.network.input_shape)}, row by row, pixel by pixel, channel by channel.
{self.image_comment()}
   scores: {size(self.network.output_shape)}, and `number` is that of the largest.
{self.scores_comment()}

   Not for several threads at once: the memory is one. An int must have 32 bits. */
"""


def _memory(place):
    return f"memory + {place}" if place else "memory"


class Float32Source(Source):
    """The network as it is."""

    def __init__(self, found, path):
        super().__init__(found, found.steps, Float32(), buffers.plan(found), path)
        if any("int32_t" in text for text in self.parts.functions):
            self.headers = ("stdint.h",)

    def image_comment(self):
        return "          The values are scaled as those that the network was trained on."

    def scores_comment(self):
        return f"          They are those of {ascii_text(self.network.steps[-1].name)}."


class Int8Source(Source):
    """The network in whole numbers, which are those of `QuantizedModel.integers`."""

    headers = ("stdint.h",)

    def __init__(self, model, path):
        self.model = model
        self.scores_type = TYPES[model.output.dtype]
        self.scores_bytes = model.output.dtype.itemsize
        super().__init__(model.network, model.steps, Int8(), model.plan(), path)

    def image_comment(self):
        return f"          Bytes: a byte stands for {_meaning(self.model.input, 'byte')}."

    def scores_comment(self):
        return f"          A score stands for {_meaning(self.model.output, 'score')}."


def _meaning(tensor, word):
    inner = f"({word} - {tensor.zero})" if tensor.zero else word
    return f"{inner} * {np.float32(tensor.scale)!s}"
