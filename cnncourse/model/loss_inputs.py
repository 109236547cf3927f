"""What a loss takes of a model: its logits, or the probabilities that it ends in.

A softmax and its cross-entropy are stable together and not apart, so the loss computes a last
softmax itself. Where the last operation is something else that gives probabilities, the loss must
know: its figures are to be those of what `predict` gives.
"""

from .. import layers as own
from ..layers import Dropout, Flatten, Sigmoid, Softmax, Tanh
from .as_written import runs_as_written


def loss_inputs(operations, loss):
    """The operations whose outputs ``loss`` takes, and whether these are logits.

    Without the last operation where the loss has it built in. ``None`` for the second where the
    loss makes no difference. Raises ``ValueError`` for a model and a loss that do not fit.
    """
    if loss.fused_activation is None:
        return operations, None
    last = operations[-1]
    if type(last) is loss.fused_activation and runs_as_written(last):
        return operations[:-1], True
    # these give probabilities on as they are
    said = next((op for op in reversed(operations) if not isinstance(op, (Flatten, Dropout))), last)
    if isinstance(said, Softmax | Sigmoid):
        if isinstance(said, Sigmoid) and loss.fused_activation is Softmax:
            _refuse(said, loss, "activation='softmax', or the loss 'binary_crossentropy'")
        return operations, False
    if isinstance(said, Tanh):
        name = loss.fused_activation.__name__.lower()
        _refuse(said, loss, f"activation={name!r}, or no activation")
    if getattr(own, type(said).__name__, None) is not type(said):
        return operations, loss.from_logits  # somebody's own: who compiled the model knows
    if not loss.from_logits:
        _refuse(
            said, loss, f"a last layers.{loss.fused_activation.__name__}(), or from_logits=True"
        )
    return operations, True


def _refuse(last, loss, advice):
    raise ValueError(
        f"{loss!r} takes probabilities, or the logits before them; the model ends in {last}, which "
        f"gives neither. End it with {advice}"
    )
