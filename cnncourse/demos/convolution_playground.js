// Convolution playground: Python convolves, the browser shows the window under the pointer.

const SHOWN = 300, SIZES = [1, 2, 3, 4, 5, 7];

function play(kit) {
  let kernel = [[0]], named = {}, image = null, result = null, at = null; // the position that is shown
  const picture = make("canvas", { role: "img", "aria-label": "The image" });
  const frame = make("div", { class: "cnn-frame" });
  const unseen = [make("div", { class: "cnn-unseen" }), make("div", { class: "cnn-unseen" })];
  const cells = make("tbody");
  const verdict = make("p", { role: "status" });
  const formulas = make("p", { class: "cnn-formula" });
  const says = make("p", { "aria-live": "polite" });
  const products = make("div", { class: "cnn-row cnn-scroll" });
  const output = picker(kit, "The result", SHOWN, showWindow, true);

  // the kernel

  const setKernel = (rows) => {
    kernel = rows.map((row) => [...row]);
    cells.replaceChildren(...kernel.map((row, i) => make("tr", {}, ...row.map((value, j) =>
      make("td", {}, make("input", { type: "number", step: "any", value: Number(value.toPrecision(4)),
        "aria-label": `Kernel, row ${i}, column ${j}`,
        oninput: kit.guard((event) => {
          if (event.target.value === "" || !Number.isFinite(Number(event.target.value))) return;
          kernel[i][j] = Number(event.target.value);
          names.select.value = "your own";
          changed();
        }) }))))));
    sizes.select.value = kernel.length;
    changed();
  };
  /** The kernel with as many rows and columns, its middle kept. */
  const resized = (size) => {
    const shift = Math.floor((size - kernel.length) / 2);
    return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) =>
      kernel[i - shift]?.[j - shift] ?? 0));
  };
  const names = choice(kit, "kernel", ["your own"], (name) => { if (named[name]) setKernel(named[name]); });
  const sizes = choice(kit, "size", SIZES.map((size) => [size, `${size}×${size}`]), (size) => {
    setKernel(resized(Number(size)));
    names.select.value = "your own";
  });
  const flipped = make("input", { type: "checkbox", onchange: () => changed() });
  const stride = numberField(kit, "stride", 1, 8, 1, () => changed());
  const padding = choice(kit, "padding", [[0, "0 (valid)"], 1, 2, 3, "same"], () => changed());

  // the result

  const convolve = latest(async () => {
    const chosen = padding.select.value;
    const reply = await kit.ask("convolve", { kernel, flipped: flipped.checked,
      stride: Number(stride.input.value), padding: chosen === "same" ? chosen : Number(chosen) });
    result = reply.impossible ? null : reply;
    verdict.textContent = reply.impossible ?? "";
    verdict.className = reply.impossible ? "cnn-impossible" : "";
    for (const part of [formulas, output.board, frame]) part.hidden = !result;
    if (result) showResult();
    else clear();
  });
  const changed = kit.guard(convolve);

  function clear() {
    says.textContent = "";
    products.replaceChildren();
    for (const part of unseen) part.hidden = true;
  }

  function showResult() {
    const { rows, columns, buffers, signed, rest } = result;
    result.values = as(Float64Array, buffers[0]);
    formulas.replaceChildren(result.formulas[0], make("br"), result.formulas[1]);
    if (rest[0] || rest[1]) {
      verdict.className = "cnn-impossible";
      verdict.textContent = "This stride leaves a rest: the size is no whole number, so it is impossible, " +
        `or is rounded down, as libraries do. ${rest[0]} row(s) and ${rest[1]} column(s), hatched, are in no window.`;
    }
    hatch(rest);
    output.show(as(Int8Array, buffers[1]), rows, columns, rows * columns, signed ? "signed" : "grey");
    output.move(...(at ?? [Math.floor(rows / 2), Math.floor(columns / 2)]));
  }

  /** Hatch the rows and columns, at the end of the image, that no window reaches. */
  function hatch([below, right]) {
    const { rows, columns } = image, chosen = padding.select.value;
    const pad = chosen === "same" ? 0 : Number(chosen);
    unseen.forEach((part, k) => { part.hidden = !(k ? right : below); });
    const width = columns + 2 * pad, height = rows + 2 * pad;
    enclose(unseen[0], [rows + pad - below, -pad, below, width], rows, columns);
    enclose(unseen[1], [-pad, columns + pad - right, height, right], rows, columns);
  }

  function showWindow(row, column) {
    if (!result) return;
    at = [row, column];
    const { before, laid, values, columns } = result, step = Number(stride.input.value);
    const top = row * step - before[0], left = column * step - before[1];
    const window = laid.map((line, u) => line.map((_, v) => pixel(top + u, left + v)));
    const parts = laid.map((line, u) => line.map((weight, v) => weight * (window[u][v] ?? 0)));
    const sum = parts.flat().reduce((total, part) => total + part, 0);
    enclose(frame, [top, left, laid.length, laid[0].length], image.rows, image.columns);
    products.replaceChildren(grid("window", window), make("span", {}, "·"), grid("kernel", laid),
      make("span", {}, "="), grid("products", parts));
    const value = values[row * columns + column];
    says.textContent = `Row ${row}, column ${column}: the products add up to ${short(sum, 4)}; ` +
      `the result is ${short(value, 4)}.`;
  }
  const pixel = (row, column) => row < 0 || column < 0 || row >= image.rows || column >= image.columns ?
    null : image.values[row * image.columns + column];

  function showImage({ rows, columns, buffers }) {
    image = { rows, columns, values: as(Float64Array, buffers[0]) };
    paint(picture, as(Int8Array, buffers[1]), rows, columns, "grey");
    resize(picture, SHOWN);
  }

  const fromFile = takePictures(kit.root, kit, kit.guard(async (bitmap) => {
    const scale = Math.min(1, 96 / Math.max(bitmap.width, bitmap.height));
    const [columns, rows] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(scale * side)));
    const context = make("canvas", { width: columns, height: rows }).getContext("2d");
    contain(context, bitmap);
    showImage(await kit.ask("picture", { rows, columns }, [greys(context).buffer]));
    changed();
  }));

  kit.root.append(
    make("div", { class: "cnn-column" }, make("h3", {}, "Kernel"),
      make("div", { class: "cnn-row" }, names.element, sizes.element),
      make("table", { class: "cnn-kernel" }, cells),
      make("div", { class: "cnn-row" }, stride.element, padding.element),
      make("label", { class: "cnn-row" }, flipped, "flip it first: convolution as in mathematics"),
      formulas, verdict),
    make("div", { class: "cnn-column" }, make("h3", {}, "Image"),
      make("div", { class: "cnn-board cnn-roomy" }, picture, ...unseen, frame), fromFile),
    make("div", { class: "cnn-column" }, make("h3", {}, "Result: point at it, or use the arrow keys"), output.board),
    make("div", { class: "cnn-column cnn-wide" }, says, products));
  kit.guard(async () => {
    const reply = await kit.ask("start");
    named = reply.kernels;
    names.select.append(...Object.keys(named).map((name) => make("option", {}, name)));
    showImage(reply);
    names.select.value = "sobel x";
    setKernel(named["sobel x"]);
  })();
}

export default { render: (given) => begin(given, "Convolution playground", play) };
