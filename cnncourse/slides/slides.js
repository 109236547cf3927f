// Formulas first, then type as large as each slide allows, then the show

const LARGEST = 100, SMALLEST = 70, TINIEST = 50, STEP = 5; // per cent

const fits = (slide) => slide.scrollHeight <= slide.clientHeight && slide.scrollWidth <= slide.clientWidth;

/** Make a slide's type smaller until all of it fits, and say whether it does. Pictures have shrunk before. */
function shrink(slide, smallest) {
  for (let size = LARGEST; size >= smallest; size -= STEP) {
    slide.style.fontSize = `${size}%`;
    if (fits(slide)) return true;
  }
  return false;
}

/** Move what stands below a slide's code to a slide of its own; null if nothing does. */
function divide(slide) {
  const code = slide.querySelector(":scope > .code:has(~ :not(aside))");
  if (!code) return null;
  const next = document.createElement("section");
  while (code.nextSibling) next.append(code.nextSibling);
  slide.after(next);
  return next;
}

function fit(slide) {
  if (shrink(slide, SMALLEST)) return;
  const next = divide(slide);
  shrink(slide, TINIEST);
  if (next) fit(next);
}

window.addEventListener("load", async () => {
  await MathJax.startup.promise;
  await MathJax.typesetPromise();
  const slides = document.querySelector(".slides");
  slides.classList.add("measured");
  slides.querySelectorAll("section section").forEach(fit);
  slides.classList.remove("measured");
  await Reveal.initialize({
    width: 1366, height: 768, margin: 0, center: false, display: "flex",
    hash: true, slideNumber: "c/t", transition: "none", plugins: [RevealNotes],
  });
  document.body.dataset.ready = "";
});
