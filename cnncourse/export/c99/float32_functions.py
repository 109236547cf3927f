"""The functions of a network in float32, as texts of C.

Copies and zeros are avoided on purpose: a compiler makes calls of ``memcpy`` and ``memset`` out of
loops that do nothing else, and there may be no library that has them.
"""

from .common import POSITIONS_SIDE_BY_SIDE, POSITIONS_TO_POOL, UNDER_THE_WINDOW

LOWEST = "-3.4e+38f"  # below every value

LARGER = """\
static float larger(float a, float b)
{
    return a > b ? a : b;
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
    const float *kernel;        /* cell by cell, channel by channel: a weight for each filter */
    const float *bias;
    float low;                  /* the least output: 0 with ReLU */
};
"""

GATHER = """\
/* What the kernel's cells from `cell` to `end` see at four positions: value by value, the four
   beside each other; zeros beyond the image. */
static void gather(const struct convolution *l, const float *x, const int *top, const int *left,
                   int cell, int end)
{
    float *to = patch;
    for (; cell < end; cell++, to += 4 * l->channels)
        for (int q = 0; q < 4; q++) {
            const int row = top[q] + cell / l->cells[1] * l->dilation[0];
            const int column = left[q] + cell % l->cells[1] * l->dilation[1];
            const int inside = row >= 0 && row < l->window.image[0]
                && column >= 0 && column < l->window.image[1];
            const int pixel = inside ? (row * l->window.image[1] + column) * l->channels : 0;
            for (int c = 0; c < l->channels; c++)
                to[4 * c + q] = inside ? x[pixel + c] : 0.0f;
        }
}
"""

SUMS = """\
/* The outputs of `count` filters from `first` on at four positions. */
static void sums(const struct convolution *l, const float *x, const int *top, const int *left,
                 int first, int count, float (*restrict sum)[32])
{
    const int cells = l->cells[0] * l->cells[1];
    for (int cell = 0; cell < cells; cell += l->at_once) {
        const int end = cells - cell < l->at_once ? cells : cell + l->at_once;
        const float *weights = l->kernel + cell * l->channels * l->filters + first;
        const float *a = patch;
        int values = (end - cell) * l->channels;
        if (first == 0 || l->at_once < cells)   /* else it is still there */
            gather(l, x, top, left, cell, end);
        if (cell == 0) {                        /* the first products begin the sums */
            for (int f = 0; f < count; f++)
                for (int q = 0; q < 4; q++)
                    sum[q][f] = l->bias[first + f] + a[q] * weights[f];
            a += 4;
            weights += l->filters;
            values--;
        }
        for (; values > 0; values--, a += 4, weights += l->filters)
            for (int f = 0; f < count; f++) {
                sum[0][f] += a[0] * weights[f];
                sum[1][f] += a[1] * weights[f];
                sum[2][f] += a[2] * weights[f];
                sum[3][f] += a[3] * weights[f];
            }
    }
}
"""

CONVOLUTION = f"""\
/* A convolution, its bias, and ReLU: four neighbours at a time. */
static void convolution(const struct convolution *l, const float *x, float *y)
{{
    const int columns = l->window.output[1];
    for (int i = 0; i < l->window.output[0]; i++)
        for (int j = 0; j < columns; j += 4) {{
{POSITIONS_SIDE_BY_SIDE}\
            for (int first = 0; first < l->filters; first += 32) {{
                const int count = l->filters - first < 32 ? l->filters - first : 32;
                float sum[4][32];
                sums(l, x, top, left, first, count, sum);
                for (int q = 0; q < together; q++)
                    for (int f = 0; f < count; f++)
                        y[(i * columns + j + q) * l->filters + first + f] =
                            larger(sum[q][f], l->low);
            }}
        }}
}}
"""

CONVOLUTION_POOLED = f"""\
/* A convolution, its bias, ReLU and max pooling: four positions under a window at a time. */
static void convolution_pooled(const struct convolution *l, const float *x, float *y)
{{
    const struct window *pool = &l->pooling;
    const int cells = pool->size[0] * pool->size[1];
    for (int i = 0; i < pool->output[0]; i++)
        for (int j = 0; j < pool->output[1]; j++) {{
            float *out = y + (i * pool->output[1] + j) * l->filters;
            int begun = 0;
            for (int cell = 0; cell < cells;) {{
{POSITIONS_TO_POOL}\
                for (int first = 0; first < l->filters; first += 32) {{
                    const int count = l->filters - first < 32 ? l->filters - first : 32;
                    float sum[4][32];
                    sums(l, x, top, left, first, count, sum);
                    for (int f = 0; f < count; f++) {{
                        float best = begun ? out[first + f] : l->low;
                        for (int q = 0; q < 4; q++)
                            best = larger(best, sum[q][f]);
                        out[first + f] = best;
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
    const float *kernel;        /* feature by feature: a weight for each unit */
    const float *bias;
    float low;                  /* the least output: 0 with ReLU */
};
"""

DENSE = """\
/* Each unit's weighted sum of all features, and ReLU. */
static void dense(const struct dense *l, const float *restrict x, float *restrict y)
{
    const float *weights = l->kernel;
    for (int k = 0; k < l->units; k++)
        y[k] = l->bias[k] + x[0] * weights[k];
    for (int i = 1; i < l->features; i++) {
        weights += l->units;
        for (int k = 0; k < l->units; k++)
            y[k] += x[i] * weights[k];
    }
    for (int k = 0; k < l->units; k++)
        y[k] = larger(y[k], l->low);
}
"""

