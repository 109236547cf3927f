"""Who waits for the compiler can be told so."""

import sys
from contextlib import nullcontext


def while_compiling(tell):
    """A context in which ``tell(True)`` says that a kernel begins to be compiled, ``tell(False)``
    that it is. Where numba has not been needed, nobody will say anything.
    """
    if "numba" not in sys.modules:
        return nullcontext()
    from numba.core import event

    class Watcher(event.Listener):
        """A kernel counts once, with all that it calls."""

        depth = 0

        def on_start(self, event):
            if not self.depth:
                tell(True)
            self.depth += 1

        def on_end(self, event):
            self.depth -= 1
            if not self.depth:
                tell(False)

    return event.install_listener("numba:compile", Watcher())
