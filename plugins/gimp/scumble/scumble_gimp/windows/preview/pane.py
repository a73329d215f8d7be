"""The dialog's left side: the preview, and under it the button to compare and a word on what is seen."""

from __future__ import annotations

from typing import Any, Callable, Optional

from ...texts import explain, tr
from ...wire.editor.preview.caption import Caption
from ...wire.editor.preview.labels import split_words
from ...wire.editor.preview.view import Point
from ..gtklib import Gdk, Gtk
from ..gtkparts import GAP, box, guarded, icon_push, line, push, spoken, styled
from .canvas import PreviewCanvas
from .framestrip import FrameStrip

PRESSING = (Gdk.KEY_space, Gdk.KEY_Return, Gdk.KEY_KP_Enter)


class PreviewPane:
    """Shows what `preview.Preview` delivers: `widget`."""

    def __init__(self, refresh: Callable[[], Any], closer: Callable[[Optional[Point]], Any]) -> None:
        """`closer` is told of the spot that is to be seen in its own pixels, or of None for all of the picture."""
        self.canvas, self.strip = PreviewCanvas(closer), FrameStrip()
        self.caption = Caption(self.canvas.show_sentence, lambda: self.canvas.before is not None)
        about = tr("While this is pressed, or the picture, it is shown unpainted.")
        self.hold = push(tr("Hold to compare"), "d", about, lambda: None)
        self.hold.connect("pressed", guarded(lambda _: self.canvas.compare(True)))
        self.hold.connect("released", guarded(lambda _: self.canvas.compare(False)))
        self.hold.connect("mnemonic-activate", guarded(lambda *_: self._to_hold()))
        self.hold.connect("key-press-event", guarded(lambda _, event: self._on_key(event, True)))
        self.hold.connect("key-release-event", guarded(lambda _, event: self._on_key(event, False)))
        self.split = styled(Gtk.ToggleButton(label=split_words()[0]), "scumble-toggle")
        spoken(self.split, *split_words())
        self.split.connect("toggled", guarded(lambda button: self.canvas.hand.divide(button.get_active())))
        self.note = line("", "dim-label")
        self.again = icon_push(
            "view-refresh-symbolic", tr("Refresh"), tr("Read the layer and its selection again."), refresh
        )
        row = box()
        row.pack_start(self.hold, False, False, 0)
        row.pack_start(self.split, False, False, 0)
        row.pack_start(self.note, True, True, 0)
        row.pack_start(self.again, False, False, 0)
        self.widget = box(vertical=True, spacing=GAP)
        self.widget.pack_start(self.canvas.widget, True, True, 0)
        self.widget.pack_start(self.strip.widget, False, False, 0)
        self.widget.pack_start(row, False, False, 0)

    def _to_hold(self) -> bool:
        """Alt and its letter lead to the button; a click would let go at once."""
        self.hold.grab_focus()
        return True

    def _on_key(self, event: Any, down: bool) -> bool:
        """The keys that press a button hold it too."""
        if event.keyval not in PRESSING:
            return False
        self.canvas.compare(down)
        return True

    def take(self, picture: Any) -> None:
        """A painted picture has come."""
        self.caption.take_back()
        self.canvas.show_picture(picture)

    def sharpen(self, before: Any) -> None:
        """The untouched picture in more of its pixels."""
        self.canvas.sharpen(before)

    def fail(self, error: BaseException) -> None:
        """There is none, and why."""
        self.canvas.set_busy(False)
        self.caption.fail(explain(error))

    def set_busy(self, busy: bool) -> None:
        """Whether a picture is on its way."""
        self.canvas.set_busy(busy)

    def say(self, text: str) -> None:
        """A word under the picture, in place of any other."""
        self.note.set_text(text)

    def show_before(self, picture: Any, close: bool = False, scale: float = 1.0) -> None:
        """The untouched picture, which may be a close-up; None where there is none.

        `scale` is how many pixels of the layer one of the picture's is.
        """
        self.canvas.set_scale(close, scale)
        before = self.canvas.before
        same = before is not None and picture is not None and before.get_pixels() == picture.get_pixels()
        if not same:  # what is painted over it may stay
            self.canvas.show_before(picture)
        for button in (self.hold, self.split):
            button.set_sensitive(picture is not None)
