"""Downloading one file: from several mirrors, resumable, checked before it counts.

The bytes go into a file beside the destination whose name ends in ``.part``. Only when they have
been checked does it get its real name, in one step, so that a file at the destination is always a
whole one. After an interruption, the next attempt asks the mirror for the rest only.
"""

import os
from http import HTTPStatus
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

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
    reasons = []
    for url in urls:
        try:
            _complete(part, url, check)
        except (OSError, HTTPException, ValueError) as error:
            first_line = (str(error) or type(error).__name__).splitlines()[0]
            reasons.append(f"  - {url}: {first_line}")
        else:
            os.replace(part, destination)
            return
    if part.stat().st_size == 0:
        part.unlink()
    raise ConnectionError("\n".join([f"No mirror gave {destination.name}.", *reasons]))


def _prepare(destination):
    """Make the ``.part`` file, before any mirror could be blamed for a folder that refuses it."""
    part = destination.with_name(f"{destination.name}.part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
    except OSError as error:
        raise OSError(f"The folder {part.parent} cannot be written: {error.strerror}.") from error
    return part


def _complete(part, url, check):
    """Receive from ``url`` what ``part`` still lacks, and check the whole."""
    resuming = part.stat().st_size > 0
    try:
        _receive(part, url)
        check(part)
    except ValueError:
        part.write_bytes(b"")  # nothing in it can be trusted
        if not resuming:
            raise
        # the old beginning may be to blame: mirrors compress the same content differently
        _complete(part, url, check)


def _receive(part, url):
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
        _write(response, part, begin)


def _write(response, part, begin):
    """Write the body of ``response`` to ``part`` from byte ``begin`` on, under a progress bar."""
    length = response.headers["Content-Length"]  # of this body; None where the server is silent
    total = None if length is None else begin + int(length)
    bar = progress(
        desc=part.stem, total=total, initial=begin, unit="B", unit_scale=True, unit_divisor=1024
    )
    with part.open("ab" if begin else "wb") as file, bar:
        while chunk := response.read(CHUNK):
            file.write(chunk)
            bar.update(len(chunk))
        received = file.tell()
    if total is not None and received < total:  # http.client does not notice
        raise ConnectionError(f"the connection ended after {received:,} of {total:,} bytes")
