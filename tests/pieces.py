"""What every piece of a building exercise must do with answers, right and wrong."""

import numpy as np
import pytest


def mistakes(**pieces):
    """The parameters of a test: (piece, a wrong function, the hint that it must get)."""
    return [
        pytest.param(piece, wrong, hint, id=f"{name}-{k}")
        for name, piece in pieces.items()
        for k, (wrong, hint) in enumerate(piece.mistakes)
    ]


def must_be_named(piece, wrong, hint):
    verdict = piece.check(wrong)
    assert not verdict
    assert repr(verdict).endswith(hint), verdict


def must_judge(piece):
    """No answer, right ones in several forms, and answers that no exercise foresees."""
    solution, several = piece.solution, len(piece.outputs) > 1
    assert piece.check(solution)
    for empty in (None, lambda *arguments: None):
        assert repr(piece.check(empty)) == "not answered yet"

    def in_float32(*arguments):
        results = solution(*arguments)
        return [np.float32(one) for one in results] if several else np.float32(results)

    def as_lists(*arguments):
        results = solution(*arguments)
        return [np.asarray(one).tolist() for one in results] if several else results.tolist()

    for same in (in_float32, as_lists):
        assert piece.check(same), piece.check(same)
    says = {
        lambda: 0: "raises TypeError: ",
        lambda *arguments: [][1]: "raises IndexError: list index out of range",
        lambda *arguments: "text": "return ",
        _changing(solution): "changes the arrays that it is given",
        3: "a function is wanted, got 3",
    }
    for answer, words in says.items():
        verdict = piece.check(answer)
        assert not verdict and words in repr(verdict), verdict
        assert "\n" not in repr(verdict)


def _changing(solution):
    def answer(*arguments):
        result = solution(*arguments)
        for array in arguments:
            if isinstance(array, np.ndarray):
                array += 1
        return result

    return answer
