// Draw a digit: the canvas sends its pixels, Python answers with probabilities and feature maps.

const SIDE = 336, SENT = 112, PEN = 27, STEP = 8; // pixels

function draw(kit) {
  const canvas = make("canvas", { width: SIDE, height: SIDE, class: "cnn-draw", tabindex: 0,
    role: "application", "aria-label": "Canvas to draw on. Draw with mouse, pen or finger; or by " +
      "keyboard: arrows move the pen, Space puts it down and lifts it, Control Z takes back a " +
      "stroke, Delete clears." });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const small = make("canvas", { width: SENT, height: SENT }).getContext("2d", { willReadFrequently: true });
  const seen = make("canvas", { class: "cnn-seen", role: "img", "aria-label": "The drawing as the network gets it" });
  const says = make("p", { class: "cnn-says", "aria-live": "polite" }, "Draw a digit.");
  const bars = make("tbody");
  const maps = make("div", { class: "cnn-maps", role: "group", "aria-label": "First feature maps" });
  const cursor = make("div", { class: "cnn-cursor", hidden: true });
  let marks = []; // strokes, lists of points, and bitmaps, in their order
  let pen = null; // the stroke that is being drawn
  let at = [SIDE / 2, SIDE / 2]; // of the pen that the keys move

  function line(from, to) {
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  }

  function redraw() {
    context.fillStyle = "#000";
    context.fillRect(0, 0, SIDE, SIDE);
    Object.assign(context, { lineWidth: PEN, lineCap: "round", lineJoin: "round", strokeStyle: "#fff" });
    for (const mark of marks) {
      if (mark instanceof ImageBitmap) contain(context, mark);
      else mark.forEach((point, k) => line(mark[Math.max(k - 1, 0)], point));
    }
  }

  const predict = latest(async () => {
    small.drawImage(canvas, 0, 0, SENT, SENT);
    show(await kit.ask("draw", { side: SENT }, [greys(small).buffer]));
  });
  const changed = kit.guard(predict);

  function show({ empty, probabilities, maps: shape, buffers }) {
    paint(seen, as(Int8Array, buffers[0]), 28, 28, "grey");
    const best = probabilities.indexOf(Math.max(...probabilities));
    while (bars.rows.length < probabilities.length) {
      const meter = make("div", { class: "cnn-bar" });
      bars.append(make("tr", {}, make("th", { scope: "row" }, String(bars.rows.length)),
        make("td", {}, meter), make("td", { class: "cnn-number" })));
    }
    probabilities.forEach((probability, k) => {
      const [, bar, number] = bars.rows[k].cells;
      bar.firstChild.style.width = empty ? 0 : `${100 * probability}%`;
      number.textContent = empty ? "" : `${(100 * probability).toFixed(1)} %`;
      bars.rows[k].className = !empty && k === best ? "cnn-best" : "";
    });
    const text = empty ? "Draw a digit." : `The network says ${best}.`;
    if (says.textContent !== text) says.textContent = text; // read aloud when it changes
    if (shape) showMaps(as(Int8Array, buffers[1]), shape);
  }

  function showMaps(bytes, [height, width, count]) {
    while (maps.children.length < count)
      maps.append(make("canvas", { role: "img", "aria-label": `Feature map ${maps.children.length}` }));
    const size = height * width;
    for (let k = 0; k < count; k += 1)
      paint(maps.children[k], bytes.subarray(k * size, (k + 1) * size), height, width);
  }

  // strokes, by pointer and by key

  function start(point) {
    pen = [point];
    marks.push(pen);
    line(point, point);
    changed();
  }
  function extend(point) {
    line(pen.at(-1), point);
    pen.push(point);
    changed();
  }
  const position = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("pointerdown", kit.guard((event) => {
    if (event.button !== 0) return;
    cursor.hidden = true;
    canvas.setPointerCapture(event.pointerId);
    start(position(event));
  }));
  canvas.addEventListener("pointermove", kit.guard((event) => {
    if (!pen || !canvas.hasPointerCapture(event.pointerId)) return;
    const events = event.getCoalescedEvents();
    (events.length ? events : [event]).forEach((one) => extend(position(one)));
  }));
  canvas.addEventListener("lostpointercapture", () => { pen = null; });

  const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", kit.guard((event) => {
    if (event.key in MOVES) {
      at = at.map((place, k) => Math.max(0, Math.min(SIDE, place + STEP * MOVES[event.key][k])));
      if (pen) extend(at);
    } else if (event.key === " ") {
      if (pen) pen = null;
      else start(at);
    } else if (event.key === "z" && (event.ctrlKey || event.metaKey)) undo();
    else if (event.key === "Delete" || event.key === "Backspace") clear();
    else return;
    event.preventDefault();
    cursor.hidden = false;
    cursor.style.left = `${at[0]}px`;
    cursor.style.top = `${at[1]}px`;
    cursor.classList.toggle("cnn-down", Boolean(pen));
  }));
  canvas.addEventListener("blur", () => { pen = null; cursor.hidden = true; });

  function forget(kept) {
    marks = kept;
    pen = null;
    redraw();
    changed();
  }
  const undo = () => forget(marks.slice(0, -1));
  const clear = () => forget([]);
  const fromFile = takePictures(canvas, kit, (bitmap) => forget([bitmap]));

  kit.root.append(
    make("div", { class: "cnn-column" },
      make("div", { class: "cnn-board" }, canvas, cursor),
      make("div", { class: "cnn-row" },
        make("button", { type: "button", onclick: kit.guard(clear) }, "Clear"),
        make("button", { type: "button", onclick: kit.guard(undo) }, "Undo"), fromFile)),
    make("div", { class: "cnn-column" }, says,
      make("table", { class: "cnn-bars" },
        make("caption", {}, "Probability of each class"), bars)),
    make("div", { class: "cnn-column" },
      make("p", {}, "As the network gets it: centred and scaled"), seen,
      make("p", {}, "First feature maps: orange above zero, purple below"), maps));
  redraw();
  changed();
}

export default { render: (given) => begin(given, "Draw a digit", draw) };
