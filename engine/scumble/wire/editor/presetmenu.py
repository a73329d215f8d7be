"""The menu “Presets”, whatever draws it: recipes under names, and the settings that painted the layer."""

from __future__ import annotations

from functools import partial
from typing import Callable, List, NamedTuple, Optional, Sequence

from ..request import presets
from ..request.recipe import Recipe
from ..words.translation import tr


class Item(NamedTuple):
    """One entry: what it says and does, or the entries below it."""

    label: str
    act: Optional[Callable[[], None]] = None
    enabled: bool = True
    below: Sequence[Item] = ()


class PresetActions:
    """What the menu does. `recipe` gives what is to be kept, `stored` what the layer holds.

    `chosen` is told of a recipe to be shown, `said` of what was done, `ask` asks for a name and calls `save`.
    """

    def __init__(
        self,
        recipe: Callable[[], Recipe],
        stored: Callable[[], Optional[Recipe]],
        chosen: Callable[[Recipe], object],
        said: Callable[[str], object],
        ask: Callable[[], object],
    ) -> None:
        self._recipe, self._stored, self._chosen, self._said, self._ask = recipe, stored, chosen, said, ask

    def groups(self) -> List[List[Item]]:
        """The entries as they are now, in groups with lines between them. Raises what `list_presets` raises."""
        names, stored = presets.list_presets(), self._stored()
        layer = Item(tr("Settings of this layer"), partial(self._adopt, stored), stored is not None)
        keep = Item(tr("Save as…"), self._save_as)
        if not names:
            return [[layer], [keep]]
        delete = Item(tr("Delete"), below=[Item(name, partial(self.remove, name)) for name in names])
        return [[layer], [Item(name, partial(self.load, name)) for name in names], [keep, delete]]

    def load(self, name: str) -> None:
        """Take up a preset. Raises what `load_preset` raises."""
        self._chosen(presets.load_preset(name))

    def save(self, name: str) -> None:
        """Keep what is set now under a name. Raises what `save_preset` raises."""
        presets.save_preset(name, self._recipe())
        self._said(tr("Saved: {name}").format(name=name))

    def remove(self, name: str) -> None:
        """Delete a preset. Raises what `remove_preset` raises."""
        presets.remove_preset(name)
        self._said(tr("Deleted: {name}").format(name=name))

    def _adopt(self, recipe: Optional[Recipe]) -> None:
        if recipe is not None:
            self._chosen(recipe)

    def _save_as(self) -> None:
        """What cannot be run is not kept either."""
        self._recipe().check()
        self._ask()
