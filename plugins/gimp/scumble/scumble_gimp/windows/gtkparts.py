"""Small parts of the dialogs: labels, buttons, names for those who listen, and callbacks that cannot fail."""

from __future__ import annotations

import functools
from typing import Any, Callable, List

from ..log import logger
from ..wire.protocol.errors import ScumbleError
from .gtklib import Gdk, GimpUi, Gtk, Pango

GAP, EDGE = 6, 12  # points between two widgets, and around them
STYLE = b"""
.scumble-pane { background-color: rgba(0, 0, 0, 0.22); border-radius: 6px; }
.scumble-pane:focus { box-shadow: inset 0 0 0 2px @theme_selected_bg_color; }
.scumble-card { background-color: alpha(currentColor, 0.04); border-radius: 6px; padding: 7px 8px; }
.scumble-card box, .scumble-card checkbutton, .scumble-card checkbutton label,
.scumble-card .scumble-flat:not(:hover) { background: none; border-color: transparent; }
.scumble-flat { padding: 1px 4px; min-height: 0; min-width: 0; }
.scumble-chip { background-color: rgba(0, 0, 0, 0.74); color: #ffffff; border-radius: 6px; padding: 6px 12px; }
.scumble-big { min-height: 32px; font-weight: bold; }
.scumble-small { font-size: 90%; }
.scumble-toggle:checked { background-image: none; background-color: #2f6fb5; color: #ffffff; }
.scumble-toggle:checked label { color: #ffffff; }
.scumble-switch button:checked { background-image: none; background-color: #2f6fb5; color: #ffffff; }
.scumble-switch button:checked label { color: #ffffff; font-weight: bold; }
.scumble-picture { padding: 2px; }
.scumble-busy trough, .scumble-busy progress { min-height: 3px; border: none; }
.scumble-busy trough { background: none; }
.scumble-thin trough, .scumble-thin progress { min-height: 4px; }
.scumble-progress trough, .scumble-progress progress { min-height: 8px; }
flowboxchild.scumble-cell { padding: 4px; border-radius: 6px; }
flowboxchild.scumble-cell:hover { background-color: alpha(currentColor, 0.08); }
flowboxchild.scumble-cell:selected { background-color: alpha(currentColor, 0.22); }
"""

Report = Callable[[BaseException], None]
_reporters: List[Report] = []
_dressed: List[Any] = []


def start_ui() -> None:
    """Make GTK look as GIMP does. Once for a process; more often does no harm."""
    if _dressed:
        return
    GimpUi.init("scumble")
    provider = Gtk.CssProvider()
    provider.load_from_data(STYLE)
    priority = Gtk.STYLE_PROVIDER_PRIORITY_APPLICATION
    Gtk.StyleContext.add_provider_for_screen(Gdk.Screen.get_default(), provider, priority)
    _dressed.append(provider)


def set_reporter(report: Report) -> None:
    """Whom callbacks tell of what went wrong."""
    _reporters[:] = [report]


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A callback that never raises: GTK would print it, and the user see nothing."""

    @functools.wraps(function)
    def call(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except Exception as e:
            if not isinstance(e, ScumbleError):
                logger.error("in a dialog: %s: %s", type(e).__name__, e, exc_info=e)
            for report in _reporters:
                report(e)
            return None

    return call


def spoken(widget: Any, name: str, help: str = "") -> Any:
    """Name a widget for those who hear it; `help` is its tooltip too. The widget."""
    accessible = widget.get_accessible()
    accessible.set_name(name)
    if help:
        accessible.set_description(help)
        widget.set_tooltip_text(help)
    return widget


def marked(text: str, letter: str) -> str:
    """`text` with the mark of GTK before the letter that reaches it with Alt; behind it, where it has none such."""
    plain = text.replace("_", "__")
    at = plain.casefold().find(letter.casefold())
    return f"{plain[:at]}_{plain[at:]}" if at >= 0 else f"{plain} (_{letter.upper()})"


def line(text: str = "", *classes: str) -> Any:
    """A label of one line, which is shortened where it does not fit; with GTK's style classes."""
    label = Gtk.Label(label=text, xalign=0.0, ellipsize=Pango.EllipsizeMode.END)
    return styled(label, *classes)


def words(text: str = "", *classes: str) -> Any:
    """A label of as many lines as it needs."""
    label = Gtk.Label(label=text, wrap=True, wrap_mode=Pango.WrapMode.WORD_CHAR, max_width_chars=44)
    label.set_justify(Gtk.Justification.CENTER)
    return styled(label, *classes)


def heading(text: str) -> Any:
    """A bold label over a group."""
    label = line(text)
    attributes = Pango.AttrList()
    attributes.insert(Pango.attr_weight_new(Pango.Weight.BOLD))
    label.set_attributes(attributes)
    return label


def styled(widget: Any, *classes: str) -> Any:
    """The widget with style classes."""
    for name in classes:
        widget.get_style_context().add_class(name)
    return widget


def push(text: str, letter: str, help: str, on_click: Callable[[], Any]) -> Any:
    """A button."""
    button = Gtk.Button.new_with_mnemonic(marked(text, letter) if letter else text)
    button.connect("clicked", guarded(lambda _: on_click()))
    spoken(button, text, help)
    return button


def icon_push(icon: str, name: str, help: str, on_click: Callable[[], Any]) -> Any:
    """A flat button with one of GIMP's icons."""
    button = Gtk.Button.new_from_icon_name(icon, Gtk.IconSize.MENU)
    styled(button, "scumble-flat").set_relief(Gtk.ReliefStyle.NONE)
    button.connect("clicked", guarded(lambda _: on_click()))
    return spoken(button, name, help or name)


def box(vertical: bool = False, spacing: int = GAP) -> Any:
    """An empty row, or column."""
    orientation = Gtk.Orientation.VERTICAL if vertical else Gtk.Orientation.HORIZONTAL
    return Gtk.Box(orientation=orientation, spacing=spacing)
