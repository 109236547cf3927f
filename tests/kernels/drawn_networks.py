"""Drawn networks, and the same computed by PyTorch; in a process of its own.

    python drawn_networks.py SEED COUNT

Each network runs forward and back three times: on ``reference``; and on ``cpu`` with every array
against a page of memory that nobody may touch, first with its end, then with its beginning. One
step too far ends this process. What is compared are the outputs, and the gradients of all
parameters and of the images, with PyTorch in float64.

What may differ. Two correct programs in one float type differ from exact results by rounding, and
PyTorch's own error in float32 says how much that is for an array: we allow four times as much, and
γ(n) of the largest value beside it, for n roundings one after the other (`rounding`), as its error
may happen to be small. Where a value is a sum that may cancel, the sizes of its terms count. In
float64, all of it is 2²⁹ times smaller.

Where a ReLU or a maximum is so close to its threshold that rounding decides, the gradients of two
correct programs may differ by any amount: then only the outputs are compared, and it is counted.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from test_bounds import fenced
from torch.nn import functional

from cnncourse import Sequential, kernels, layers
from cnncourse.support.rounding import gamma

sys.path.insert(0, str(Path(__file__).parents[1]))

from drawn_layers import draw, set_weights  # noqa: E402

NORMALIZATIONS = layers.BatchNormalization, layers.LayerNormalization
FINER = 2.0**-29  # how much finer float64 is than float32


class Fenced:
    """The CPU with all arrays against forbidden pages."""

    replaced = {}  # what makes it a backend; nothing is replaced

    def __init__(self, side):
        self.base = kernels.get("cpu")
        self.side = side

    def __getattr__(self, name):
        return getattr(self.base, name)

    def asarray(self, values):
        return self._fenced(self.base.asarray(values))

    def empty(self, shape, dtype=np.float32):
        array = self.base.empty(shape, dtype)
        array.fill(np.nan if array.dtype.kind == "f" else np.iinfo(array.dtype).max)
        return self._fenced(array)

    def _fenced(self, array):
        return fenced(array, self.side) if array.size else array


# PyTorch's side: (N, C, H, W)


def windows_of(x, geometry, value=0.0):
    """What the window sees: (N, C, I, J, U, V)."""
    (down, right), (u, v) = geometry.strides, geometry.extent
    pads = []
    for axis in (1, 0):
        reach = (geometry.output[axis] - 1) * geometry.strides[axis] + geometry.extent[axis]
        before = geometry.before[axis]
        pads += [before, max(reach - before - geometry.image[axis], 0)]
    x = functional.pad(x, pads, value=value)
    rows, columns = geometry.output
    windows = x.unfold(2, u, down).unfold(3, v, right)[:, :, :rows, :columns]
    return windows[..., :: geometry.dilation[0], :: geometry.dilation[1]]


def geometry_of(layer, x):
    return layer.geometry((*x.shape[2:], x.shape[1]))


def applied(layer, x, weights, training):
    """The layer's output by PyTorch, and how many roundings lie one behind the other in it."""
    if isinstance(layer, layers.Conv2D):
        windows = windows_of(x, geometry_of(layer, x))
        out = torch.einsum("ncijuv,uvco->noij", windows, weights["kernel"])
        terms = layer.parameters["kernel"][..., 0].size
        return (out + weights["bias"][:, None, None] if "bias" in weights else out), terms + 1
    if isinstance(layer, layers.DepthwiseConv2D):
        out = depthwise(layer, x, weights["kernel"])
        out = out + weights["bias"][:, None, None] if "bias" in weights else out
        return out, layer.parameters["kernel"][..., 0, 0].size + 1
    if isinstance(layer, layers.SeparableConv2D):
        maps = depthwise(layer, x, weights["depthwise_kernel"])
        out = torch.einsum("ndij,do->noij", maps, weights["pointwise_kernel"][0, 0])
        out = out + weights["bias"][:, None, None] if "bias" in weights else out
        return out, layer.parameters["depthwise_kernel"][..., 0, 0].size + maps.shape[1] + 1
    if isinstance(layer, layers.Conv2DTranspose):
        kernel, geometry = weights["kernel"], geometry_of(layer, x)
        turned = kernel.permute(3, 2, 0, 1).contiguous()
        full = functional.conv_transpose2d(x, turned, stride=layer.strides)
        (top, left), (height, width) = geometry.before, geometry.image
        full = functional.pad(full, (0, width, 0, height))  # where kernels leave gaps at the end
        out = full[:, :, top : top + height, left : left + width]
        terms = kernel[:, :, 0].numel()
        return (out + weights["bias"][:, None, None] if "bias" in weights else out), terms + 1
    if isinstance(layer, layers.UpSampling2D):
        mode = {"mode": layer.interpolation}
        if layer.bilinear:
            mode["align_corners"] = False
        out = functional.interpolate(x, scale_factor=layer.size, **mode)
        return out, layer.bilinear * 2 * (layer.size[0] + 1) * (layer.size[1] + 1)
    if isinstance(layer, layers.Dense):
        out = x @ weights["kernel"]
        return (out + weights["bias"] if "bias" in weights else out), x.shape[1] + 1
    if isinstance(layer, NORMALIZATIONS):
        mean, deviation = moments(layer, x, weights, training)
        out = (x - mean) / deviation
        if "gamma" in weights:
            out = out * _channels(weights["gamma"], x)
        if "beta" in weights:
            out = out + _channels(weights["beta"], x)
        if isinstance(layer, layers.LayerNormalization):
            return out, 2 * x.shape[1] + 4
        return out, 2 * x[:, 0].numel() if training else 4
    if isinstance(layer, layers.MaxPooling2D):
        windows = windows_of(x, geometry_of(layer, x), -torch.inf)
        out, _ = windows.flatten(-2).max(-1)
        return (out.flatten(1) if isinstance(layer, layers.GlobalMaxPooling2D) else out), 0
    if isinstance(layer, layers.AveragePooling2D):
        geometry = geometry_of(layer, x)
        cells = torch.tensor(layer.cell_weights(geometry.window)).to(x.dtype)
        sums = (windows_of(x, geometry) * cells).sum((-2, -1))
        out = sums / (windows_of(torch.ones_like(x), geometry) * cells).sum((-2, -1))
        flat = isinstance(layer, layers.GlobalAveragePooling2D)
        return (out.flatten(1) if flat else out), cells.numel() + 2
    if isinstance(layer, layers.LpPooling2D):
        windows = windows_of(x, geometry_of(layer, x))
        return torch.linalg.vector_norm(windows, layer.p, (-2, -1)), layer.window[0] * 9 + 20
    if isinstance(layer, layers.Flatten):
        return x.permute(0, 2, 3, 1).flatten(1), 0
    function = {
        layers.ReLU: torch.relu,
        layers.Tanh: torch.tanh,
        layers.Sigmoid: torch.sigmoid,
        layers.Softmax: lambda x: torch.softmax(x, 1),
        layers.Dropout: lambda x: x,
    }[type(layer)]
    return function(x), 8 + (x.shape[1] if type(layer) is layers.Softmax else 0)


