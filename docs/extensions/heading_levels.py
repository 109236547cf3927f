"""The captions above lists of pages say that they are headings; here, of which level."""

UNSAID, SAID = 'role="heading"', 'role="heading" aria-level="2"'


def say(app, page, template, context, document):
    for part in ("body", "furo_navigation_tree"):
        if part in context:
            context[part] = context[part].replace(UNSAID, SAID)


def setup(app):
    app.connect("html-page-context", say, priority=900)  # after the theme, which makes the tree
    return {"version": "1", "parallel_read_safe": True}
