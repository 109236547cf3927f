"""The cache of decoded images: shared by threads, never above its room."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from cnncourse.datasets.image_cache import ImageCache


def test_threads_that_share_what_is_kept():
    cache = ImageCache(room=10 * 8)
    with ThreadPoolExecutor(8) as pool:
        numbers = [k % 40 for k in range(4000)]
        arrays = list(pool.map(lambda k: cache.get(k, lambda k: np.array([k])), numbers))
    assert [array.item() for array in arrays] == numbers
    assert cache.room == 0
