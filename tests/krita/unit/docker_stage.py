"""A studio that only remembers what it was asked, for the docker's widgets."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Callable

from .plugin import plugin_module

qt = plugin_module("qt")
guard = plugin_module("guard")
pixels = plugin_module("wire.protocol.pixels")

_kept: list[Any] = []  # Qt ends with the last reference to its application


def application() -> Any:
    """The application, which widgets need."""
    if not _kept:
        _kept.append(qt.QtWidgets.QApplication.instance() or qt.QtWidgets.QApplication([]))
        _kept[0].setStyle("Fusion")
    return _kept[0]


def turn_until(condition: Callable[[], Any], seconds: float = 10.0) -> Any:
    """What `condition` gives, once it is something; the event loop turns meanwhile."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"not in {seconds} s"
        application().processEvents()
        time.sleep(0.002)
    return found


def turn(seconds: float = 0.05) -> None:
    """Let the event loop turn for a moment."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        application().processEvents()
        time.sleep(0.002)


def picture(width: int = 60, height: int = 40, color: str = "#804020") -> Any:
    """A QImage of one colour."""
    image = qt.QtGui.QImage(width, height, qt.QtGui.QImage.Format.Format_RGB888)
    image.fill(qt.QtGui.QColor(color))
    return image


class StageJob:
    """A job in a state of the test's choice."""

    def __init__(self, title: str = "Starry Night", state: str = "queued", **more: Any) -> None:
        self.title, self.state = title, state
        self.step = self.of = self.position = 0
        self.seconds_left = self.part = -1.0
        self.readying = False
        self.image: Any = None
        self.error = ""
        self.recipe, self.result, self.span, self.by_hand = object(), None, (), ""
        self.source = SimpleNamespace(document=SimpleNamespace(name=lambda: "walk.kra"))
        self.__dict__.update(more)

    @property
    def ended(self) -> bool:
        return self.state in ("done", "failed", "cancelled")


class StageEntry:
    """A result of the history, with the pixels given."""

    def __init__(self, title: str = "Starry Night", data: bytes = bytes(48), depth: str = "u8", **more: Any) -> None:
        self.title, self.when, self.thumbnail = title, time.time(), qt.png_of(picture())
        self.recipe, self.document_name = object(), "walk.kra"
        size = {"u8": 1, "u16": 2, "f32": 4}[depth] * 4 * 4
        self.ref = pixels.PictureRef("0" * 64, pixels.PixelFormat(4, len(data) // size, 4, depth))
        self.data, self.file = data, Path("none")
        self.__dict__.update(more)

    def pixels(self) -> bytes:
        return self.data


class StageHistory:
    def __init__(self) -> None:
        self.kept: list[Any] = []

    @property
    def entries(self) -> list[Any]:
        return list(self.kept)

    def remove(self, entry: Any) -> None:
        self.kept = [e for e in self.kept if e is not entry]

    def clear(self) -> None:
        self.kept = []


class StageStudio(qt.QtCore.QObject):  # type: ignore[misc,name-defined]
    """What the docker asks of a studio; `calls` has what it was told to do."""

    changed, styles_changed, said = qt.Signal(), qt.Signal(), qt.Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.link = SimpleNamespace(state="ready", error=None, remote=False, can_pause=True)
        self.sentence = "Ready: a test"
        self.jobs: list[Any] = []
        self.history, self.message = StageHistory(), ""
        self.calls: list[Any] = []

    def engine_sentence(self) -> str:
        return self.sentence

    def cancel(self, job: Any) -> None:
        self.calls.append(("cancel", job))
        job.state = job.state if job.ended else "cancelled"
        self.jobs = [j for j in self.jobs if j is not job]
        self.changed.emit()

    def say(self, text: str) -> None:
        self.message = text
        self.said.emit(text)
        self.changed.emit()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*arguments: Any, **more: Any) -> Any:
            self.calls.append((name, *arguments, *filter(None, more.values())))
            return "something"

        return call


def button(widget: Any, text: str) -> Any:
    """The visible button of that text in a widget."""
    found = [b for b in widget.findChildren(qt.QtWidgets.QAbstractButton) if b.text() == text]
    assert found, f"no button “{text}”"
    return found[0]