def depthwise(layer, x, kernel):
    """Each channel by itself, by ``kernel`` (U, V, C, M): (N, C·M, I, J)."""
    windows = windows_of(x, geometry_of(layer, x))
    return torch.einsum("ncijuv,uvcm->ncmij", windows, kernel).flatten(1, 2)


def moments(layer, x, weights, training):
    """Mean, and standard deviation with epsilon in it, that ``x`` is normalised by."""
    if isinstance(layer, layers.LayerNormalization):
        variance = x.var(1, unbiased=False, keepdim=True)
        return x.mean(1, keepdim=True), torch.sqrt(variance + layer.epsilon)
    if training:
        axes = [axis for axis in range(x.ndim) if axis != 1]
        mean, variance = x.mean(axes), x.var(axes, unbiased=False)
    else:
        mean, variance = weights["moving_mean"], weights["moving_variance"]
    return _channels(mean, x), torch.sqrt(_channels(variance, x) + layer.epsilon)


def _channels(values, x):
    """One value a channel, to be computed with ``x``."""
    return values.reshape(-1, *[1] * (x.ndim - 2))


class Peer:
    """The network by PyTorch in one float type: forward and back."""

    def __init__(self, model, dtype, images, gradient, training):
        self.dtype, self.training = dtype, training
        self.inputs, self.terms, self.gradients, self.sums = {}, 1, {}, {}
        self.leaves, self.outputs = {}, {}
        leaf = torch.tensor(images, dtype=dtype).permute(0, 3, 1, 2).requires_grad_()
        x = self._run(model.operations, leaf)
        self.output = x.detach().double().numpy()
        x.backward(torch.tensor(gradient, dtype=dtype))
        self.gradients["images"] = leaf.grad.permute(0, 2, 3, 1).double().numpy()
        for key, value in self.leaves.items():
            self.gradients["/".join(key)] = value.grad.double().numpy()
        for operation, (out, own) in self.outputs.items():
            name = operation.name
            axes = [axis for axis in range(out.ndim) if axis != 1]
            self.sums[name, "bias"] = self.sums[name, "beta"] = _largest(out.grad, axes)
            x = self.inputs[operation]
            if "gamma" in own:  # the sum of what the values give, less what their mean does
                mean, deviation = moments(operation, x, own, training)
                self.sums[name, "gamma"] = _largest(
                    out.grad * (x.abs() + mean.abs()) / deviation, axes
                )
            sizes = x.abs(), out.grad.abs()
            own = {key: value.detach().abs() for key, value in own.items()}
            for key, terms in _kernel_gradients(operation, *sizes, own).items():
                self.sums[name, key] = float(terms.max())

    def _run(self, operations, x):
        for operation in operations:
            self.inputs[operation] = x.detach()
            if isinstance(operation, layers.Residual):
                deep, past = (self._run(branch, x) for branch in operation.branches)
                x, self.terms = deep + past, self.terms + 1
                continue
            own = {
                name: torch.tensor(np.array(value), dtype=self.dtype)
                for name, value in operation.weights.items()
            }
            for name in operation.parameters:
                self.leaves[operation.name, name] = own[name].requires_grad_()
            x, terms = applied(operation, x, own, self.training)
            self.terms += terms
            if operation.parameters:
                x.retain_grad()
                self.outputs[operation] = x, own
        return x


