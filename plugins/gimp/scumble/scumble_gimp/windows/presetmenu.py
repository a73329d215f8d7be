"""The button “Presets”, in GTK."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Optional

from ..texts import tr
from ..wire.editor.presetmenu import Item, PresetActions
from ..wire.request.recipe import Recipe
from .gtklib import Gtk
from .gtkparts import EDGE, GAP, box, guarded, marked, spoken


class PresetMenu:
    """Draws what `wire` offers: `widget`. `recipe` gives what is to be kept, `stored` what the layer holds.

    `chosen` is told of a recipe to be shown, `said` of what was done.
    """

    def __init__(
        self,
        recipe: Callable[[], Recipe],
        stored: Callable[[], Optional[Recipe]],
        chosen: Callable[[Recipe], Any],
        said: Callable[[str], Any],
    ) -> None:
        self.presets = PresetActions(recipe, stored, chosen, said, self._ask_name)
        self.widget = Gtk.MenuButton(label=marked(tr("Presets"), "p"), use_underline=True)
        self.widget.set_direction(Gtk.ArrowType.UP)
        self.widget.set_image(Gtk.Image.new_from_icon_name("pan-up-symbolic", Gtk.IconSize.MENU))
        self.widget.set_image_position(Gtk.PositionType.RIGHT)
        self.widget.set_always_show_image(True)
        spoken(self.widget, tr("Presets"), tr("Keep these settings under a name, or take up others."))
        self.menu = Gtk.Menu()
        self.widget.set_popup(self.menu)
        self.widget.connect("button-press-event", guarded(lambda *_: self.fill()))
        self.widget.connect("key-press-event", guarded(lambda *_: self.fill()))
        self.widget.connect("mnemonic-activate", guarded(lambda *_: self.fill()))
        guarded(self.fill)()

    def fill(self) -> None:
        """The menu anew: presets come and go."""
        for item in self.menu.get_children():
            item.destroy()
        for number, group in enumerate(self.presets.groups()):
            if number:
                self.menu.append(Gtk.SeparatorMenuItem())
            _add(self.menu, group)
        self.menu.show_all()

    def _ask_name(self) -> None:
        name = ask_name(self.widget.get_toplevel())
        if name:
            self.presets.save(name)


def _add(menu: Any, items: Iterable[Item]) -> None:
    for item in items:
        shown = Gtk.MenuItem(label=item.label, sensitive=item.enabled)
        if item.below:
            shown.set_submenu(Gtk.Menu())
            _add(shown.get_submenu(), item.below)
        elif item.act is not None:
            shown.connect("activate", guarded(lambda _, act=item.act: act()))
        menu.append(shown)


def ask_name(parent: Any) -> str:
    """The name of a preset; empty where it is not to be kept."""
    dialog = Gtk.Dialog(title=tr("Save as…"), transient_for=parent, modal=True, resizable=False)
    for label, answer in ((tr("Cancel"), Gtk.ResponseType.CANCEL), (tr("Save"), Gtk.ResponseType.OK)):
        dialog.add_button(label, answer)
    dialog.set_default_response(Gtk.ResponseType.OK)
    entry, column = Gtk.Entry(width_chars=28, activates_default=True), box(vertical=True, spacing=GAP)
    label = Gtk.Label(label=tr("Name of the preset:"), xalign=0.0, mnemonic_widget=entry)
    column.add(label)
    column.add(entry)
    column.set_border_width(EDGE)
    dialog.get_content_area().add(column)
    dialog.show_all()
    answer, name = dialog.run(), entry.get_text().strip()
    dialog.destroy()
    return str(name) if answer == Gtk.ResponseType.OK else ""
