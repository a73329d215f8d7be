"""A mask painted in a real Krita: a layer for it, what is said, the same layer still painted, hidden after OK."""

from __future__ import annotations

from .test_dialog import cat, open_dialog, photograph

__all__ = ["cat"]

ROW = "dialog().parts.rows.rows[0]"


def test_a_layer_is_made_to_paint_a_mask_on(cat):
    open_dialog(cat, first=False)
    cat.run("dialog().parts.form.editor('method').put('fast'); dialog().ask_soon()")
    cat.wait("picture() and dialog().preview.previews.settled")
    seen = cat.get("picture()")
    cat.run(f"""
        combo = {ROW}.mask.combo
        at = [combo.itemText(i) for i in range(combo.count())].index("Paint a mask…")
        combo.setCurrentIndex(at); combo.activated.emit(at)
    """)
    cat.wait("len(names()) == 2")
    assert cat.get("names()[1]") == "Mask: The Starry Night"
    cat.wait("document.activeNode().name() == names()[1]")
    cat.wait("'in any colour' in dialog().parts.pane.canvas.sentence")
    photograph(cat, "dialog-mask-empty")
    cat.run("""
        mask = document.nodeByName(names()[1])
        mask.setPixelData(bytes((30, 30, 200, 255)) * (225 * 300), 0, 0, 225, 300)
        document.refreshProjection(); document.waitForDone()
        dialog().look_again()
    """)
    cat.wait(f"picture() not in (0, {seen}) and dialog().preview.previews.settled")
    assert cat.get("dialog().preview.target[0]") == "Background"  # not the layer that was painted on
    image = "dialog().parts.pane.canvas.{}.pixelColor({}, 120).name()"
    before, after = (cat.get(f"[{image.format(w, 60)}, {image.format(w, 360)}]") for w in ("before", "picture"))
    assert before[0] != after[0]
    photograph(cat, "dialog-mask-painted")
    cat.click_widget("dialog().parts.ok")
    cat.wait("len(names()) == 3", 60)
    assert cat.get("not mask.visible()")
