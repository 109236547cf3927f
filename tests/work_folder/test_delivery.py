"""A work folder that is filled, changed by a person, and brought up to date: no edit is lost."""

import json

import pytest

from cnncourse.work_folder import delivery as module
from cnncourse.work_folder.delivery import deliver
from cnncourse.work_folder.record import NAME

FIRST = {"notebooks/a.ipynb": b"a, 1", "notebooks/b.ipynb": b"b, 1", "data/README.md": b"data"}
SECOND = FIRST | {"notebooks/a.ipynb": b"a, 2", "notebooks/b.ipynb": b"b, 2"}
THIRD = FIRST | {"notebooks/a.ipynb": b"a, 3"}


def contents(folder):
    """The content of every file of a person's, by its name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != NAME
    }


def test_an_empty_folder_is_filled(tmp_path):
    done = deliver(tmp_path / "deep" / "folder", FIRST)
    assert contents(tmp_path / "deep" / "folder") == FIRST
    assert sorted(done.added) == sorted(FIRST)
    assert not (done.updated or done.changed or done.beside)


def test_the_second_time_nothing_happens(tmp_path):
    deliver(tmp_path, FIRST)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.ipynb")}
    assert deliver(tmp_path, FIRST) == module.Delivery()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.ipynb")} == before


def test_what_nobody_changed_is_brought_up_to_date(tmp_path):
    deliver(tmp_path, FIRST)
    done = deliver(tmp_path, SECOND)
    assert done.updated == ["notebooks/a.ipynb", "notebooks/b.ipynb"]
    assert contents(tmp_path) == SECOND


def test_what_was_deleted_comes_back(tmp_path):
    deliver(tmp_path, FIRST)
    (tmp_path / "notebooks/a.ipynb").unlink()
    assert deliver(tmp_path, FIRST).added == ["notebooks/a.ipynb"]
    assert contents(tmp_path) == FIRST


def test_what_a_person_changed_stays_and_is_named(tmp_path):
    deliver(tmp_path, FIRST)
    mine = tmp_path / "notebooks/a.ipynb"
    mine.write_bytes(b"mine")
    for _ in range(2):
        done = deliver(tmp_path, FIRST)
        assert done == module.Delivery(changed=["notebooks/a.ipynb"])
        assert contents(tmp_path) == FIRST | {"notebooks/a.ipynb": b"mine"}


def test_a_new_version_of_it_goes_beside_it_once(tmp_path):
    deliver(tmp_path, FIRST)
    (tmp_path / "notebooks/a.ipynb").write_bytes(b"mine")
    expected = SECOND | {"notebooks/a.ipynb": b"mine", "notebooks-new/a.ipynb": b"a, 2"}
    done = deliver(tmp_path, SECOND)
    assert done.beside == {"notebooks/a.ipynb": "notebooks-new/a.ipynb"}
    assert done.updated == ["notebooks/b.ipynb"]
    assert contents(tmp_path) == expected
    assert deliver(tmp_path, SECOND).beside == done.beside and contents(tmp_path) == expected
    # nobody has changed the new version: the next one takes its place
    deliver(tmp_path, THIRD)
    assert contents(tmp_path)["notebooks-new/a.ipynb"] == b"a, 3"


def test_a_new_version_that_was_changed_as_well_stays(tmp_path):
    deliver(tmp_path, FIRST)
    (tmp_path / "notebooks/a.ipynb").write_bytes(b"mine")
    deliver(tmp_path, SECOND)
    (tmp_path / "notebooks-new/a.ipynb").write_bytes(b"mine, too")
    assert deliver(tmp_path, SECOND).beside == {"notebooks/a.ipynb": "notebooks-new/a.ipynb"}
    done = deliver(tmp_path, THIRD)
    assert done.beside == {"notebooks/a.ipynb": "notebooks-new-2/a.ipynb"}
    kept = contents(tmp_path)
    assert kept["notebooks/a.ipynb"] == b"mine" and kept["notebooks-new/a.ipynb"] == b"mine, too"
    assert kept["notebooks-new-2/a.ipynb"] == b"a, 3"


def test_who_takes_the_new_version_is_up_to_date_again(tmp_path):
    deliver(tmp_path, FIRST)
    (tmp_path / "notebooks/a.ipynb").write_bytes(b"mine")
    deliver(tmp_path, SECOND)
    (tmp_path / "notebooks-new/a.ipynb").replace(tmp_path / "notebooks/a.ipynb")
    (tmp_path / "notebooks-new").rmdir()
    assert deliver(tmp_path, THIRD).updated == ["notebooks/a.ipynb", "notebooks/b.ipynb"]


def test_who_goes_back_to_an_old_version_has_changed_nothing(tmp_path):
    deliver(tmp_path, FIRST)
    deliver(tmp_path, SECOND)
    (tmp_path / "notebooks/a.ipynb").write_bytes(FIRST["notebooks/a.ipynb"])
    assert deliver(tmp_path, SECOND).updated == ["notebooks/a.ipynb"]


@pytest.mark.parametrize("text", [None, "", "{", "[]", "{}", '{"a": 1}', '{"a": {"a": 1}}'])
def test_without_a_sound_record_every_file_counts_as_a_persons(tmp_path, text):
    deliver(tmp_path, FIRST)
    if text is None:
        (tmp_path / NAME).unlink()
    else:
        (tmp_path / NAME).write_text(text)
    done = deliver(tmp_path, SECOND)
    assert len(done.beside) == 2
    kept = contents(tmp_path)
    assert all(kept[name] == content for name, content in FIRST.items())
    assert kept["notebooks-new/b.ipynb"] == b"b, 2"
    # what is as it should be is known again
    assert json.loads((tmp_path / NAME).read_text())["data/README.md"]


def test_files_that_were_there_before(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/a.ipynb").write_bytes(b"of another course")
    done = deliver(tmp_path, FIRST)
    assert done.beside == {"notebooks/a.ipynb": "notebooks-new/a.ipynb"}
    assert contents(tmp_path)["notebooks/a.ipynb"] == b"of another course"


def test_names_that_differ_only_in_capital_letters_are_one_file(tmp_path):
    deliver(tmp_path, FIRST)
    (tmp_path / "notebooks").rename(tmp_path / "Notebooks")
    (tmp_path / "Notebooks/a.ipynb").rename(tmp_path / "Notebooks/A.ipynb")
    (tmp_path / "Notebooks/A.ipynb").write_bytes(b"mine")
    done = deliver(tmp_path, SECOND)
    assert done.beside == {"notebooks/a.ipynb": "notebooks-new/a.ipynb"}
    kept = contents(tmp_path)
    assert kept["Notebooks/A.ipynb"] == b"mine" and kept["Notebooks/b.ipynb"] == b"b, 2"
    folded = [name.casefold() for name in kept]
    assert len(set(folded)) == len(folded)


def test_a_folder_in_the_place_of_a_file(tmp_path):
    (tmp_path / "notebooks/a.ipynb").mkdir(parents=True)
    done = deliver(tmp_path, FIRST)
    assert done.beside == {"notebooks/a.ipynb": "notebooks-new/a.ipynb"}


def test_a_file_in_the_place_of_a_folder(tmp_path):
    (tmp_path / "data").write_text("mine")
    with pytest.raises(NotADirectoryError, match="data is a file, and the course needs a folder"):
        deliver(tmp_path, FIRST)
    assert (tmp_path / "data").read_text() == "mine"


def test_what_a_person_saves_meanwhile_stays(tmp_path, monkeypatch):
    deliver(tmp_path, FIRST)
    write = module._write

    def saved_just_before(folder, name, *rest):
        (tmp_path / name).write_bytes(b"mine")
        write(folder, name, *rest)

    monkeypatch.setattr(module, "_write", saved_just_before)
    deliver(tmp_path, SECOND)
    assert contents(tmp_path)["notebooks/a.ipynb"] == b"mine"
    monkeypatch.undo()
    assert deliver(tmp_path, SECOND).changed == ["notebooks/a.ipynb", "notebooks/b.ipynb"]
