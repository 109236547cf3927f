"""Demos in a real JupyterLab: ``pytest -n0 tests/browser --browser``."""

import pytest


@pytest.fixture(scope="session")
def browser():
    """A Chromium."""
    from real_lab import chromium

    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    """A running JupyterLab, in the browser."""
    from real_lab import running

    with running(tmp_path_factory.mktemp("lab"), browser) as found:
        yield found


@pytest.fixture(scope="session")
def digits(pytestconfig):
    """The file of a network that has learned all of MNIST's digits; kept for the next run."""
    path = pytestconfig.cache.mkdir("browser") / "digits.npz"
    if not path.exists():
        from cnncourse import datasets, networks

        mnist = datasets.load("mnist", quick=False).train
        model = networks.tutorial(seed=0)
        model.compile("adam")
        model.fit(mnist.images, mnist.labels, batch_size=100, epochs=3, verbose=0)
        model.save(path)
    return path


@pytest.fixture
def picture(tmp_path):
    """``picture(page, name)``: a screenshot, in $BROWSER_PICTURES if that is set."""
    import os
    from pathlib import Path

    folder = Path(os.environ.get("BROWSER_PICTURES", tmp_path))

    def shoot(page, name):
        page.screenshot(path=folder / f"{name}.png")

    return shoot
