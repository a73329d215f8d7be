"""Frames in their order: a job's layer held to that of the frame before it."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

from ...methods.base import LoadPicture, Outcome
from ...wire.protocol.errors import ScumbleError
from ...wire.request.request import Request


def check_frames(request: Request) -> None:
    """Raise `frames-missing` where the request is a frame that nothing here could hold: before anything is painted."""
    if request.frame is not None and find_spec("cv2") is None:
        raise ScumbleError("frames-missing")


def in_order(request: Request, outcome: Outcome, load: LoadPicture) -> Outcome:
    """The outcome of a frame, held to the one before it; of any other request as it is."""
    frame, content = request.frame, request.content
    if frame is None or frame.before is None or frame.painted is None or content is None:
        return outcome
    from ...frames.hold import held  # with OpenCV

    layer = held(outcome.layer, load(content), load(frame.painted), load(frame.before))
    return replace(outcome, layer=layer)
