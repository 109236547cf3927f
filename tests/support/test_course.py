"""Where the course's own files lie."""

from cnncourse.support import course


def test_in_a_clone_they_lie_beside_the_package():
    assert not course.is_installed()
    assert course.course_folder() == course.PACKAGE.parent
    assert (course.course_folder() / "notebooks" / "00-start-here.ipynb").is_file()


def test_in_a_wheel_they_lie_within_it(tmp_path, monkeypatch):
    """... whatever else a careless package has left beside it."""
    (tmp_path / "pyproject.toml").touch()
    installed = tmp_path / "cnncourse" / "course"
    installed.mkdir(parents=True)
    monkeypatch.setattr(course, "INSTALLED", installed)
    assert course.course_folder() == installed
