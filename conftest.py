"""For all tests: never the network, and a header that says on what the tests ran."""

import os

# before cnncourse is imported, and inherited by the kernels that nbval starts
os.environ.setdefault("CNNCOURSE_DATA", "bundled")


def pytest_report_header():
    import numba

    data, threads = os.environ["CNNCOURSE_DATA"], numba.config.NUMBA_NUM_THREADS
    return f"cnncourse: data {data}, numba {numba.__version__} on {threads} threads"
