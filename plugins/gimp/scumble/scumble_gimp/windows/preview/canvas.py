"""The picture in the dialog: zoomed, over a checkerboard, what it was while the mouse is held, a light while busy."""

from __future__ import annotations

import time
from typing import Any, Callable, Optional, Tuple

from ...gimplib import GLib
from ...texts import tr
from ...wire.editor.preview.hand import Hand
from ...wire.editor.preview.sizes import close_room
from ...wire.editor.preview.view import Point
from ..gtklib import Gtk
from ..gtkparts import EDGE, guarded, styled, words
from ..pictures import divided, mixed, part_of
from .mouse import follow

SMALLEST = (340, 300)
BUSY_AFTER = 0.25  # seconds before the light shows: most previews are there by then
WORDS_AFTER = 1.5  # seconds before words say so, where there is no painted picture yet
FRAME_MS = 33
FADE = 0.15  # seconds in which a new picture comes up


class PreviewCanvas:
    """Shows the untouched picture, the newest painted one, and a sentence where there is neither: `widget`.

    `hand` is how it is seen; `closer` is told of the spot that is to be seen in its own pixels, or None for all.
    """

    def __init__(self, closer: Callable[[Optional[Point]], Any] = lambda _: None) -> None:
        self.before: Any = None
        self._sharp: Any = None  # the same in more pixels
        self.picture: Any = None
        self.hand = Hand(self._seen_otherwise, closer)
        self._scale = 1.0  # pixels of the layer a pixel of the picture
        self._old: Optional[Any] = None  # what fades away, as it was shown
        self._new_at = self._busy_at = 0.0
        self._patient = False  # whether the words are those on waiting
        self._timer = 0
        self.widget, self._room = Gtk.Overlay(), styled(Gtk.EventBox(expand=True), "scumble-pane")
        self._image = Gtk.Image(halign=Gtk.Align.CENTER, valign=Gtk.Align.CENTER)
        self._chip = _over(words("", "scumble-chip"), Gtk.Align.CENTER, Gtk.Align.END)
        self._before_chip = _over(Gtk.Label(label=tr("Before")), Gtk.Align.START, Gtk.Align.START)
        self._scale_chip = _over(Gtk.Label(), Gtk.Align.END, Gtk.Align.START)
        for chip in (self._before_chip, self._scale_chip):
            styled(chip, "scumble-chip", "scumble-small")
        self._light = styled(Gtk.ProgressBar(valign=Gtk.Align.END, no_show_all=True), "scumble-busy", "osd")
        self._light.set_pulse_step(0.06)
        self._room.set_size_request(*SMALLEST)
        self.widget.add(self._room)
        for part in (self._image, self._chip, self._before_chip, self._scale_chip, self._light):
            self.widget.add_overlay(part)
            self.widget.set_overlay_pass_through(part, True)
        follow(self._room, self.hand)
        self._room.connect("size-allocate", guarded(lambda *_: self._later()))
        self.widget.connect("destroy", guarded(lambda _: self._stop()))

    def show_before(self, picture: Any) -> None:
        """The untouched picture, or None."""
        self.before, self._sharp, self.picture, self._old = picture, None, None, None
        self.hand.there = picture is not None
        self._draw()

    def sharpen(self, before: Any) -> None:
        """The untouched picture in more pixels: it is drawn as large as before."""
        self._sharp = before if self.before is not None else None
        if self.comparing or self.hand.line is not None:
            self._draw()

    def show_picture(self, picture: Any) -> None:
        """The painted picture, faded in."""
        self._old, self.picture = self._image.get_pixbuf(), picture
        self._new_at = time.monotonic()
        self._run()

    def show_sentence(self, text: str) -> None:
        """Words over the picture, or where there is none."""
        self._patient = False
        self._chip.set_text(text)
        self._chip.set_visible(bool(text))

    def sentence(self) -> str:
        """The words that are shown."""
        return str(self._chip.get_text()) if self._chip.get_visible() else ""

    def set_busy(self, busy: bool) -> None:
        """Whether a picture is on its way."""
        if bool(self._busy_at) != busy:
            self._busy_at = time.monotonic() if busy else 0.0
            self._light.set_visible(False)
            if self._patient:
                self.show_sentence("")
            self._run()

    def compare(self, comparing: bool) -> None:
        """Show the untouched picture, or the painted one again."""
        self.hand.compare(comparing)

    @property
    def comparing(self) -> bool:
        """Whether the untouched picture is shown."""
        return self.hand.comparing

    def set_scale(self, close: bool, scale: float) -> None:
        """Whether a close-up is shown, and how many pixels of the layer one of the picture's is."""
        self.hand.close, self._scale = close, scale

    def room_for_pixels(self, method: str) -> Tuple[int, int]:
        """How much of a layer a close-up may show."""
        return close_room(self._space(), method)

    def _seen_otherwise(self) -> None:
        """The hand has changed something."""
        self._old = None
        self._draw()

    def _run(self) -> None:
        if not self._timer:
            self._timer = GLib.timeout_add(FRAME_MS, self._frame)

    def _stop(self) -> None:
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0

    def _frame(self) -> bool:
        now = time.monotonic()
        fading = self._old is not None
        if fading or self._new_at:
            self._draw(min(1.0, (now - self._new_at) / FADE))
        if now > self._new_at + FADE:
            self._old, self._new_at = None, 0.0
        lit = bool(self._busy_at) and now > self._busy_at + BUSY_AFTER
        self._light.set_visible(lit)
        if lit:
            self._light.pulse()
            self._ask_patience(now)
        if self._busy_at or self._new_at:
            return True
        self._timer = 0
        return False

    def _ask_patience(self, now: float) -> None:
        """The first picture takes longer: networks are loaded."""
        if self.picture is None and now > self._busy_at + WORDS_AFTER and not self._chip.get_visible():
            self.show_sentence(tr("Getting ready…"))
            self._patient = True

    def _later(self) -> None:
        """Draw after GTK has laid everything out."""
        GLib.idle_add(guarded(self._fit))

    def _fit(self) -> None:
        shown, size = self._image.get_pixbuf(), self._size()
        if shown is not None and (shown.get_width(), shown.get_height()) != size:
            self._old = None
            self._draw()
        elif shown is None:
            self._draw()

    def _space(self) -> Tuple[int, int]:
        """Width and height of the room for the picture."""
        room = self._room.get_allocation()
        return max(16, room.width - 2 * EDGE), max(16, room.height - 2 * EDGE)

    def _size(self) -> Any:
        """Width and height of what is seen of the picture; None without one."""
        picture = self.before or self.picture
        if picture is None:
            return None
        most = 1.0 if self.hand.close else 0.0
        self.hand.view.lay_out(self._space(), (picture.get_width(), picture.get_height()), most)
        seen = self.hand.view.seen()
        return max(1, round(seen.width)), max(1, round(seen.height))

    def _draw(self, share: float = 1.0) -> None:
        size = self._size()
        painted = None if self.comparing else self.picture
        picture = painted or self._sharp or self.before
        self._say_what_is_seen(painted)
        if size is None or picture is None:
            self._image.clear()
            return
        shown, old = self._part(picture, size), self._old
        if share < 1 and old is not None and (old.get_width(), old.get_height()) == size:
            shown = mixed(old, shown, share)
        self._image.set_from_pixbuf(shown)

    def _part(self, picture: Any, size: Tuple[int, int]) -> Any:
        """What is seen of a picture, divided by the line."""
        view, line = self.hand.view, self.hand.line
        seen, place = view.seen(), view.place()
        corner = (place.x - seen.x, place.y - seen.y)
        shown = part_of(picture, size, corner, (place.width, place.height))
        if line is None or self.picture is None or self.before is None or self.comparing:
            return shown
        untouched = part_of(self._sharp or self.before, size, corner, (place.width, place.height))
        return divided(untouched, shown, round(line * size[0]))

    def _say_what_is_seen(self, painted: Any) -> None:
        self._before_chip.set_visible(self.comparing or (self.hand.line is not None and painted is not None))
        told = self.hand.told(self._scale)
        self._scale_chip.set_text(told)
        self._scale_chip.set_visible(bool(told))


def _over(widget: Any, across: Any, down: Any) -> Any:
    widget.set_halign(across)
    widget.set_valign(down)
    widget.set_no_show_all(True)
    for side in ("start", "end", "top", "bottom"):
        getattr(widget, f"set_margin_{side}")(EDGE + 6)
    return widget
