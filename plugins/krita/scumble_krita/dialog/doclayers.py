"""The active document as the dialog sees it: its layers, small pictures of them, what is stored with the active one."""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

from krita import Krita

from ..log import logger
from ..pictures import document, settings
from ..pictures.editing import Result, active_result
from ..pictures.film import frames_of, hands_of
from ..pictures.masklayers import add_mask_layer, add_place_layer, hide_mask_layer
from ..pictures.nodes import active_document, chosen_layers, identity
from ..pictures.place import active_place
from ..wire.editor.frames.spans import Span
from ..wire.protocol.errors import ScumbleError
from ..wire.request.geometry import Box
from ..wire.request.recipe import Recipe
from ..wire.request.sources import Pixels
from ..wire.request.stylechoice import StyleChoice

TILE = 64  # pixels: Krita keeps layers in squares, and a thumbnail shows all that a layer touches
LONGEST = 1024  # pixels of a thumbnail


class DocumentLayers:
    """Layers that can be styles, and those that can be masks, as (identity, indented name), top first."""

    def __init__(self) -> None:
        self.entries: List[Tuple[str, str]] = []
        self.masks: List[Tuple[str, str]] = []
        self._document: Any = None
        self._read: Optional[Tuple[Any, Any]] = None  # the document and the layer that `photograph` read last

    def refresh(self) -> None:
        """Look at the document that is active now."""
        self._document = Krita.instance().activeDocument()
        there = self._document is not None
        self.entries = document.layers_of(self._document) if there else []
        self.masks = document.masks_of(self._document) if there else []

    def picture(self, node_id: str, side: int) -> Optional[Any]:
        """A layer as a QImage whose short side has about `side` pixels or fewer; None where it is gone or empty."""
        if self._document is None:
            return None
        try:
            return thumbnail(document.find_node(self._document, node_id), side)
        except ScumbleError as e:
            logger.info("no picture of a layer: %s", e)
            return None

    def active(self) -> str:
        """The active layer's identity; empty where there is none."""
        node = self._document.activeNode() if self._document is not None else None
        return identity(node) if node is not None else ""

    def pixels(self, choice: StyleChoice) -> Pixels:
        """A layer, to learn from. Raises `document-missing`, `layer-gone`, `layer-empty`, `layer-unsupported`."""
        return document.read_layer(active_document(), choice.layer, name=choice.name)

    def photograph(self, result: Optional[Result] = None) -> Tuple[Pixels, Tuple[int, int]]:
        """All of the layer that is painted, whatever is selected, and the canvas's size. Raises as `read_source`."""
        if result is None:
            place = active_place()
            self._read = place.document, place.node
        else:
            self._read = result.document, result.source
        source = document.read_whole(*self._read)
        return source.content, source.canvas

    def new_mask(self, name: str, alpha: bytes = b"", box: Optional[Box] = None) -> Tuple[str, str]:
        """A new layer to paint a mask on, above the active one; its identity and its name.

        With `alpha` over `box` it is white there, of this coverage, and lies above what `photograph` read. Raises
        `document-missing`, `document-closed`, `layer-missing`, `layer-changed`, `editor-refused`.
        """
        if box is not None and self._read is not None:
            made = add_place_layer(*self._read, name, alpha, box)
        else:
            made = add_mask_layer(active_document(), name)
        self.refresh()
        return identity(made), str(made.name())

    def put_away(self, recipe: Recipe) -> None:
        """Hide the layers that masks were painted on for this: they lie over what was painted."""
        for style in recipe.styles:
            for kind, layer in ((style.mask, style.mask_layer), (style.part, style.part_layer)):
                if kind == "layer" and self._document is not None:
                    hide_mask_layer(self._document, layer)

    def beside(self, result: Optional[Result] = None) -> Tuple[int, bool, List[Span], List[Tuple[str, str]]]:
        """How many layers are selected beside the active one, whether that is animated, the frames it offers, and the
        layers whose frames may lead them, as (identity, name). With a `result` those of what that was painted from.
        """
        if result is not None:
            return 0, False, result.frames(), result.hands()
        try:
            chosen = chosen_layers(self._document) if self._document is not None else []
        except ScumbleError:
            chosen = []
        moves = bool(chosen and chosen[0].animated())
        found = frames_of(self._document, chosen[0]) if moves else []
        return max(0, len(chosen) - 1), moves, found, hands_of(self._document, chosen[0]) if found else []

    def result(self) -> Optional[Result]:
        """The active layer as a result that can be painted anew; None where it is none."""
        return active_result()

    def stored(self) -> Optional[Recipe]:
        """The settings that painted the active layer; None where it was not painted by us."""
        node = self._document.activeNode() if self._document is not None else None
        return settings.stored(self._document, node) if node is not None else None


def thumbnail(node: Any, side: int) -> Optional[Any]:
    """A layer, undistorted and cut to its bounds; None where it is empty."""
    found = node.bounds()
    box = Box(found.x(), found.y(), found.width(), found.height())
    if not box:
        return None
    tiles = Box.from_bounds(
        box.x // TILE * TILE, box.y // TILE * TILE, -(-box.right // TILE) * TILE, -(-box.bottom // TILE) * TILE
    )
    scale = min(1.0, side / min(box.width, box.height), LONGEST / tiles.long_side)
    image = node.thumbnail(max(1, round(tiles.width * scale)), max(1, round(tiles.height * scale)))
    left, top = round((box.x - tiles.x) * scale), round((box.y - tiles.y) * scale)
    return image.copy(left, top, max(1, int(box.width * scale)), max(1, int(box.height * scale)))
