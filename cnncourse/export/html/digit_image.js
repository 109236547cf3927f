// A drawing made into an image as MNIST has them: cnncourse/demos/digit_image.py for the browser.

const IMAGE = 28, BOX = 20; // pixels along a side: of an image, and of the digit in it
const PAPER = 0.2; // of the darkest ink: on paper, what is fainter is shade and grain

/** Greys (side · side bytes), centred and scaled as MNIST's digits are: 28 · 28 numbers, 0 to 1. */
function asMnist(greys, side) {
  const out = new Float64Array(IMAGE * IMAGE), ink = inkOf(greys, side);
  const rows = marked(ink, side, (k) => Math.floor(k / side)), columns = marked(ink, side, (k) => k % side);
  if (!rows) return out;
  const height = rows[1] - rows[0], width = columns[1] - columns[0];
  const scale = BOX / Math.max(height, width);
  const size = [height, width].map((length) => Math.max(1, toEven(scale * length)));
  const down = means(size[0], ...rows), across = means(size[1], ...columns);
  const digit = down.map(([top, bottom]) => across.map(([left, right]) => {
    let sum = 0;
    for (let i = top; i < bottom; i += 1)
      for (let j = left; j < right; j += 1) sum += ink[i * side + j];
    return sum / ((bottom - top) * (right - left));
  }));
  // the centre of mass goes to the middle, as far as the digit then fits
  const corner = centre(digit).map((middle, axis) =>
    clipped(toEven(IMAGE / 2 - middle), 0, IMAGE - size[axis]));
  digit.forEach((row, i) => out.set(row, (corner[0] + i) * IMAGE + corner[1]));
  return out;
}

/** How much ink there is in each pixel, from 0, the ground, to 1: light on dark, or on paper dark. */
function inkOf(greys, side) {
  const last = side - 1, along = Array.from({ length: side }, (_, k) => k);
  const edges = along.flatMap((k) =>
    [greys[k], greys[last * side + k], greys[k * side], greys[k * side + last]]).sort((a, b) => a - b);
  const ground = (edges[2 * side - 1] + edges[2 * side]) / 2, onPaper = ground > 127;
  const ink = Float32Array.from(greys, (grey) => Math.max(0, onPaper ? ground - grey : grey - ground));
  const darkest = ink.reduce((most, value) => Math.max(most, value), 0) || 1;
  return ink.map((value) => (onPaper && value / darkest < PAPER ? 0 : value / darkest));
}

/** The first row or column with ink, and the one behind the last. */
function marked(ink, side, line) {
  let first = side, last = -1;
  ink.forEach((value, k) => {
    if (value === 0) return;
    first = Math.min(first, line(k));
    last = Math.max(last, line(k));
  });
  return last < 0 ? null : [first, last + 1];
}

/** Which old pixels each of `count` new ones covers, as Pillow's BOX filter has it. */
function means(count, first, end) {
  const scale = (end - first) / count, reach = Math.max(scale, 1) / 2;
  return Array.from({ length: count }, (_, k) => {
    const middle = (k + 0.5) * scale;
    const from = Math.max(0, Math.floor(middle - reach + 0.5));
    return [first + from, first + Math.min(end - first, Math.floor(middle + reach + 0.5))];
  });
}

/** The centre of mass of rows of numbers: its row and its column. */
function centre(digit) {
  let total = 0, down = 0, across = 0;
  digit.forEach((row, i) => row.forEach((value, j) => {
    total += value;
    down += i * value;
    across += j * value;
  }));
  return [down / total, across / total];
}
