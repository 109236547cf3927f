"""Moving pictures: their files, and that the last of them shows the result."""

from functools import cache
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cnncourse import animations, filters
from cnncourse.plots.figure import DescribedFigure
from cnncourse.plots.grids import short

IMAGE = np.arange(20).reshape(4, 5) % 7
KERNEL = np.array([[1, -1], [0, 2], [3, 0]])
MAKERS = {
    "product": lambda: animations.sliding_product([2, 0, -4, 1], [0.5, 0.3, 0.25]),
    "window": lambda: animations.sliding_window(IMAGE, KERNEL),
}
MOVIES = {name: cache(make) for name, make in MAKERS.items()}
STORED = {name: cache(lambda name=name: MOVIES[name]().png()) for name in MAKERS}
RESULTS = {
    "product": filters.conv1d([2, 0, -4, 1], [0.5, 0.3, 0.25], "full"),
    "window": filters.correlate2d(IMAGE, KERNEL),
}


def written(figure):
    """All texts in a figure, in the order in which they were drawn."""
    texts = [text.get_text() for ax in figure.axes for text in ax.texts]
    return [text for text in texts if text]


def frames(data):
    """The pictures of an animated PNG as arrays, and how long each is shown."""
    movie, arrays, durations = Image.open(BytesIO(data)), [], []
    for k in range(movie.n_frames):
        movie.seek(k)
        arrays.append(np.asarray(movie.convert("RGB"), int))
        durations.append(movie.info["duration"])
    return arrays, durations


@pytest.mark.parametrize("name", MOVIES)
def test_a_picture_for_each_number_of_the_result(name):
    movie, result = MOVIES[name](), RESULTS[name]
    data = STORED[name]()
    arrays, durations = frames(data)
    assert len(movie.figures) == len(arrays) == result.size
    assert durations == [1000] * (result.size - 1) + [3000]
    for figure, array in zip(movie.figures, arrays, strict=True):
        still = np.asarray(figure.pixels(), int)
        assert np.abs(still - array).mean() < 0.5  # of 255: all pictures share 256 colours
        assert array[0, 0].tolist() == [255, 255, 255]
    for before, after in zip(arrays[:-1], arrays[1:], strict=True):
        assert (before != after).any()
    assert len(data) < 100_000
    assert data == MAKERS[name]().png()  # regenerating changes nothing


@pytest.mark.parametrize("name", MOVIES)
def test_each_picture_shows_the_result_so_far(name):
    movie, result = MOVIES[name](), RESULTS[name].ravel()
    for k, figure in enumerate(movie.figures):
        shown = written(figure)
        if name == "window":
            assert shown[-1] == "result"  # the title comes after the cells
            shown = shown[:-1]
        assert shown[-(k + 1) :] == [short(number) for number in result[: k + 1]]
        assert figure.alt.endswith(f"= {short(result[k])}")
        if name == "window":
            assert shown[-(k + 2)] == "kernel"  # and no number of the result more


def test_the_sum_under_each_picture_is_right():
    for movie in (make() for make in MOVIES.values()):
        for figure in movie.figures:
            sum_, total = figure.alt.split(":  ")[-1].split(" = ")
            assert eval(sum_.replace("·", "*")) == pytest.approx(float(total), abs=0.01)


def test_the_kernel_slides_backwards_below_the_signal():
    movie = animations.sliding_product([1, 2, 3], [10, 20])
    above = movie.figures[1].axes[0]
    kernel = [text for text in above.texts if text.get_position()[1] == 1.7]  # the second row
    kernel.sort(key=lambda text: text.get_position()[0])
    assert [text.get_text() for text in kernel] == ["20", "10"]
    assert movie.figures[1].alt == "position 1:  1·20 + 2·10 = 40"


@pytest.mark.parametrize("name", MOVIES)
def test_movies_are_stored_with_their_description(name):
    movie = MOVIES[name]()
    data, metadata = movie._repr_mimebundle_()
    assert data["image/png"] == STORED[name]()
    assert metadata == {"image/png": {"alt": movie.alt, "width": movie.figures[0].width}}
    assert data["text/plain"] == f"<Movie of {len(movie.figures)} pictures: {movie.alt}>"
    assert " ".join(short(number) for number in np.atleast_2d(RESULTS[name])[-1]) in movie.alt


def test_what_makes_no_movie_is_refused():
    with pytest.raises(ValueError, match="1 to 100 pictures, this one would have 0"):
        animations.Movie("nothing", [], DescribedFigure)
    with pytest.raises(ValueError, match="would have 729; take a smaller piece"):
        animations.sliding_window(np.zeros((28, 28)), np.zeros((2, 2)))
    with pytest.raises(ValueError, match="would have 101; take a smaller piece"):
        animations.sliding_product(np.zeros(101), [1])
    with pytest.raises(ValueError, match="must have one size"):
        animations.Movie("two", [1, 2], lambda height: DescribedFigure("a", 1, height))
    with pytest.raises(ValueError, match=r"expected one channel, got an image \(3, 3, 2\)"):
        animations.sliding_window(np.zeros((3, 3, 2)), np.zeros((2, 2)))
    with pytest.raises(ValueError, match="fits nowhere"):
        animations.sliding_window(np.zeros((3, 3)), np.zeros((2, 4)))
