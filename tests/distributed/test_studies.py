"""Studies: each result is kept, none is computed twice, and a failure stops no other."""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from cnncourse import distributed, kernels

sys.path.insert(0, str(Path(__file__).parent))

from studied import squared, where  # noqa: E402

SETTINGS = [{"number": number, "seed": seed} for number in (3, 1, 2) for seed in (0, 1)]
EXPECTED = [
    {"settings": each, "result": {"square": each["number"] ** 2, "seed": each["seed"]}}
    for each in SETTINGS
]


def test_with_and_without_a_cluster(clients, tmp_path):
    for name, client in ("alone", None), ("workers", clients(2)):
        found = distributed.study(squared, SETTINGS, tmp_path / name, client, verbose=0)
        assert found == EXPECTED
        assert len(list((tmp_path / name).iterdir())) == len(SETTINGS)
    names = [{path.name for path in (tmp_path / name).iterdir()} for name in ("alone", "workers")]
    assert names[0] == names[1]


def test_what_is_kept_is_not_computed_again(tmp_path):
    calls = []

    def noted(number):
        calls.append(number)
        return number + 1

    some = [{"number": 1}, {"number": 2}]
    distributed.study(noted, some, tmp_path, verbose=0)
    more = [{"number": 3}, *some, {"number": 3}]
    found = distributed.study(noted, more, tmp_path, verbose=0)
    assert [each["result"] for each in found] == [4, 2, 3, 4]
    assert calls == [1, 2, 3]


def test_a_failure_stops_no_other(clients, tmp_path):
    settings = [{"number": number} for number in (101, 2, 103, 4)]
    for name, client in ("alone", None), ("workers", clients(2)):
        with pytest.raises(RuntimeError, match="2 of 4 settings failed, one of them .*is odd") as e:
            distributed.study(squared, settings, tmp_path / name, client, verbose=0)
        assert isinstance(e.value.__cause__, ZeroDivisionError)
        assert len(list((tmp_path / name).iterdir())) == 2
        found = distributed.study(squared, settings[1::2], tmp_path / name, verbose=0)
        assert [each["result"]["square"] for each in found] == [4, 16]


def test_ctrl_c_leaves_what_is_there(tmp_path):
    def pressed(number):
        if number == 2:
            raise KeyboardInterrupt
        return number

    with pytest.raises(KeyboardInterrupt):
        distributed.study(pressed, [{"number": k} for k in range(4)], tmp_path, verbose=0)
    assert len(list(tmp_path.iterdir())) == 2


def test_functions_do_not_share_results(tmp_path):
    def twice(number):
        return 2 * number

    def thrice(number):
        return 3 * number

    for function, expected in (twice, 2), (thrice, 3), (twice, 2):
        found = distributed.study(function, [{"number": 1}], tmp_path, verbose=0)
        assert found[0]["result"] == expected


def test_numbers_of_numpy_are_kept(tmp_path):
    settings = [{"rate": np.float32(0.5)}]
    distributed.study(lambda rate: {"x": np.arange(2) * rate}, settings, tmp_path, verbose=0)
    (path,) = tmp_path.iterdir()
    record = json.loads(path.read_text())
    assert record["settings"] == {"rate": 0.5} and record["result"] == {"x": [0, 0.5]}


def test_the_device_and_the_threads_go_along(clients, tmp_path):
    kernels.use_device("reference")
    try:
        found = distributed.study(where, [{"number": 1}], tmp_path / "a", clients(1), verbose=0)
    finally:
        kernels.use_device("cpu")
    found += distributed.study(where, [{"number": 1}], tmp_path / "b", clients(1), verbose=0)
    assert [each["result"]["device"] for each in found] == ["reference", "cpu"]
    assert [each["result"]["threads"] for each in found] == [1, 1]
    assert kernels.get().name == "cpu"


def test_a_killed_worker_costs_no_result(clients, tmp_path):
    def slow(number, here):
        import os
        import signal
        import time

        flag = Path(here) / "killed"
        if number == 1 and not flag.exists():
            flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.1)
        return number

    if sys.platform == "win32":
        pytest.skip("no kill -9 on this system")
    settings = [{"number": number, "here": str(tmp_path)} for number in range(6)]
    found = distributed.study(slow, settings, tmp_path / "results", clients(2), verbose=0)
    assert [each["result"] for each in found] == list(range(6))


REFUSED = {
    "no function": (3, SETTINGS, "function must be a function"),
    "no list": (squared, "abc", "candidates must be a list of dicts"),
    "a dict": (squared, {"number": 1}, "candidates must be a list of dicts"),
    "no dicts": (squared, [1, 2], "candidates must be dicts"),
    "other names": (squared, [{"numbers": 1}], "squared does not take {'numbers': 1}"),
    "no JSON": (squared, [{"number": object()}], "must be what JSON can hold"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(case, tmp_path):
    function, candidates, said = REFUSED[case]
    with pytest.raises(TypeError, match=said):
        distributed.study(function, candidates, tmp_path / "new", verbose=0)


def test_a_result_that_json_cannot_hold(tmp_path):
    with pytest.raises(TypeError, match="must be what JSON can hold"):
        distributed.study(lambda number: object(), [{"number": 1}], tmp_path, verbose=0)
    assert not list(tmp_path.iterdir())


def test_a_damaged_result_is_named(tmp_path):
    distributed.study(squared, SETTINGS[:1], tmp_path, verbose=0)
    (path,) = tmp_path.iterdir()
    path.write_text("{")
    with pytest.raises(ValueError, match=f"{path.name}: expected a result .*; remove it"):
        distributed.study(squared, SETTINGS[:1], tmp_path, verbose=0)


def test_the_bar_counts(tmp_path, capsys):
    distributed.study(squared, SETTINGS, tmp_path)
    assert "study: 6/6" in capsys.readouterr().out


def test_many_short_ones(clients, tmp_path):
    """A task's own time is small beside what a training takes."""
    begun = time.perf_counter()
    settings = [{"number": 2 * number} for number in range(100)]
    found = distributed.study(squared, settings, tmp_path, clients(2), verbose=0)
    print(f"{(time.perf_counter() - begun) / 100 * 1e3:.1f} ms each")
    assert [each["result"]["square"] for each in found] == [4 * k * k for k in range(100)]
