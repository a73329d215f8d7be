"""Small composable losses; masks are a container around a loss."""

from .base import UNITS, Features, Loss, Units
from .content import ContentLoss
from .gram import GramLoss, Guided
from .moments import metric, moments
from .total import TotalLoss
from .tv import TotalVariation

__all__ = [
    "UNITS",
    "ContentLoss",
    "Features",
    "GramLoss",
    "Guided",
    "Loss",
    "TotalLoss",
    "TotalVariation",
    "Units",
    "metric",
    "moments",
]
