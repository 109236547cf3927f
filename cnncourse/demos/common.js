// What the demos share. Python puts this text before each demo's own: the two are one module.

const LATE = 2000; // milliseconds without a reply, after which the reader is told
// orange above zero, purple below, as in the course's pictures; from −1 over 0 to 1
const SIGNED = [[45, 0, 75], [128, 115, 172], [247, 247, 247], [224, 130, 20], [127, 59, 8]];

/** An element with attributes and children; "onclick" and the like are listeners. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/**
 * A demo in `el`: `build(kit)` fills `kit.root`, and may give a function that ends what it began.
 *
 * kit.ask(kind, content, buffers) asks Python, and gives a promise of its reply, with `buffers`;
 * kit.guard(function) is the same function, whose errors the reader sees.
 * Gives the function that ends the demo.
 */
function begin({ model, el }, title, build) {
  const alarm = make("div", { class: "cnn-alarm", role: "alert" });
  const waiting = make("p", { class: "cnn-waiting", role: "status" });
  // the attribute keeps JupyterLab's own keys, such as "d d", away from what has the focus here
  const root = make("section", { class: "cnn-demo", "aria-label": title,
    onfocusin: (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true") });
  el.replaceChildren(root);
  const open = new Map(); // number of a message → what to do with its reply
  const view = Math.random().toString(36).slice(2); // several views share one model
  let count = 0;

  function show(error) {
    alarm.replaceChildren(make("p", {}, `Something went wrong. ${error.message}`));
    if (error.traceback)
      alarm.append(make("details", {}, make("summary", {}, "Where"),
        make("pre", { tabindex: 0 }, error.traceback)));
  }

  function onMessage(content, buffers) {
    const asked = open.get(content.number);
    if (!asked) return; // another view's
    open.delete(content.number);
    clearTimeout(asked.late);
    if (!open.size) waiting.textContent = "";
    if (content.error)
      asked.reject(Object.assign(new Error(content.error), { traceback: content.traceback }));
    else {
      if (alarm.firstChild) alarm.replaceChildren();
      asked.resolve({ ...content, buffers });
    }
  }

  const kit = {
    root,
    ask: (kind, content = {}, buffers = []) => new Promise((resolve, reject) => {
      const number = `${view}-${(count += 1)}`;
      const late = setTimeout(() => {
        waiting.textContent = "Waiting for Python: the kernel runs another cell, or has ended. " +
          "If it has ended, run this cell again.";
      }, LATE);
      open.set(number, { resolve, reject, late });
      model.send({ kind, number, ...content }, undefined, buffers);
    }),
    guard: (action) => (...given) => {
      try {
        const done = action(...given);
        if (done instanceof Promise) done.catch(show);
        return done;
      } catch (error) {
        show(error);
      }
    },
  };
  model.on("msg:custom", onMessage);
  const end = kit.guard(build)(kit);
  root.append(waiting, alarm);
  return () => {
    end?.();
    model.off("msg:custom", onMessage);
    for (const { late } of open.values()) clearTimeout(late);
  };
}

/** A function that does `work`, and, asked while at it, once more: no queue builds up. */
function latest(work) {
  let running = false, again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        await work();
      }
    } finally {
      running = false;
    }
  };
}

/** The colours of the values −127 to 127, [red, green, blue, opaque]: by their sign, or in grey. */
const PALETTES = Object.fromEntries(["signed", "grey"].map((name) => [name,
  Array.from({ length: 255 }, (_, k) => {
    if (name === "grey") return [...Array(3).fill(2 * Math.max(0, k - 127)), 255];
    const below = Math.min(3, Math.floor(k / 63.5)), part = k / 63.5 - below;
    return [...SIGNED[below].map((from, c) => from + part * (SIGNED[below + 1][c] - from)), 255];
  })]));

