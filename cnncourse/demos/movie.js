// A movie's pictures, one after the other: it plays, pauses, and goes step by step.

function play(kit) {
  let at = 0, playing = false, timer = null, movie = null;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const pictures = []; // promises of addresses
  const image = make("img", { class: "cnn-movie" });
  const says = make("p", { class: "cnn-quiet" });
  const slider = make("input", { type: "range", min: 0, max: 0, value: 0, "aria-label": "picture",
    oninput: kit.guard(() => step(Number(slider.value))) });
  const toggle = make("button", { type: "button",
    onclick: kit.guard(() => (playing ? pause() : resume())) }, "Play");
  const back = make("button", { type: "button", onclick: kit.guard(() => step(at - 1)) }, "Back");
  const forward = make("button", { type: "button", onclick: kit.guard(() => step(at + 1)) }, "Forward");

  function picture(k) {
    pictures[k] ??= kit.ask("picture", { picture: k }).then(({ buffers: [bytes] }) =>
      URL.createObjectURL(new Blob([as(Uint8Array, bytes)], { type: "image/png" })));
    return pictures[k];
  }

  async function show(k) {
    at = (k + movie.alts.length) % movie.alts.length;
    const shown = at, address = await picture(shown);
    if (shown !== at) return; // meanwhile, another was asked for
    image.src = address;
    image.alt = movie.alts[shown];
    slider.value = shown;
    slider.setAttribute("aria-valuetext", `picture ${shown + 1} of ${movie.alts.length}`);
    // spoken only where somebody has asked for this picture
    says.setAttribute("aria-live", playing ? "off" : "polite");
    says.textContent = `picture ${shown + 1} of ${movie.alts.length}` +
      (playing ? "" : `: ${movie.alts[shown]}`);
    if (playing) timer = setTimeout(kit.guard(() => show(at + 1)), movie.shown[shown]);
  }

  function pause() {
    playing = false;
    clearTimeout(timer);
    toggle.textContent = "Play";
    return show(at);
  }

  function resume() {
    playing = true;
    toggle.textContent = "Pause";
    return show(at);
  }

  function step(k) {
    pause();
    return show(k);
  }

  kit.root.append(make("div", { class: "cnn-column" }, image,
    make("div", { class: "cnn-row" }, toggle, back, forward, slider), says));
  kit.guard(async () => {
    movie = await kit.ask("start");
    image.width = movie.width;
    slider.max = movie.alts.length - 1;
    await (still ? pause() : resume());
  })();
  return () => {
    playing = false;
    clearTimeout(timer);
    for (const address of pictures) address?.then(URL.revokeObjectURL, () => {});
  };
}

export default { render: (given) => begin(given, "Movie", play) };
