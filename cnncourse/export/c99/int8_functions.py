"""The functions of a network in whole numbers, as texts of C.

Each does what ``run`` of the same step in ``quantization/steps.py`` does, to the bit. ``TYPE`` is
that of the outputs, and ``@`` what its functions' names end in.
"""

from .common import POSITIONS_SIDE_BY_SIDE, POSITIONS_TO_POOL, UNDER_THE_WINDOW

REQUANTIZED = """\
/* A sum on the output's scale: times multiplier / 2^shift, rounded, between the output's ends. */
static int requantized(int32_t sum, int32_t multiplier, int shift, int zero, int low, int high)
{
    const int64_t half = (int64_t)1 << (shift - 1);
    const int64_t value = (((int64_t)sum * multiplier + half) >> shift) + zero;
    return (int)(value < low ? low : value > high ? high : value);
}
"""

STRUCT_CONVOLUTION = """\
struct convolution {
    struct window window;
    struct window pooling;      /* on the convolution's outputs; of 1x1 where nothing is pooled */
    int cells[2];               /* of the kernel */
    int dilation[2];            /* pixels from one cell to the next */
    int channels, filters;
    int at_once;                /* cells that are gathered at a time */
    const int8_t *kernel;       /* for cells gathered at a time, filter by filter: a weight for each
                                   cell and channel, and zeros up to a multiple of 16 */
    const int32_t *bias;
    const int32_t *multiplier;  /* each filter's factor is multiplier / 2^shift */
    const uint8_t *shift;
    int zero, output_zero;      /* the byte that stands for 0, in the input and in the output */
    int low, high;              /* the output's ends; 0 lies at the lower one with ReLU */
};
"""

GATHER = """\
/* What the kernel's cells from `cell` to `end` see at four positions, one position after the
   other, `values` apart: bytes less their zero, and 0 beyond the image. */
static void gather(const struct convolution *l, const uint8_t *x, const int *top, const int *left,
                   int cell, int end, int values)
{
    int16_t *to = patch;
    while (cell < end) {        /* the cells of a row that are neighbours, or what is left of it */
        const int u = cell / l->cells[1], v = cell % l->cells[1];
        const int rest = l->cells[1] - v < end - cell ? l->cells[1] - v : end - cell;
        const int run = l->dilation[1] == 1 ? rest : 1;
        for (int q = 0; q < 4; q++) {
            const int row = top[q] + u * l->dilation[0];
            const int column = left[q] + v * l->dilation[1];
            const int row_inside = row >= 0 && row < l->window.image[0];
            const int from = (row * l->window.image[1] + column) * l->channels;
            if (row_inside && column >= 0 && column + run <= l->window.image[1])
                for (int k = 0; k < run * l->channels; k++)
                    to[q * values + k] = (int16_t)(x[from + k] - l->zero);
            else
                for (int p = 0; p < run; p++) {
                    const int inside =
                        row_inside && column + p >= 0 && column + p < l->window.image[1];
                    const int pixel = inside ? from + p * l->channels : 0;
                    for (int c = 0; c < l->channels; c++)
                        to[q * values + p * l->channels + c] =
                            (int16_t)(inside * (x[pixel + c] - l->zero));
                }
        }
        cell += run;
        to += run * l->channels;
    }
}
"""

SUMS = """\
/* The sums of `count` filters from `first` on at four positions. Products are a multiple of 16, so
   that a compiler that makes some at a time has none left over; the last weights are zeros. */
static void sums(const struct convolution *l, const uint8_t *x, const int *top, const int *left,
                 int first, int count, int32_t (*sum)[4])
{
    const int cells = l->cells[0] * l->cells[1];
    const int8_t *kernel = l->kernel;
    for (int f = 0; f < count; f++)
        sum[f][0] = sum[f][1] = sum[f][2] = sum[f][3] = l->bias[first + f];
    for (int cell = 0; cell < cells; cell += l->at_once) {
        const int end = cells - cell < l->at_once ? cells : cell + l->at_once;
        const int values = ((end - cell) * l->channels + 15) / 16 * 16;
        const int16_t *a0 = patch, *a1 = a0 + values, *a2 = a1 + values, *a3 = a2 + values;
        if (first == 0 || l->at_once < cells)   /* else it is still there */
            gather(l, x, top, left, cell, end, values);
        for (int f = 0; f < count; f++) {
            const int8_t *weights = kernel + (first + f) * values;
            int32_t s0 = sum[f][0], s1 = sum[f][1], s2 = sum[f][2], s3 = sum[f][3];
            for (int k = 0; k < values; k++) {
                s0 += a0[k] * weights[k];
                s1 += a1[k] * weights[k];
                s2 += a2[k] * weights[k];
                s3 += a3[k] * weights[k];
            }
            sum[f][0] = s0;
            sum[f][1] = s1;
            sum[f][2] = s2;
            sum[f][3] = s3;
        }
        kernel += l->filters * values;
    }
}
"""

