"""The button “Presets”: recipes under names, and the settings that painted the active layer."""

from __future__ import annotations

from functools import partial
from typing import Callable, Optional

from ..guard import guarded
from ..qt import QInputDialog, QMenu, QPushButton, Signal
from ..texts import tr
from ..widgets import PADDING, named
from ..wire import presets
from ..wire.recipe import Recipe


class PresetMenu(QPushButton):
    """Loads, keeps and deletes presets. `recipe` gives what is to be kept, `stored` what the active layer holds."""

    chosen = Signal(object)  # a Recipe
    said = Signal(str)

    def __init__(self, recipe: Callable[[], Recipe], stored: Callable[[], Optional[Recipe]]) -> None:
        super().__init__(tr("Presets"))
        self._recipe, self._stored = recipe, stored
        self.setAutoDefault(False)
        named(self, tr("Presets"), tr("Keep these settings under a name, or take up others."))
        menu = QMenu(self)
        menu.aboutToShow.connect(guarded(self.fill))
        self.setMenu(menu)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(self.text()) + 3 * PADDING)

    def fill(self) -> None:
        """The menu anew: presets come and go."""
        menu, names, stored = self.menu(), presets.list_presets(), self._stored()
        menu.clear()
        layer = menu.addAction(tr("Settings of this layer"))
        layer.setEnabled(stored is not None)
        layer.triggered.connect(guarded(lambda: self.chosen.emit(stored)))
        menu.addSeparator()
        for name in names:
            menu.addAction(_safe(name)).triggered.connect(guarded(partial(self.load, name)))
        if names:
            menu.addSeparator()
        menu.addAction(tr("Save as…")).triggered.connect(guarded(self._save_as))
        if names:
            delete = menu.addMenu(tr("Delete"))
            for name in names:
                delete.addAction(_safe(name)).triggered.connect(guarded(partial(self.remove, name)))

    def load(self, name: str) -> None:
        """Take up a preset."""
        self.chosen.emit(presets.load_preset(name))

    def save(self, name: str) -> None:
        """Keep what is set now under a name."""
        presets.save_preset(name, self._recipe())
        self.said.emit(tr("Saved: {name}").format(name=name))

    def remove(self, name: str) -> None:
        """Delete a preset."""
        presets.remove_preset(name)
        self.said.emit(tr("Deleted: {name}").format(name=name))

    def _save_as(self) -> None:
        self._recipe().check()
        box = QInputDialog(self.window())
        box.setWindowTitle(tr("Save as…"))
        box.setLabelText(tr("Name of the preset:"))
        box.textValueSelected.connect(guarded(self.save))
        box.open()


def _safe(name: str) -> str:
    """A menu takes & as a mark."""
    return name.replace("&", "&&")
