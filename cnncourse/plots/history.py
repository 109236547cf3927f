"""How training went."""

from ..support import arguments
from ..support.checks import numbers
from .figure import COLOURS, DescribedFigure


def history(history):
    """Loss and accuracy after each epoch, in training and, if there was any, in validation.

    ``history``: what ``model.fit`` gave, name → a value for each epoch. The learning rate is drawn
    beside them if it changed. Raises ``ValueError`` for no epoch and for names with different
    numbers of epochs, ``TypeError`` for what is no dict of lists of numbers.

    >>> history({"loss": [0.9, 0.3], "accuracy": [0.8, 0.9]})
    <Figure: Loss and accuracy after each of 2 epochs>
    """
    history = _checked(history)
    names = [name for name in history if not name.startswith("val_")]
    if len(set(history.get("learning_rate", ()))) < 2:  # a constant one is no picture
        names = [name for name in names if name != "learning_rate"]
    epochs = range(1, len(history[names[0]]) + 1)
    words = [name.replace("_", " ") for name in names]
    alt = f"{' and '.join(words).capitalize()} after each of {len(epochs)} epochs"
    if f"val_{names[0]}" in history:
        alt += ", in training and in validation"
    figure = DescribedFigure(alt, 4.5 * len(names), 3)
    for ax, name in zip(figure.subplots(1, len(names), squeeze=False).flat, names, strict=True):
        ax.plot(epochs, history[name], "o-", color=COLOURS[0], label="training")
        if f"val_{name}" in history:
            ax.plot(epochs, history[f"val_{name}"], "s--", color=COLOURS[1], label="validation")
            ax.legend()
        ax.set(xlabel="epoch", ylabel=name.replace("_", " "))
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.grid(alpha=0.3)
    return figure


def _checked(history):
    """The figures of each epoch by name, all equally many."""
    history = arguments.mapping(history, "history", "a value for each epoch")
    figures = {name: numbers(list_, f"history[{name!r}]") for name, list_ in history.items()}
    shapes = {name: figure.shape for name, figure in figures.items()}
    first = next(iter(shapes.values()))
    if len(first) != 1 or first[0] == 0 or set(shapes.values()) != {first}:
        raise ValueError(
            "history: expected a list for each name, with a value for each epoch, all equally "
            f"long, got the shapes {arguments.described(shapes)}"
        )
    if all(name.startswith("val_") or name == "learning_rate" for name in figures):
        raise ValueError(f"history: expected 'loss' or 'accuracy', got {', '.join(figures)}")
    return {name: figure.tolist() for name, figure in figures.items()}
