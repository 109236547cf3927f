"""Are the packages here that the course needs, in versions that it was tested with?"""

from .diagnosis import OK, WARNING, Diagnosis, worst
from .versions import always_required, judge


def examine():
    """The versions of the packages that every use of the course needs."""
    found = [judge(requirement) for requirement in always_required()]
    if not found:
        return Diagnosis(
            WARNING,
            "the course itself is not installed, so its packages are not known",
            'pip install -e ".[lab]" in its folder',
        )
    verdict = worst(one.verdict for one in found)
    shown = found if verdict == OK else [one for one in found if one.verdict != OK]
    return Diagnosis(
        verdict,
        "; ".join(one.text for one in shown),
        "; ".join(one.advice for one in found if one.advice),
    )
