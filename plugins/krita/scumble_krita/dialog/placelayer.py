"""“Make “The sky” a layer”: what the engine finds becomes a layer of the document, and a style's mask."""

from __future__ import annotations

from typing import Any, Mapping, Tuple

from ..texts import explain
from ..wire.protocol.messages import Buffer
from ..wire.request.geometry import Box
from ..wire.request.request import Request
from ..wire.request.sources import Pixels


class PlaceLayer:
    """The `Asker` of `wire.editor.places`, for the dialog."""

    def __init__(self, dialog: Any, studio: Any) -> None:
        self._dialog, self._studio = dialog, studio

    def send(self, request: Request, blobs: Mapping[str, Buffer], on_change: Any) -> Any:
        return self._studio.send(request, blobs, on_change)

    def read(self) -> Tuple[Pixels, Tuple[int, int]]:
        found: Tuple[Pixels, Tuple[int, int]] = self._dialog.layers.photograph(self._dialog.parts.target.edited())
        return found

    def make(self, name: str, alpha: bytes, box: Box) -> Tuple[str, str]:
        made: Tuple[str, str] = self._dialog.layers.new_mask(name, alpha, box)
        return made

    def made(self, row: Any, identity: str, name: str) -> None:
        parts = self._dialog.parts
        parts.show_layers(self._dialog.layers.masks)
        parts.rows.mask(row, name, identity, hinted=True)

    def say(self, text: str) -> None:
        self._dialog.parts.pane.note.set_text(text)

    def fail(self, error: BaseException) -> None:
        self._dialog.parts.pane.fail(explain(error))
