"""Networks that come trained: a chapter's long trainings, kept, so that a class need not wait.

``python -m cnncourse start --with-trained`` puts them into the chapters of a work folder, and
``tools/train_chapters.py`` keeps them. A chapter's cell that trains says so in its metadata, by the
names of the network and of its history: ``"trained": {"model": "he", "history": "he_history"}``.
"""

from .kept import load_trained

__all__ = ["load_trained"]
