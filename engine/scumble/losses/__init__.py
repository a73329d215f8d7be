"""Small composable losses; masks are a container around them."""

from .base import UNITS, FeatureLoss, Features, Units
from .content import ContentLoss
from .gram import GramLoss
from .guided import Guided, View
from .moments import metric, moments
from .total import TotalLoss
from .tv import total_variation

__all__ = [
    "UNITS",
    "ContentLoss",
    "FeatureLoss",
    "Features",
    "GramLoss",
    "Guided",
    "TotalLoss",
    "Units",
    "View",
    "metric",
    "moments",
    "total_variation",
]