/** Paint `values` (rows · columns), whole numbers from −127 to 127, on a canvas, a pixel each. */
function paint(canvas, values, rows, columns, palette = "signed") {
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows), colours = PALETTES[palette];
  for (let k = 0; k < rows * columns; k += 1) image.data.set(colours[values[k] + 127], 4 * k);
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** The bytes of a reply's buffer as an array of the given type. */
function as(Type, buffer) {
  return new Type(buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength));
}

/** Let files be chosen, dropped on `target`, or pasted there; `take` gets each as a bitmap. */
function takePictures(target, kit, take) {
  const read = kit.guard(async (file) => {
    let bitmap;
    try {
      bitmap = await createImageBitmap(file);
    } catch {
      throw new Error(`${file.name || "The file"} is no picture that this browser can read.`);
    }
    take(bitmap);
  });
  const chosen = (files) => { if (files.length) read(files[0]); };
  const input = make("input", { type: "file", accept: "image/*", class: "cnn-file",
    onchange: () => { chosen(input.files); input.value = ""; } });
  target.addEventListener("dragover", (event) => event.preventDefault());
  target.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    chosen(event.dataTransfer.files);
  });
  kit.root.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    event.stopPropagation();
    chosen(event.clipboardData.files);
  });
  return make("label", { class: "cnn-button" }, "Picture from a file …", input);
}

/** Draw a bitmap as large as it fits on a canvas's context; around it, the colour of its corner. */
function contain(context, bitmap) {
  const { width, height } = context.canvas;
  const scale = Math.min(width / bitmap.width, height / bitmap.height);
  const [w, h] = [scale * bitmap.width, scale * bitmap.height];
  context.drawImage(bitmap, 0, 0, 1, 1, 0, 0, width, height);
  context.drawImage(bitmap, (width - w) / 2, (height - h) / 2, w, h);
}

/** A canvas's pixels in grey: a Uint8Array, row by row. */
function greys(context) {
  const { width, height } = context.canvas;
  const pixels = context.getImageData(0, 0, width, height).data;
  return Uint8Array.from({ length: width * height }, (_, k) =>
    0.299 * pixels[4 * k] + 0.587 * pixels[4 * k + 1] + 0.114 * pixels[4 * k + 2]);
}

/** Put `frame` around cells of a board's canvas; it may reach beyond it. */
function enclose(frame, [top, left, height, width], rows, columns) {
  Object.assign(frame.style, { top: `${(100 * top) / rows}%`, left: `${(100 * left) / columns}%`,
    height: `${(100 * height) / rows}%`, width: `${(100 * width) / columns}%` });
}

/**
 * A board of cells of which one is picked, by mouse or with the arrow keys.
 *
 * pick(row, column) is called for each choice; with `hover`, wherever the mouse goes.
 * Gives {board, canvas, show(shades, rows, columns, units, palette), move(row, column)}.
 */
function picker(kit, label, side, pick, hover = false) {
  const canvas = make("canvas", { tabindex: 0, role: "application", "aria-label":
    `${label}. The arrow keys move from cell to cell.` });
  const frame = make("div", { class: "cnn-frame" });
  const board = make("div", { class: "cnn-board" }, canvas, frame);
  let rows = 1, columns = 1, units = 1, at = [0, 0];
  const move = (row, column) => {
    row = Math.max(0, Math.min(rows - 1, row));
    column = Math.max(0, Math.min(columns - 1, column));
    if (row * columns + column >= units) return;
    at = [row, column];
    enclose(frame, [row, column, 1, 1], rows, columns);
    pick(row, column);
  };
  const under = kit.guard((event) => {
    const box = canvas.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) * rows) / box.height);
    const column = Math.floor(((event.clientX - box.left) * columns) / box.width);
    if (row !== at[0] || column !== at[1]) move(row, column);
  });
  canvas.addEventListener("click", under);
  if (hover) canvas.addEventListener("pointermove", under);
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  canvas.addEventListener("keydown", kit.guard((event) => {
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    move(at[0] + STEPS[event.key][0], at[1] + STEPS[event.key][1]);
  }));
  return {
    board, canvas, move,
    show(shades, high, wide, count = high * wide, palette = "signed") {
      [rows, columns, units] = [high, wide, count];
      paint(canvas, shades, rows, columns, palette);
      resize(canvas, side);
      at = [Math.min(at[0], rows - 1), Math.min(at[1], columns - 1)];
      enclose(frame, [...at, 1, 1], rows, columns);
    },
    get at() { return at; },
  };
}

