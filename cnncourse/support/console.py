"""Consoles that lack some characters: Windows' code pages, plain ASCII in containers and pipes."""

import sys

OURS = "─×→·−√Σ"  # what tables and descriptions print


def let_print(stream=None):
    """Let ``stream``, standard output by default, print ``?`` for what it cannot encode.

    Python would end the program there, in the middle of a table. A stream that can encode `OURS`,
    or was told what to do with the rest, is left as it is.
    """
    stream = sys.stdout if stream is None else stream
    if getattr(stream, "errors", None) != "strict" or not hasattr(stream, "reconfigure"):
        return
    try:
        OURS.encode(stream.encoding)
    except UnicodeEncodeError:
        stream.reconfigure(errors="replace")
