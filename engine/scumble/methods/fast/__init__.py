"""Fast inference: one pass of a feed-forward network, under the same styles, weights and masks as optimization."""

from .stylize import FAST

__all__ = ["FAST"]
