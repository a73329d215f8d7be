"""What the other tests in Krita stand on."""

from __future__ import annotations

import subprocess

import pytest

from ..editors.needs import program
from ..editors.process import EditorError, EditorGone


def painted(width, height, color):
    """Sent to Krita: a layer of one colour above the others."""
    layer = document.createNode("painted", "paintlayer")  # noqa: F821
    layer.setPixelData(bytes(color) * (width * height), 0, 0, width, height)
    document.rootNode().addChildNode(layer, None)  # noqa: F821
    return [layer.bounds(), layer.pixelData(0, 0, 1, 1)]


def test_statements_expressions_and_functions_run_in_krita(krita):
    krita.new_document(64, 48)
    assert krita.get("[document.width(), document.height()]") == [64, 48]
    assert krita.call(painted, 64, 48, [1, 2, 3, 255]) == [[0, 0, 64, 48], b"\x01\x02\x03\xff"]
    krita.wait("len(document.topLevelNodes()) == 2")
    with pytest.raises(EditorError, match="ZeroDivisionError"):
        krita.run("1 / 0")
    assert krita.exceptions() == []


def test_what_nobody_catches_is_recorded_and_opens_no_dialog(krita):
    krita.forgive = True
    krita.soon("raise ValueError('left alone')")
    krita.wait("EXCEPTIONS")
    assert "ValueError: left alone" in krita.exceptions()[0]
    assert krita.get("QtWidgets.QApplication.activeModalWidget() is None")
    assert krita.quit() == 0


def test_a_modal_dialog_does_not_stop_the_test(krita):
    krita.soon("box = QtWidgets.QMessageBox(); box.setText('?'); box.exec()")
    krita.wait("QtWidgets.QApplication.activeModalWidget() is box")
    krita.run("box.accept()")
    krita.wait("QtWidgets.QApplication.activeModalWidget() is None")


def test_a_krita_that_hangs_is_told_apart_from_one_that_died(krita):
    krita.forgive = True
    with pytest.raises(EditorGone, match="no answer") as hung:
        krita.run("import time; time.sleep(600)", seconds=1)
    assert "Current thread" in str(hung.value)  # where it hangs
    krita.process.kill()
    with pytest.raises(EditorGone, match="ended"):
        krita.run("1")


def test_mouse_keyboard_and_pictures(krita, tmp_path):
    krita.new_document()
    picture = krita.screenshot(tmp_path / "all.png")
    size = subprocess.check_output([program("identify"), "-format", "%w %h", picture], text=True)
    assert size == "1600 1000"
    krita.run(
        "edit = QtWidgets.QLineEdit(Krita.instance().activeWindow().qwindow())\n"
        "edit.setGeometry(300, 300, 200, 40); edit.show()"
    )
    krita.click_widget("edit")
    krita.display.type("scumble")
    krita.wait("edit.text() == 'scumble'")
    krita.run("edit.hide()")
    krita.click_menu("Select", krita.get("Krita.instance().action('select_all').text().replace('&', '')"))
    krita.wait("document.selection() is not None")
    krita.display.key("ctrl+shift+a")
    krita.wait("document.selection() is None")


def test_an_engine_is_started_found_and_ended(engine_home):
    engine_home.start()
    with engine_home.client() as client:
        assert client.status()["state"]
    engine_home.stop()
    assert engine_home.processes() == [] and engine_home.connection() is None
