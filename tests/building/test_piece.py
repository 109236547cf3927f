"""How an answer to one piece of a building exercise is judged."""

import numpy as np
import pytest

from cnncourse.building import Piece


def sum_and_product(a, b):
    return a + b, a * b


PIECE = Piece(
    solution=sum_and_product,
    steps={
        "arrays": [(np.array([1.0, 2.0]), np.array([3.0, -1.0])), (np.ones(3), 2 * np.ones(3))],
        "an array and a number": [(np.array([1.0, 2.0]), 5)],
    },
    outputs=("the sum", "the product"),
    mistakes=(
        (lambda a, b: (a - b, a * b), "it is the difference"),
        (lambda a, b: (a + b, a / b), "it is the quotient"),
        (lambda a, b: (a + b, a * b[0]), "only the first of b is used"),
    ),
    praise="both",
)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (sum_and_product, "right: both"),
        (lambda a, b: [a + b, a * b], "right: both"),
        (None, "not answered yet"),
        (lambda a, b: None, "not answered yet"),
        ("a + b", "not yet: a function is wanted, got 'a + b'"),
        (lambda a: a, "raises TypeError"),
        (lambda a, b: 1 / 0, 'step 1 of 2, "arrays": your function raises ZeroDivisionError'),
        (lambda a, b: next(iter(())), "your function raises StopIteration"),
        (lambda a, b: a + b, "return the sum and the product, in this order"),
        (lambda a, b: ("a", "b"), "return the sum and the product, in this order, in numbers"),
        (lambda a, b: (10**400, 3), "return the sum and the product, in this order, in numbers"),
        (lambda a, b: (a * b, a + b), "their order is not: return the sum and the product"),
        (lambda a, b: (a - b, a * b), '"arrays": the sum: it is the difference'),
        (lambda a, b: (a + b, a / b), "the product: it is the quotient"),
        (lambda a, b: (a - b, a / b), "the sum: it is the difference"),
        (lambda a, b: (a + b, None), "the product: still None"),
        (lambda a, b: (a + b, -a * b), "the product: the sign is turned round"),
        (lambda a, b: (a + b, (a * b)[:1]), "the product: the shape should be (2,), yours is (1,)"),
        (lambda a, b: (a + b, a * b + [1, 0]), "raises ValueError"),
        (lambda a, b: (a + b, np.nan * a), "the values are not, first at [0], for a (2,), b (2,)"),
        (lambda a, b: (a + b, a * np.flip(b)), "the values are not, first at [0]"),
        (
            lambda a, b: (a + b, a * b if np.ndim(b) else a),
            'step 2 of 2, "an array and a number": the product: the shape is right, the values '
            "are not, first at [0], for a (2,), b = 5",
        ),
        (
            lambda a, b: (a + b, a * b) if np.ndim(b) else None,
            'step 2 of 2, "an array and a number": your function returns None',
        ),
    ],
)
def test_what_is_said(answer, said):
    verdict = PIECE.check(answer)
    assert said in repr(verdict)
    assert bool(verdict) == said.startswith("right")


def test_a_mistake_is_named_only_if_it_explains_all_cases():
    """With the second case of "arrays" alone, all of b would be as good as its first value."""
    first_only = PIECE.check(lambda a, b: (a + b, a * b[0]))
    assert "only the first of b" in repr(first_only)
    in_one_case = PIECE.check(lambda a, b: (a + b, a * b[0] if len(a) == 2 else a))
    assert "only the first of b" not in repr(in_one_case)


def test_an_answer_that_changes_its_arrays_is_told_and_changes_no_later_case():
    def changing(a, b):
        a += b
        return a, a * b

    for _ in range(2):
        assert "changes the arrays" in repr(PIECE.check(changing))
        assert PIECE.check(sum_and_product)


def test_one_step_and_one_output_need_no_words():
    piece = Piece(lambda a: 2 * a, {"": [(1 / 3,)]}, ("the double",), (), "yes")
    assert repr(piece.check(lambda a: 3.0)) == "not yet: 3 is not right, for a = 0.333"
    assert repr(piece.check(lambda a: (1, 2))) == "not yet: the shape should be (), yours is (2,)"