CONVOLUTION = f"""\
/* A convolution, its bias, and ReLU: four neighbours at a time. */
static void convolution@(const struct convolution *l, const uint8_t *x, TYPE *y)
{{
    const int columns = l->window.output[1];
    for (int i = 0; i < l->window.output[0]; i++)
        for (int j = 0; j < columns; j += 4) {{
{POSITIONS_SIDE_BY_SIDE}\
            for (int first = 0; first < l->filters; first += 16) {{
                const int count = l->filters - first < 16 ? l->filters - first : 16;
                int32_t sum[16][4];
                sums(l, x, top, left, first, count, sum);
                for (int q = 0; q < together; q++)
                    for (int f = 0; f < count; f++)
                        y[(i * columns + j + q) * l->filters + first + f] = (TYPE)requantized(
                            sum[f][q], l->multiplier[first + f], l->shift[first + f],
                            l->output_zero, l->low, l->high);
            }}
        }}
}}
"""

CONVOLUTION_POOLED = f"""\
/* A convolution, its bias, ReLU and max pooling: four positions under a window at a time. */
static void convolution_pooled@(const struct convolution *l, const uint8_t *x, TYPE *y)
{{
    const struct window *pool = &l->pooling;
    const int cells = pool->size[0] * pool->size[1];
    for (int i = 0; i < pool->output[0]; i++)
        for (int j = 0; j < pool->output[1]; j++) {{
            TYPE *out = y + (i * pool->output[1] + j) * l->filters;
            int begun = 0;
            for (int cell = 0; cell < cells;) {{
{POSITIONS_TO_POOL}\
                for (int first = 0; first < l->filters; first += 16) {{
                    const int count = l->filters - first < 16 ? l->filters - first : 16;
                    int32_t sum[16][4];
                    sums(l, x, top, left, first, count, sum);
                    for (int f = 0; f < count; f++) {{
                        int32_t best = sum[f][0];
                        for (int q = 1; q < 4; q++)
                            if (sum[f][q] > best)
                                best = sum[f][q];
                        const int value = requantized(
                            best, l->multiplier[first + f], l->shift[first + f],
                            l->output_zero, l->low, l->high);
                        if (!begun || value > out[first + f])
                            out[first + f] = (TYPE)value;
                    }}
                }}
                begun = 1;
            }}
        }}
}}
"""

STRUCT_DENSE = """\
struct dense {
    int features, units;
    const int8_t *kernel;       /* unit by unit: a weight for each feature */
    const int32_t *bias;        /* less what the input's zero adds to the sum */
    const int32_t *multiplier;  /* each unit's factor is multiplier / 2^shift */
    const uint8_t *shift;
    int output_zero;            /* the byte that stands for 0 */
    int low, high;              /* the output's ends; 0 lies at the lower one with ReLU */
};
"""

DENSE = """\
/* Each unit's weighted sum of all features, and ReLU. */
static void dense@(const struct dense *l, const uint8_t *x, TYPE *y)
{
    for (int k = 0; k < l->units; k++) {
        const int8_t *weights = l->kernel + k * l->features;
        int32_t sum = l->bias[k];
        for (int i = 0; i < l->features; i++)
            sum += x[i] * weights[i];
        y[k] = (TYPE)requantized(sum, l->multiplier[k], l->shift[k],
                                 l->output_zero, l->low, l->high);
    }
}
"""

STRUCT_SCALING = """\
struct scaling {
    int pixels, channels;
    const int8_t *factor;
    const int32_t *shift;
    const int32_t *multiplier;  /* each channel's sum is multiplied by multiplier / 2^right */
    const uint8_t *right;
    int zero, output_zero;      /* the byte that stands for 0, in the input and in the output */
    int low, high;              /* the output's ends; 0 lies at the lower one with ReLU */
};
"""

