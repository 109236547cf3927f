"""The C that both number types have: how a window lies on an image."""

STRUCT_WINDOW = """\
/* How a window lies on an image. Each pair is downwards, to the right. */
struct window {
    int image[2];       /* pixels */
    int size[2];        /* of the window */
    int strides[2];     /* pixels from one position of the window to the next */
    int before[2];      /* padding above, to the left */
    int output[2];      /* positions of the window */
};
"""

# The positions of a convolution that are computed together: each weight is read once for all.
TOGETHER = 4
GATHERED = 160  # values that are gathered for each of them, if a pixel has no more

POSITIONS_SIDE_BY_SIDE = """\
            const int together = columns - j < 4 ? columns - j : 4;
            int top[4], left[4];
            for (int q = 0; q < 4; q++) {       /* where there are fewer, the first once more */
                top[q] = i * l->window.strides[0] - l->window.before[0];
                left[q] = (j + (q < together ? q : 0)) * l->window.strides[1] - l->window.before[1];
            }
"""

POSITIONS_TO_POOL = """\
                int top[4], left[4], found = 0;
                for (; cell < cells && found < 4; cell++) {
                    const int row = i * pool->strides[0] - pool->before[0] + cell / pool->size[1];
                    const int column =
                        j * pool->strides[1] - pool->before[1] + cell % pool->size[1];
                    if (row >= 0 && row < pool->image[0] &&
                        column >= 0 && column < pool->image[1]) {
                        top[found] = row * l->window.strides[0] - l->window.before[0];
                        left[found++] = column * l->window.strides[1] - l->window.before[1];
                    }
                }
                if (found == 0)
                    break;
                for (int q = found; q < 4; q++) {       /* fewer: the first once more */
                    top[q] = top[0];
                    left[q] = left[0];
                }
"""

# Loops over what lies under a window at the position (i, j) and on the image.
UNDER_THE_WINDOW = """\
                for (int u = 0; u < w->size[0]; u++)
                    for (int v = 0; v < w->size[1]; v++) {
                        const int row = i * w->strides[0] - w->before[0] + u;
                        const int column = j * w->strides[1] - w->before[1] + v;
                        if (row < 0 || row >= w->image[0] || column < 0 || column >= w->image[1])
                            continue;
"""


def window_fields(geometry):
    """A `Geometry` as the fields of ``struct window``."""
    return (
        geometry.image,
        geometry.window,
        geometry.strides,
        geometry.before,
        geometry.output,
    )
