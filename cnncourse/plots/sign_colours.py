"""One colour convention for signs, in every picture of the course: orange above 0, purple below."""

POSITIVE, NEGATIVE = "#e08214", "#8073ac"  # to fill cells with, under black digits
POSITIVE_WORD, NEGATIVE_WORD = "orange", "purple"  # as alternative texts say it
SIGNED_MAP = "PuOr_r"  # matplotlib's map from dark purple over white, at 0, to dark orange
