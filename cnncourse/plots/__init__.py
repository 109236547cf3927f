"""Pictures: each one call, giving a figure with a description for those who cannot see it."""

from .architecture import architecture
from .confusion import confusion_matrix, mistakes
from .costs import costs
from .curves import curves, intervals
from .filters import feature_maps, filters
from .grids import grids
from .histograms import histograms
from .history import history
from .images import images
from .losses import losses
from .photographs import photographs
from .prediction import prediction
from .probabilities import probabilities
from .receptive_field import receptive_cone, receptive_fields
from .reliability import reliability
from .signed import signed
from .source import source

__all__ = [
    "architecture",
    "confusion_matrix",
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
    "mistakes",
    "photographs",
    "prediction",
    "probabilities",
    "receptive_cone",
    "receptive_fields",
    "reliability",
    "signed",
    "source",
]
