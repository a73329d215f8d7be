"""What the engine finds is made a layer in a real Krita: chosen, painted on further, taken back by one step."""

from __future__ import annotations

from .test_dialog import cat, open_dialog, photograph

__all__ = ["cat"]

ROW = "dialog().parts.rows.rows[0]"
LANDSCAPE = """
def landscape(width, height):
    image = QtGui.QImage(width, height, QtGui.QImage.Format.Format_ARGB32)
    for y in range(height):
        for x in range(width):
            sky = y < height // 2
            noise = (x * 7919 + y * 104729) % 61 - 30
            image.setPixel(x, y, QtGui.qRgba(*((120 + y // 3, 170 + y // 4, 230) if sky else
                (70 + noise, 85 + noise, 45 + noise)), 255))
    data = image.constBits().asstring(width * height * 4)
    document.activeNode().setPixelData(data, 0, 0, width, height)
    document.refreshProjection(); document.waitForDone()
    return True

def choose(text):
    combo = dialog().parts.rows.rows[0].mask.combo
    at = [combo.itemText(i) for i in range(combo.count())].index(text)
    combo.setCurrentIndex(at); combo.activated.emit(at)

def painted_at(x, y):
    b, p = dialog().parts.pane.canvas.before, dialog().parts.pane.canvas.picture
    box, scale = dialog().preview._whole.box, dialog().preview.scale
    at = (round((x - box.x) / scale), round((y - box.y) / scale))
    return b.pixelColor(*at).name() != p.pixelColor(*at).name()

def alpha(x, y):
    return document.nodeByName(names()[1]).pixelData(x, y, 1, 1).data()[3]
"""


def test_the_sky_is_made_a_layer_and_painted_on(cat):
    cat.run("document.setModified(False); document.setBatchmode(True); document.close()")
    cat.settle()
    cat.new_document(240, 160)
    cat.run(LANDSCAPE)
    assert cat.get("landscape(240, 160)")
    cat.run("select(150, 60, 60, 60)")  # the mask is of the whole photograph all the same
    cat.settle()
    open_dialog(cat, first=False)
    cat.run("dialog().parts.form.editor('method').put('fast'); choose('The sky')")
    cat.wait("picture() and dialog().preview.previews.settled")
    photograph(cat, "krita-place-chosen")
    cat.run("choose('Make “The sky” a layer')")
    cat.wait("len(names()) == 2")
    assert cat.get("names()[1]") == "Mask: The sky"
    cat.wait(f"{ROW}.choice().mask == 'layer' and {ROW}.hint.isVisible()")
    assert cat.get(f"[{ROW}.choice().mask_name, document.activeNode().name()]") == ["Mask: The sky"] * 2
    assert cat.get("[alpha(20, 20), alpha(220, 20), alpha(20, 140), alpha(220, 140)]") == [255, 255, 0, 0]
    cat.wait("dialog().preview.previews.settled")
    assert cat.get("dialog().preview.target[0]") != "Mask: The sky"  # not the mask is painted
    cat.wait("not painted_at(180, 112)")
    photograph(cat, "krita-place-layer")

    cat.run("""
        mask = document.nodeByName(names()[1])
        mask.setPixelData(bytes((255, 255, 255, 255)) * (240 * 70), 0, 90, 240, 70)
        document.refreshProjection(); document.waitForDone()
        dialog().look_again()
    """)
    cat.wait("painted_at(180, 112)")  # selected, and where there was no sky
    photograph(cat, "krita-place-painted")
    cat.run("dialog().reject()")


def test_one_step_takes_it_back(cat):
    cat.run("document.setModified(False); document.setBatchmode(True); document.close()")
    cat.settle()
    cat.new_document(120, 80)
    cat.run(LANDSCAPE)
    assert cat.get("landscape(120, 80)")
    cat.settle()
    open_dialog(cat, first=False)
    cat.run("dialog().parts.form.editor('method').put('fast'); choose('All but the sky')")
    cat.run("choose('Make “All but the sky” a layer')")
    cat.wait("len(names()) == 2 and alpha(10, 70) == 255 and alpha(10, 10) == 0")
    cat.run("dialog().reject()")
    cat.settle()
    cat.run("Krita.instance().action('edit_undo').trigger(); document.waitForDone()")
    cat.wait("len(names()) == 1")
    cat.settle()
    cat.run("Krita.instance().action('edit_redo').trigger(); document.waitForDone()")
    cat.wait("len(names()) == 2 and alpha(10, 70) == 255")
    cat.settle()
