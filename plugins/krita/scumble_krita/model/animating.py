"""The frames of an animated layer, painted in their order by the engine; they come as one new layer."""

from __future__ import annotations

import time
from typing import Any, Optional, Sequence, Tuple

from ..guard import guarded
from ..log import logger
from ..pictures.editing import Result
from ..pictures.film import Film
from ..pictures.nodes import active_document, active_layer, find_node
from ..wire.editor.frames.framesrun import FramesRun
from ..wire.editor.frames.keys import Keys
from ..wire.editor.styles.library import titles_of
from ..wire.protocol.blobs import Blobs
from ..wire.protocol.errors import ScumbleError
from ..wire.request.recipe import Recipe
from ..wire.request.request import Request
from .jobs import LayerJob
from .requests import asked_with, beside


class FramesJob(LayerJob):
    """A job over the frames of a layer at the times `span`."""

    def __init__(self, title: str, recipe: Recipe, film: Film, run: FramesRun, result: Optional[Result]) -> None:
        super().__init__(title, recipe, film.place, result and result.node)
        self.run, self.result, self.shot, self._film = run, result, film.shot, film
        self.span, self.by_hand = film.times, self.shot.by_hand

    def make_layer(self) -> Any:
        """The new animated layer. Raises what `Film.finish` does."""
        former, part = self.instead, self.broken is not None
        if part:
            self.instead = None  # what is whole does not go for a part
        try:
            return self._film.finish(self.title, former, instead=not part)
        finally:
            self._film.close()


def paint_frames(
    studio: Any, runner: Any, recipe: Recipe, times: Sequence[int], by_hand: str = "", result: Optional[Result] = None
) -> FramesJob:
    """Begin a job over the active layer's frames at `times`, led by those of the layer `by_hand`, by its identity.

    With a `result` over those of what it was painted from, in its place and in the selection of then. Raises
    `frames-none`, `keys-none`, `layer-gone` and what reading does.
    """
    asked = time.perf_counter()
    recipe.check()
    if not times:
        raise ScumbleError("frames-none")
    opened = result.document if result is not None else active_document()
    hand = find_node(opened, by_hand) if by_hand else None
    if result is not None:
        film = Film(opened, result.source, times, recipe.value("margin"), hand, result.cover())
    else:
        film = Film(opened, active_layer(opened), times, recipe.value("margin"), hand)
    reading = _Reading(recipe, film)
    keys = Keys(list(film.hands), film.times, film.read_hand, reading.ask) if hand is not None else None
    run = FramesRun(len(film.times), reading.ask, studio.send, film.write, film.close, keys)
    try:
        run.begin()
    except BaseException:
        film.close()
        raise
    job = FramesJob(recipe.title(titles_of(studio.styles)), recipe, film, run, result)
    run.on_change = guarded(runner.begin(job, asked))
    studio.note_change()
    logger.info("job: %d frames", len(film.times))
    return job


class _Reading:
    """Makes a request of each frame; layers that are styles or masks are read once."""

    def __init__(self, recipe: Recipe, film: Film) -> None:
        self._recipe, self._film = recipe, film
        self._beside: Any = None

    def ask(self, number: int) -> Optional[Tuple[Request, Blobs]]:
        """The request for a frame and its data; None where there is nothing on it."""
        source = self._film.read(number)
        if source is None:
            return None
        if self._beside is None:
            self._beside = beside(self._recipe, self._film.document, source)
        return asked_with(self._recipe, source, self._beside)
