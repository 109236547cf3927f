"""For all tests: never the network, and a header that says on what the tests ran."""

import os

# before cnncourse is imported, and inherited by the kernels that nbval starts
os.environ.setdefault("CNNCOURSE_DATA", "bundled")


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


def pytest_report_header():
    import numba

    from cnncourse.kernels import gpu_detection

    data, threads = os.environ["CNNCOURSE_DATA"], numba.config.NUMBA_NUM_THREADS
    return [
        f"cnncourse: data {data}, numba {numba.__version__} on {threads} threads",
        f"cnncourse: GPU {gpu_detection.detect().description}",
    ]
