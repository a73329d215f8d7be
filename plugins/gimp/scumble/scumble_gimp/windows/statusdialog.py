"""Filters ▸ Scumble ▸ View Engine…: how the engine is, kept up to date, and what can be done about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Optional

from gi.repository import Gio

from ..gimplib import GLib
from ..log import log_path
from ..model.status import Lines, as_text, state_of, status_lines
from ..texts import tr
from ..wire.editor.link import Link
from ..wire.protocol.errors import ScumbleError
from .gtklib import Gdk, GimpUi, Gtk, Pango
from .installwindow import InstallOffer

TICK_MS, ASK_MS = 40, 1000
START, STOP, COPY, LOGS = 1, 2, 3, 4  # responses
COLORS = {"ready": "#4e9a06", "starting": "#c4a000", "wrong": "#cc0000", "off": "#888a85"}
WIDTH = 56  # characters of a line


def show_status(link: Link) -> str:
    """Show the window until it is closed; the text that it showed last."""
    GimpUi.init("scumble")
    window = StatusDialog(link)
    try:
        return window.run()
    finally:
        window.close()


class StatusDialog:
    """The window. Looks for the engine at once, and starts it only when told to."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self._answer: Optional[Dict[str, Any]] = None
        self._shown: Lines = []
        self._asked = False
        self.dialog = GimpUi.Dialog(title=tr("Scumble: Engine Status"), role="scumble-status")
        buttons = {COPY: tr("_Copy"), LOGS: tr("Show Lo_gs"), STOP: tr("S_top"), START: tr("_Start")}
        self._buttons = {number: self.dialog.add_button(label, number) for number, label in buttons.items()}
        self.dialog.add_button(tr("C_lose"), Gtk.ResponseType.CLOSE)
        self.dialog.set_default_response(Gtk.ResponseType.CLOSE)
        self.dialog.set_resizable(False)
        self.dialog.set_position(Gtk.WindowPosition.CENTER)
        GimpUi.window_set_transient(self.dialog)
        self.install = InstallOffer(link)
        self._fill(self.dialog.get_content_area())
        link.start(launch=False)
        self._show()
        self._timers = [GLib.timeout_add(TICK_MS, self._tick), GLib.timeout_add(ASK_MS, self._ask)]

    def run(self) -> str:
        """Until it is closed; the last text."""
        while True:
            response = self.dialog.run()
            if response not in self._buttons:
                return as_text(self._shown)
            self._do(response)
            self._show()

    def close(self) -> None:
        """Take the window down."""
        for timer in self._timers:
            GLib.source_remove(timer)
        self.install.end()
        self.dialog.destroy()

    def _fill(self, area: Any) -> None:
        self._head = Gtk.Label(xalign=0.0, wrap=True, max_width_chars=WIDTH, width_chars=WIDTH)
        self._grid = Gtk.Grid(row_spacing=6, column_spacing=12)
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=12, border_width=12)
        box.pack_start(self._head, False, False, 0)
        box.pack_start(self.install.button, False, False, 0)
        box.pack_start(Gtk.Separator(), False, False, 0)
        box.pack_start(self._grid, False, False, 0)
        box.show_all()
        area.pack_start(box, True, True, 0)

    # what goes on

    def _tick(self) -> bool:
        self.link.tick()
        if self.link.state != "ready":
            self._answer, self._asked = None, False
        elif not self._asked:
            self._ask()
        self._show()
        return True

    def _ask(self) -> bool:
        if self.link.state == "ready":
            self._asked = True
            self.link.ask("status", self._take, self._fail)
        return True

    def _take(self, answer: Dict[str, Any]) -> None:
        self._answer = answer

    def _fail(self, error: ScumbleError) -> None:
        self._answer = None

    def _do(self, response: int) -> None:
        if response == START:
            self.link.start()
        elif response == STOP:
            self.link.shutdown(now=True)
        elif response == COPY:
            clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
            clipboard.set_text(as_text(self._shown), -1)
            clipboard.store()
        elif response == LOGS:
            self._open_logs()

    def _open_logs(self) -> None:
        path = log_path()
        if path is not None:
            try:
                Gio.AppInfo.launch_default_for_uri(Path(path).parent.as_uri(), None)
            except GLib.Error:  # no program for folders: the path stands in the window
                self._buttons[LOGS].set_sensitive(False)

    # what is shown

    def _show(self) -> None:
        lines = status_lines(self.link, self._answer)
        self.install.show()
        self._buttons[START].set_sensitive(self.link.state == "off")
        self._buttons[STOP].set_sensitive(self.link.state == "ready")
        self._buttons[STOP].set_label(tr("Disconnec_t") if self.link.remote else tr("S_top"))
        if lines == self._shown:
            return
        self._shown = lines
        state, more = map(GLib.markup_escape_text, state_of(self.link, self._answer))
        self._head.set_markup(f'<span foreground="{self._color()}">●</span>  <b>{state}</b> {more}'.rstrip())
        for child in self._grid.get_children():
            self._grid.remove(child)
        for row, (name, text) in enumerate(lines[1:]):
            self._grid.attach(_label(name, dim=True), 0, row, 1, 1)
            self._grid.attach(_label(text, selectable=True), 1, row, 1, 1)
        self._grid.show_all()

    def _color(self) -> str:
        if self.link.state != "off":
            return COLORS[self.link.state]
        return COLORS["wrong" if self.link.error is not None else "off"]


def _label(text: str, dim: bool = False, selectable: bool = False) -> Any:
    label = Gtk.Label(label=text, xalign=0.0, yalign=0.0, wrap=True, selectable=selectable, max_width_chars=WIDTH)
    label.set_line_wrap_mode(Pango.WrapMode.WORD_CHAR)  # a path has no blanks
    label.set_can_focus(False)
    if dim:
        label.get_style_context().add_class("dim-label")
    return label
