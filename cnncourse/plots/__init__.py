"""Pictures: each one call, giving a figure with a description for those who cannot see it."""

from .architecture import architecture
from .attribution import grad_cam, occlusion, saliency
from .confusion import confusion_matrix, mistakes
from .costs import costs
from .curves import curves, intervals
from .embedding import embedding
from .filters import feature_maps, filters, filters_before_and_after
from .grids import grids
from .histograms import histograms
from .history import history
from .images import images
from .layer_maps import layer_maps
from .losses import losses
from .patches import preferred_images, strongest_patches
from .photographs import photographs
from .prediction import prediction
from .probabilities import probabilities
from .receptive_field import receptive_cone, receptive_fields
from .reliability import reliability
from .seeds import seeds
from .signed import signed
from .source import source

__all__ = [
    "architecture",
    "confusion_matrix",
    "costs",
    "curves",
    "embedding",
    "feature_maps",
    "filters",
    "filters_before_and_after",
    "grad_cam",
    "grids",
    "histograms",
    "history",
    "images",
    "intervals",
    "layer_maps",
    "losses",
    "mistakes",
    "occlusion",
    "photographs",
    "prediction",
    "preferred_images",
    "probabilities",
    "receptive_cone",
    "receptive_fields",
    "reliability",
    "saliency",
    "seeds",
    "signed",
    "source",
    "strongest_patches",
]