SCALING = """\
/* A factor and a shift for each channel: batch normalisation. */
static void scaling@(const struct scaling *l, const uint8_t *x, TYPE *y)
{
    for (int pixel = 0; pixel < l->pixels; pixel++)
        for (int c = 0; c < l->channels; c++) {
            const int k = pixel * l->channels + c;
            y[k] = (TYPE)requantized((x[k] - l->zero) * l->factor[c] + l->shift[c],
                                     l->multiplier[c], l->right[c],
                                     l->output_zero, l->low, l->high);
        }
}
"""

MAX_POOLING = f"""\
/* The largest value under the window, channel by channel. */
static void max_pooling(const struct window *w, int channels, const uint8_t *x, uint8_t *y)
{{
    for (int i = 0; i < w->output[0]; i++)
        for (int j = 0; j < w->output[1]; j++)
            for (int c = 0; c < channels; c++) {{
                int best = 0;
{UNDER_THE_WINDOW}\
                        const int value = x[(row * w->image[1] + column) * channels + c];
                        best = value > best ? value : best;
                    }}
                y[(i * w->output[1] + j) * channels + c] = (uint8_t)best;
            }}
}}
"""

STRUCT_AVERAGE_POOLING = """\
struct average_pooling {
    struct window window;
    int channels;
    const int8_t *cells;        /* how much each counts */
    const int32_t *multiplier;  /* the division by what the cells on the image count, */
    int each;                   /* of each position (1), or one for all (0); */
    int shift;                  /* over 2^shift */
    int zero, output_zero;      /* the byte that stands for 0, in the input and in the output */
};
"""

AVERAGE_POOLING = f"""\
/* The weighted mean of what lies under the window, and on the image. */
static void average_pooling(const struct average_pooling *l, const uint8_t *x, uint8_t *y)
{{
    const struct window *w = &l->window;
    for (int i = 0; i < w->output[0]; i++)
        for (int j = 0; j < w->output[1]; j++)
            for (int c = 0; c < l->channels; c++) {{
                const int position = i * w->output[1] + j;
                int32_t sum = 0;
{UNDER_THE_WINDOW}\
                        sum += l->cells[u * w->size[1] + v]
                            * (x[(row * w->image[1] + column) * l->channels + c] - l->zero);
                    }}
                y[position * l->channels + c] = (uint8_t)requantized(
                    sum, l->multiplier[position * l->each], l->shift, l->output_zero, 0, 255);
            }}
}}
"""

LP_POOLING = f"""\
/* The p-norm of what lies under the window, by two tables: what each size counts in the sum, and
   where the outputs 1, 2, ... begin. */
static void lp_pooling(const struct window *w, int channels, int zero, const int64_t *powers,
                       const int64_t *begins, const uint8_t *x, uint8_t *y)
{{
    for (int i = 0; i < w->output[0]; i++)
        for (int j = 0; j < w->output[1]; j++)
            for (int c = 0; c < channels; c++) {{
                int64_t sum = 0;
                int value = 0;
{UNDER_THE_WINDOW}\
                        const int k = x[(row * w->image[1] + column) * channels + c] - zero;
                        sum += powers[k < 0 ? -k : k];
                    }}
                while (value < 255 && sum >= begins[value])
                    value++;
                y[(i * w->output[1] + j) * channels + c] = (uint8_t)value;
            }}
}}
"""

LOOKUP = """\
/* A function of a byte is a table. */
static void lookup(const uint8_t *table, const uint8_t *x, uint8_t *y, int count)
{
    for (int k = 0; k < count; k++)
        y[k] = table[x[k]];
}
"""

SOFTMAX = """\
/* Logits into probabilities of 0 to 255, by a table: e^-k for k below the largest. */
static void softmax(const int32_t *table, const uint8_t *x, uint8_t *y, int count)
{
    int largest = 0;
    int32_t total = 0;
    for (int k = 0; k < count; k++)
        largest = x[k] > largest ? x[k] : largest;
    for (int k = 0; k < count; k++)
        total += table[largest - x[k]];
    for (int k = 0; k < count; k++)
        y[k] = (uint8_t)((table[largest - x[k]] * 255 + total / 2) / total);
}
"""
