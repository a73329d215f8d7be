"""What a dialog will paint, in words: so that nobody paints over what is a painting already, and did not mean to."""

from __future__ import annotations

from typing import Optional, Tuple

from ..words.translation import tr


def target_words(
    layer: str, selected: Optional[Tuple[int, int]] = None, instead: str = "", more: int = 0, frame: bool = False
) -> str:
    """“Layer: Background · selection 120×300”, with what the result replaces; empty without a layer.

    `selected` is the width and height of what is selected in the picture; None where nothing is. `more` layers are
    painted beside this one; of one that moves a `frame` alone.
    """
    if not layer:
        return ""
    name = tr("{name} and {n} more").format(name=layer, n=more) if more else layer
    words = [tr("Layer: {name}").format(name=name)]
    if frame:
        words.append(tr("this frame only"))
    if selected is not None:
        words.append(tr("selection {width}×{height}").format(width=selected[0], height=selected[1]))
    if instead:
        words.append(tr("replaces “{name}”").format(name=instead))
    return " · ".join(words)
