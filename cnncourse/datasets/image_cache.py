"""A cache of decoded images, filled while there is room."""

from threading import Lock


class ImageCache:
    """Arrays by index: the first that fit into ``room`` bytes are made once, others each time.

    Which ones are cached depends on who comes first, what comes out does not. Threads may share it.
    Nothing is ever dropped for something newer: all images of an epoch are needed equally often, so
    exchanging them would only cost time.

    >>> import numpy as np
    >>> squares = ImageCache(room=8)
    >>> squares.get(3, lambda index: np.array([index**2]))
    array([9])
    """

    def __init__(self, room):
        self.room = room  # bytes that are left
        self._arrays = {}
        self._lock = Lock()

    def get(self, index, make):
        """The array cached for ``index``, or else ``make(index)``. Not to be written to."""
        array = self._arrays.get(index)
        if array is None:
            array = make(index)
            with self._lock:
                if array.nbytes <= self.room and index not in self._arrays:
                    self._arrays[index] = array
                    self.room -= array.nbytes
        return array
