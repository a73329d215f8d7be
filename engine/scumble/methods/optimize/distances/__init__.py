"""Other distances to a style, for the same descent as Gram matrices."""

from .paint import covariance, patches, sliced

__all__ = ["covariance", "patches", "sliced"]
