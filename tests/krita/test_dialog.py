"""The dialog in a real Krita, with a real engine, by mouse and keys."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import skimage

CAT = Path(skimage.__file__).parent / "data" / "chelsea.png"
TITLE = "Scumble: Style Transfer"
WORDS = f"""
def dialog():
    shown = [w for w in QtWidgets.QApplication.topLevelWidgets() if w.windowTitle() == {TITLE!r} and w.isVisible()]
    return shown[0] if shown else None

def names():
    return [n.name() for n in document.topLevelNodes() if not n.type().endswith("mask")]

def picture():
    found = dialog().parts.pane.canvas.picture
    return found.cacheKey() if found is not None else 0

def select(x, y, width, height):
    selection = Selection()
    selection.select(x, y, width, height, 255)
    document.setSelection(selection)
"""
FAST = """
from scumble_krita.wire.request import presets
from scumble_krita.wire.request.recipe import Recipe
presets.save_last("krita", Recipe({"method": "fast"}))
"""
BAR = "dialog().parts.form.editor('strength').widget"


@pytest.fixture
def cat(fresh_krita):
    """A Krita with a photograph open; its dialog begins with *fast*, whose previews cost a hundredth."""
    krita = fresh_krita
    krita.wait_seconds = 90.0  # a preview takes its time where the machine is busy
    krita.run(WORDS + FAST)
    krita.run(f"document = Krita.instance().openDocument({str(CAT)!r})")
    krita.run("Krita.instance().activeWindow().addView(document)")
    krita.wait("Krita.instance().activeDocument() is not None and document.activeNode() is not None")
    krita.settle()
    return krita


def open_dialog(krita, first=True):
    krita.click_menu("Filter", TITLE + "…")
    krita.wait("dialog() is not None")
    if first:
        krita.wait("picture()")


def photograph(krita, name):
    """A picture of the dialog, where someone wants to look at it."""
    folder = os.environ.get("SCUMBLE_SHOTS")
    if folder:
        krita.settle()
        Path(folder).mkdir(parents=True, exist_ok=True)
        krita.screenshot(Path(folder) / f"{name}.png", krita.box_of("dialog()"))


def test_a_second_style_a_drag_and_ok_make_one_layer(cat):
    cat.run("select(80, 40, 240, 200)")
    open_dialog(cat)
    photograph(cat, "dialog-first")
    cat.click_widget("dialog().parts.rows.add")
    cat.wait("dialog().parts.picking()")
    seen = cat.get("picture()")
    cat.display.type("wave")
    cat.wait("len([1 for i in range(20) if not dialog().parts.picker.grids['library'].isRowHidden(i)]) == 1")
    cat.display.key("Down")
    cat.wait(f"picture() != {seen}")  # the preview follows before anything is taken
    photograph(cat, "dialog-picker")
    cat.display.key("Return")
    cat.wait("len(dialog().parts.rows.rows) == 2 and not dialog().parts.picking()")

    seen = cat.get("picture()")
    x, y, width, height = cat.box_of(BAR)
    cat.display.click(x + width // 3, y + height // 2)
    assert cat.get("dialog().recipe().value('strength')") == pytest.approx(1 / 3, abs=0.02)
    cat.wait(f"picture() != {seen}")
    photograph(cat, "dialog-two")

    cat.click_widget("dialog().parts.ok")
    cat.wait("dialog() is None")
    cat.wait("len(names()) == 2", 40)
    cat.settle(1.0)
    assert len(cat.get("names()")) == 2 and "Wave" in cat.get("names()[1]")

    cat.run("document.setActiveNode(document.nodeByName(names()[1]))")
    cat.settle()
    open_dialog(cat)
    assert cat.get("[s.name for s in dialog().layers.stored().styles]") == ["starry-night", "great-wave"]
    cat.display.key("Escape")
    cat.wait("dialog() is None")


def test_the_preview_is_refined_while_nothing_is_changed(cat):
    cat.run("presets.save_last('krita', Recipe())")  # *optimize*, over a small part: its strokes are not looked at
    cat.run("select(80, 40, 96, 64)")
    cat.run("""
        import scumble_krita.model.previews as live
        sent, send = [], live.Preview.send
        def kept(self, request, *rest):
            sent.append([request.method, request.size, request.iterations])
            return send(self, request, *rest)
        live.Preview.send = kept
    """)
    open_dialog(cat)
    cat.wait("dialog().parts.pane.note.text == 'Refining…'")
    photograph(cat, "dialog-refining")
    cat.wait("dialog().preview.previews.settled")
    assert cat.get("sent") == [["optimize", 256, 7], ["optimize", 256, 40]]
    assert cat.get("dialog().parts.pane.note.text") == ""
    photograph(cat, "dialog-refined")


def test_cancel_changes_nothing(cat):
    open_dialog(cat)
    cat.click_widget(BAR)
    cat.click_widget("dialog().parts.cancel")
    cat.wait("dialog() is None")
    cat.settle()
    assert len(cat.get("names()")) == 1
    open_dialog(cat)
    assert cat.get("dialog().recipe().options") == {"method": "fast"}


def test_it_stays_usable_when_the_document_changes_and_goes(cat):
    open_dialog(cat)
    first = cat.get("dialog().preview.before.size().height()")
    cat.run("""
        other = Krita.instance().createDocument(300, 600, "tall", "RGBA", "U8", "", 300.0)
        Krita.instance().activeWindow().addView(other)
        other.waitForDone()
    """)
    cat.wait("Krita.instance().activeDocument().height() == 600")
    cat.settle()
    cat.run("dialog().parts.pane.refresh.emit()")
    cat.wait(f"dialog().preview.before.height() > {first}")
    for name in ("other", "document"):
        cat.settle()
        cat.run(f"{name}.setModified(False); {name}.close()")
    cat.wait("Krita.instance().activeDocument() is None")
    cat.settle()
    cat.run("dialog().parts.pane.refresh.emit()")
    cat.wait("dialog().parts.pane.canvas.sentence")
    photograph(cat, "dialog-no-picture")
    cat.click_widget("dialog().parts.ok")
    cat.settle()
    assert cat.get("dialog() is not None and dialog().parts.pane.canvas.sentence")


def test_without_an_engine_it_says_so_and_what_to_do(make_krita):
    krita = make_krita(CAT, env={"SCUMBLE_ENGINE": "/nowhere/python"})
    krita.run(WORDS)
    krita.wait("Krita.instance().activeDocument() is not None")
    krita.settle()
    open_dialog(krita, first=False)
    krita.wait("dialog().parts.pane.canvas.sentence.count('.') > 1")
    assert krita.get("dialog().parts.pane.canvas.before is not None")
    photograph(krita, "dialog-no-engine")


def test_the_keyboard_reaches_everything(cat):
    open_dialog(cat)
    cat.run("dialog().activateWindow(); dialog().parts.rows.rows[0].picture.setFocus()")
    reached = []
    for _ in range(44):
        cat.display.key("Tab")
        reached.append(cat.get("QtWidgets.QApplication.focusWidget().accessibleName()"))
    for name in ("Choose a style", "Strokes", "Mask", "Add style", "Strength", "Colours", "Size", "Presets", "OK"):
        assert name in reached, reached


def test_pictures_and_layers_can_be_styles(cat, tmp_path):
    painting = tmp_path / "painting.png"
    shutil.copy(CAT.with_name("coffee.png"), painting)
    open_dialog(cat)
    cat.run(f"""
        import scumble_krita.dialog.stylepicker as picking
        chosen = staticmethod(lambda *_: ({str(painting)!r}, ""))
        picking.QFileDialog = type("Chosen", (), {{"getOpenFileName": chosen}})
    """)
    seen = cat.get("picture()")
    cat.click_widget("dialog().parts.rows.rows[0].picture")
    cat.click_widget("dialog().parts.picker.tabs.buttons()[1]")
    cat.click_widget("dialog().parts.picker.open")
    cat.wait(f"picture() != {seen}")
    assert cat.get("dialog().recipe().styles[0].name") == str(painting)
    cat.click_widget("dialog().parts.rows.rows[0].picture")
    cat.wait("dialog().parts.picking()")
    photograph(cat, "dialog-files")
    cat.click_widget("dialog().parts.picker.tabs.buttons()[2]")
    cat.run("image = dialog().layers.picture(dialog().layers.entries[0][0], 192)")
    assert cat.get("image.pixelColor(0, 0).alpha()") == 255
    assert cat.get("image.pixelColor(image.width() - 1, image.height() - 1).alpha()") == 255
    assert cat.get("image.width() / image.height()") == pytest.approx(451 / 300, abs=0.02)
    photograph(cat, "dialog-layers")
    seen = cat.get("picture()")
    cat.display.key("Tab")
    cat.run("dialog().parts.picker.grids['layer'].take_current()")
    cat.wait(f"picture() != {seen}")
    assert cat.get("[dialog().recipe().styles[0].source, dialog().recipe().styles[0].name]")[0] == "layer"
