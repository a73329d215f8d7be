"""The objective “neighbours”: the picture's feature columns drawn to the style's, then painted with its own paint."""

from .paint import paint

__all__ = ["paint"]
