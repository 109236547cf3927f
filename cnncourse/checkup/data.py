"""Which data sets are here, and can the rest be downloaded?"""

from ..datasets import inventory, locations
from ..datasets.download import unreachable
from ..datasets.sources import SOURCES
from .diagnosis import OK, TO_DO, WARNING, Diagnosis

PATIENCE = 3  # seconds for a mirror to answer


def examine():
    """What is on this machine, and whether mirrors answer for what is not."""
    try:
        found = {name: inventory.holding(name) for name in SOURCES}
    except FileNotFoundError as error:  # what CNNCOURSE_DATA names
        return Diagnosis(TO_DO, str(error))
    damaged = [one.fault for one in found.values() if one.fault]
    if damaged:
        return Diagnosis(TO_DO, *damaged[0].split("\n", 1))
    text = "; ".join(f"{one.title}: {one.extent}" for one in found.values())
    lacking = [name for name, one in found.items() if one.extent != inventory.WHOLE]
    if not lacking:
        return Diagnosis(OK, text)
    if locations.only_bundled():
        return Diagnosis(OK, f"{text}, and CNNCOURSE_DATA=bundled wants no more")
    source = SOURCES[lacking[0]]
    reason = unreachable([f"{url}{source.files[0].name}.gz" for url in source.mirrors], PATIENCE)
    if not reason:
        return Diagnosis(OK, f"{text}; the rest is downloaded when first needed")
    return Diagnosis(
        WARNING,
        f"{text}; the rest cannot be downloaded ({reason})",
        "the course runs with what is here; python -m cnncourse data --from FOLDER takes files "
        "that you bring",
    )
