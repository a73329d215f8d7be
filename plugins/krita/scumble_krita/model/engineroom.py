"""The engine as the plug-in keeps it: one link, one timer that turns it, and the styles it knows."""

from __future__ import annotations

import time
from typing import Any, Dict, List, Optional

from ..guard import guarded, report
from ..log import logger
from ..qt import QObject, QTimer, Signal
from ..version import VERSION
from ..wire.editor.enginestate import engine_sentence
from ..wire.editor.link import Link
from ..wire.editor.styles.library import StyleEntry, styles_in
from ..wire.protocol.errors import ScumbleError
from ..wire.words.devices import first_device

BUSY_MS, IDLE_MS = 25, 500
LINGER = 2.0  # seconds of short turns after the last thing happened


class EngineRoom(QObject):
    """Turns the link while something goes on, rarely while nothing does, and not at all while the engine is off."""

    turned = Signal()  # after each turn of the link
    changed = Signal()  # the engine's state, or why it is off
    styles_changed = Signal()

    def __init__(self, link: Optional[Link] = None) -> None:
        super().__init__()
        self.link = link if link is not None else Link("krita", VERSION)
        self.link.report = report
        self.styles: List[StyleEntry] = []
        self._seen: Any = None
        self._busy_until = 0.0
        self._stopping = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(guarded(self.link.tick))
        self._timer.timeout.connect(guarded(self._after_tick))

    def start(self, launch: bool = True) -> None:
        """Reach the engine, and start it if there is none unless told not to."""
        self._stopping = False
        self.link.start(launch)
        self.hurry()

    def stop(self) -> None:
        """End the engine; jobs that run are cancelled."""
        self._stopping = True
        self.link.shutdown(now=True)
        self.hurry()

    def close(self) -> None:
        """Let go of the engine for good: Krita ends."""
        self._timer.stop()
        self.link.close()

    def hurry(self) -> None:
        """Short turns from now on: something was asked for."""
        self._busy_until = time.monotonic() + LINGER
        if not self._timer.isActive() or self._timer.interval() != BUSY_MS:
            self._timer.start(BUSY_MS)

    def load_styles(self) -> None:
        """Ask for the library anew."""
        self.link.ask("styles", guarded(self._take_styles), self._no_styles, thumbnails=True)
        self.hurry()

    def sentence(self) -> str:
        """How the engine is, in a few words; what is wrong with it, and what to do, where something is."""
        return engine_sentence(self.link, unwanted=self._stopping)

    def _after_tick(self) -> None:
        self._look()
        self.turned.emit()
        self._settle()

    def _settle(self) -> None:
        """Longer turns when nothing has happened for a while; none while the engine is off."""
        if self.link.working or time.monotonic() < self._busy_until or self.link.state == "starting":
            return
        if self.link.state == "off":
            self._timer.stop()
        elif self._timer.interval() != IDLE_MS:
            self._timer.start(IDLE_MS)

    def _look(self) -> None:
        """Tell where the engine's state, its devices or what is wrong with it changed."""
        now = (self.link.state, self.link.error, first_device(self.link.info))
        if now == self._seen:
            return
        came = now[0] == "ready" and (self._seen is None or self._seen[0] != "ready")
        self._seen = now
        logger.info("engine: %s %s", now[0], now[1].code if now[1] is not None else now[2][1])
        if came:
            self.load_styles()
        self.changed.emit()

    def _take_styles(self, reply: Dict[str, Any]) -> None:
        self.styles = styles_in(reply)
        self.styles_changed.emit()

    def _no_styles(self, error: ScumbleError) -> None:
        logger.warning("no styles: %s", error)
