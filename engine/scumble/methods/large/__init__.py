"""Pictures too large to be held as floats: painted smaller by a whole factor, and enlarged in strips."""

from .paint import is_large, paint_large

__all__ = ["is_large", "paint_large"]
