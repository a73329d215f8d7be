"""Pictures, masks, regions and colour: from an editor's pixels to the networks' and back. numpy, no torch."""

from __future__ import annotations

from .picture import Picture

__all__ = ["Picture"]
