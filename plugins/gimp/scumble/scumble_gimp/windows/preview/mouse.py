"""Mouse and keyboard over the preview, told to the hand that both editors share."""

from __future__ import annotations

from typing import Any

from ...texts import tr
from ...wire.editor.preview.hand import Hand
from ...wire.editor.preview.labels import about_preview
from ...wire.editor.preview.view import Point
from ..gtklib import Gdk
from ..gtkparts import EDGE, guarded, spoken

LEFT, MIDDLE = 1, 2  # buttons
SEEN = ("BUTTON_PRESS", "BUTTON_RELEASE", "POINTER_MOTION", "SCROLL", "SMOOTH_SCROLL", "KEY_PRESS", "KEY_RELEASE")
KEYS = {
    Gdk.KEY_plus: "+",
    Gdk.KEY_KP_Add: "+",
    Gdk.KEY_equal: "=",
    Gdk.KEY_minus: "-",
    Gdk.KEY_KP_Subtract: "-",
    Gdk.KEY_0: "0",
    Gdk.KEY_KP_0: "0",
    Gdk.KEY_1: "1",
    Gdk.KEY_KP_1: "1",
    Gdk.KEY_space: "space",
    Gdk.KEY_Left: "left",
    Gdk.KEY_Right: "right",
    Gdk.KEY_Up: "up",
    Gdk.KEY_Down: "down",
}


def follow(widget: Any, hand: Hand) -> None:
    """Tell `hand` what happens over `widget` (an event box), which can have the keyboard's focus."""
    for name in SEEN:
        widget.add_events(getattr(Gdk.EventMask, f"{name}_MASK"))
    widget.set_can_focus(True)
    spoken(widget, tr("Preview"))
    widget.get_accessible().set_description(about_preview())
    widget.connect("button-press-event", guarded(lambda w, event: _on_press(w, event, hand)))
    widget.connect("button-release-event", guarded(lambda *_: hand.release()))
    widget.connect("motion-notify-event", guarded(lambda w, event: _on_motion(w, event, hand)))
    widget.connect("scroll-event", guarded(lambda _, event: _on_scroll(event, hand)))
    widget.connect("key-press-event", guarded(lambda _, event: hand.key(KEYS.get(event.keyval, ""))))
    widget.connect("key-release-event", guarded(lambda _, event: hand.key_up(KEYS.get(event.keyval, ""))))
    widget.connect("focus-out-event", guarded(lambda *_: hand.release()))


def _at(event: Any) -> Point:
    """Where the mouse is in the room of the picture."""
    return event.x - EDGE, event.y - EDGE


def _on_press(widget: Any, event: Any, hand: Hand) -> bool:
    widget.grab_focus()
    if event.type == Gdk.EventType.DOUBLE_BUTTON_PRESS and event.button == LEFT:
        hand.double(_at(event))
    elif event.type == Gdk.EventType.BUTTON_PRESS and event.button in (LEFT, MIDDLE):
        hand.press(_at(event), event.button == MIDDLE)
    return True


def _on_motion(widget: Any, event: Any, hand: Hand) -> None:
    hand.drag(_at(event))
    near = hand.near_line(_at(event))
    cursor = Gdk.Cursor.new_from_name(widget.get_display(), "ew-resize") if near else None
    widget.get_window().set_cursor(cursor)


def _on_scroll(event: Any, hand: Hand) -> bool:
    smooth, _, dy = event.get_scroll_deltas()
    clicks = -dy if smooth else {Gdk.ScrollDirection.UP: 1.0, Gdk.ScrollDirection.DOWN: -1.0}.get(event.direction, 0.0)
    if clicks:
        hand.wheel(clicks, _at(event))
    return True