def _largest(terms, axes):
    """Of the sums of ``terms`` over ``axes``, the largest, with every term counted as positive."""
    return float(terms.detach().abs().sum(axes).max())


def _kernel_gradients(layer, x, gradient, weights):
    """The gradients of a layer's kernels, by name, each of its kernel's shape."""
    if isinstance(layer, layers.Dense):
        return {"kernel": x.T @ gradient}
    if isinstance(layer, layers.Conv2D):
        windows = windows_of(x, geometry_of(layer, x))
        return {"kernel": torch.einsum("ncijuv,noij->uvco", windows, gradient)}
    if isinstance(layer, layers.Conv2DTranspose):
        windows = windows_of(gradient, geometry_of(layer, x))
        return {"kernel": torch.einsum("ncijuv,noij->uvco", windows, x)}
    if isinstance(layer, layers.DepthwiseConv2D):
        return {"kernel": _depthwise_gradient(layer, x, gradient)}
    if isinstance(layer, layers.SeparableConv2D):
        maps = depthwise(layer, x, weights["depthwise_kernel"])
        back = torch.einsum("noij,do->ndij", gradient, weights["pointwise_kernel"][0, 0])
        return {
            "depthwise_kernel": _depthwise_gradient(layer, x, back),
            "pointwise_kernel": torch.einsum("ndij,noij->do", maps, gradient),
        }
    return {}


def _depthwise_gradient(layer, x, gradient):
    """The gradient of a depthwise kernel: (U, V, C, M)."""
    gradient = gradient.unflatten(1, (x.shape[1], -1))  # (N, C, M, I, J)
    return torch.einsum("ncijuv,ncmij->uvcm", windows_of(x, geometry_of(layer, x)), gradient)


def decided_by_rounding(exact, rough):
    """Whether some ReLU or maximum is closer to its threshold than rounding shifts it."""
    for operation, x in exact.inputs.items():
        error = 8 * float((x - rough.inputs[operation]).abs().max())
        if isinstance(operation, layers.ReLU):
            gaps = x.abs()
        elif isinstance(operation, layers.MaxPooling2D):
            cells = windows_of(x, geometry_of(operation, x), -torch.inf).flatten(-2)
            if cells.shape[-1] == 1:
                continue
            first, second = cells.topk(2, -1).values.unbind(-1)
            gaps = first - second
        elif isinstance(operation, layers.LpPooling2D) and operation.p == 1:
            gaps = x.abs()
        else:
            continue
        if (gaps[gaps > 0] < error).any():
            return True
    return False


