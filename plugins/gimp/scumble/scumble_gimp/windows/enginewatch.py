"""The engine while a dialog is open: moved on by a timer, its state in words, its library of styles."""

from __future__ import annotations

from typing import Any, Callable, List, Mapping

from ..gimplib import GLib
from ..wire.editor.enginestate import engine_sentence
from ..wire.editor.learning.lessons import Lessons, Line
from ..wire.editor.link import Link
from ..wire.editor.styles.library import StyleEntry, styles_in
from ..wire.protocol.errors import ScumbleError
from .gtkparts import guarded

TICK_MS = 20


class EngineWatch:
    """Starts the engine and ticks the link until `end`. Tells of its state and of its styles."""

    def __init__(self, link: Link, on_state: Callable[[], None], on_styles: Callable[[], None]) -> None:
        self.link = link
        self.styles: List[StyleEntry] = []
        self._on_state, self._on_styles = on_state, on_styles
        self.on_lessons: Callable[[], None] = lambda: None
        self.on_learned: Callable[[Line], None] = lambda line: None
        self.lessons = Lessons(link, lambda: self.on_lessons(), self._learned)
        self._seen = ""
        self._asked = False
        link.start()
        self._timer = GLib.timeout_add(TICK_MS, self._tick)

    def sentence(self) -> str:
        """How the engine is."""
        return engine_sentence(self.link)

    def end(self) -> None:
        """Stop ticking; the link stays as it is."""
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0

    def _tick(self) -> bool:
        self._move()
        return True

    @guarded
    def _move(self) -> None:
        self.link.tick()
        if self.link.state == "off":
            self._asked = False
        elif not self._asked:
            self._asked = True
            self.link.ask("styles", self._take_styles, self._no_styles, thumbnails=True)
        self.lessons.tick()
        seen = self.sentence()
        if seen != self._seen:
            self._seen = seen
            self._on_state()

    def _learned(self, line: Line) -> None:
        self._asked = False  # the library has one more
        self.on_learned(line)

    def _take_styles(self, answer: Mapping[str, Any]) -> None:
        self.styles = styles_in(answer)
        self._on_styles()

    def _no_styles(self, error: ScumbleError) -> None:
        self._on_state()
