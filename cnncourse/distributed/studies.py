"""A study: one function, many settings, and each result kept on disk as soon as it is there."""

from concurrent.futures import CancelledError

from .. import kernels
from ..kernels.worker_threads import worker_threads
from ..support import checks
from ..support.progress import progress
from .client import packed, require_client, scheduler_at_hand, unpacked
from .interrupts import spare
from .records import Records


def study(function, candidates, folder, client=None, verbose="auto"):
    """Call ``function(**settings)`` for each of many settings, and keep each result in a file.

    A study that was broken off goes on with the same call: settings whose result is in the folder
    are not computed again.

    Parameters
    ----------
    function : function
        Trains and measures something, and gives a dict of figures, or whatever JSON can hold. What
        it draws at random should go by its arguments (a ``seed``, say): then results do not depend
        on where they are computed.
    candidates : list of dict
        Settings, by the names of the function's arguments; scikit-learn's ``ParameterGrid`` and
        ``ParameterSampler`` give such lists.
    folder : str or pathlib.Path
        Where results are kept; made if it is not there. They are known by the function's name and
        the settings: after changing the function, take another folder.
    client : distributed.Client, or None
        Connected to a Dask cluster, whose workers compute several settings at a time, on the device
        that is in use here; with ``None``, this process does, one after the other.
    verbose : "auto", 0 or 1
        Whether to show a progress bar.

    Gives a list of dicts ``{"settings": …, "result": …}`` in the order of the candidates. Where the
    function fails for some settings, the others are computed all the same; then a ``RuntimeError``
    says which. What a lost worker was to compute, another one does. Ctrl-C leaves the results that
    are there.

    Raises ``TypeError`` or ``ValueError`` for arguments, for results that JSON cannot hold, and for
    a file in the folder that is no result; ``ModuleNotFoundError`` without the extra
    ``distributed``, ``ConnectionError`` where the scheduler is gone.

    >>> import tempfile
    >>> def area(width, height):
    ...     return {"area": width * height}
    >>> settings = [{"width": 2, "height": 3}, {"width": 4, "height": 5}]
    >>> study(area, settings, tempfile.mkdtemp(), verbose=0)[1]
    {'settings': {'width': 4, 'height': 5}, 'result': {'area': 20}}
    """
    if client is not None:
        require_client(client)
    verbose = checks.verbosity(verbose)
    records = Records(folder, function, candidates)
    missing = records.missing()
    outcomes = _here(function, missing) if client is None else _there(function, missing, client)
    failed = []
    for settings, result in progress(outcomes, "study", total=len(missing), disable=verbose == 0):
        if isinstance(result, Exception):
            failed.append((settings, result))
        else:
            records.keep(settings, result)
    if failed:
        settings, error = failed[0]
        raise RuntimeError(
            f"{len(failed)} of {len(missing)} settings failed, one of them {settings}: "
            f"{type(error).__name__}: {error}. The other results are kept in {records.folder}"
        ) from error
    return [{"settings": each, "result": records.result(each)} for each in records.candidates]


def _here(function, missing):
    """Pairs of settings and their result, or the error in its place, by this process."""
    for settings in missing:
        yield settings, _outcome(function, settings)


def _there(function, missing, client):
    """The same by a cluster's workers, in the order in which they are done."""
    from distributed import as_completed

    with scheduler_at_hand(client):
        spare(client)
        sent = client.submit(unpacked, packed((function, kernels.in_use())), pure=False)
        settings_of = {
            client.submit(_outcome_there, sent, settings, pure=False): settings
            for settings in missing
        }
        for future in as_completed(settings_of):
            try:
                result = future.result()
            except CancelledError:
                raise
            except Exception as error:  # several workers died of it, one after the other
                result = error
            yield settings_of[future], result


def _outcome_there(sent, settings):
    """On a worker: the result, or the error in its place."""
    function, device = sent
    with kernels.using(device), worker_threads():
        return _outcome(function, settings)


def _outcome(function, settings):
    try:
        return function(**settings)
    except Exception as error:
        return error
