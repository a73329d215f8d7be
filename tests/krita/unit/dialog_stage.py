"""A studio, previews and layers that only remember what they were asked, for the dialog's widgets."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from .docker_stage import application, picture, turn, turn_until
from .plugin import plugin_module

__all__ = [
    "Layers",
    "Preview",
    "Result",
    "Studio",
    "application",
    "drag",
    "jpeg",
    "key",
    "make_dialog",
    "turn",
    "turn_until",
]

qt = plugin_module("qt")
StyleEntry = plugin_module("wire.editor.styles.library").StyleEntry
Pixels = plugin_module("wire.request.sources").Pixels
PixelFormat = plugin_module("wire.protocol.pixels").PixelFormat
STYLES = (("starry-night", "The Starry Night", "Vincent van Gogh"), ("great-wave", "The Great Wave", "Hokusai"))


def jpeg(color: str = "#336699") -> bytes:
    """A picture's file, 96×96."""
    data = qt.QtCore.QByteArray()
    buffer = qt.QtCore.QBuffer(data)
    buffer.open(qt.QtCore.QIODevice.OpenModeFlag.WriteOnly)
    assert picture(96, 96, color).save(buffer, "JPEG")
    return bytes(data)


class Lessons:
    """What the engine learns, as a test says."""

    def __init__(self) -> None:
        self.lines: list[Any] = []
        self.sheets: dict[str, bytes] = {}
        self.watched = False
        self.begun: list[Any] = []
        self.done: list[Any] = []

    def look(self) -> None:
        pass

    def begin(self, fields: Any, blobs: Any, begun: Any, fail: Any) -> None:
        self.begun.append((fields, blobs))
        begun()

    def do(self, name: str, what: str, fail: Any) -> None:
        self.done.append((name, what))


class Studio(qt.QtCore.QObject):  # type: ignore[misc,name-defined]
    changed, styles_changed, said, lessons_changed = qt.Signal(), qt.Signal(), qt.Signal(str), qt.Signal()

    def __init__(self) -> None:
        super().__init__()
        self.link = SimpleNamespace(state="ready", error=None, remote=False, ask=self.ask, info={})
        self.asked: list[Any] = []
        self.lessons = Lessons()
        self.estimate = {"seconds": 21.0, "bytes": 1_240_000_000}
        self.styles = [StyleEntry(name, title, artist, thumbnail=jpeg()) for name, title, artist in STYLES]
        self.ran: list[Any] = []
        self.message, self.begins = "", True
        self.started = 0
        self.replaced: Any = None

    def engine_sentence(self) -> str:
        return "Ready: a test"

    def start_engine(self) -> None:
        self.started += 1

    def ask(self, type: str, then: Any, fail: Any, **fields: Any) -> None:
        self.asked.append((type, fields))
        then(self.estimate)

    def run(self, recipe: Any, result: Any = None, span: Any = None, by_hand: str = "") -> Any:
        self.ran.append(recipe)
        self.replaced, self.span, self.by_hand = result, span, by_hand
        return object() if self.begins else None


class Preview(qt.QtCore.QObject):  # type: ignore[misc,name-defined]
    ready, failed, busy, said = qt.Signal(qt.QImage), qt.Signal(str), qt.Signal(bool), qt.Signal(str)
    sharpened = qt.Signal(qt.QImage)

    def __init__(self) -> None:
        super().__init__()
        self.before = picture(120, 80)
        self.shown: list[Any] = []
        self.target = ("Photo", (120, 300))
        self.over: Any = None
        self.looks = self.stops = 0
        self.missing = ""
        self.close, self.scale = False, 1.0
        self.closer: list[Any] = []

    def look_closer(self, spot: Any, room: Any) -> None:
        self.closer.append((spot, room))
        self.close = spot is not None

    def refresh_source(self, result: Any = None) -> None:
        self.looks += 1
        self.over = result
        if self.missing:
            self.before = qt.QImage()
            self.failed.emit(self.missing)

    def show(self, recipe: Any) -> None:
        self.shown.append(recipe)

    def call_later(self, seconds: float, call: Any) -> None:
        """Three frames are read, and seen, in real Kritas."""

    def sizes(self) -> Any:
        return (1200, 800), (1200, 800)

    def stop(self) -> None:
        self.stops += 1


class Result:
    """A layer of ours that is active: of several frames where it has `spans`."""

    def __init__(self, name: str, recipe: Any, spans: Any = (), hands: Any = (), by_hand: str = "") -> None:
        self.node, self.recipe, self.by_hand = SimpleNamespace(name=lambda: name), recipe, by_hand
        self.frames, self.hands = lambda: list(spans), lambda: list(hands)


class Layers:
    def __init__(self) -> None:
        self.entries = self.masks = [("{1}", "Photo"), ("{2}", "  Sky mask")]
        self.kept: Any = None
        self.found: Any = None
        self.spans: list[Any] = []  # frames to choose of
        self.hands: list[tuple[str, str]] = []  # layers on which some may be painted by hand
        self.put: list[str] = []

    def refresh(self) -> None:
        pass

    def picture(self, node_id: str, side: int) -> Any:
        return picture(side, side // 2, "#aa8800")

    def active(self) -> str:
        return "{2}"

    def pixels(self, choice: Any) -> Any:
        return Pixels(PixelFormat(64, 48, 4), bytes(64 * 48 * 4))

    def new_mask(self, name: str) -> Any:
        self.masks = [("{3}", name), *self.masks]
        return "{3}", name

    def put_away(self, recipe: Any) -> None:
        self.put = [s.mask_layer for s in recipe.styles if s.mask == "layer"]

    def beside(self, result: Any = None) -> Any:
        if result is not None:
            return 0, False, result.frames(), result.hands()
        return 0, bool(self.spans), self.spans, self.hands

    def result(self) -> Any:
        return self.found

    def stored(self) -> Any:
        return self.kept


def make_dialog(recipe: Any, studio: Any = None, layers: Any = None) -> Any:
    """A dialog that is shown, with its stage as `studio`, `preview` and `layers`."""
    application()
    dialog = plugin_module("dialog.dialog").StyleDialog(studio or Studio(), recipe, None, Preview(), layers or Layers())
    dialog.studio = dialog._studio
    dialog.show()
    turn_until(lambda: dialog.preview.shown)
    return dialog


def drag(bar: Any, fraction: float) -> None:
    """Press a bar at a fraction of its width, and let go."""
    at = qt.QtCore.QPointF(2 + (bar.width() - 4) * fraction, bar.height() / 2)
    left, none = qt.Qt.MouseButton.LeftButton, qt.Qt.KeyboardModifier.NoModifier
    for kind in ("MouseButtonPress", "MouseButtonRelease"):
        event = qt.QtGui.QMouseEvent(getattr(qt.QEvent.Type, kind), at, left, left, none)
        application().sendEvent(bar, event)


def key(widget: Any, name: str, text: str = "") -> None:
    """A key, as “Down”, pressed on a widget."""
    code = getattr(qt.Qt.Key, f"Key_{name}")
    for kind in (qt.QEvent.Type.KeyPress, qt.QEvent.Type.KeyRelease):
        event = qt.QtGui.QKeyEvent(kind, code, qt.Qt.KeyboardModifier.NoModifier, text)
        application().sendEvent(widget, event)
