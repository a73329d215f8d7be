"""The menu of presets, whatever draws it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scumble.wire import Recipe, ScumbleError, StyleChoice
from scumble.wire.editor.presetmenu import PresetActions
from scumble.wire.request.presets import list_presets, save_preset

SKY = Recipe({"strength": 0.4}, (StyleChoice(name="starry-night"),))


class Dialog:
    """What the menu is told by, and tells."""

    def __init__(self) -> None:
        self.set, self.stored = SKY, SKY
        self.chosen: list[Recipe] = []
        self.said: list[str] = []
        self.asked = 0
        self.menu = PresetActions(lambda: self.set, lambda: self.stored, self.chosen.append, self.said.append, self.ask)

    def ask(self) -> None:
        self.asked += 1

    def items(self) -> list[list[str]]:
        return [[item.label for item in group] for group in self.menu.groups()]

    def press(self, *labels: str) -> None:
        """Choose an entry, or one below it."""
        items: Any = [item for group in self.menu.groups() for item in group]
        for label in labels:
            item = next(i for i in items if i.label == label)
            items = item.below
        assert item.act is not None and item.enabled
        item.act()


@pytest.fixture
def dialog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dialog:
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path))
    return Dialog()


def test_without_presets_there_is_nothing_to_delete(dialog: Dialog) -> None:
    assert dialog.items() == [["Settings of this layer"], ["Save as…"]]


def test_presets_come_and_go(dialog: Dialog) -> None:
    dialog.menu.save("Sky & sea")
    save_preset("Autumn", Recipe({}, SKY.styles))
    assert dialog.items() == [["Settings of this layer"], ["Autumn", "Sky & sea"], ["Save as…", "Delete"]]
    dialog.press("Autumn")
    dialog.press("Delete", "Sky & sea")
    assert dialog.chosen == [Recipe({}, SKY.styles)] and list_presets() == ["Autumn"]
    assert dialog.said == ["Saved: Sky & sea", "Deleted: Sky & sea"]


def test_the_settings_of_a_layer_are_taken_up_where_there_are_any(dialog: Dialog) -> None:
    dialog.press("Settings of this layer")
    assert dialog.chosen == [SKY]
    dialog.stored = None  # type: ignore[assignment]
    assert dialog.menu.groups()[0][0].enabled is False


def test_what_cannot_be_run_is_not_kept(dialog: Dialog) -> None:
    dialog.press("Save as…")
    assert dialog.asked == 1
    dialog.set = Recipe()
    with pytest.raises(ScumbleError, match="style"):
        dialog.press("Save as…")
    assert dialog.asked == 1


def test_a_preset_that_went_meanwhile_is_missed(dialog: Dialog) -> None:
    with pytest.raises(ScumbleError) as e:
        dialog.menu.load("Gone")
    assert e.value.code == "preset-missing" and dialog.chosen == []
