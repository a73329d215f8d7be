"""A studio without Krita and without an engine: a link that a test plays, and a document that holds nothing."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any, Callable

from .plugin import plugin_module

errors = plugin_module("wire.protocol.errors")
pixels = plugin_module("wire.protocol.pixels")
geometry = plugin_module("wire.request.geometry")
recipes = plugin_module("wire.request.recipe")
qt = plugin_module("qt")

SKY = recipes.Recipe({"method": "fast"}, (recipes.StyleChoice(name="starry-night"),))
SEA = recipes.Recipe({"method": "fast", "strength": 0.5}, (recipes.StyleChoice(name="great-wave"),))

_kept: list[Any] = []  # Python would let go of it


def application() -> Any:
    """Qt's application, which timers need."""
    if not _kept:
        _kept.append(qt.QtWidgets.QApplication.instance() or qt.QtWidgets.QApplication(["test"]))
    return _kept[0]


def wait_until(condition: Callable[[], Any], seconds: float = 10.0) -> None:
    """Let Qt's loop turn until something is so."""
    app, end = application(), time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        app.processEvents()
        time.sleep(0.001)


class FakeRun:
    """A run that a test moves on."""

    def __init__(self, link: Any, request: Any, on_change: Any) -> None:
        self.link, self.request, self.on_change = link, request, on_change
        self.state, self.step, self.of, self.position, self.seconds_left = "sending", 0, 0, 0, -1.0
        self.part, self.readying = -1.0, False
        self.scale = self.device = self.model = ""
        self.preview = self.result = self.picture = self.error = None
        self.pixels, self.times = b"", {"begun": time.perf_counter()}

    @property
    def ended(self) -> bool:
        return self.state in ("done", "failed", "cancelled")

    def cancel(self) -> None:
        if not self.ended:
            self.state = "cancelled"
            self.link.due.append(self)

    def go(self, state: str, **values: Any) -> None:
        """It came so far; told of in the next tick."""
        self.state = state
        for name, value in values.items():
            setattr(self, name, value)
        self.link.due.append(self)

    def finish(self, value: int = 9) -> None:
        """Its picture is here: as large as the content, of one value."""
        form = self.request.content.format
        data = bytes([value]) * form.nbytes
        self.picture = pixels.PictureRef(pixels.digest_of(data), form, self.request.content.x, self.request.content.y)
        self.result = SimpleNamespace(notes=())
        self.times.update(started=1.0, computed=1.2)
        self.go("done", pixels=data)


class FakeLink:
    """The engine as wire's Link shows it."""

    def __init__(self) -> None:
        self.state, self.error, self.info = "off", None, {}
        self.remote = False
        self.report: Any = None
        self.runs: list[FakeRun] = []
        self.due: list[FakeRun] = []
        self.asked: list[Any] = []
        self.did: list[str] = []
        self.ticks, self.turning = 0, False

    @property
    def working(self) -> bool:
        return any(not run.ended for run in self.runs)

    def start(self, launch: bool = True) -> None:
        self.did.append(f"start {launch}")
        if self.state == "off" and launch:
            self.state = "starting"

    def ready(self, device: str = "cpu") -> None:
        name = "cpu" if device == "cpu" else "cuda:0"
        self.state, self.info = "ready", {"devices": [{"name": name, "title": device}]}

    def tick(self) -> None:
        self.ticks += 1
        due, self.due = self.due, []
        self.turning = True
        for run in due:
            run.on_change(run)
        self.turning = False

    def ask(self, type: str, then: Any, fail: Any = None, **fields: Any) -> None:
        self.asked.append((type, then, fail, fields))

    def run(self, request: Any, blobs: Any, on_change: Any, outlive: bool = False) -> FakeRun:
        self.start()
        self.runs.append(FakeRun(self, request, on_change))
        return self.runs[-1]

    def shutdown(self, now: bool = False) -> None:
        self.did.append(f"shutdown {now}")
        self.state = "off"

    def close(self) -> None:
        self.did.append("close")
        self.state = "off"


class Node:
    """A layer."""

    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name

    def thumbnail(self, width: int, height: int) -> Any:
        image = qt.QImage(width, height, qt.QImage.Format.Format_RGB32)
        image.fill(0xFF112233)
        return image


class Editor:
    """Stands for document.py, layers.py, settings.py and place.py: what is open, and what was done to it."""

    def __init__(self, document: Any) -> None:
        self.source_type = document.Source
        self.document = SimpleNamespace(name=lambda: "sea.kra")
        self.problem: Any = None  # what reading raises
        self.refusal: Any = None  # what adding a layer raises
        self.added: list[Any] = []
        self.stored: list[Any] = []
        self.reads: list[Any] = []
        self.side = 8
        self.notes: list[str] = []  # what was shown on the canvas

    def source(self, side: int = 0) -> Any:
        side = side or self.side
        form = pixels.PixelFormat(side, side, 4)
        box = geometry.Box(0, 0, side, side)
        content = recipes.Pixels(form, bytes((200, 200, 200, 255)) * (side * side))
        return self.source_type(self.document, Node("photo"), (side, side), box, content, None, "RGBA", "U8", "sRGB")

    def active_source(self, margin: float) -> Any:
        if self.problem is not None:
            raise self.problem
        return self.source()

    def small_active_source(self, margin: float, side: int) -> Any:
        whole = self.active_source(margin)
        return whole, self.small_source(whole, side)

    def selected_size(self, source: Any, cover: Any = None) -> Any:
        return None

    def small_source(self, source: Any, side: int) -> Any:
        return self.source(min(side, source.box.long_side))

    def read_layer(self, document: Any, node_id: str, box: Any = None, name: str = "") -> Any:
        self.reads.append(node_id)
        return self.source().content

    def add_result(
        self, source: Any, ref: Any, data: bytes, name: str, as_mask: bool = False, instead: Any = None
    ) -> Any:
        if self.refusal is not None:
            raise self.refusal
        self.added.append((source, ref, data, name))
        return Node(name)

    def store(self, document: Any, node: Any, recipe: Any, source: Any = None, shot: Any = None) -> None:
        self.stored.append((node.name(), recipe))
