"""The preview in a real Krita, by mouse and keys: zoom, pan, a close-up in the layer's own pixels, the line."""

from __future__ import annotations

from .test_dialog import cat, open_dialog, photograph

__all__ = ["cat"]

HAND = "dialog().parts.pane.canvas.hand"


def middle(krita):
    x, y, width, height = krita.box_of("dialog().parts.pane.canvas")
    return x + width // 2, y + height // 2


def test_zoom_pan_a_close_up_and_the_line(cat):
    open_dialog(cat, first=False)
    cat.run("dialog().parts.form.editor('method').put('fast'); dialog().ask_soon()")
    cat.wait("picture() and dialog().preview.previews.settled")
    x, y = middle(cat)
    cat.display.click(x, y, button=4, times=3)  # the wheel, forward
    cat.wait(f"{HAND}.view.zoom > 1.9")
    photograph(cat, "preview-zoomed")
    before = cat.get(f"{HAND}.view.place()[0]")
    cat.display.drag((x, y), (x + 60, y))
    cat.wait(f"abs({HAND}.view.place()[0] - {before} - 60) < 8")
    cat.wait(f"not {HAND}.comparing")

    cat.display.key("0")
    cat.wait(f"{HAND}.view.fitted")
    seen = cat.get("picture()")
    cat.display.click(x, y, times=2)
    cat.wait(f"{HAND}.close and picture() not in (0, {seen}) and dialog().preview.previews.settled")
    assert cat.get("dialog().preview.scale") == 1.0  # the layer's own pixels, and no more of them than fit
    assert cat.get("dialog().preview.before.width()") < 451 and cat.get("dialog().preview.before.height()") <= 300
    assert cat.get("list(dialog().preview.sizes()[0])") == [451, 300]  # OK paints all of it nevertheless
    photograph(cat, "preview-close-up")

    cat.click_widget("dialog().parts.pane.split")
    x, y = middle(cat)
    cat.display.drag((x, y), (x - 100, y))
    cat.wait(f"{HAND}.line < 0.4")
    photograph(cat, "preview-line")

    cat.run("dialog().parts.pane.canvas.setFocus()")
    cat.display.xdotool("keydown", "space")
    cat.wait(f"{HAND}.comparing")
    photograph(cat, "preview-before")
    cat.display.xdotool("keyup", "space")
    cat.wait(f"not {HAND}.comparing")
    cat.display.click(x + 30, y + 30, times=2)
    cat.wait(f"not {HAND}.close and dialog().preview.before.width() == 384")
