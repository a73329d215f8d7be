"""Other distances to a style, met by the descent that meets Gram matrices."""

from .paint import covariance, patches, sliced

__all__ = ["covariance", "patches", "sliced"]
