"""What a preview says of itself, in both editors."""

from __future__ import annotations

from typing import Tuple

from ...words.translation import tr


def about_preview() -> str:
    """What can be done with it."""
    return tr("Wheel: zoom. Drag: move. Double-click: the layer's own pixels. Hold: unpainted. Keys: + − 0 1 Space")


def split_words() -> Tuple[str, str]:
    """The button that divides it by a line, and its help."""
    return tr("Split"), tr("Unpainted to the left of a line that you drag, painted to the right of it.")
