"""What was made once and may be needed again, kept while there is room."""

from threading import Lock


class ImageCache:
    """Arrays by number: the first that fit into ``room`` bytes are made once, others each time.

    Which ones are kept hangs on who comes first, what comes out does not. Threads may share it.
    Nothing is ever dropped for something newer: all images of an epoch are needed equally often, so
    exchanging them would only cost time.

    >>> import numpy as np
    >>> squares = ImageCache(room=8)
    >>> squares.get(3, lambda number: np.array([number**2]))
    array([9])
    """

    def __init__(self, room):
        self.room = room  # bytes that are left
        self._arrays, self._lock = {}, Lock()

    def get(self, number, make):
        """The array kept for ``number``, or else ``make(number)``. Not to be written to."""
        array = self._arrays.get(number)
        if array is None:
            array = make(number)
            with self._lock:
                if array.nbytes <= self.room and number not in self._arrays:
                    self._arrays[number] = array
                    self.room -= array.nbytes
        return array
