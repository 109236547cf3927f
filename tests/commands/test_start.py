"""The command that makes a work folder: what it says, and what it refuses."""

import os
from pathlib import Path

import pytest

from cnncourse.__main__ import main
from cnncourse.commands import start
from cnncourse.support.course import course_folder

CHAPTER = "notebooks/01-convolution.ipynb"


@pytest.fixture
def few_files(monkeypatch):
    """A small course, of which a newer version can come out."""
    files = {start.FIRST: b"first", CHAPTER: b"chapter", "data/README.md": b"data"}
    monkeypatch.setattr(start, "course_files", lambda *said: files)
    return files


def run(capsys, *arguments):
    """The exit status, and what was printed: the output's lines, and the errors."""
    status = main(["start", *map(str, arguments)])
    said = capsys.readouterr()
    return status, said.out.splitlines(), said.err


def test_the_whole_course(tmp_path, capsys):
    status, lines, errors = run(capsys, tmp_path / "work")
    chapters = sorted(path.name for path in (course_folder() / "notebooks").glob("*.ipynb"))
    assert sorted(p.name for p in (tmp_path / "work/notebooks").glob("*.ipynb")) == chapters
    assert len(list((tmp_path / "work/data/photos").rglob("*.jpg"))) == 300
    assert status == 0 and errors == ""
    assert lines[0] == str(tmp_path / "work")
    assert lines[1].startswith("  added: ") and start.FIRST in lines[-1]


def test_again_later(tmp_path, capsys, few_files):
    run(capsys, tmp_path)
    assert run(capsys, tmp_path)[1][1] == "  nothing new"
    (tmp_path / CHAPTER).write_bytes(b"mine")
    assert f"  changed by you, and left as it is: {CHAPTER}" in run(capsys, tmp_path)[1]
    few_files.update({CHAPTER: b"newer", start.FIRST: b"newer", "notebooks/02-x.ipynb": b"new"})
    assert run(capsys, tmp_path)[1][1:-1] == [
        "  added: notebooks: 1, other files: 0",
        f"  brought up to date, as you had not changed it: {start.FIRST}",
        f"  changed by you, and left as it is: {CHAPTER}; its new version: "
        "notebooks-new/01-convolution.ipynb",
    ]
    assert (tmp_path / CHAPTER).read_bytes() == b"mine"


def test_what_is_asked_for(tmp_path, capsys, monkeypatch):
    """Solutions may be left out, and networks may come trained."""
    asked = []
    monkeypatch.setattr(start, "course_files", lambda *said: asked.append(said) or {})
    for options in ([], ["--no-solutions"], ["--with-trained"]):
        run(capsys, tmp_path, *options)
    assert asked == [(True, False), (False, False), (True, True)]


def test_the_default_is_in_the_home_folder(tmp_path, capsys, monkeypatch, few_files):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert run(capsys)[1][0] == str(tmp_path / "cnn-course")
    assert (tmp_path / "cnn-course" / CHAPTER).is_file()


def test_without_a_home(capsys, monkeypatch):
    def none(self):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", none)
    status, lines, error = run(capsys)
    assert status == 1 and not lines
    assert "has no home folder; name another one" in error


@pytest.mark.parametrize("inside", ["", "work", "notebooks/mine", "cnncourse/mine"])
def test_not_within_the_clone(inside, capsys):
    before = sorted(os.listdir(course_folder()))
    status, _, error = run(capsys, course_folder() / inside)
    assert status == 1
    assert "lies among the course's own files" in error and str(course_folder()) in error
    assert sorted(os.listdir(course_folder())) == before


def test_not_within_the_clone_by_a_link(tmp_path, capsys):
    try:
        (tmp_path / "link").symlink_to(course_folder(), target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links")
    assert "lies among the course's own files" in run(capsys, tmp_path / "link" / "work")[2]


@pytest.mark.parametrize("below", ["", "work"])
def test_a_file_in_its_place(tmp_path, capsys, below):
    (tmp_path / "file").write_text("mine")
    status, _, error = run(capsys, tmp_path / "file" / below)
    assert status == 1 and f"{tmp_path / 'file'} is a file" in error
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_that_cannot_be_written(tmp_path, capsys, monkeypatch, few_files):
    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied", str(tmp_path / "work"))

    monkeypatch.setattr(Path, "mkdir", refuse)  # the administrator's own tests may write anywhere
    status, _, error = run(capsys, tmp_path / "work")
    assert status == 1
    assert f"{tmp_path / 'work'} cannot be written (Permission denied): choose another" in error


def test_a_full_disk(tmp_path, capsys, monkeypatch, few_files):
    def full(*arguments):
        raise OSError(28, "No space left on device", str(tmp_path / CHAPTER))

    monkeypatch.setattr("cnncourse.work_folder.delivery.replacing", full)
    status, _, error = run(capsys, tmp_path)
    assert status == 1 and "No space left on device" in error and CHAPTER in error


def test_open_starts_jupyterlab_at_the_folder(tmp_path, capsys, monkeypatch, few_files):
    called = []
    monkeypatch.setattr(start, "find_spec", lambda name: True)
    monkeypatch.setattr(start.subprocess, "call", lambda command, **o: called.append((command, o)))
    run(capsys, tmp_path, "--open")
    ((command, options),) = called
    assert command[1:3] == ["-m", "jupyterlab"] and options == {"cwd": tmp_path}
    assert str(tmp_path) in command and command[-1].endswith(f"/lab/tree/{start.FIRST}")


def test_open_without_jupyterlab(tmp_path, capsys, monkeypatch, few_files):
    monkeypatch.setattr(start, "find_spec", lambda name: None)
    status, _, error = run(capsys, tmp_path, "--open")
    assert status == 1 and 'pip install "cnncourse[lab]"' in error
    assert not list(tmp_path.iterdir())
