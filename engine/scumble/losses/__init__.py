"""Small composable losses; masks are a container around them."""

from .base import UNITS, Features, Loss, Seen, Units
from .content import ContentLoss
from .gram import GramLoss
from .guided import Guided, View
from .moments import metric, moments
from .total import TotalLoss
from .tv import TotalVariationLoss, total_variation

__all__ = [
    "UNITS",
    "ContentLoss",
    "Features",
    "GramLoss",
    "Guided",
    "Loss",
    "Seen",
    "TotalLoss",
    "TotalVariationLoss",
    "Units",
    "View",
    "metric",
    "moments",
    "total_variation",
]
