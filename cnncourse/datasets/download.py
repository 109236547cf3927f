"""Downloading one file: from several mirrors, resumable, checked before it counts.

The bytes go into a file beside the destination, under a name that only this download has. When
they have been checked, it gets its real name, in one step, so that a file at the destination is
always a whole one, and several processes may download it at once. What an interruption leaves ends
in ``.part``: the next attempt takes it over and asks the mirror for the rest only.
"""

import glob
import os
import socket
import ssl
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

from ..support.files import abandoned, remove_abandoned
from ..support.progress import progress

TIMEOUT = 10  # seconds without a byte, after which a mirror is given up
CHUNK = 64 * 1024  # bytes between two steps of the progress bar


def fetch(urls, destination, check):
    """Download one file from the first of several addresses that gives the right content.

    Arguments: ``urls``: addresses of the same file; ``destination``: the ``pathlib.Path`` to write,
    whose folder is made if need be; ``check``: called with the path of the downloaded file, raises
    ``ValueError`` for wrong content.

    Raises ``ConnectionError`` with the reason for each address where all of them fail, ``OSError``
    where the folder cannot be written.

    Example::

        fetch(["https://example.org/cats.gz"], Path("data/cats.gz"), check=is_a_whole_gzip_file)
    """
    part = _prepare(destination)
    try:
        reasons = []
        for url in urls:
            try:
                _complete(part, url, check, destination.name)
                remove_abandoned(part, _parts(destination))
                os.replace(part, destination)
            except (OSError, HTTPException, ValueError) as error:
                reasons.append(f"  - {url}: {_reason(error)}")
                if _is_good(destination, check):  # another process was faster
                    return
            else:
                return
        raise ConnectionError("\n".join([f"No mirror gave {destination.name}.", *reasons]))
    finally:
        _leave(part, destination)


def unreachable(urls, timeout=TIMEOUT):
    """Why none of the addresses answers, the reason of the last one; ``""`` where one does."""
    reason = ""
    for url in urls:
        try:
            urlopen(Request(url, method="HEAD"), timeout=timeout).close()
        except (OSError, HTTPException, ValueError) as error:
            reason = f"{url}: {_reason(error)}"
        else:
            return ""
    return reason


def _prepare(destination):
    """Make a file of our own to write, before any mirror could be blamed for a folder's refusal.

    It goes on from what an earlier download left, if that is written by nobody any more.
    """
    name = destination.name
    part = destination.with_name(f"{name}.{uuid4().hex}.part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
    except OSError as error:
        raise OSError(f"The folder {part.parent} cannot be written: {error.strerror}.") from error
    for path in (_left_by_the_last(destination), *abandoned(part, _parts(destination))):
        with suppress(OSError):  # it is not there, or another process has taken it
            os.replace(path, part)
            break
    return part


def _parts(destination):
    """What fits the names of all downloads of this file."""
    return f"{glob.escape(destination.name)}.*.part"


def _left_by_the_last(destination):
    return destination.with_name(f"{destination.name}.part")


def _leave(part, destination):
    """Keep what was received so far for the next attempt."""
    with suppress(FileNotFoundError):  # all is received and has its real name
        if part.stat().st_size == 0 or destination.exists():
            part.unlink()
        else:
            os.replace(part, _left_by_the_last(destination))


def _is_good(destination, check):
    try:
        check(destination)
    except (OSError, ValueError):
        return False
    return True


def _reason(error):
    """Why a mirror gave nothing, on one line, with what helps where that is known."""
    text = (str(error) or type(error).__name__).splitlines()[0]
    cause = getattr(error, "reason", error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        text += (
            " (Python finds no certificate to trust: on a Mac run Install Certificates.command in "
            "the folder of Python; elsewhere let SSL_CERT_FILE name a file of certificates)"
        )
    elif getattr(error, "code", None) == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED or (
        "Tunnel connection failed" in text
    ):
        text += (
            " (a proxy is in the way: set HTTPS_PROXY and HTTP_PROXY to "
            "http://name:password@proxy:port)"
        )
    elif isinstance(cause, socket.gaierror):
        text += " (the name cannot be looked up: is there a network?)"
    return text


def _complete(part, url, check, name):
    """Receive from ``url`` what ``part`` still lacks, and check the whole."""
    resuming = part.stat().st_size > 0
    try:
        _receive(part, url, name)
        check(part)
    except ValueError:
        part.write_bytes(b"")  # nothing in it can be trusted
        if not resuming:
            raise
        # the old beginning may be to blame: mirrors compress the same content differently
        _complete(part, url, check, name)


def _receive(part, url, name):
    """Append to ``part`` the bytes it lacks, or write it anew where the server sends them all."""
    begin = part.stat().st_size
    request = Request(url, headers={"Range": f"bytes={begin}-"} if begin else {})
    try:
        response = urlopen(request, timeout=TIMEOUT)
    except HTTPError as error:
        if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return  # the server has no more bytes than we have: on to the check
        raise
    with response:
        if response.status != HTTPStatus.PARTIAL_CONTENT:  # the server ignored the range
            begin = 0
        _write(response, part, begin, name)


def _write(response, part, begin, name):
    """Write the body of ``response`` to ``part`` from byte ``begin`` on, under a progress bar."""
    length = response.headers["Content-Length"]  # of this body; None where the server is silent
    total = None if length is None else begin + int(length)
    bar = progress(
        desc=name, total=total, initial=begin, unit="B", unit_scale=True, unit_divisor=1024
    )
    with part.open("ab" if begin else "wb") as file, bar:
        while chunk := response.read(CHUNK):
            file.write(chunk)
            bar.update(len(chunk))
        file.flush()
        os.fsync(file.fileno())  # it is on the disk before it gets its real name
        received = file.tell()
    if total is not None and received < total:  # http.client does not notice
        raise ConnectionError(f"the connection ended after {received:,} of {total:,} bytes")
