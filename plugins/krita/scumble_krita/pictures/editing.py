"""A result that is to be painted anew: its layer, what it was painted from, and the selection it was painted in."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Any, List, Optional, Tuple

from krita import Krita, Selection

from ..wire.editor.frames.spans import Span, spans_again
from ..wire.editor.masks import alpha_bytes
from ..wire.protocol.errors import ScumbleError
from ..wire.request.geometry import Box
from ..wire.request.recipe import Recipe
from . import settings
from .document import Source, read_layer, read_source
from .film import frame_alpha, hands_of, key_times
from .nodes import active_layer, find_node, identity
from .shots import Shot


@dataclass(frozen=True)
class Result:
    """A layer of ours: `node`, the layer `source` that it was painted from, and with which settings."""

    document: Any
    node: Any
    source: Any
    recipe: Recipe

    def read(self, margin: float) -> Source:
        """What is to be painted, as `document.active_source` reads it."""
        return read_source(self.document, self.source, margin, self.cover())

    def cover(self) -> Optional[Any]:
        """What it covers, as a selection of Krita's own; None where it is empty. Raises what reading raises."""
        found = self.node.bounds()
        box = Box(found.x(), found.y(), found.width(), found.height())
        box = box.clipped(Box(0, 0, self.document.width(), self.document.height()))
        if not box:
            return None
        mine, below = (_alpha(self.document, node, box) for node in (self.node, self.source))
        return _selection(_undone(mine, below), box)

    def frames(self) -> List[Span]:
        """Which frames may be painted, the first choice being those that were; none of a single picture."""
        return []

    def hands(self) -> List[Tuple[str, str]]:
        """The layers whose frames may lead them, as (identity, name)."""
        return []

    @property
    def by_hand(self) -> str:
        """The one of them that did, by its identity; empty where none did, or it is gone."""
        return ""


@dataclass(frozen=True)
class AnimatedResult(Result):
    """An animated layer of ours: `source` is animated too."""

    shot: Shot

    def cover(self) -> Optional[Any]:
        """What was selected when it was painted; on a canvas of another size what the first of its frames covers."""
        canvas = (self.document.width(), self.document.height())
        kept = self.shot.selection(canvas)
        return kept if kept is not None else self._covered(Box(0, 0, *canvas))

    def _covered(self, box: Box) -> Optional[Any]:
        for time in self.shot.times:
            mine = frame_alpha(self.document, self.node, box, time)
            if any(mine):
                return _selection(_undone(mine, frame_alpha(self.document, self.source, box, time)), box)
        return None

    def frames(self) -> List[Span]:
        playing = self.document.playBackStartTime(), self.document.playBackEndTime()
        return spans_again(self.shot.times, self.shot.whole, key_times(self.document, self.source), *playing)

    def hands(self) -> List[Tuple[str, str]]:
        return [hand for hand in hands_of(self.document, self.source) if hand[0] != identity(self.node)]

    @property
    def by_hand(self) -> str:
        return next((found for found, _ in self.hands() if found == self.shot.by_hand), "")


def active_result() -> Optional[Result]:
    """The active layer, where it is one of ours whose source is still there."""
    document = Krita.instance().activeDocument()
    try:
        node = active_layer(document) if document is not None else None
        return None if node is None else result_of(document, node)
    except ScumbleError:
        return None


def result_of(document: Any, node: Any) -> Optional[Result]:
    """`node` as a result; None where it is none, or what it was painted from is gone."""
    recipe, known = settings.stored(document, node), settings.stored_source(document, node)
    if recipe is None or not known:
        return None
    try:
        source = find_node(document, known)
    except ScumbleError:
        return None
    if not node.animated():
        return Result(document, node, source, recipe)
    shot = settings.stored_shot(document, node)
    moves = shot is not None and bool(key_times(document, source))
    return AnimatedResult(document, node, source, recipe, shot) if moves and shot is not None else None


def _selection(data: bytes, box: Box) -> Any:
    selection = Selection()
    selection.setPixelData(data, *astuple(box))
    return selection


def _alpha(document: Any, node: Any, box: Box) -> bytes:
    pixels = read_layer(document, identity(node), box)
    return alpha_bytes(pixels.data, pixels.format.depth)


def _undone(painted: bytes, below: bytes) -> bytes:
    """The selection that made `below` (the source's alpha) into `painted`."""
    if below.count(255) == len(below):
        return painted
    return bytes(min(255, round(255 * p / b)) if b else 0 for p, b in zip(painted, below))
