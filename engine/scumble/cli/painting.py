"""One picture on its way to the engine: read, and made a request."""

from __future__ import annotations

import signal
import sys
import threading
from dataclasses import dataclass

from ..picture import Document, Picture, open_document
from ..wire.protocol.blobs import Blobs
from ..wire.request.recipe import Recipe, build_request, layer_masks
from ..wire.request.request import Request
from .pictures import pixels_of, read_mask, style_pictures, travelling_box
from .places import PIPE


@dataclass(frozen=True)
class Prepared:
    """What a run needs: the file it is for, the request and the data that travels with it."""

    document: Document
    request: Request
    blobs: Blobs

    @property
    def content(self) -> Picture:
        """The file's pixels as the engine gets them."""
        return self.document.picture


def prepare(content_file: str, selection_file: str | None, recipe: Recipe) -> Prepared:
    """Read the pictures and make the request; only the selection's box with its margin will travel."""
    document = open_document(sys.stdin.buffer.read() if content_file == PIPE else content_file)
    return prepare_document(document, selection_file, recipe)


def prepare_document(document: Document, selection_file: str | None, recipe: Recipe) -> Prepared:
    """As `prepare`, for a picture that was read already."""
    recipe.check()
    content = document.picture
    selection = read_mask(selection_file, content) if selection_file else None
    box = travelling_box(content, selection, recipe.value("margin"))
    masks = layer_masks(recipe, lambda s: pixels_of(read_mask(s.mask_name, content), box))
    request, blobs = build_request(
        recipe,
        pixels_of(content, box),
        pixels_of(selection, box) if selection else None,
        (content.width, content.height),
        style_pictures(recipe),
        masks,
        seen_whole=True,
    )
    return Prepared(document, request, blobs)


def end_like_ctrl_c() -> None:
    """Treat a signal to end, or a closed terminal, like Ctrl-C, so that the engine is told to cancel."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
