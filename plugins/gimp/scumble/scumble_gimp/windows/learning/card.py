"""One style that is learned: its name, how far it is, what it paints by now, and what can be done about it."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable, Dict, List, Tuple

from ...wire.editor.learning.lessons import Line
from ...wire.editor.learning.told import deeds, where_it_is
from ..gtklib import GdkPixbuf, Gtk
from ..gtkparts import GAP, box, heading, push, spoken, styled, words
from ..pictures import decoded, fitted

SHEET = (460, 230)  # points, the room for a sheet


class TrainingCard:
    """Shows one training in `widget`; `act` is told what is to be done about it."""

    def __init__(self, act: Callable[[str, str], object]) -> None:
        self.training: Any = None
        self._act, self._picture = act, b""
        self._shown: List[Tuple[str, str, str]] = []
        self.title, self.bar = heading(""), styled(Gtk.ProgressBar(), "scumble-thin")
        self.words, self.sheet = words("", "dim-label"), Gtk.Image(no_show_all=True, halign=Gtk.Align.START)
        self.words.set_xalign(0.0)
        self.words.set_justify(Gtk.Justification.LEFT)
        self.words.set_max_width_chars(60)
        self.bar.set_no_show_all(True)
        self.buttons: Dict[str, Any] = {}
        self._head = box()
        self._head.pack_start(self.title, True, True, 0)
        self.widget = styled(box(vertical=True, spacing=GAP), "scumble-card")
        for part in (self._head, self.bar, self.words, self.sheet):
            self.widget.add(part)

    def show_training(self, training: Line, sheet: bytes) -> None:
        """How it is now."""
        self.training = training
        self.title.set_text(training.title)
        self.words.set_text(where_it_is(training))
        self.bar.set_fraction(training.part)
        self.bar.set_visible(training.state not in ("done", "failed"))
        spoken(self.bar, training.title)
        self._show_buttons(training)
        if sheet != self._picture:
            self._picture = sheet
            self._show_sheet(sheet)

    def _show_buttons(self, training: Line) -> None:
        wanted = deeds(training)
        if wanted == self._shown:
            return
        self._shown = wanted
        for button in self.buttons.values():
            button.destroy()
        self.buttons = {}
        for what, label, help in wanted:
            button = push(label, "", help, partial(self._tell, what))
            styled(button, "scumble-flat").set_relief(Gtk.ReliefStyle.NONE)
            self.buttons[what] = button
            self._head.pack_start(button, False, False, 0)
            button.show()

    def _tell(self, what: str) -> None:
        self._act(self.training.name, what)

    def _show_sheet(self, data: bytes) -> None:
        picture = decoded(data)
        self.sheet.set_visible(picture is not None)
        if picture is not None:
            size = fitted((picture.get_width(), picture.get_height()), SHEET)
            self.sheet.set_from_pixbuf(picture.scale_simple(*size, GdkPixbuf.InterpType.HYPER))
