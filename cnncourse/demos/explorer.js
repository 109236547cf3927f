// Explore a network: layers, maps and units are picked here; Python has all values and sums.

const SHOWN = 252; // pixels: the image, and a map

function explore(kit) {
  const at = { operation: 0, map: 0, row: 0, column: 0 };
  let operations = [];
  const image = make("canvas", { role: "img", "aria-label": "The image" });
  const field = make("div", { class: "cnn-frame" });
  const strip = make("div", { class: "cnn-strip", role: "group", "aria-label": "The network's layers" });
  const says = make("p", { "aria-live": "polite" });
  const sums = make("div", { class: "cnn-column cnn-sum", role: "group", "aria-label": "How the value comes about" });
  const title = make("h3");

  const askUnit = latest(async () => {
    const asked = { ...at };
    const reply = await kit.ask("unit", asked);
    if (asked.operation === at.operation && asked.map === at.map) showUnit(reply);
  });
  const unit = kit.guard(askUnit);
  const map = picker(kit, "The chosen map", SHOWN, (row, column) => {
    Object.assign(at, { row, column });
    delete at.channel;
    unit();
  });
  const askMap = latest(async () => {
    const asked = { ...at };
    const { rows, columns, units, buffers } = await kit.ask("map", asked);
    if (asked.operation !== at.operation || asked.map !== at.map) return;
    map.show(as(Int8Array, buffers[1]), rows, columns, units);
    const row = Math.min(at.row, rows - 1), column = Math.min(at.column, columns - 1);
    map.move(...(row * columns + column < units ? [row, column] : [0, 0]));
  });
  const mapField = numberField(kit, "map", 0, 0, 0, (number) => choose(at.operation, number));

  const choose = kit.guard((operation, number) => {
    if (operation !== at.operation) Object.assign(at, { row: middle(operation), column: middle(operation) });
    Object.assign(at, { operation, map: number });
    const { name, kind, shape, maps } = operations[operation];
    title.textContent = `${name}: ${kind}, ${shape}`;
    mapField.input.max = maps - 1;
    mapField.input.value = number;
    mapField.element.hidden = maps === 1;
    strip.querySelectorAll("button").forEach((button, k) => button.setAttribute("aria-pressed", k === operation));
    return askMap();
  });
  const middle = (operation) => Math.floor(parseInt(operations[operation].shape, 10) / 2);

  const load = kit.guard(async (content, buffers) => {
    const reply = await kit.ask("image", content, buffers);
    operations = reply.operations;
    imageField.input.max = reply.images - 1;
    imageField.element.hidden = reply.images === 1;
    const [height, width] = reply.size, bytes = as(Uint8Array, reply.buffers[0]);
    Object.assign(image, { width, height });
    const pixels = new ImageData(width, height);
    for (let k = 0; k < width * height; k += 1) pixels.data.set([...bytes.subarray(3 * k, 3 * k + 3), 255], 4 * k);
    image.getContext("2d").putImageData(pixels, 0, 0);
    resize(image, SHOWN);
    strip.replaceChildren(...operations.map((operation, k) =>
      layerColumn(operation, as(Int8Array, reply.buffers[k + 1]), (map) => choose(k, map))));
    choose(at.operation, at.map);
  });

  function showUnit({ formula, value, output, unit: name, grids, marked, lines, parts, channel, field: frame }) {
    enclose(field, frame, image.height, image.width);
    says.textContent = `${operations[at.operation].name}: the value ${name} is ${short(output, 4)}. ` +
      `Its receptive field has ${frame[2]}×${frame[3]} pixels.`;
    const rows = lines.map(([text, number]) => make("tr", {}, make("th", { scope: "row" }, text),
      make("td", { class: "cnn-number" }, short(number, 4))));
    const ends = [["in all", value], ["the layer gives", output]].filter(([, number]) => number !== null)
      .map(([text, number]) => make("tr", { class: "cnn-best" }, make("th", { scope: "row" }, text),
        make("td", { class: "cnn-number" }, short(number, 6))));
    const tables = Object.entries(grids).map(([text, cells]) => grid(text, cells, marked));
    const channels = parts.length > 1 ? [choice(kit, "input channel",
      parts.map((part, k) => [k, `${k}: ${short(part)}`]), (chosen) => {
        at.channel = Number(chosen);
        unit();
      })] : [];
    for (const one of channels) one.select.value = channel;
    sums.replaceChildren(make("p", { class: "cnn-formula" }, formula), ...channels.map((one) => one.element),
      make("div", { class: "cnn-row cnn-scroll" }, ...tables),
      make("table", { class: "cnn-lines" }, make("tbody", {}, ...rows, ...ends)));
  }

  const imageField = numberField(kit, "image", 0, 0, 0, (index) => load({ index }));
  const fromFile = takePictures(kit.root, kit, (bitmap) => {
    const context = make("canvas", { width: image.width, height: image.height }).getContext("2d");
    contain(context, bitmap);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    load({}, [Uint8Array.from(data.filter((_, k) => k % 4 < 3)).buffer]);
  });

  kit.root.append(strip,
    make("div", { class: "cnn-column" }, make("h3", {}, "Image"),
      make("div", { class: "cnn-board cnn-roomy" }, image, field),
      make("div", { class: "cnn-row" }, imageField.element, fromFile)),
    make("div", { class: "cnn-column" }, title, map.board, mapField.element),
    make("div", { class: "cnn-column cnn-wide" }, says, sums));
  load({ index: 0 });
}

export default { render: (given) => begin(given, "Explore a network", explore) };
