"""Ctrl-C for this process, and not for the workers that it has started.

A terminal and JupyterLab send it to all processes of a group, and so to the workers of a local
cluster, which would end of it and not come back. Workers of other machines, and those that were
started by a command of their own, are in other groups, and are left as they are.
"""

import os
import signal
import socket


def spare(client, addresses=None):
    """Let workers in this process's group go on at Ctrl-C; all of them, or those of ``addresses``.

    Nothing happens on systems without groups.
    """
    if hasattr(os, "getpgid"):
        here = socket.gethostname(), os.getpgid(0), os.getpid()
        client.run(_go_on, *here, workers=addresses, on_error="ignore")


def _go_on(host, group, client):
    """On a worker, in its main thread."""
    beside = (socket.gethostname(), os.getpgid(0)) == (host, group)
    if beside and os.getpid() != client:  # a worker may also be a thread of the client
        signal.signal(signal.SIGINT, signal.SIG_IGN)
