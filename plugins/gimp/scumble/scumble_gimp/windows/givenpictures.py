"""A picture that is dropped on the dialog, or pasted into it, becomes a style."""

from __future__ import annotations

from typing import Any, Callable

from ..wire.editor.given import keep_pasted, picture_among
from .gtklib import Gdk, Gtk
from .gtkparts import guarded

Take = Callable[[str], Any]
PASTE = (Gdk.KEY_v, Gdk.KEY_V)


def watch_for_pictures(window: Any, take: Take) -> None:
    """Call `take` with the path of each picture that is dropped on a window, or pasted where no text is typed."""
    window.drag_dest_set(Gtk.DestDefaults.ALL, [], Gdk.DragAction.COPY)
    window.drag_dest_add_uri_targets()
    window.connect("drag-data-received", guarded(lambda w, c, x, y, data, *_: _give(data.get_uris(), take)))
    window.connect("key-press-event", guarded(lambda w, event: _on_key(w, event, take)))


def _give(uris: Any, take: Take) -> bool:
    path = picture_among(uris or [])
    if path:
        take(path)
    return bool(path)


def _on_key(window: Any, event: Any, take: Take) -> bool:
    """Ctrl and V."""
    held = event.state & Gdk.ModifierType.CONTROL_MASK
    if not held or event.keyval not in PASTE or isinstance(window.get_focus(), Gtk.SearchEntry):
        return False
    clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
    if _give(clipboard.wait_for_uris(), take):
        return True
    picture = clipboard.wait_for_image()
    if picture is None:
        return False
    done, data = picture.save_to_bufferv("png", [], [])
    if done:
        take(keep_pasted(bytes(data)))
    return bool(done)
