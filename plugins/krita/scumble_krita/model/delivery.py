"""Where results go in Krita: a layer, its settings, and in the place of another one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Callable, List

from ..guard import report
from ..pictures import layers, settings
from ..qt import png_of
from ..wire.editor.jobs.history import THUMBNAIL, HistoryEntry
from ..wire.request.geometry import Box
from ..wire.request.recipe import Recipe
from .documentsteps import DocumentSteps, Step
from .replacing import Replacements


class KritaPlace:
    """The `Place` of `wire.editor.jobs.delivery`; its jobs are `LayerJob`s."""

    def __init__(self) -> None:
        self._steps = DocumentSteps()
        self._replacements = Replacements()

    def stop(self) -> None:
        """Bring nothing more: Krita ends."""
        self._steps.stop()

    def later(self, step: Step) -> None:
        self._steps.add(step)

    def add(self, job: Any) -> Any:
        node = job.make_layer()
        job.layer_name = node.name()
        return node

    def after(self, job: Any, layer: Any) -> List[Step]:
        source = job.source
        steps: List[Step] = [partial(_store, source.document, layer, job.recipe, job.origin, job.shot)]
        if job.instead is not None:
            steps.append(partial(self._replacements.begin, source.document, job.instead, layer))
        return steps

    def thumbnail(self, job: Any, layer: Any) -> bytes:
        image = layer.thumbnail(THUMBNAIL, THUMBNAIL) if layer is not None else None
        return png_of(image if image is not None and not image.isNull() else job.image)

    def name(self, job: Any) -> str:
        return str(job.source.document.name())

    def report(self, error: BaseException) -> None:
        report(error)

    def bring_again(self, entry: HistoryEntry, source: Any, then: Callable[[], None]) -> None:
        """Make a kept result a layer above `source`'s. Raises `file-missing`, `picture-truncated`."""
        pixels = entry.pixels()

        def add() -> None:
            box = Box(entry.ref.x, entry.ref.y, entry.ref.raw.width, entry.ref.raw.height)
            place = replace(source, box=box, selection=None)
            node = layers.add_result(place, entry.ref, pixels, entry.title)
            self.later(partial(_store, source.document, node, entry.recipe, None))
            then()

        self.later(add)


def _store(doc: Any, node: Any, recipe: Recipe, source: Any, shot: Any = None) -> None:
    settings.store(doc, node, recipe, source, shot)
