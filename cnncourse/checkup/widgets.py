"""Can the demos be live? And does a running JupyterLab know it?"""

from contextlib import suppress
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

from .diagnosis import TO_DO, WARNING, Diagnosis
from .versions import judge, required

PACKAGE = "anywidget"


def examine():
    """The version of anywidget, by which demos answer while you play.

    A server lists the widgets that are installed when it starts, and no later ones.
    """
    found = judge(required(PACKAGE))
    if found.verdict == TO_DO:
        text = f"{found.text}, so demos are pictures instead of live"
        return Diagnosis(WARNING, text, f"{found.advice}; then start JupyterLab again")
    too_early = [url for url, began in running_servers() if began < installed_at()]
    if too_early:
        return Diagnosis(
            WARNING,
            f"{found.text} was installed after JupyterLab had started ({', '.join(too_early)})",
            "end that JupyterLab (File → Shut Down), start it again, and reload its page",
        )
    return Diagnosis(found.verdict, f"{found.text}: demos are live", found.advice)


def installed_at():
    """When the package was installed, in seconds of the system's clock; 0 if nobody knows."""
    for file in distribution(PACKAGE).files or ():
        if file.name == "RECORD":  # which installers write last
            return Path(file.locate()).stat().st_mtime
    return 0.0  # as for the packages of some systems


def running_servers():
    """The address of each Jupyter server of this user, and when it started."""
    if not find_spec("jupyter_server"):
        return []
    from jupyter_core.paths import jupyter_runtime_dir
    from jupyter_server.serverapp import list_running_servers

    folder, found = Path(jupyter_runtime_dir()), []
    for server in list_running_servers(str(folder)):
        with suppress(FileNotFoundError):  # it has ended meanwhile
            began = (folder / f"jpserver-{server['pid']}.json").stat().st_mtime
            found.append((server["url"], began))
    return found
