"""Interrupts by Ctrl-C, deferred to a moment that suits."""

import signal
import threading
from contextlib import contextmanager


@contextmanager
def defer_interrupt():
    """Defer Ctrl-C until the block is done, so that no step is left half-taken.

    Python delivers signals to the main thread only; in any other there is nothing to defer.

    >>> with defer_interrupt():
    ...     pass
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = []
    usual = signal.signal(signal.SIGINT, lambda *arguments: came.append(arguments))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if came and callable(usual):
        usual(*came[0])
