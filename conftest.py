"""For all tests: never the network, a header that says on what they ran, and which are quick."""

import os
from pathlib import Path

import pytest

# before cnncourse is imported, and inherited by the kernels that nbval starts
os.environ.setdefault("CNNCOURSE_DATA", "bundled")
os.environ.setdefault("CNNCOURSE_QUICK", "1")


def _choose_gpu():
    """A GPU if there is one to use, or else numba's simulator.

    ``numba.cuda`` is the one or the other from its first import on. The variable is taken back
    then: the processes that tests start are to be like anybody's.
    """
    from cnncourse.kernels import gpu_detection

    if gpu_detection.missing() and "NUMBA_ENABLE_CUDASIM" not in os.environ:
        os.environ["NUMBA_ENABLE_CUDASIM"] = "1"
        from numba import cuda  # noqa: F401

        del os.environ["NUMBA_ENABLE_CUDASIM"]


_choose_gpu()


def pytest_xdist_auto_num_workers(config):
    """How many processes run the tests: two for whole rooms, this one alone for single files.

    Much of the suite is plain Python: the simulator of a GPU, drawn cases, children that start. A
    file's tests stay together in one process, so that a notebook's cells follow each other.
    """
    files = [name for name in config.args if not Path(name.split("::")[0]).is_dir()]
    quick = config.option.markexpr == "quick"
    return 0 if files or quick else min(2, os.cpu_count() or 1)


def pytest_addoption(parser):
    parser.addoption(
        "--rerun",
        choices=("front", "whole"),
        help="collect test_notebook_reruns: chapters up to their first long training, or whole",
    )
    parser.addoption("--browser", action="store_true", help="collect tests/browser, too")
    parser.addoption("--kills", type=int, default=2, help="kill -9, or Ctrl-C, so often in a test")
    parser.addoption(
        "--networks", type=int, default=6, help="how many are drawn, to train or to export"
    )
    parser.addoption(
        "--whole", action="store_true", help="tests/export: large networks too, on all test images"
    )
    parser.addoption(
        "--workers", type=int, default=1, help="tests/distributed: so many, with the five networks"
    )
    parser.addoption(
        "--images", type=int, default=200, help="tests/distributed: so many, with them"
    )
    parser.addoption("--submissions", type=int, default=6, help="generated, in tests/grading")
    parser.addoption("--damaged", type=int, default=300, help="copies in test_damaged_files")
    parser.addoption("--fuzz", type=int, default=200, help="how many calls tests/fuzz draws")
    parser.addoption("--fuzz-seed", type=int, default=0, help="which ones")


