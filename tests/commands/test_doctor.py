"""The check of the machine."""

from importlib.metadata import PackageNotFoundError

from cnncourse.__main__ import main
from cnncourse.commands import doctor


def test_the_command_prints_a_line_a_finding(capsys):
    main(["doctor"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [
        "Python",
        "system",
        "packages",
        "threads",
        "GPU",
        "data",
        "demos",
        "kernels",
    ]
    assert lines[-1].endswith("compiled and working, on the device 'cpu'")


def test_data_that_is_missing_is_said_so(monkeypatch, tmp_path):
    monkeypatch.setenv("CNNCOURSE_DATA", str(tmp_path))
    monkeypatch.setattr("cnncourse.datasets.locations.data_folder", lambda: tmp_path)
    assert doctor.examine()["data"].startswith("nothing yet")


def test_demos_are_pictures_without_anywidget(monkeypatch):
    def no_version(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "version", no_version)
    assert '".[live]"' in doctor._demos()
    monkeypatch.setattr(doctor, "version", lambda name: "0.11.0")
    assert doctor._demos().startswith("live, with anywidget 0.11.0")
