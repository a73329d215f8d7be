"""What the jobs of `wire.editor` ask of a call: words, and that it hears of what has changed."""

from __future__ import annotations

from typing import Callable, Mapping, Optional

from ..log import logger
from ..texts import explain
from ..wire.editor.link import Link
from ..wire.protocol.errors import ScumbleError


class Told(Exception):
    """What a job came to: the `error`, and the words that a person is told."""

    def __init__(self, error: BaseException, text: str) -> None:
        super().__init__(text)
        self.error, self.text = error, text


class CallHost:
    """The `Host` of `wire.editor.jobs.runner`. Nothing is shown here: who waits for the jobs looks at it."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.names: Mapping[str, str] = {}  # the library's titles
        self.failure: Optional[Told] = None  # the last that was told
        self.broken: Optional[Told] = None  # what ended a job early that became layers all the same
        self.on_refused: Callable[[ScumbleError], object] = lambda error: None
        self.news = False

    def titles(self) -> Mapping[str, str]:
        return self.names

    def explain(self, error: BaseException) -> str:
        return explain(error)

    def say(self, text: str) -> None:
        logger.info("%s", text)  # the new layer is to be seen, and a window that was cancelled is gone

    def failed(self, error: BaseException, text: str) -> None:
        self.failure = Told(error, text)  # raised by who waits, and told and logged once, by the guard

    def partly(self, error: BaseException, text: str) -> None:
        logger.warning("ended early: %s", error)
        self.broken = Told(error, text)

    def refused(self, error: ScumbleError) -> None:
        self.on_refused(error)

    def moved(self) -> None:
        self.news = True

    def changed(self) -> None:
        self.news = True
