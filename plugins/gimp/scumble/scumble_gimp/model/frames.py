"""Layers as frames: painted by the engine in their order, each held to the one before it, as one job."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from ..pictures.editing import Result
from ..pictures.frames import PaintedFrame, add_frames, layers_by_hand, read_over
from ..pictures.result import PaintedLayer, check_mode
from ..pictures.source import read_layer, sources_of
from ..wire.editor.frames.framesrun import FramesRun
from ..wire.editor.frames.keys import Keys
from ..wire.editor.jobs.jobs import Job
from ..wire.protocol.blobs import Blobs
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.pixels import PictureRef
from ..wire.request.recipe import Recipe, layer_pictures
from ..wire.request.request import Request
from ..wire.request.sources import Pixels
from .jobs import Jobs
from .transfer import asked_of, found, title_of


def transfer_frames(
    jobs: Jobs,
    image: Any,
    frames: Sequence[Any],
    recipe: Recipe,
    selection_as: str = "mask",
    convert: bool = False,
    keys: str = "",
    result: Optional[Result] = None,
) -> List[Any]:
    """Paint each layer of `frames`, in this order; the new ones, in a group. Those in the group `keys` lead them.

    With a `result` what that covers of each is painted, and the group takes its place if all are. Where one fails those
    before it are added, and `jobs.broken` is the error. The rest is as in `transfer`; it raises the same,
    `layer-empty` where there is nothing on any of them, and what `layers_by_hand` does.
    """
    recipe.check()
    check_mode(image, convert)
    pictures = layer_pictures(recipe, lambda s: read_layer(found(s.layer, s.name)))
    by_hand = layers_by_hand(image, frames, keys) if keys else {}
    title, film = title_of(jobs, recipe), _Film(image, frames, recipe, pictures, by_hand, result)
    former = result.layer if result is not None else None
    job, output = Job(title, recipe, film, former), (selection_as, convert, keys, former)

    def make() -> List[Any]:
        return add_frames(image, film.painted(job.run.reached), recipe, title, *output)

    with jobs.bringing(image, make) as place:
        leading = Keys(list(by_hand), range(len(frames)), film.hand, film.ask) if by_hand else None
        job.run = FramesRun(len(frames), film.ask, jobs.link.run, film.take, film.drop, leading)
        job.run.begin()
        jobs.follow(job)
    return place.layers


class _Film:
    """Reads frames when it is their turn, and holds what came of them."""

    def __init__(
        self,
        image: Any,
        frames: Sequence[Any],
        recipe: Recipe,
        pictures: Mapping[int, Pixels],
        by_hand: Mapping[int, Any],
        result: Optional[Result],
    ) -> None:
        self._image, self._frames, self._recipe, self._pictures = image, frames, recipe, pictures
        self._by_hand, self._result = by_hand, result
        self._source: Any = None  # of the frame that is painted
        self._made: Dict[int, PaintedLayer] = {}

    def ask(self, number: int) -> Optional[Tuple[Request, Blobs]]:
        """The request for a frame and its data; None where there is nothing on it."""
        try:
            frame = self._frames[number]
            cover = self._result.cover_of(frame) if self._result is not None else None
            self._source = sources_of(self._image, [frame], self._recipe.value("margin"), cover)[0]
        except ScumbleError as e:
            if e.code != "layer-empty":
                raise
            return None
        return asked_of(self._source, self._recipe, self._pictures)

    def hand(self, number: int) -> Optional[Pixels]:
        """What was painted by hand of a frame; None where that is nothing, or the frame is bare."""
        return read_over(self._source, self._by_hand[number]) if self.ask(number) is not None else None

    def take(self, number: int, picture: PictureRef, pixels: bytes) -> None:
        """What came of a frame."""
        self._made[number] = PaintedLayer(self._source, picture, pixels)

    def painted(self, reached: int) -> List[PaintedFrame]:
        """All frames, in their order; those after the first `reached` are missing."""
        return [PaintedFrame(layer, self._made.get(n), n >= reached) for n, layer in enumerate(self._frames)]

    def drop(self) -> None:
        """Nothing comes of it."""
        self._made.clear()