def computed(model, images, gradient, training):
    """Our output and gradients, in the peer's form."""
    output = np.array(model.forward(images, training=training), float)
    back = model.backward(gradient)
    gradients = {"images": np.array(back, float)}
    for layer in model.parts:
        for name, value in layer.gradients.items():
            gradients[f"{layer.name}/{name}"] = np.array(value, float)
    return output, gradients


def check(seed):
    """Run one network; the largest errors in units of what is allowed, and whether all counted.

    Also the kinds of its layers.
    """
    rng = np.random.default_rng(seed)
    network, shape = draw(rng, sides=(5, 28))
    model = Sequential(network, shape, seed=seed, device="reference")
    set_weights(model, rng)
    batch, training = int(rng.integers(1, 71)), bool(rng.integers(2))
    images = rng.standard_normal((batch, *shape)).astype(np.float32)
    gradient = rng.standard_normal((batch, *model.output_shape)).astype(np.float32)
    arguments = images, gradient, training
    exact = Peer(model, torch.float64, *arguments)
    rough = Peer(model, torch.float32, *arguments)
    whole = not decided_by_rounding(exact, rough)
    worst = {}
    for device in "reference", "end", "beginning":
        model.to(device if device == "reference" else Fenced(device))
        print(seed, device, shape, batch, training, model.layers, flush=True)
        output, gradients = computed(model, *arguments)
        assert set(gradients) == set(exact.gradients)
        finer = FINER if device == "reference" else 1
        pairs = [("output", output, exact.output, rough.output)]
        if not training:  # in slices, with what it folds together
            predicted = model.predict(images).astype(float)
            pairs.append(("predicted", predicted, exact.output, rough.output))
        if whole or device == "reference":
            pairs += [
                (name, gradients[name], exact.gradients[name], rough.gradients[name])
                for name in gradients
            ]
        lost = 4 * abs(rough.output - exact.output).max()
        lost /= gamma(exact.terms) * max(abs(exact.output).max(), 1e-6)
        for name, ours, theirs, roughly in pairs:
            assert ours.shape == theirs.shape and np.isfinite(ours).all(), name
            layer, _, kind = name.partition("/")
            largest = abs(theirs).max()
            if (layer, kind) in exact.sums:  # a sum that may cancel
                if "kernel" in kind and device != "reference":
                    # its terms are rounded, too; γ(n) of all would hide a kernel that is wrong
                    largest += exact.sums[layer, kind] * gamma(8) / gamma(exact.terms)
                else:
                    largest = exact.sums[layer, kind]
            rounding = gamma(exact.terms) * max(largest, 1e-6)
            if whole or name in ("output", "predicted"):
                rounding += 4 * abs(roughly - theirs).max()
            else:  # PyTorch's float32 gradients are no measure, but how much its outputs lost is
                rounding *= 1 + lost
            allowed = rounding * finer
            unit = float(abs(ours - theirs).max() / allowed)
            key = "reference" if device == "reference" else "cpu"
            worst[key] = max(worst.get(key, (0, "")), (unit, name))
    return worst, whole, kinds(exact.inputs)


def kinds(operations):
    """The names of their classes, and "dilated" where a window has gaps."""
    names = {type(operation).__name__ for operation in operations}
    if any(getattr(operation, "dilation_rate", (1, 1)) != (1, 1) for operation in operations):
        names.add("dilated")
    return names


if __name__ == "__main__":
    first, count = map(int, sys.argv[1:])
    torch.set_num_threads(1)
    largest, partly, having = {}, 0, Counter()
    for seed in range(first, first + count):
        worst, whole, its_kinds = check(seed)
        partly += not whole
        having.update(its_kinds)
        for key, (unit, name) in worst.items():
            largest[key] = max(largest.get(key, (0, "", 0)), (unit, name, seed))
    print(json.dumps({"largest": largest, "outputs only": partly, "with": having}))
