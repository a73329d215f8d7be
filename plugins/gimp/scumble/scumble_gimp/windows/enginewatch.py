"""The engine while a dialog is open: moved on by a timer, its state in words, its library of styles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Tuple

from ..gimplib import GLib
from ..model.status import device_in
from ..texts import explain, tr
from ..wire.errors import ScumbleError
from ..wire.link import Link
from .gtkparts import guarded

TICK_MS = 20


@dataclass(frozen=True)
class StyleEntry:
    """A style of the library; `thumbnail` is a JPEG."""

    name: str
    title: str
    artist: str = ""
    year: str = ""
    tags: Tuple[str, ...] = ()
    thumbnail: bytes = b""


class EngineWatch:
    """Starts the engine and ticks the link until `end`. Tells of its state and of its styles."""

    def __init__(self, link: Link, on_state: Callable[[], None], on_styles: Callable[[], None]) -> None:
        self.link = link
        self.styles: List[StyleEntry] = []
        self._on_state, self._on_styles = on_state, on_styles
        self._seen = ""
        self._asked = False
        link.start()
        self._timer = GLib.timeout_add(TICK_MS, self._tick)

    def titles(self) -> Dict[str, str]:
        """The library's titles by name."""
        return {s.name: s.title for s in self.styles}

    def sentence(self) -> str:
        """How the engine is."""
        if self.link.state == "ready":
            device = device_in(self.link.info) if self.link.info.get("devices") else ""
            return tr("Ready: {device}").format(device=device) if device else tr("Ready")
        if self.link.state == "starting":
            return tr("Starting…")
        return explain(self.link.error) if self.link.error is not None else tr("Off")

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
        seen = self.sentence()
        if seen != self._seen:
            self._seen = seen
            self._on_state()

    def _take_styles(self, answer: Mapping[str, Any]) -> None:
        self.styles = [_entry(s) for s in answer.get("styles", ()) if isinstance(s, dict)]
        self._on_styles()

    def _no_styles(self, error: ScumbleError) -> None:
        self._on_state()


def _entry(plain: Mapping[str, Any]) -> StyleEntry:
    name, year = str(plain.get("name", "")), plain.get("year")
    return StyleEntry(
        name,
        str(plain.get("title") or name),
        str(plain.get("artist") or ""),
        "" if year is None else str(year),
        tuple(map(str, plain.get("tags") or ())),
        bytes(plain.get("thumbnail") or b""),
    )
