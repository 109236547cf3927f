// Live training: the browser asks for a moment of training, shows what came of it, and asks again.

const MOMENT = 0.15; // seconds of training between two pictures
const WIDTH = 380, HEIGHT = 170, MARGIN = 40; // pixels, of a chart
const LINES = { "": ["training", "#0072b2"], val_: ["validation", "#d55e00"] };

function train(kit) {
  let playing = false, losses = [], evaluations = [];
  const says = make("p", { class: "cnn-says", "aria-live": "polite" });
  const figures = make("p");
  const charts = { loss: chart("Loss"), accuracy: chart("Accuracy") };
  const kernels = make("div", { class: "cnn-maps", role: "group", "aria-label": "Kernels of the first convolution" });
  const mistakes = make("div", { class: "cnn-mistakes" });

  // what is seen

  function chart(name) {
    return make("canvas", { width: WIDTH, height: HEIGHT, class: "cnn-chart", role: "img", "aria-label": name });
  }

  function show(reply) {
    losses.push(...reply.losses);
    evaluations.push(...reply.evaluations);
    figures.textContent = `step ${reply.step}, epoch ${reply.epoch.toFixed(2)}`;
    draw(charts.loss, "Loss", "loss", losses);
    draw(charts.accuracy, "Accuracy", "accuracy", [], 1);
    const [count, rows, columns] = reply.kernels, shades = as(Int8Array, reply.buffers[0]);
    while (kernels.children.length < count)
      kernels.append(make("canvas", { role: "img", "aria-label": `Kernel ${kernels.children.length}` }));
    for (let k = 0; k < count; k += 1)
      paint(kernels.children[k], shades.subarray(k * rows * columns, (k + 1) * rows * columns), rows, columns);
    if (reply.mistakes) showMistakes(reply, as(Uint8Array, reply.buffers[1]));
    if (reply.stopped) {
      pause();
      says.textContent = reply.stopped;
    }
  }

  function showMistakes({ mistakes: titles, size: [height, width] }, bytes) {
    const size = 3 * height * width;
    mistakes.replaceChildren(...titles.map((title, k) => {
      const canvas = make("canvas", { width, height, role: "img", "aria-label": title });
      const image = new ImageData(width, height);
      for (let p = 0; p < height * width; p += 1)
        image.data.set([...bytes.subarray(k * size + 3 * p, k * size + 3 * p + 3), 255], 4 * p);
      canvas.getContext("2d").putImageData(image, 0, 0);
      return make("figure", {}, canvas, make("figcaption", {}, title));
    }));
  }

  /** The curves of training and validation, over the steps; the loss of each batch in grey. */
  function draw(canvas, title, name, batches, top = null) {
    const context = canvas.getContext("2d"), style = getComputedStyle(canvas);
    const steps = Math.max(1, losses.length);
    const all = [...batches, ...evaluations.flatMap((one) => [one[name] ?? 0, one[`val_${name}`] ?? 0])];
    const high = top ?? (all.reduce((a, b) => Math.max(a, b), 0) || 1);
    const x = (step) => MARGIN + (step / steps) * (WIDTH - MARGIN - 10);
    const y = (value) => HEIGHT - 22 - (Math.min(value, high) / high) * (HEIGHT - 44);
    context.clearRect(0, 0, WIDTH, HEIGHT);
    context.font = "12px sans-serif";
    context.fillStyle = context.strokeStyle = style.color;
    context.lineWidth = 1;
    context.strokeRect(MARGIN, 22, WIDTH - MARGIN - 10, HEIGHT - 44);
    context.textAlign = "right";
    context.fillText("0", MARGIN - 4, HEIGHT - 22);
    context.fillText(short(high, 2), MARGIN - 4, 30);
    context.fillText(`${steps} steps`, WIDTH - 10, HEIGHT - 6);
    context.textAlign = "left";
    context.fillText(title, MARGIN, 14);
    curve(context, batches.map((value, k) => [x(k + 1), y(value)]), "#999", 1);
    const last = [];
    Object.entries(LINES).forEach(([prefix, [part, ink]], k) => {
      const points = evaluations.filter((one) => one[prefix + name] !== undefined)
        .map((one) => [x(one.step), y(one[prefix + name]), one[prefix + name]]);
      if (!points.length) return;
      curve(context, points, ink, 2.5, k ? [6, 4] : []);
      context.fillStyle = ink;
      context.fillRect(MARGIN + 90 + 120 * k, 8, 14, 4);
      context.fillStyle = style.color;
      const value = points.at(-1)[2];
      const text = name === "accuracy" ? `${(100 * value).toFixed(1)} %` : short(value);
      context.fillText(`${part} ${text}`, MARGIN + 108 + 120 * k, 14);
      last.push(`${part} ${text}`);
    });
    canvas.setAttribute("aria-label", `${title} after ${losses.length} steps: ${last.join(", ")}`);
  }

  function curve(context, points, ink, width, dashes = []) {
    context.beginPath();
    points.forEach(([px, py], k) => (k ? context.lineTo(px, py) : context.moveTo(px, py)));
    Object.assign(context, { strokeStyle: ink, lineWidth: width });
    context.setLineDash(dashes);
    context.stroke();
    context.setLineDash([]);
  }

  // what can be done

  const buttons = {};
  for (const [name, action] of Object.entries({
    Train: play, Step: () => moment(1), Stop: stop, "Start again": again,
  })) buttons[name] = make("button", { type: "button", onclick: kit.guard(action) }, name);

  async function play() {
    if (playing) {
      pause();
      says.textContent = "Paused.";
      return;
    }
    playing = true;
    buttons.Train.textContent = "Pause";
    says.textContent = "Training.";
    try {
      while (playing) await moment(10000);
    } catch (error) {
      pause();
      throw error;
    }
  }

  async function moment(steps) {
    if (steps === 1) pause();
    show(await kit.ask("train", { steps, seconds: MOMENT }));
    if (steps === 1) says.textContent = `Step ${losses.length}: the loss was ${short(losses.at(-1))}.`;
  }

  function pause() {
    playing = false;
    buttons.Train.textContent = "Train";
  }

  async function stop() {
    pause();
    const { figures: parts } = await kit.ask("stop");
    const texts = Object.entries(parts).map(([part, [loss, accuracy]]) => `${part}: loss ${short(loss)}` +
      (accuracy === null ? "" : `, accuracy ${(100 * accuracy).toFixed(2)} %`));
    says.textContent = `Stopped after ${losses.length} steps; the model keeps its weights. On all images, ${texts.join("; ")}.`;
  }

  async function again() {
    pause();
    const reply = await kit.ask("again");
    [losses, evaluations] = [[], []];
    show(reply);
    says.textContent = "The first weights are back.";
  }

  const choose = kit.guard(async (chosen) => {
    const { learning_rate } = await kit.ask("choose", chosen);
    if (document.activeElement !== rate) rate.value = Number(learning_rate.toPrecision(4));
  });
  const rate = make("input", { type: "number", min: 0, step: "any",
    oninput: () => { if (Number(rate.value) > 0) choose({ learning_rate: Number(rate.value) }); },
    onchange: () => { if (!(Number(rate.value) > 0)) choose({ learning_rate: Number(rate.value) }); } });
  const batch = numberField(kit, "batch size", 1, 1, 1, (size) => choose({ batch_size: size }));
  const optimizer = choice(kit, "optimizer", [], (name) => choose({ optimizer: name }));

  kit.root.append(
    make("div", { class: "cnn-column" },
      make("div", { class: "cnn-row" }, ...Object.values(buttons)),
      make("div", { class: "cnn-row" }, make("label", { class: "cnn-row" }, "learning rate", rate),
        batch.element, optimizer.element),
      says, figures, charts.loss, charts.accuracy),
    make("div", { class: "cnn-column" },
      make("p", {}, "Kernels of the first convolution: orange above zero, purple below"), kernels,
      make("p", {}, "The surest wrong predictions"), mistakes));
  kit.guard(async () => {
    const reply = await kit.ask("start");
    rate.value = reply.learning_rate;
    batch.input.max = reply.images;
    batch.input.value = reply.batch_size;
    optimizer.select.replaceChildren(...reply.optimizers.map((name) => make("option", {}, name)));
    show(reply);
    says.textContent = "Ready.";
  })();
}

export default { render: (given) => begin(given, "Live training", train) };