def pytest_collectstart(collector):
    """nbval compares a picture's description as text; that HTML repeats it is tested elsewhere."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("text/html",)


def pytest_report_header():
    import numba

    from cnncourse.kernels import gpu_detection

    data, threads = os.environ["CNNCOURSE_DATA"], numba.config.NUMBA_NUM_THREADS
    data += ", quick" if os.environ["CNNCOURSE_QUICK"] == "1" else ", whole"
    return [
        f"cnncourse: data {data}, numba {numba.__version__} on {threads} threads",
        f"cnncourse: GPU {gpu_detection.detect().description}",
    ]


# They hold no examples, and --doctest-modules would import all by one name, or without PyTorch.
collect_ignore_glob = ["*conftest.py", "*/drawn_networks.py"]

TESTS = Path(__file__).parent / "tests"
LONG = ("tests/fuzz/", "notebooks/")  # files that take up to a minute each
# What waits for a simulator, a compiler or other processes, or searches through many cases. The
# other tests of each room are quick.
SLOW = (
    "animations/test_animations.py::test_a_picture_for_each",
    "animations/test_animations.py::test_movies",
    "animations/test_layers_at_work.py::test_a_strip",
    "animations/test_layers_at_work.py::test_a_training",
    "augmentation/test_random_changes.py::test_images_of_a_data_set",
    "chapters/test_fast_kernels_on_the_cpu.py::test_compiling_changes_no_bit",
    "chapters/test_fast_kernels_on_the_cpu.py::test_the_number_of_threads",
    "chapters/test_fast_kernels_on_the_cpu.py::test_the_pictures",
    "chapters/test_fast_kernels_on_the_gpu.py",
    "chapters/test_the_convolutional_layer.py::test_crosses",
    "chapters/test_training_a_cnn.py::test_the_exercise_on_the_loop",
    "chapters/test_training_a_cnn.py::test_the_solution_on_the_loop",
    "checkup/test_checkup.py::test_a_gpu_that_computes_nonsense",
    "commands/test_doctor.py",
    "datasets/test_digits.py::test_the_same_every_time",
    "datasets/test_killed_downloads.py",
    "distributed/test_documents_networks.py",
    "distributed/test_folders.py",
    "distributed/test_interrupted_runs.py",
    "distributed/test_lost_workers.py",
    "distributed/test_same_bits.py",
    "distributed/test_searches.py",
    "distributed/test_studies.py",
    "export/test_c99.py::test_no_compiler_warns",
    "export/test_c99.py::test_the_documents_networks",
    "export/test_drawn_exports.py",
    "export/test_html.py::test_drawn",
    "export/test_html.py::test_the_documents_networks",
    "export/test_onnx.py::test_drawn",
    "export/test_onnx.py::test_the_documents_networks",
    "fuzz/test_fuzz.py::test_drawn_calls",
    "filters/test_filters.py::test_correlation_is_the_transpose",
    "grading/test_grading.py::test_an_answer",
    "grading/test_grading.py::test_generated",
    "grading/test_grading.py::test_what_goes_wrong",
    "kernels/cpu/test_fork.py",
    "kernels/cpu/test_plain_python.py::test_they_pass",
    "kernels/cpu/test_second_compiler.py::test_the_first",
    "kernels/cpu/test_second_compiler.py::test_without",
    "kernels/cpu/test_threads.py",
    "kernels/cuda/",
    "kernels/test_bounds.py",
    "kernels/test_compiled_code.py",
    "kernels/test_drawn_networks.py",
    "kernels/test_gpu_detection.py::test_detect_is_silent",
    "kernels/test_known_wrong.py",
    "kernels/test_without_compiler.py",
    "model/test_damaged_files.py::test_damaged",
    "model/test_interrupted_fits.py",
    "model/test_killed_saves.py",
    "model/test_saving.py::test_kill_9",
    "support/test_cases.py::test_any_seed",
    "support/test_console.py",
    "test_benchmarks.py",
    "test_classifier.py::test_a_scaler",
    "test_classifier.py::test_grid_search",
    "test_devices_of_workers.py",
    "test_gradients.py::test_everything_in_one_chain",
    "test_gradients.py::test_pooling",
    "test_gradients.py::test_the_whole_network",
    "test_peers.py",
    "test_site.py",
    "work_folder/test_killed_starts.py",
)


def pytest_ignore_collect(collection_path, config):
    """Chapters again, and browsers, if asked to; ``-m quick``: nothing without a quick test."""
    if collection_path.name == "test_notebook_reruns.py":
        return config.getoption("--rerun") is None or None
    if collection_path == TESTS / "browser":
        return not config.getoption("--browser") or None
    if config.option.markexpr != "quick":
        return None
    path = collection_path.relative_to(TESTS.parent).as_posix()
    outside = path.startswith(("cnncourse/", "notebooks/"))
    return outside or path.removeprefix("tests/").startswith(SLOW) or None


def pytest_collection_modifyitems(items):
    """Mark as ``quick`` the tests that are not ``SLOW``: the first case of each.

    Files that take long come first, so that no worker waits at the end for another's.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))  # all others stay as they are
    seen = set()
    for item in items:
        if not item.path.is_relative_to(TESTS):
            continue
        test = item.nodeid.split("[")[0]
        if test not in seen and not test.removeprefix("tests/").startswith(SLOW):
            item.add_marker(pytest.mark.quick)
        seen.add(test)
