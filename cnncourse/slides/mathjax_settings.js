// Read before MathJax: what is a formula, and when to set it
window.MathJax = {
  tex: { inlineMath: [["$", "$"]], displayMath: [["$$", "$$"]], processEscapes: true },
  svg: { fontCache: "local" }, // speaker notes show a formula in another window
  options: { enableMenu: false }, // it would load more scripts
  startup: { typeset: false },
};
