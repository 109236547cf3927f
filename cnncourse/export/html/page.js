// The page: what is drawn is answered here, by the network that the file holds.

const SMALL = 32, MOST_SMALL = 12, MOST_MAPS = 16, LARGE = 252; // pixels, maps, maps, pixels
const ROW = 16; // values: a longer row is folded

const network = unpacked(JSON.parse(document.getElementById("network").textContent));

/** Stands for Python, as the demos know it: answers each message at once. */
function local(answer) {
  const listeners = new Set();
  return {
    on: (_, listener) => listeners.add(listener),
    off: (_, listener) => listeners.delete(listener),
    send({ number, ...message }, _, buffers) {
      const [content, arrays] = answer(message, buffers);
      for (const listener of listeners) listener({ number, ...content }, arrays);
    },
  };
}

/** A step's output as maps [height, width, count]; a row of values is folded into one map. */
function mapsOf({ shape: [height, width, count], output: { zero } }, values) {
  const real = Int32Array.from(values, (value) => value - zero);
  if (height * width > 1) return { height, width, count, values: real };
  const wide = count <= ROW ? 1 : ROW, high = Math.ceil(count / wide), folded = new Int32Array(high * wide);
  folded.set(real);
  return { height: high, width: wide, count: 1, values: folded };
}

/** One map, every so many-th pixel of it, as shades on the scale of all maps. */
function shadesOf({ height, width, count, values }, map, every = 1) {
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  const rows = Math.ceil(height / every), columns = Math.ceil(width / every);
  const shades = Int8Array.from({ length: rows * columns }, (_, k) => {
    const row = every * Math.floor(k / columns), column = every * (k % columns);
    return Math.round((127 * values[(row * width + column) * count + map]) / most);
  });
  return { rows, columns, shades };
}

/** Many maps' shades in one array, map by map. */
function allShades(maps, count, every = 1) {
  const all = Array.from({ length: count }, (_, map) => shadesOf(maps, map, every));
  const shades = new Int8Array(all.reduce((total, one) => total + one.shades.length, 0));
  all.forEach((one, k) => shades.set(one.shades, k * one.shades.length));
  return { rows: all[0].rows, columns: all[0].columns, shades };
}

// Layer by layer

function overview(kit) {
  const strip = make("div", { class: "cnn-strip", role: "group", "aria-label": "The network's layers" });
  const title = make("h3"), large = make("canvas", { role: "img" });
  const at = { step: 0, map: 0 };
  let layers = [];

  function choose(step, map) {
    Object.assign(at, { step, map });
    const { shades, rows, columns } = shadesOf(layers[step], map);
    title.textContent = `${network.steps[step].name}: map ${map}`;
    large.setAttribute("aria-label", title.textContent);
    paint(large, shades, rows, columns);
    resize(large, LARGE);
    strip.querySelectorAll("button").forEach((button, k) => button.setAttribute("aria-pressed", k === step));
  }

  kit.root.append(strip, make("div", { class: "cnn-column" }, title, large));
  return (outputs) => {
    layers = outputs.map((values, k) => mapsOf(network.steps[k], values));
    strip.replaceChildren(...layers.map((maps, k) => {
      const { name, shape } = network.steps[k], count = Math.min(maps.count, MOST_SMALL);
      const small = allShades(maps, count, Math.ceil(Math.max(maps.height, maps.width) / SMALL));
      const layer = { name, shape: shape.join("×"), maps: maps.count, thumbnails: [count, small.rows, small.columns] };
      return layerColumn(layer, small.shades, (map) => choose(k, map));
    }));
    choose(at.step, at.map);
  };
}

// Drawing

const first = network.steps.findIndex((step) => step.kind === "Convolution");
const took = document.getElementById("took");
let showLayers;

/** Pixels → probabilities, the image as the network sees it, and its first maps. */
function answer({ side: length }, [pixels]) {
  const image = asMnist(new Uint8Array(pixels), length);
  const begun = performance.now();
  const found = outputs(network, bytes(network.input, image));
  const milliseconds = performance.now() - begun;
  showLayers(found);
  const empty = !image.some((value) => value > 0);
  took.textContent = `The last prediction took ${milliseconds.toFixed(1)} ms.`;
  const reply = { empty, probabilities: probabilities(network, found.at(-1)) };
  const arrays = [Int8Array.from(image, (value) => Math.round(127 * value))];
  if (first >= 0) {
    const maps = mapsOf(network.steps[first], found[first]), count = Math.min(maps.count, MOST_MAPS);
    reply.maps = [maps.height, maps.width, count];
    arrays.push(allShades(maps, count).shades);
  }
  return [reply, arrays];
}

begin({ model: local(answer), el: document.getElementById("layers") }, "Layer by layer",
  (kit) => { showLayers = overview(kit); });
begin({ model: local(answer), el: document.getElementById("draw") }, "Draw a digit", draw);
