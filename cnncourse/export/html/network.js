// A network in whole numbers: the numbers of cnncourse/quantization/steps.py, to the last bit.
//
// What lies between two steps is an image, row by row, pixel by pixel, channel by channel.

const ARRAYS = { int8: Int8Array, uint8: Uint8Array, int32: Int32Array, int64: BigInt64Array };

/** A network as packed.py wrote it, with its arrays as arrays. */
function unpacked(network) {
  for (const step of network.steps)
    for (const [name, { type, bytes }] of Object.entries(step.arrays))
      step[name] = new ARRAYS[type](Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)).buffer);
  return network;
}

/** What each step gives for an image's bytes: a list of arrays. */
function outputs(network, image) {
  const found = [];
  for (const step of network.steps) found.push(RUN[step.kind](step, found.at(-1) ?? image));
  return found;
}

/** The bytes of an image whose pixels are real numbers. */
function bytes({ scale, zero, low, high }, pixels) {
  return Uint8Array.from(pixels, (value) => clipped(toEven(value / scale) + zero, low, high));
}

/** A network's last output as a probability for each class. */
function probabilities(network, last) {
  const { scale, zero } = network.steps.at(-1).output;
  const values = Array.from(last, (value) => (value - zero) * scale);
  if (network.probabilities) return values;
  const largest = Math.max(...values), raised = values.map((value) => Math.exp(value - largest));
  const total = raised.reduce((sum, value) => sum + value);
  return raised.map((value) => value / total);
}

/** The nearest whole number, of two the even one: as NumPy rounds. */
function toEven(value) {
  const nearest = Math.round(value);
  return nearest - value === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

function clipped(value, low, high) {
  return value < low ? low : value > high ? high : value;
}

/**
 * A sum on the output's scale: (sum · multiplier + 2^(shift − 1)) >> shift, then between its ends.
 *
 * The product has 63 bits, and a number in JavaScript holds 53: so the multiplier's upper and lower
 * 16 bits go one by one. What lies below bit 16 of the product decides nothing, as it is rounded
 * downwards in any case. Where the shift is smaller, all that has more than 53 bits is beyond the
 * ends.
 */
function requantized(sum, multiplier, shift, { zero, low, high }) {
  const upper = sum * (multiplier >> 16), lower = sum * (multiplier & 0xffff);
  const value = shift > 16
    ? Math.floor((upper + Math.floor(lower / 0x10000) + 2 ** (shift - 17)) / 2 ** (shift - 16))
    : Math.floor((upper * 0x10000 + lower + 2 ** (shift - 1)) / 2 ** shift);
  return clipped(value + zero, low, high);
}

/** Call visit(pixel, cell) for each cell of a window at (i, j) that lies on the image. */
function under({ image, window, strides, before }, i, j, visit) {
  for (let u = 0; u < window[0]; u += 1)
    for (let v = 0; v < window[1]; v += 1) {
      const row = i * strides[0] - before[0] + u, column = j * strides[1] - before[1] + v;
      if (row >= 0 && row < image[0] && column >= 0 && column < image[1])
        visit(row * image[1] + column, u * window[1] + v);
    }
}

/** What value(i, j, c) gives at all positions of a window, for each channel. */
function everywhere({ output }, channels, value) {
  const y = new Int32Array(output[0] * output[1] * channels);
  for (let i = 0, k = 0; i < output[0]; i += 1)
    for (let j = 0; j < output[1]; j += 1)
      for (let c = 0; c < channels; c += 1, k += 1) y[k] = value(i, j, c);
  return y;
}

/** The largest value under each window. */
function largest(window, channels, x) {
  return everywhere(window, channels, (i, j, c) => {
    let best = -Infinity;
    under(window, i, j, (pixel) => { best = Math.max(best, x[pixel * channels + c]); });
    return best;
  });
}

/** The sums of a convolution, with its bias: what the cells see is gathered once for all filters. */
function convolutionSums(step, x) {
  const { window: { image, strides, before, output }, cells, dilation, channels, kernel, bias, zero } = step;
  const filters = bias.length, seen = new Int32Array(cells[0] * cells[1] * channels);
  const sums = new Int32Array(output[0] * output[1] * filters);
  for (let i = 0, to = 0; i < output[0]; i += 1)
    for (let j = 0; j < output[1]; j += 1) {
      for (let u = 0, k = 0; u < cells[0]; u += 1)
        for (let v = 0; v < cells[1]; v += 1) {
          const row = i * strides[0] - before[0] + u * dilation[0];
          const column = j * strides[1] - before[1] + v * dilation[1];
          const inside = row >= 0 && row < image[0] && column >= 0 && column < image[1];
          const pixel = (row * image[1] + column) * channels;
          for (let c = 0; c < channels; c += 1, k += 1) seen[k] = inside ? x[pixel + c] - zero : 0;
        }
      for (let f = 0, w = 0; f < filters; f += 1, to += 1) {
        let sum = bias[f];
        for (let k = 0; k < seen.length; k += 1, w += 1) sum = (sum + seen[k] * kernel[w]) | 0;
        sums[to] = sum;
      }
    }
  return sums;
}

/** Sums (…, filters) on the output's scale; each filter has a factor of its own. */
function byFilter({ multiplier, shift, output }, sums) {
  const filters = multiplier.length;
  return sums.map((sum, k) => requantized(sum, multiplier[k % filters], shift[k % filters], output));
}

// Each kind of step: from its input to its output

const RUN = {
  Convolution(step, x) {
    return byFilter(step, largest(step.pooling, step.bias.length, convolutionSums(step, x)));
  },

  Dense(step, x) {
    const { kernel, bias, zero } = step;
    return byFilter(step, Int32Array.from(bias, (sum, unit) => {
      const from = unit * x.length;
      for (let k = 0; k < x.length; k += 1) sum += (x[k] - zero) * kernel[from + k];
      return sum;
    }));
  },

  Scaling(step, x) {
    const { kernel, bias, zero } = step, channels = bias.length;
    return byFilter(step, Int32Array.from(x, (value, k) =>
      (value - zero) * kernel[k % channels] + bias[k % channels]));
  },

  MaxPooling: ({ window, channels }, x) => largest(window, channels, x),

  AveragePooling({ window, channels, cells, multiplier, shift, zero, output }, x) {
    return everywhere(window, channels, (i, j, c) => {
      let sum = 0;
      under(window, i, j, (pixel, cell) => { sum += (x[pixel * channels + c] - zero) * cells[cell]; });
      const position = multiplier.length > 1 ? i * window.output[1] + j : 0;
      return requantized(sum, multiplier[position], shift, output);
    });
  },

  LpPooling({ window, channels, powers, begins, zero }, x) {
    return everywhere(window, channels, (i, j, c) => {
      let sum = 0n, value = 0;
      under(window, i, j, (pixel) => { sum += powers[Math.abs(x[pixel * channels + c] - zero)]; });
      while (value < begins.length && sum >= begins[value]) value += 1;
      return value;
    });
  },

  Activation: ({ table }, x) => Int32Array.from(x, (value) => table[value]),

  Softmax({ table }, x) {
    const highest = Math.max(...x), powers = Array.from(x, (value) => table[highest - value]);
    const total = powers.reduce((sum, power) => sum + power);
    return Int32Array.from(powers, (power) => Math.floor((power * 255 + Math.floor(total / 2)) / total));
  },
};