/** Enlarge a canvas, whole pixels for each of its own, to about `side` pixels. */
function resize(canvas, side) {
  const scale = Math.max(1, Math.min(40, Math.floor(side / Math.max(canvas.width, canvas.height))));
  canvas.style.width = `${scale * canvas.width}px`;
  canvas.style.height = `${scale * canvas.height}px`;
}

/** A number as people read it, with so many digits that count. */
function short(number, digits = 3) {
  if (number === null || Number.isNaN(number)) return "–";
  const text = Number(number.toPrecision(digits));
  return String(text).replace("-", "−");
}

/** A table of numbers on the colours of their signs; null is a cell on the padding. */
function grid(title, rows, marked) {
  const largest = Math.max(...rows.flat().map((value) => Math.abs(value ?? 0))) || 1;
  const cell = (value, i, j) => {
    const td = make("td", {}, short(value));
    const [r, g, b] = value > 0 ? [224, 130, 20] : [128, 115, 172];
    if (value !== null) td.style.background = `rgba(${r}, ${g}, ${b}, ${(0.75 * Math.abs(value)) / largest})`;
    else td.className = "cnn-padding";
    if (marked && marked[0] === i && marked[1] === j) td.classList.add("cnn-marked");
    return td;
  };
  return make("table", { class: "cnn-grid" }, make("caption", {}, title), make("tbody", {},
    ...rows.map((row, i) => make("tr", {}, ...row.map((value, j) => cell(value, i, j))))));
}

/** A field for a whole number, with its label; `change(number)` for each that is in its range. */
function numberField(kit, label, least, most, value, change) {
  const inRange = () => Math.max(Number(input.min),
    Math.min(Number(input.max), Math.round(Number(input.value)) || 0));
  const input = make("input", { type: "number", "aria-label": label, min: least, max: most, step: 1, value,
    // at each key: JupyterLab keeps Enter to itself
    oninput: kit.guard(() => { if (input.value === String(inRange())) change(inRange()); }),
    onchange: kit.guard(() => {
      if (input.value === String(inRange())) return;
      input.value = inRange();
      change(inRange());
    }) });
  return { input, element: make("label", { class: "cnn-row" }, label, input) };
}

/** A choice with its label: `options` are texts, or pairs [value, text]. */
function choice(kit, label, options, change) {
  const select = make("select", { "aria-label": label, onchange: kit.guard(() => change(select.value)) },
    ...options.map((option) => make("option", { value: [option].flat()[0] }, [option].flat().at(-1))));
  return { select, element: make("label", { class: "cnn-row" }, label, select) };
}

/** A layer beside others: its name, its shape and its first maps; choose(map) when one is clicked. */
function layerColumn({ name, shape, maps, thumbnails: [count, height, width] }, shades, choose) {
  const button = make("button", { type: "button", onclick: () => choose(0) }, name, make("br"), shape);
  const small = Array.from({ length: count }, (_, k) => {
    const canvas = make("canvas", { role: "img", "aria-label": `${name}, map ${k}`, onclick: () => choose(k) });
    paint(canvas, shades.subarray(k * height * width, (k + 1) * height * width), height, width);
    return canvas;
  });
  const more = maps > count ? [make("p", { class: "cnn-quiet" }, `and ${maps - count} more`)] : [];
  return make("div", { class: "cnn-layer" }, button, make("div", { class: "cnn-thumbnails" }, ...small), ...more);
}
