"""One picture on its way: read and made a request, painted by the engine, laid into the file's own pixels."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..picture import Document, Picture, open_document
from ..wire.client.client import Client
from ..wire.protocol.blobs import Blobs
from ..wire.protocol.events import Event, Result
from ..wire.request.request import Request
from .pictures import make_style, read_mask, send, travelling_box
from .places import PIPE
from .stylespec import StyleSpec


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


def prepare(
    content_file: str, selection_file: str | None, options: dict[str, Any], styles: list[StyleSpec]
) -> Prepared:
    """Read the pictures and make the request; only the selection's box with its margin will travel."""
    blobs = Blobs()
    base = Request.from_plain(options).honoured()
    document = open_document(sys.stdin.buffer.read() if content_file == PIPE else content_file)
    content = document.picture
    selection = read_mask(selection_file, content) if selection_file else None
    box = travelling_box(content, selection, base.margin)
    request = replace(
        base,
        styles=tuple(make_style(s, content, box, blobs, selection) for s in styles),
        canvas=(content.width, content.height),
        content=send(content.crop(box), blobs),
        selection=send(selection.crop(box), blobs) if selection else None,
    )
    request.check_styles()
    return Prepared(document, request, blobs)


def paint(client: Client, job: Prepared, on_event: Callable[[Event], None]) -> tuple[Picture, Result]:
    """The layer that the engine makes of a job, and the account of the run. Raises the job's error."""
    ref, raw, result = client.run(job.request, job.blobs, on_event)
    return Picture.from_raw(ref, raw), result


def end_like_ctrl_c() -> None:
    """Being terminated or losing the terminal unwinds as Ctrl-C does, so that the engine is told."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
