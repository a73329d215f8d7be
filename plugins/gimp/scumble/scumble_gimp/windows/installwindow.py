"""“Install the engine…”: where it is missing, a window that brings it, over the dialog or the engine's status."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from ..gimplib import GLib
from ..wire.editor.installing.installation import Installation
from ..wire.editor.installing.labels import labels
from ..wire.editor.installing.sources import installing_helps
from ..wire.editor.link import Link
from .gtklib import Gdk, Gtk
from .gtkparts import EDGE, box, guarded, push, spoken, styled, words
from .helpbutton import help_button, show_on_f1

PLUGIN = Path(__file__).resolve().parents[2]
WIDTH, CHARS, TICK_MS = 460, 60, 100


class InstallWindow:
    """Says what will be done, does it when told to, and starts the engine then. Closed, it goes on unseen."""

    def __init__(self, link: Link, parent: Any) -> None:
        self._link = link
        self.installation = Installation(PLUGIN)
        self.window = Gtk.Window(
            title=labels().window,
            modal=True,
            transient_for=parent,
            destroy_with_parent=True,
            resizable=False,
            window_position=Gtk.WindowPosition.CENTER_ON_PARENT,
        )
        self.words, self.detail, self.bar = words(), words("", "dim-label"), styled(Gtk.ProgressBar(), "scumble-thin")
        self.begin = push(labels().install, "i", "", self._begin)
        self.away = push(labels().close, "c", "", self._on_away)
        self._lay_out()
        self.window.connect("delete-event", guarded(lambda *_: self.close()))
        self.window.connect("key-press-event", guarded(self._on_key))
        show_on_f1(self.window, self.detail.set_text)
        self._timer = GLib.timeout_add(TICK_MS, self._tick)
        self._show()

    def _lay_out(self) -> None:
        column, foot = box(vertical=True, spacing=EDGE), box()
        for label in (self.words, self.detail):
            label.set_xalign(0.0)
            label.set_justify(Gtk.Justification.LEFT)
            label.set_width_chars(CHARS)
            label.set_max_width_chars(CHARS)
        self.words.set_selectable(True)  # a command in it is to be copied
        self.words.set_can_focus(False)
        for part in (self.bar, self.detail, self.begin):
            part.set_no_show_all(True)
        spoken(self.bar, labels().window)
        foot.pack_start(help_button(self.detail.set_text), False, False, 0)
        foot.pack_end(self.begin, False, False, 0)
        foot.pack_end(self.away, False, False, 0)
        for part in (self.words, self.bar, self.detail):
            column.pack_start(part, False, False, 0)
        column.pack_end(foot, False, False, 0)
        column.set_border_width(EDGE)
        column.set_size_request(WIDTH, -1)
        self.window.add(column)
        self.begin.set_can_default(True)
        self.window.set_default(self.begin)

    def show(self) -> None:
        """Bring it to the front."""
        self.window.show_all()
        self.window.present()

    def close(self) -> bool:
        """Put it away; what is installed goes on."""
        self.window.hide()
        return True

    def end(self) -> None:
        """Whoever opened it ends; the installer goes on by itself."""
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0
        self.window.destroy()

    def _begin(self) -> None:
        self.installation.begin()
        if not self._timer:
            self._timer = GLib.timeout_add(TICK_MS, self._tick)
        self._show()

    def _on_away(self) -> None:
        if self.installation.state == "running":
            self.installation.cancel()
            self._show()
        else:
            self.close()

    def _tick(self) -> bool:
        self._move()
        return bool(self._timer)

    @guarded
    def _move(self) -> None:
        if self.installation.tick():
            self._show()
            self.bar.pulse()
        if self.installation.ended:
            self._timer = 0
            if self.installation.state == "done":
                self._link.start()

    def _show(self) -> None:
        """Take over where the installation is."""
        now, running = self.installation, self.installation.state == "running"
        self.words.set_text(now.heading)
        self.detail.set_text(now.detail)
        self.detail.set_visible(bool(now.detail) or running)
        self.bar.set_visible(not now.ended)
        self.begin.set_label(labels().install if now.state in ("looking", "ready", "running") else labels().again)
        self.begin.set_visible(now.may_begin or now.state in ("looking", "running"))
        self.begin.set_sensitive(now.may_begin)
        self.away.set_label(labels().cancel if running else labels().close)
        self.away.set_sensitive(not now.cancelling)

    def _on_key(self, widget: Any, event: Any) -> bool:
        return self.close() if event.keyval == Gdk.KEY_Escape else False


class InstallOffer:
    """The button that opens the window, there where the engine is missing: `button`."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.window: Optional[InstallWindow] = None
        self.button = push(labels().open, "", labels().open_help, self.open)
        self.button.set_halign(Gtk.Align.START)
        self.button.set_no_show_all(True)

    def show(self) -> None:
        """Show the button, or put it away, as the engine is now."""
        self.button.set_visible(self._link.state == "off" and installing_helps(self._link.error))

    def open(self) -> None:
        """The window, in front; a new one unless an installation runs."""
        if self.window is not None and self.window.installation.ended:
            self.end()
        if self.window is None:
            self.window = InstallWindow(self._link, self.button.get_toplevel())
        self.window.show()

    def end(self) -> None:
        """The dialog that shows the button ends."""
        if self.window is not None:
            self.window.end()
            self.window = None
