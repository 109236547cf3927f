"""`to_html`: a notebook's cells, and the scripts that make slides of them, in one file."""

from pathlib import Path

from ..support import checks
from ..support.files import replacing
from .cells import begins_a_slide, of_slides

HERE = Path(__file__).parent
CARRIED = HERE / "carried"  # by others; tools/carry_scripts.py fetches them
STYLES = (CARRIED / "reveal.css", HERE / "slides.css")
SCRIPTS = (
    HERE / "mathjax_settings.js",  # which MathJax reads as it starts
    CARRIED / "mathjax.js",
    CARRIED / "reveal.js",
    CARRIED / "reveal-notes.js",
    HERE / "slides.js",
)
MISSING = 'slides need nbconvert, which comes with JupyterLab: pip install -e ".[lab]"'


def to_html(notebook, path):
    """Write a chapter as slides: one file, which a browser shows without a network.

    The cells' metadata say where slides begin, as JupyterLab's property inspector shows them. In
    the browser the space bar goes on, and S opens the speaker notes: the answers to questions, and
    what the pictures show.

    Parameters
    ----------
    notebook : text or pathlib.Path
        The notebook's file; outputs are shown as they are stored there.
    path : text or pathlib.Path
        The file to write.

    Raises ``ModuleNotFoundError`` without nbconvert; ``ValueError`` for a file that is no notebook,
    or in which no cell begins a slide; ``OSError`` where one cannot be read or written. Then no
    file is written.

    >>> to_html("05-building-a-cnn.ipynb", "slides.html")  # doctest: +SKIP
    """
    notebook, path = checks.file_path(notebook, "notebook"), checks.file_path(path, "path")
    try:
        import nbconvert  # noqa: F401
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(MISSING, name=error.name) from error
    page = _page(_read(notebook), notebook)
    with replacing(path) as file:
        file.write(page.encode("utf-8"))


def _read(path):
    import nbformat

    text = path.read_text(encoding="utf-8")
    try:
        return nbformat.reads(text, as_version=4)
    except Exception as error:
        raise ValueError(f"notebook: {path} is no notebook: {error}") from None


def _page(notebook, path):
    from nbconvert import SlidesExporter

    notebook.cells = list(of_slides(notebook, path.parent))
    if not any(map(begins_a_slide, notebook.cells)):
        raise ValueError(
            f"notebook: no cell of {path} begins a slide; JupyterLab's property inspector sets it"
        )
    exporter = SlidesExporter(
        extra_template_basedirs=[str(HERE)],
        template_name="template",
        exclude_anchor_links=True,
    )
    resources = {
        "title": path.stem,
        "styles": [_text(style) for style in STYLES],
        "scripts": [_inline(_text(script)) for script in SCRIPTS],
    }
    return exporter.from_notebook_node(notebook, resources)[0]


def _text(path):
    return path.read_text(encoding="utf-8")


def _inline(script):
    r"""A script as it may stand in a page: the marks of HTML in its texts, as escapes.

    >>> print(_inline("'<!-- </script>'"))
    '\x3c!-- \x3c/script>'
    """
    return script.replace("<!--", r"\x3c!--").replace("</script", r"\x3c/script")
