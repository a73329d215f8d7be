"""Three frames side by side under the preview, each with its name, and when they are read and painted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, List, Optional, Sequence, Tuple

from ...arguments import Choices
from ...pictures.frames import all_frames, frame_layers, key_groups, looks_animated
from ...wire.editor.frames.spans import frames_label
from ...wire.editor.frames.strip import Strip, strip_help
from ...wire.protocol.errors import ScumbleError
from ..gtklib import Gtk
from ..gtkparts import GAP, box, guarded, line, spoken
from ..pictures import dimmed, fitted, on_checks, rounded
from .easel import Preview

MOST = 3
LEAST = (88, 84)  # points, of the room for a picture
DIM = 70  # of 255: how much of an unpainted one shows


class FrameStrip:
    """The shelf of a `wire.editor.frames.strip.Strip`: `widget` is there while it has something to show."""

    def __init__(self) -> None:
        self.widget = box(spacing=GAP)
        self.widget.set_homogeneous(True)
        self.widget.set_no_show_all(True)
        spoken(self.widget, frames_label(), strip_help())
        self.cells: List[Cell] = [Cell() for _ in range(MOST)]
        for cell in self.cells:
            self.widget.pack_start(cell.widget, True, True, 0)

    def put(self, shown: Sequence[Tuple[str, Any]]) -> None:
        for at, cell in enumerate(self.cells):
            there = at < len(shown)
            cell.show(*(shown[at] if there else ("", None)))
            cell.widget.set_visible(there)
        self.widget.set_visible(bool(shown))

    def hang(self, at: int, picture: Any) -> None:
        self.cells[at].hang(picture)

    def work_on(self, at: Optional[int]) -> None:
        """The dim ones are those that wait."""


class Cell:
    """A picture as large as its room, dim until it is painted, over its words."""

    def __init__(self) -> None:
        self.widget, over = box(vertical=True, spacing=2), Gtk.Overlay()
        self._room, self._words = Gtk.EventBox(), line("", "scumble-small")
        self._image = Gtk.Image(halign=Gtk.Align.CENTER, valign=Gtk.Align.CENTER)
        self._words.set_xalign(0.5)
        self._room.set_size_request(*LEAST)
        over.add(self._room)
        over.add_overlay(self._image)  # so that a large picture keeps no window from becoming narrow
        over.set_overlay_pass_through(self._image, True)
        self.widget.add(over)
        self.widget.add(self._words)
        self.widget.show_all()
        self.picture: Any = None
        self.painted = False
        self._wide = 0
        self._room.connect("size-allocate", guarded(lambda _, place: self._fit(int(place.width))))

    def show(self, text: str, picture: Any) -> None:
        """Its words and the unpainted picture."""
        self._words.set_text(text)
        self.picture, self.painted = picture, False
        self._draw()

    def hang(self, picture: Any) -> None:
        """The painted picture."""
        self.picture, self.painted = picture, True
        self._draw()

    def _fit(self, wide: int) -> None:
        if wide != self._wide:
            self._wide = wide
            self._draw()

    def _draw(self) -> None:
        if self.picture is None:
            self._image.clear()
            return
        room = (max(LEAST[0], self._wide), LEAST[1])
        shown = rounded(on_checks(self.picture, fitted((self.picture.get_width(), self.picture.get_height()), room)))
        self._image.set_from_pixbuf(shown if self.painted else dimmed(shown, DIM))


def suited(choices: Choices, image: Any) -> Choices:
    """What was chosen last, for this image: whether its layers are frames, and no group that is not in it."""
    keys = choices.keys if choices.keys in key_groups(image) else ""
    return replace(choices, frames=looks_animated(image), keys=keys)


class FramesShown:
    """Reads the frames that OK would paint when that is due, and has three of them painted."""

    def __init__(self, preview: Preview, shelf: FrameStrip, image: Any, drawables: Sequence[Any]) -> None:
        self.strip = Strip(preview, shelf)
        self._image, self._drawables = image, list(drawables)
        self._read: Any = None  # what was wanted when they were read; None: read anew

    def look_again(self) -> None:
        """They may have been painted on."""
        self._read = None

    def show(self, choices: Choices) -> None:
        """Paint them with this, where it is for frames."""
        wanted = choices.frames, choices.keys, choices.result is None
        if wanted != self._read:
            self._read = wanted
            self.strip.choose(self._frames(choices))
        self.strip.show(choices.recipe)

    def count(self, choices: Choices) -> int:
        """How many pictures OK would paint of one layer that is chosen."""
        if choices.result is not None:
            return max(1, len(choices.result.frames))
        return len(all_frames(self._image, choices.keys)) if choices.frames else 1

    def stop(self) -> None:
        """Nothing more is wanted."""
        self.strip.stop()

    def _frames(self, choices: Choices) -> List[Any]:
        if choices.result is not None:
            return list(choices.result.frames)
        try:
            return frame_layers(self._image, self._drawables, choices.keys) if choices.frames else []
        except ScumbleError:  # OK says so
            return []
