"""Scumble for Krita: style transfer on a new layer, only where you selected. The engine is a program of its own."""

from __future__ import annotations

from .boot import boot

boot()
