"""Small composable losses; masks are a container around them."""

from .base import UNITS, Features, Loss, Seen, Stepping, Units
from .content import ContentLoss
from .covariance import CovarianceLoss
from .gram import GramLoss
from .guided import Guided, View
from .moments import metric, moments
from .patches import PatchLoss
from .sliced import SlicedLoss
from .total import TotalLoss
from .tv import TotalVariationLoss, total_variation

__all__ = [
    "UNITS",
    "ContentLoss",
    "CovarianceLoss",
    "Features",
    "GramLoss",
    "Guided",
    "Loss",
    "PatchLoss",
    "Seen",
    "SlicedLoss",
    "Stepping",
    "TotalLoss",
    "TotalVariationLoss",
    "Units",
    "View",
    "metric",
    "moments",
    "total_variation",
]
