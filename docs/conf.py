"""The web edition, by Sphinx. tools/make_site.py lays out its pages and builds it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

import cnncourse  # noqa: E402

project = "cnncourse"
author = "the cnncourse authors"
copyright = "the cnncourse authors, MIT licence"
version = release = cnncourse.__version__
html_title = "Convolutional neural networks that really run"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "described_pictures",
    "plain_docstrings",
    "heading_levels",
]
exclude_patterns = ["extensions", "static", "instructors/*.py"]
templates_path = []

# chapters: their outputs as they were committed, nothing is run
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
myst_heading_slug_func = "lab_anchors.anchor"

# the package
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_rtype = False

# nothing is asked from elsewhere
html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["scrollable.js"]
html_extra_path = ["extra"]
mathjax_path = "mathjax.js"
html_copy_source = False
html_show_sourcelink = False
html_domain_indices = False  # api/index has them
# contrasts that everybody can read
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
