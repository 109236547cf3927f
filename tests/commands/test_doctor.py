"""The check of the machine: the right verdict in each case, and never a traceback."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cnncourse import checkup
from cnncourse.__main__ import main
from cnncourse.checkup import python
from cnncourse.checkup.diagnosis import OK, TO_DO, WARNING, Diagnosis

PACKAGE = Path(checkup.__file__).parents[1]
# read by Pythons that are too old, so that they can be told
FOR_OLD_PYTHONS = (
    "__init__.py",
    "__main__.py",
    "checkup/__init__.py",
    "checkup/diagnosis.py",
    "checkup/python.py",
    "commands/__init__.py",
    "commands/doctor.py",
    "support/__init__.py",
    "support/console.py",
)


def doctor(*arguments, code="", **variables):
    """The doctor in a process of its own, after some ``code``: its exit status and its output."""
    code += "\nimport sys\nfrom cnncourse.__main__ import main\nsys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "doctor", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | variables,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout


def test_a_healthy_machine():
    status, text = doctor("--json")
    found = json.loads(text)
    assert list(found["found"]) == ["Python", *checkup.FILES]
    assert status == int(found["verdict"] == TO_DO)
    for name in ("Python", "home", "data", "cache", "threads", "kernels"):
        assert found["found"][name]["verdict"] == OK, found["found"][name]
    assert "floats at once" in found["found"]["threads"]["text"]


def test_a_line_for_each(capsys, monkeypatch):
    found = {"a": Diagnosis(OK, "is fine"), "long": Diagnosis(WARNING, "is slow", "wait")}
    monkeypatch.setattr("cnncourse.commands.doctor.examine", lambda: found)
    assert main(["doctor"]) == 0
    assert capsys.readouterr().out == (
        "ok       a     is fine\nwarning  long  is slow\n               → wait\n"
    )
    found["a"] = Diagnosis(TO_DO, "is broken", "mend it")
    assert main(["doctor"]) == 1


# Python


def test_a_python_that_is_too_old():
    """Nothing else is looked at: other files may have a syntax that it does not know."""
    old = "import sys, platform\nsys.version_info = (3, 9, 2, 'final', 0)\n"
    old += "platform.python_version = lambda: '3.9.2'\n"
    status, text = doctor(code=old)
    assert status == 1
    (line, advice) = text.splitlines()
    assert line.startswith("to do    Python  3.9.2 ") and "needs 3.11 or newer" in line
    assert "install Python 3.14" in advice
    assert json.loads(doctor("--json", code=old)[1])["found"]["Python"]["verdict"] == TO_DO


def test_other_commands_refuse_an_old_python(monkeypatch, capsys):
    monkeypatch.setattr(python, "OLDEST", (99, 0))
    with pytest.raises(SystemExit) as left:
        main(["start"])
    assert left.value.code == 1 and "too old" in capsys.readouterr().err


@pytest.mark.parametrize("name", FOR_OLD_PYTHONS)
def test_old_pythons_can_read_it(name):
    ast.parse((PACKAGE / name).read_text(encoding="utf-8"), feature_version=(3, 7))


def test_old_pythons_read_no_more(tmp_path):
    """What is imported before Python's version is known."""
    code = "import sys, cnncourse.commands.doctor\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = {name for name in done.stdout.split() if name.startswith("cnncourse")}
    read = {
        "cnncourse" + "".join(f".{part}" for part in Path(name).with_suffix("").parts)
        for name in FOR_OLD_PYTHONS
    }
    assert ours <= {name.removesuffix(".__init__") for name in read}


def test_without_numba():
    status, text = doctor("--json", code="import sys\nsys.modules['numba'] = None")
    found = json.loads(text)["found"]
    assert status == 1
    assert found["kernels"]["verdict"] == TO_DO and "numba" in found["kernels"]["text"]
    assert found["data"]["verdict"] == OK


def test_other_commands_without_numpy(capsys):
    code = "import sys\nsys.modules['numpy'] = None\nfrom cnncourse.__main__ import main\n"
    code += "sys.exit(main(['start']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "cnncourse doctor says what to install" in done.stderr


def test_nothing_can_be_written(tmp_path):
    """... neither cache nor home: all the same, a verdict for each, and nothing beside the JSON."""
    (tmp_path / "file").touch()
    code = (
        "from cnncourse.kernels import compiled_code\n"
        "compiled_code._can_be_written = lambda place: False\n"
    )
    nowhere = str(tmp_path / "file" / "home")
    status, text = doctor("--json", code=code, HOME=nowhere, USERPROFILE=nowhere)
    found = json.loads(text)["found"]
    assert found["home"]["verdict"] == found["cache"]["verdict"] == WARNING
    assert found["kernels"]["verdict"] == OK
