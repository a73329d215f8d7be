"""The command line: `scumble`. torch is never loaded here; the engine computes."""

from __future__ import annotations

from .entry import main

__all__ = ["main"]
