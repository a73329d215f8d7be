"""Optimization of the picture itself."""

from .objective import PaintedStyle, Problem
from .stylize import Painted, stylize

__all__ = ["Painted", "PaintedStyle", "Problem", "stylize"]
