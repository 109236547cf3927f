"""``fetch`` against a small server on this machine, which can also misbehave."""

import os
import re
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError, URLError

import pytest

from cnncourse.datasets import download
from cnncourse.support.files import ABANDONED

CONTENT = bytes(range(256)) * 1000  # several chunks
HALF = len(CONTENT) // 2


def check(path):
    if path.read_bytes() != CONTENT:
        raise ValueError("wrong content\nsecond line")


class Mirror(BaseHTTPRequestHandler):
    """The path asked for says how to answer; ``server.requests`` keeps (path, Range header)."""

    def do_GET(self):
        self.server.requests.append((self.path, self.headers["Range"]))
        getattr(self, self.path.strip("/").replace("-", "_"))()

    def answer(self, body, status=200, length=None):
        self.send_response(status)
        self.send_header("Content-Length", len(body) if length is None else length)
        self.end_headers()
        self.wfile.write(body)

    def good(self):
        """All bytes, or those from the range on, as real servers do."""
        if self.headers["Range"] is None:
            self.answer(CONTENT)
            return
        begin = int(re.fullmatch(r"bytes=(\d+)-", self.headers["Range"])[1])
        if begin < len(CONTENT):
            self.answer(CONTENT[begin:], status=206)
        else:
            self.answer(b"", status=416)

    def ignores_range(self):
        self.answer(CONTENT)

    def without_length(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(CONTENT)

    def cut(self):
        self.answer(CONTENT[:HALF], length=len(CONTENT))

    def wrong(self):
        self.answer(b"<html>Please log in to the network</html>")

    def missing(self):
        self.send_error(404)

    def slow(self):
        """Piece by piece; and what has arrived once may be asked for from there on."""
        begin = int((self.headers["Range"] or "bytes=0-")[6:-1])
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", len(CONTENT) - begin)
        self.end_headers()
        for start in range(begin, len(CONTENT), 10_000):
            self.wfile.write(CONTENT[start : start + 10_000])
            time.sleep(0.005)

    def silent(self):
        self.server.stopped.wait(10)

    def log_message(self, *args):
        """Nothing: the test's output is not the place."""


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        server.requests = []
        server.stopped = threading.Event()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.stopped.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def fetch(server, destination):
    """``fetch`` from paths of the server."""

    def fetch(*paths):
        urls = [f"http://127.0.0.1:{server.server_port}/{path}" for path in paths]
        download.fetch(urls, destination, check)

    return fetch


@pytest.fixture
def destination(tmp_path):
    return tmp_path / "data" / "mnist" / "images.gz"


@pytest.fixture
def part(destination):
    """The path of the unfinished file, in its folder."""
    destination.parent.mkdir(parents=True)
    return destination.with_name("images.gz.part")


def only_file_is(destination):
    return list(destination.parent.iterdir()) == [destination] and (
        destination.read_bytes() == CONTENT
    )


def test_downloads_and_makes_the_folder(fetch, server, destination, capsys):
    fetch("good")
    assert only_file_is(destination)
    assert server.requests == [("/good", None)]
    assert "images.gz" in capsys.readouterr().out  # the progress bar


def test_a_server_that_tells_no_length(fetch, destination):
    fetch("without-length")
    assert only_file_is(destination)


@pytest.mark.parametrize("bad", ["missing", "wrong", "cut"])
def test_a_bad_mirror_is_followed_by_the_next(fetch, server, destination, bad):
    fetch(bad, "good")
    assert only_file_is(destination)
    assert [path for path, _ in server.requests] == [f"/{bad}", "/good"]


def test_a_silent_mirror_is_given_up(fetch, destination, monkeypatch):
    monkeypatch.setattr(download, "TIMEOUT", 0.1)
    fetch("silent", "good")
    assert only_file_is(destination)


def test_after_a_cut_only_the_rest_is_asked_for(fetch, server, destination):
    with pytest.raises(ConnectionError, match="ended after 128,000 of 256,000 bytes"):
        fetch("cut")
    assert not destination.exists()
    fetch("good")
    assert only_file_is(destination)
    assert server.requests == [("/cut", None), ("/good", f"bytes={HALF}-")]


def test_a_server_that_ignores_the_range(fetch, server, destination, part):
    part.write_bytes(CONTENT[:HALF])
    fetch("ignores-range")
    assert only_file_is(destination)
    assert server.requests == [("/ignores-range", f"bytes={HALF}-")]


def test_a_complete_part_needs_no_bytes(fetch, server, destination, part):
    part.write_bytes(CONTENT)
    fetch("good")
    assert only_file_is(destination)
    assert server.requests == [("/good", f"bytes={len(CONTENT)}-")]


@pytest.mark.parametrize("beginning", [b"not from this file", b"?" * (len(CONTENT) + 1)])
def test_a_wrong_beginning_is_dropped_and_not_blamed_on_the_mirror(
    fetch, server, destination, part, beginning
):
    part.write_bytes(beginning)
    fetch("good")
    assert only_file_is(destination)
    assert server.requests == [("/good", f"bytes={len(beginning)}-"), ("/good", None)]


def test_an_interruption_leaves_only_the_part(fetch, server, destination, monkeypatch):
    def interrupt(bar, count):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(download.progress, "update", interrupt)
        with pytest.raises(KeyboardInterrupt):
            fetch("good", "good")
    part = destination.with_name("images.gz.part")
    assert list(destination.parent.iterdir()) == [part]
    assert part.read_bytes() == CONTENT[: download.CHUNK]
    fetch("good")
    assert only_file_is(destination)
    assert server.requests[1:] == [("/good", f"bytes={download.CHUNK}-")]


def test_a_file_that_was_there_stays_until_the_new_one_is_good(fetch, destination):
    destination.parent.mkdir(parents=True)
    destination.write_bytes(b"old")
    with pytest.raises(ConnectionError):
        fetch("wrong")
    assert destination.read_bytes() == b"old"


def test_all_mirrors_failed(fetch, destination):
    with pytest.raises(ConnectionError) as error:
        fetch("missing", "wrong")
    first, *reasons = str(error.value).splitlines()
    assert first == "No mirror gave images.gz."
    assert re.fullmatch(r"  - http://127.0.0.1:\d+/missing: HTTP Error 404: .+", reasons[0])
    assert re.fullmatch(r"  - http://127.0.0.1:\d+/wrong: wrong content", reasons[1])
    assert len(reasons) == 2
    assert list(destination.parent.iterdir()) == []  # nothing worth keeping


def test_no_server_at_all(destination, server):
    server.server_close()
    with pytest.raises(ConnectionError, match="Connection re"):
        download.fetch([f"http://127.0.0.1:{server.server_port}/good"], destination, check)


def test_a_folder_that_cannot_be_made(fetch, server, tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="The folder .*mnist cannot be written: "):
        fetch("good")
    assert server.requests == []


def test_a_folder_without_write_permission(fetch, server, destination, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.touch", refuse)  # root, who runs many tests, may write all
    with pytest.raises(OSError, match="The folder .*mnist cannot be written: Permission denied"):
        fetch("good")
    assert server.requests == []
    assert list(destination.parent.iterdir()) == []


# Several at once


@pytest.mark.parametrize("mirrors", [["slow"] * 2, ["slow", "good"], ["slow"] * 4, ["good"] * 8])
def test_several_that_download_at_once_all_get_the_file(fetch, destination, mirrors):
    seen = []

    def one(delay, mirror):
        time.sleep(0.03 * delay)
        fetch(mirror)
        seen.append(destination.read_bytes() == CONTENT)

    with ThreadPoolExecutor(len(mirrors)) as pool:
        list(pool.map(one, range(len(mirrors)), mirrors))
    assert seen == [True] * len(mirrors)
    assert only_file_is(destination)


@pytest.mark.parametrize("bad", ["missing", "wrong", "cut"])
def test_what_another_process_has_finished_is_taken(server, destination, bad):
    def checked(path):
        if path != destination and not destination.exists():
            destination.write_bytes(CONTENT)
        check(path)

    destination.parent.mkdir(parents=True)
    if bad != "wrong":  # nothing arrives that could be checked
        destination.write_bytes(CONTENT)
    download.fetch([f"http://127.0.0.1:{server.server_port}/{bad}"], destination, checked)
    assert only_file_is(destination)


@pytest.mark.parametrize("age", [0, 2 * ABANDONED])
def test_a_part_is_taken_over_only_when_nobody_writes_it(fetch, server, destination, age):
    destination.parent.mkdir(parents=True)
    other = destination.with_name("images.gz.0123456789abcdef.part")
    other.write_bytes(CONTENT[:HALF])
    os.utime(other, (time.time() - age,) * 2)
    fetch("good")
    assert destination.read_bytes() == CONTENT
    assert other.exists() == (age == 0)
    assert server.requests == [("/good", f"bytes={HALF}-" if age else None)]


# Reasons


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            URLError(ssl.SSLCertVerificationError("[SSL: CERTIFICATE_VERIFY_FAILED] failed")),
            ["CERTIFICATE_VERIFY_FAILED", "Install Certificates.command", "SSL_CERT_FILE"],
        ),
        (
            HTTPError("http://x", 407, "Proxy Authentication Required", Message(), None),
            ["407", "HTTPS_PROXY"],
        ),
        (OSError("Tunnel connection failed: 407 Proxy"), ["407", "a proxy is in the way"]),
        (URLError(socket.gaierror(-3, "Temporary failure in name resolution")), ["is there a net"]),
        (HTTPError("http://x", 403, "Forbidden", Message(), None), ["403: Forbidden"]),
        (TimeoutError("timed out"), ["timed out"]),
        (TimeoutError(), ["TimeoutError"]),
    ],
)
def test_the_reason_is_said(destination, monkeypatch, error, words):
    def refuse(*args, **options):
        raise error

    monkeypatch.setattr(download, "urlopen", refuse)
    with pytest.raises(ConnectionError) as caught:
        download.fetch(["https://one.example/"], destination, check)
    first, reason = str(caught.value).splitlines()
    assert reason.startswith("  - https://one.example/: ")
    assert all(word in reason for word in words)
