"""Pictures: each one call, giving a figure with a description for those who cannot see it."""

from .activations import activations
from .architecture import architecture
from .confusion import confusion_matrix, mistakes
from .connections import connections
from .costs import costs
from .curves import curves, intervals
from .filters import feature_maps, filters
from .grids import grids
from .histograms import histograms
from .history import history
from .images import images
from .losses import losses
from .magnitudes import magnitudes
from .paths import paths
from .photographs import photographs
from .pooled import pooled
from .positions import positions
from .prediction import prediction
from .probabilities import probabilities
from .receptive_field import receptive_cone, receptive_fields
from .roofline import roofline
from .signals import contributions, steps_and_curve
from .signed import signed
from .volume import volume

__all__ = [
    "activations",
    "architecture",
    "confusion_matrix",
    "connections",
    "contributions",
    "costs",
    "curves",
    "feature_maps",
    "filters",
    "grids",
    "histograms",
    "history",
    "images",
    "intervals",
    "losses",
    "magnitudes",
    "mistakes",
    "paths",
    "photographs",
    "pooled",
    "positions",
    "prediction",
    "probabilities",
    "receptive_cone",
    "receptive_fields",
    "roofline",
    "signed",
    "steps_and_curve",
    "volume",
]
