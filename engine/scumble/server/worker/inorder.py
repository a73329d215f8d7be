"""Frames in their order: a job's layer held to that of the frame before it.

A place that is found by its name, as the sky, need not be in every frame: where it is not, the frame stays as it is,
and those after it go on.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from ...methods.base import LoadPicture, Outcome
from ...picture import Picture
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.notes import Note
from ...wire.protocol.pixels import PictureRef
from ...wire.request.choices import EVERYWHERE
from ...wire.request.request import Request

if TYPE_CHECKING:
    from ...frames.lead import Lead
    from ...frames.way import Way, Ways

NOT_HERE = ("place-missing", "mask-empty")  # what is told where a place is not there, or beyond the selection


def check_frames(request: Request) -> None:
    """Raise `frames-missing` where the request is a frame that nothing here could hold: before anything is painted.

    And `key-differs` where a key does not fit it.
    """
    if request.frame is not None and find_spec("cv2") is None:
        raise ScumbleError("frames-missing")
    if request.frame is not None and request.content is not None:
        request.frame.check(request.content)


def lead_for(request: Request, load: LoadPicture) -> Lead | None:
    """What was painted by hand, of this frame or carried to it; None where there is nothing."""
    if request.frame is None or not request.frame.keys or request.content is None:
        return None
    from ...frames.hold import seen  # with OpenCV
    from ...frames.lead import Hand, lead_of

    def way_to(*refs: PictureRef | None) -> Way:
        named = {f"{ref.digest} {ref.format}": ref for ref in refs if ref is not None}
        names = [f"{ref.digest} {ref.format}" for ref in refs if ref is not None]
        return _ways().to(names, lambda name: seen(load(named[name])))

    hands = []
    for key in request.frame.keys:
        between = (key.content, *key.way) if key.distance > 0 else ()
        if key.painted is not None:
            hands.append(Hand(load(key.painted), way_to(*between, request.content), key.distance))
    return lead_of(hands)


@lru_cache(maxsize=1)
def _ways() -> Ways:
    from ...frames.way import Ways

    return Ways()


def by_hand(request: Request, lead: Lead | None, load: LoadPicture) -> Outcome | None:
    """The outcome where the hand painted all of this frame, and nothing is left to be painted; else None."""
    if lead is None or lead.own is None or not lead.whole or request.content is None or _is_clipped(request):
        return None
    from ...frames.lead import as_layer

    return Outcome(as_layer(lead.own, load(request.content)), 0)


def in_order(request: Request, outcome: Outcome, load: LoadPicture, lead: Lead | None = None) -> Outcome:
    """The outcome of a frame, held to the one before it and led by what was painted by hand; of any other request as it
    is.
    """
    frame, content, layer = request.frame, request.content, outcome.layer
    if frame is None or content is None:
        return outcome
    from ...frames.hold import held
    from ...frames.lead import led, yields

    if frame.before is not None and frame.painted is not None:
        amount = yields(lead, layer) if lead is not None else 1.0
        layer = held(layer, load(content), load(frame.painted), load(frame.before), amount)
    return replace(outcome, layer=layer if lead is None else led(layer, lead, _is_clipped(request)))


def _is_clipped(request: Request) -> bool:
    """Whether only a part is to be seen, by a selection or a name."""
    return request.selection is not None or request.where != EVERYWHERE


def _by_place(request: Request) -> bool:
    return any(where != EVERYWHERE for where in (request.where, *(s.where for s in request.styles)))


def untouched(request: Request, error: ScumbleError, load: LoadPicture, lead: Lead | None = None) -> Outcome:
    """A layer with nothing on it but what was painted by hand, for a frame in which the place that is painted is not;
    else `error` is raised.
    """
    if request.frame is None or request.content is None or error.code not in NOT_HERE or not _by_place(request):
        raise error
    content = load(request.content)
    empty = np.zeros((content.height, content.width, 4), content.data.dtype)
    layer = Picture(empty, content.space, content.x, content.y)
    if lead is not None:
        from ...frames.lead import led

        layer = led(layer, lead, _is_clipped(request))
    return Outcome(layer, 0, notes=(Note("frame-untouched"),))
