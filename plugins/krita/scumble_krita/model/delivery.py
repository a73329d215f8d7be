"""A result becomes a layer, with its settings, and an entry of the history."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import Any, Callable, Optional

from ..guard import report
from ..pictures import layers, settings
from ..wire.request.geometry import Box
from ..wire.request.recipe import Recipe
from .documentsteps import DocumentSteps
from .history import THUMBNAIL, History, HistoryEntry
from .jobs import LayerJob
from .replacing import Replacements

Done = Callable[[LayerJob], None]
Failed = Callable[[LayerJob, BaseException, bool], None]


class Delivery:
    """Brings results where they belong, in small steps. `failed` is told whether the history has the result."""

    def __init__(self, history: History, done: Done, failed: Failed) -> None:
        self._history = history
        self._done, self._failed = done, failed
        self._steps = DocumentSteps()
        self._replacements = Replacements()

    def stop(self) -> None:
        """Bring nothing more: Krita ends."""
        self._steps.stop()

    def bring(self, job: LayerJob) -> None:
        """Make a finished run's pixels a layer, as soon as the artist's hands are free."""
        job.move_to("adding")
        self._steps.add(partial(self._add, job))

    def bring_again(self, entry: HistoryEntry, source: Any, then: Callable[[], None]) -> None:
        """Make a kept result a layer above `source`'s. Raises `file-missing`, `picture-truncated`."""
        pixels = entry.pixels()

        def add() -> None:
            box = Box(entry.ref.x, entry.ref.y, entry.ref.raw.width, entry.ref.raw.height)
            place = replace(source, box=box, selection=None)
            node = layers.add_result(place, entry.ref, pixels, entry.title)
            self._steps.add(partial(_store, source.document, node, entry.recipe, None))
            then()

        self._steps.add(add)

    def _add(self, job: LayerJob) -> None:
        if job.ended:
            return  # cancelled at the last moment
        node, error = None, None
        try:
            node = layers.add_result(job.source, job.run.picture, job.run.pixels, job.title, instead=job.instead)
            job.layer_name = node.name()
            job.mark("added", time.perf_counter())
            self._steps.add(partial(_store, job.source.document, node, job.recipe, job.source.node))
            if job.instead is not None:
                self._steps.add(partial(self._replacements.begin, job.source.document, job.instead, node))
        except Exception as e:  # whatever Krita makes of it, the picture is not lost
            error = e
        self._steps.add(partial(self._keep, job, node, error))

    def _keep(self, job: LayerJob, node: Any, error: Optional[BaseException]) -> None:
        kept = None
        try:
            picture, pixels = job.run.picture, job.run.pixels
            thumbnail = _thumbnail(node, job)
            kept = self._history.add(job.title, job.recipe, job.source.document.name(), picture, pixels, thumbnail)
        except Exception as e:
            report(e)
        job.let_go()
        if error is None:
            job.move_to("done")
            self._done(job)
        else:
            self._failed(job, error, kept is not None)


def _store(doc: Any, node: Any, recipe: Recipe, source: Any) -> None:
    settings.store(doc, node, recipe, source)


def _thumbnail(node: Any, job: LayerJob) -> Any:
    """A small QImage of a layer, else of the last preview; None where there is neither."""
    image = node.thumbnail(THUMBNAIL, THUMBNAIL) if node is not None else None
    return image if image is not None and not image.isNull() else job.preview
