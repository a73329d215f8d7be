"""Optimization of the picture itself. This file stays free of torch, so that objectives can be named without it."""

from .objectives import register_objective

__all__ = ["register_objective"]
