"""The package's docstrings are plain text with a few marks; Sphinx wants reStructuredText."""

import re

# what is code already and what follows it, or an asterisk that begins a word and does not end one
TO_MARK = re.compile(r"(?P<code>``[^`]+``|`[^`]+`)(?P<rest>\w?)|(?<![\w*])\*(?=\w+(?![\w*]))")
UNDERLINE = re.compile(r"-{3,}$")


def mark_up(app, what, name, value, options, lines):
    """Change a docstring's lines, in place."""
    paragraphs = "\n".join(lines).split("\n\n")
    text = "\n\n".join(
        one if one.lstrip().startswith(">>>") else TO_MARK.sub(_marked, one) for one in paragraphs
    )
    lines[:] = end_of_sections(text.split("\n"))


def _marked(found):
    r"""
    >>> TO_MARK.sub(_marked, "``x`` and ``y``s of (n, *shape), `not *this`")
    '``x`` and ``y``\\ s of (n, \\*shape), `not *this`'
    """
    if not found["code"]:
        return r"\*"
    return found["code"] + (rf"\ {found['rest']}" if found["rest"] else "")


def end_of_sections(lines):
    """The lines, with a second blank one where text goes on after a list of parameters.

    >>> end_of_sections(["Parameters", "----------", "x : int", "    A number.", "", "Then more."])
    ['Parameters', '----------', 'x : int', '    A number.', '', '', 'Then more.']
    """
    found, in_section = [], False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if in_section and found[-1] == "" and line and not line[0].isspace():
            in_section = False
            if not UNDERLINE.match(following):
                found.append("")
        in_section = in_section or bool(UNDERLINE.match(line))
        found.append(line)
    return found


def skip_others(app, what, name, value, skip, options):
    """Members that a class has from another package stay away."""
    module = getattr(value, "__module__", None) or "cnncourse"
    return True if module.split(".")[0] != "cnncourse" else None


def setup(app):
    app.connect("autodoc-process-docstring", mark_up, priority=400)  # before napoleon
    app.connect("autodoc-skip-member", skip_others)
    return {"version": "1", "parallel_read_safe": True}
