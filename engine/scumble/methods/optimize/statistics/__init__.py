"""Optimization of the pixels until their statistics match the style's (Gatys et al. 2016, 2017)."""

from .stylize import paint

__all__ = ["paint"]