STRUCT_SCALING = """\
struct scaling {
    int pixels, channels;
    const float *factor;
    const float *shift;
    float low;                  /* the least output: 0 with ReLU */
};
"""

SCALING = """\
/* A factor and a shift for each channel: batch normalisation. */
static void scaling(const struct scaling *l, const float *x, float *y)
{
    for (int pixel = 0; pixel < l->pixels; pixel++)
        for (int c = 0; c < l->channels; c++) {
            const int k = pixel * l->channels + c;
            y[k] = larger(x[k] * l->factor[c] + l->shift[c], l->low);
        }
}
"""

MAX_POOLING = f"""\
/* The largest value under the window, channel by channel. */
static void max_pooling(const struct window *w, int channels, const float *x, float *y)
{{
    for (int i = 0; i < w->output[0]; i++)
        for (int j = 0; j < w->output[1]; j++)
            for (int c = 0; c < channels; c++) {{
                float best = {LOWEST};
{UNDER_THE_WINDOW}\
                        best = larger(best, x[(row * w->image[1] + column) * channels + c]);
                    }}
                y[(i * w->output[1] + j) * channels + c] = best;
            }}
}}
"""

AVERAGE_POOLING = f"""\
/* The weighted mean of what lies under the window, and on the image. */
static void average_pooling(const struct window *w, int channels, const float *weights,
                            const float *x, float *y)
{{
    for (int i = 0; i < w->output[0]; i++)
        for (int j = 0; j < w->output[1]; j++)
            for (int c = 0; c < channels; c++) {{
                float sum = 0.0f, total = 0.0f;
{UNDER_THE_WINDOW}\
                        sum += weights[u * w->size[1] + v]
                            * x[(row * w->image[1] + column) * channels + c];
                        total += weights[u * w->size[1] + v];
                    }}
                y[(i * w->output[1] + j) * channels + c] = sum / total;
            }}
}}
"""

LP_POOLING = f"""\
/* The p-norm of what lies under the window; the largest size is taken out of the sum. */
static void lp_pooling(const struct window *w, int channels, float p, const float *x, float *y)
{{
    for (int i = 0; i < w->output[0]; i++)
        for (int j = 0; j < w->output[1]; j++)
            for (int c = 0; c < channels; c++) {{
                float largest = 0.0f, sum = 0.0f;
{UNDER_THE_WINDOW}\
                        const float value = x[(row * w->image[1] + column) * channels + c];
                        largest = larger(largest, larger(value, -value));
                    }}
{UNDER_THE_WINDOW}\
                        const float value = x[(row * w->image[1] + column) * channels + c];
                        const float share = larger(value, -value) / larger(largest, 1e-37f);
                        if (share > 0.0f)
                            sum += exponential(p * logarithm(share));
                    }}
                y[(i * w->output[1] + j) * channels + c] =
                    sum > 0.0f ? largest * exponential(logarithm(sum) / p) : 0.0f;
            }}
}}
"""

EXPONENTIAL = """\
/* e^x: 2^n times e^r, with |r| below ln(2) / 2, by the first terms of its series. */
static float exponential(float x)
{
    union { int32_t bits; float value; } power;
    if (x > 88.0f)
        x = 88.0f;
    if (x < -87.0f)
        return 0.0f;
    const int n = (int)(x * 1.44269504f + (x < 0.0f ? -0.5f : 0.5f));
    const float r = x - (float)n * 0.693359375f + (float)n * 2.12194440e-4f;    /* ln(2) in two */
    power.bits = (n + 127) << 23;
    return power.value * (1.0f + r * (1.0f + r * (0.5f + r * (0.166666667f + r * (0.0416666667f
        + r * (0.00833333333f + r * (0.00138888889f + r * 0.000198412698f)))))));
}
"""

LOGARITHM = """\
/* ln(x) of a positive number: n ln(2) plus ln(m), with m near 1, by the series of artanh. */
static float logarithm(float x)
{
    union { float value; int32_t bits; } m = {x};
    int n = (int)(m.bits >> 23) - 127;
    m.bits = (m.bits & 0x7fffff) | 0x3f800000;
    if (m.value > 1.41421356f) {
        m.value *= 0.5f;
        n++;
    }
    const float s = (m.value - 1.0f) / (m.value + 1.0f), t = s * s;
    return (float)n * 0.693147181f + 2.0f * s * (1.0f + t * (0.333333333f + t * (0.2f
        + t * (0.142857143f + t * 0.111111111f))));
}
"""

RELU = """\
static void relu(const float *x, float *y, int count)
{
    for (int k = 0; k < count; k++)
        y[k] = larger(x[k], 0.0f);
}
"""

TANH = """\
/* tanh(x) = 1 - 2 / (e^2x + 1) */
static void tanh_of(const float *x, float *y, int count)
{
    for (int k = 0; k < count; k++)
        y[k] = 1.0f - 2.0f / (exponential(2.0f * x[k]) + 1.0f);
}
"""

SIGMOID = """\
/* 1 / (1 + e^-x) */
static void sigmoid(const float *x, float *y, int count)
{
    for (int k = 0; k < count; k++)
        y[k] = 1.0f / (1.0f + exponential(-x[k]));
}
"""

SOFTMAX = """\
/* Logits into probabilities: e^x / the sum of all; the largest is taken off first. */
static void softmax(const float *x, float *y, int count)
{
    float largest = x[0], total = 0.0f;
    for (int k = 1; k < count; k++)
        largest = larger(largest, x[k]);
    for (int k = 0; k < count; k++) {
        y[k] = exponential(x[k] - largest);
        total += y[k];
    }
    for (int k = 0; k < count; k++)
        y[k] /= total;
}
"""
