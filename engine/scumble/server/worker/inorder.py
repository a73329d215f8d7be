"""Frames in their order: a job's layer held to that of the frame before it.

A place that is found by its name, as the sky, need not be in every frame: where it is not, the frame stays as it is,
and those after it go on.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

import numpy as np

from ...methods.base import LoadPicture, Outcome
from ...picture import Picture
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.notes import Note
from ...wire.request.choices import EVERYWHERE
from ...wire.request.request import Request

NOT_HERE = ("place-missing", "mask-empty")  # what is told where a place is not there, or beyond the selection


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


def _by_place(request: Request) -> bool:
    return any(where != EVERYWHERE for where in (request.where, *(s.where for s in request.styles)))


def untouched(request: Request, error: ScumbleError, load: LoadPicture) -> Outcome:
    """A layer with nothing on it, for a frame in which the place that is painted is not; else `error` is raised."""
    if request.frame is None or request.content is None or error.code not in NOT_HERE or not _by_place(request):
        raise error
    content = load(request.content)
    empty = np.zeros((content.height, content.width, 4), content.data.dtype)
    layer = Picture(empty, content.space, content.x, content.y)
    return Outcome(layer, 0, notes=(Note("frame-untouched"),))
