"""Variations in a real Krita, with a real engine, by mouse and keys: six pictures, one looked at, one taken."""

from __future__ import annotations

from .test_dialog import cat, open_dialog, photograph

__all__ = ["cat"]

SESSION = "dialog().varying.session"


def test_a_walk_between_two_styles_is_looked_at_and_taken(cat):
    open_dialog(cat, first=False)
    cat.run("dialog().parts.form.editor('method').put('fast'); dialog().ask_soon()")
    cat.wait("picture() and dialog().preview.previews.settled")
    cat.click_widget("dialog().parts.vary")
    cat.click_widget("dialog().parts.variations.tabs.buttons()[2]")
    cat.wait(f"len({SESSION}.pictures) == 6")
    seen = cat.get("picture()")
    cat.run("dialog().parts.variations.grid.setFocus()")
    cat.display.key("Right")
    cat.wait(f"picture() != {seen}")
    cat.display.key("Down")
    cat.wait("dialog().parts.variations.grid.currentRow() == 3")
    photograph(cat, "dialog-walk")
    cat.display.key("Return")
    cat.wait("not dialog().varying.open")
    assert cat.get("[[s.name, s.weight] for s in dialog().recipe().styles]")[0] == ["starry-night", 0.33]

    cat.click_widget("dialog().parts.vary")
    cat.wait("dialog().varying.open")
    cat.display.key("Escape")
    cat.wait("not dialog().varying.open")
    assert cat.get(f"{SESSION}.painting.settled")  # given up at once
    cat.wait("dialog().preview.previews.settled")
