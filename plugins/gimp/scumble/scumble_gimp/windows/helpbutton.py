"""The manual: by F1 anywhere in the dialog, and by a button."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

from ..gimplib import GLib
from ..wire.editor.manual import NAME, manual_words, not_shown
from .gtklib import Gdk, Gtk
from .gtkparts import guarded, push, styled

MANUAL = Path(__file__).resolve().parents[1] / NAME


def help_button(say: Callable[[str], object]) -> Any:
    """The button. `say` gets what is to be told where no browser opens."""
    label, about = manual_words()
    button = push(label, "h", about, lambda: show_manual(say))
    styled(button, "scumble-flat").set_relief(Gtk.ReliefStyle.NONE)
    return button


def show_on_f1(window: Any, say: Callable[[str], object]) -> None:
    """Let F1 show it too, in place of GIMP's own help, which knows nothing of this dialog."""
    window.connect("key-press-event", guarded(lambda _, event: _on_key(event, say)))


def _on_key(event: Any, say: Callable[[str], object]) -> bool:
    if event.keyval != Gdk.KEY_F1:
        return False
    show_manual(say)
    return True


def show_manual(say: Callable[[str], object]) -> None:
    """Show it in the browser."""
    try:
        shown = Gtk.show_uri_on_window(None, MANUAL.as_uri(), Gdk.CURRENT_TIME)
    except GLib.Error:
        shown = False
    if not shown:
        say(not_shown(MANUAL))
