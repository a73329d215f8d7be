"""Where the results of a call go: all of them become layers at once, in one step of undo, and each is kept."""

from __future__ import annotations

from typing import Any, Callable, List, Optional

from ..log import logger
from ..pictures.thumbnail import thumbnail_of
from ..wire.editor.jobs.history import THUMBNAIL, History
from ..wire.editor.jobs.jobs import Job

HISTORY = "gimp-history"  # a folder of the cache

Step = Callable[[], None]


def painted_before() -> History:
    """What was painted in GIMP, also by processes of the plug-in that ended long ago."""
    return History(HISTORY, log=logger)


class CallPlace:
    """The `Place` of `wire.editor.jobs.delivery`. What it is to do waits for `bring`: until all is there."""

    def __init__(self) -> None:
        self.layers: List[Any] = []
        self._steps: List[Step] = []
        self._image: Any = None
        self._make: Callable[[], List[Any]] = list
        self._error: Optional[BaseException] = None

    def prepare(self, image: Any, make: Callable[[], List[Any]]) -> None:
        """The results are for this image; `make` adds all of their layers."""
        self._image, self._make = image, make

    def refuse(self, error: BaseException) -> None:
        """No layer will come of what was painted: it is kept alone."""
        self._error = error

    def bring(self) -> None:
        """Do what was to be done later."""
        while self._steps:
            self._steps.pop(0)()

    # what `wire` asks for

    def later(self, step: Step) -> None:
        self._steps.append(step)

    def add(self, job: Job) -> Any:
        if self._error is None and not self.layers:
            try:
                self.layers = self._make()
            except Exception as e:
                self._error = e
        if self._error is not None:
            raise self._error
        return self.layers

    def after(self, job: Job, layer: Any) -> List[Step]:
        return []  # its settings came with it

    def thumbnail(self, job: Job, layer: Any) -> bytes:
        return thumbnail_of(job.run.picture.raw, job.run.pixels, THUMBNAIL)

    def name(self, job: Job) -> str:
        return str(self._image.get_name()) if self._image is not None and self._image.is_valid() else ""

    def report(self, error: BaseException) -> None:
        logger.error("a result could not be kept: %s", error, exc_info=error)
