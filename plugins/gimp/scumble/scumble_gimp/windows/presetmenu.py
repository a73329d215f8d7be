"""The button “Presets”: recipes under names, and the settings that painted the layer."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable, List, Optional, Tuple

from ..texts import tr
from ..wire import presets
from ..wire.recipe import Recipe
from .gtklib import Gtk
from .gtkparts import EDGE, GAP, box, guarded, marked, spoken

Entries = List[Tuple[str, Optional[Callable[[], Any]]]]


class PresetMenu:
    """Loads, keeps and deletes presets: `widget`. `recipe` gives what is to be kept, `stored` what the layer holds.

    `chosen` is told of a recipe to be shown, `said` of what was done.
    """

    def __init__(
        self,
        recipe: Callable[[], Recipe],
        stored: Callable[[], Optional[Recipe]],
        chosen: Callable[[Recipe], Any],
        said: Callable[[str], Any],
    ) -> None:
        self._recipe, self._stored, self._chosen, self._said = recipe, stored, chosen, said
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
        names, stored = presets.list_presets(), self._stored()
        self._add(tr("Settings of this layer"), lambda: self._chosen(stored or Recipe()), stored is not None)
        self.menu.append(Gtk.SeparatorMenuItem())
        for name in names:
            self._add(name, partial(self.load, name))
        if names:
            self.menu.append(Gtk.SeparatorMenuItem())
        self._add(tr("Save as…"), self._save_as)
        if names:
            self._add_delete(names)
        self.menu.show_all()

    def load(self, name: str) -> None:
        """Take up a preset."""
        self._chosen(presets.load_preset(name))

    def save(self, name: str) -> None:
        """Keep what is set now under a name."""
        presets.save_preset(name, self._recipe())
        self._said(tr("Saved: {name}").format(name=name))

    def remove(self, name: str) -> None:
        """Delete a preset."""
        presets.remove_preset(name)
        self._said(tr("Deleted: {name}").format(name=name))

    def _add(self, label: str, act: Callable[[], Any], enabled: bool = True, menu: Any = None) -> Any:
        item = Gtk.MenuItem(label=label, sensitive=enabled)
        item.connect("activate", guarded(lambda _: act()))
        (menu or self.menu).append(item)
        return item

    def _add_delete(self, names: List[str]) -> None:
        item, below = Gtk.MenuItem(label=tr("Delete")), Gtk.Menu()
        for name in names:
            self._add(name, partial(self.remove, name), menu=below)
        item.set_submenu(below)
        self.menu.append(item)

    def _save_as(self) -> None:
        self._recipe().check()
        name = ask_name(self.widget.get_toplevel())
        if name:
            self.save(name)


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
