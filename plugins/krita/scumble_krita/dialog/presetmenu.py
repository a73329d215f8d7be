"""The button “Presets”, in Qt."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Optional

from ..guard import guarded
from ..qt import QInputDialog, QMenu, QPushButton, Signal
from ..texts import tr
from ..widgets import PADDING, named
from ..wire.editor.presetmenu import Item, PresetActions
from ..wire.request.recipe import Recipe


class PresetMenu(QPushButton):
    """Draws what `wire` offers. `recipe` gives what is to be kept, `stored` what the active layer holds."""

    chosen = Signal(object)  # a Recipe
    said = Signal(str)

    def __init__(self, recipe: Callable[[], Recipe], stored: Callable[[], Optional[Recipe]]) -> None:
        super().__init__(tr("Presets"))
        self.presets = PresetActions(recipe, stored, self.chosen.emit, self.said.emit, self._ask_name)
        self.setAutoDefault(False)
        named(self, tr("Presets"), tr("Keep these settings under a name, or take up others."))
        menu = QMenu(self)
        menu.aboutToShow.connect(guarded(self.fill))
        self.setMenu(menu)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(self.text()) + 3 * PADDING)

    def fill(self) -> None:
        """The menu anew: presets come and go."""
        groups, menu = self.presets.groups(), self.menu()
        menu.clear()
        for number, group in enumerate(groups):
            if number:
                menu.addSeparator()
            _add(menu, group)

    def _ask_name(self) -> None:
        box = QInputDialog(self.window())
        box.setWindowTitle(tr("Save as…"))
        box.setLabelText(tr("Name of the preset:"))
        box.textValueSelected.connect(guarded(self.presets.save))
        box.open()


def _add(menu: Any, items: Iterable[Item]) -> None:
    for item in items:
        label = item.label.replace("&", "&&")  # a menu takes & as a mark
        if item.below:
            _add(menu.addMenu(label), item.below)
        elif item.act is not None:
            action = menu.addAction(label)
            action.setEnabled(item.enabled)
            action.triggered.connect(guarded(item.act))
