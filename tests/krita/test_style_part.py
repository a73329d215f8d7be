"""What is taken of a style's own picture, chosen by mouse and keys in a real Krita: what comes of it is what the
command line paints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ..editors.engine import EngineHome
from ..editors.parts import SIZE, make_pictures, painted_by_command
from .test_dialog import FAST, WORDS, open_dialog, photograph

ROW = "dialog().parts.rows.rows[0]"
LAYERS = """
from scumble_krita.wire.request.stylechoice import StyleChoice

def add(name, x, y, width, height, data):
    layer = document.createNode(name, "paintlayer")
    document.rootNode().addChildNode(layer, None)
    layer.setPixelData(data, x, y, width, height)
    document.refreshProjection(); document.waitForDone()
    return layer.uniqueId().toString()

def settled():
    return picture() and dialog().preview.previews.settled

def choices():
    return [ROW.part.itemText(i) for i in range(ROW.part.count())]
""".replace("ROW", ROW)


@pytest.fixture
def krita(fresh_krita: Any, tmp_path: Path) -> Any:
    """A Krita with a photograph open, beside which the painting lies."""
    make_pictures(tmp_path)
    fresh_krita.wait_seconds = 90.0
    fresh_krita.run(WORDS + FAST + LAYERS)
    fresh_krita.run(f"document = Krita.instance().openDocument({str(tmp_path / 'photo.png')!r})")
    fresh_krita.run("Krita.instance().activeWindow().addView(document)")
    fresh_krita.wait("Krita.instance().activeDocument() is not None and document.activeNode() is not None")
    fresh_krita.settle()
    return fresh_krita


def choose(krita: Any, text: str) -> None:
    """Open the list with the mouse, and go to an entry with the keys."""
    steps = krita.get(f"choices().index({text!r}) - {ROW}.part.currentIndex()")
    krita.click_widget(f"{ROW}.part")
    krita.wait(f"{ROW}.part.view().isVisible()")
    lines = abs(steps) - krita.get(f"[not c for c in choices()[:choices().index({text!r})]].count(True)")  # separators
    for _ in range(lines):
        krita.display.key("Down" if steps > 0 else "Up")
    krita.display.key("Return")
    krita.wait(f"{ROW}.part.currentText() == {text!r}")


def painted(krita: Any) -> Any:
    """Press OK; the new layer, RGBA."""
    count = krita.get("len(names())")
    krita.click_widget("dialog().parts.ok")
    krita.wait("dialog() is None")
    krita.wait(f"len(names()) == {count + 1}")
    krita.settle(1.0)
    width, height = SIZE
    data = krita.get(f"bytes(document.activeNode().pixelData(0, 0, {width}, {height}))")
    return np.frombuffer(data, np.uint8).reshape(height, width, 4)[..., [2, 1, 0, 3]]


def test_the_sky_of_a_painting(krita: Any, engine_of_all: EngineHome, tmp_path: Path) -> None:
    open_dialog(krita)
    assert krita.get(f"{ROW}.part.isVisible()") is False  # a named style
    photograph(krita, "krita-part-named")
    krita.run(f"dialog().parts.rows.take(0, StyleChoice('file', {str(tmp_path / 'painting.png')!r}))")
    krita.wait("settled()")
    krita.run("whole = picture()")
    photograph(krita, "krita-part-whole")
    choose(krita, "The sky")
    krita.wait("settled() and picture() != whole")
    assert krita.get("[dialog().recipe().styles[0].part, dialog().parts.pane.canvas.sentence]") == ["sky", ""]
    krita.run("dialog().resize(dialog().minimumSizeHint())")
    krita.settle()
    photograph(krita, "krita-part-sky-narrow")
    layer = painted(krita)
    assert np.array_equal(layer, painted_by_command(engine_of_all, tmp_path, "painting.png,from=sky"))
    whole = painted_by_command(engine_of_all, tmp_path, "painting.png")
    assert np.abs(layer.astype(int) - whole).mean() > 1
    assert krita.get("presets.load_last('krita').styles[0].part") == "sky"
    open_dialog(krita, first=False)
    assert krita.get("dialog().layers.stored().styles[0].part") == "sky"
    assert krita.get(f"{ROW}.part.currentText()") == "The sky"
    krita.run("dialog().reject()")


def test_a_layer_tells_the_part_of_a_file_and_of_a_layer(krita: Any, engine_of_all: EngineHome, tmp_path: Path) -> None:
    width, height = SIZE
    expected = painted_by_command(engine_of_all, tmp_path, "painting.png,from=half.png")
    krita.run("photo = document.activeNode()")
    krita.run(
        f"add('Right half', {width // 2}, 0, {width // 2}, {height}, bytes([90, 90, 90, 255]) * {width * height // 2})"
    )
    krita.run("document.setActiveNode(photo)")
    krita.settle()
    open_dialog(krita)
    krita.run(f"dialog().parts.rows.take(0, StyleChoice('file', {str(tmp_path / 'painting.png')!r}))")
    krita.wait("settled()")
    choose(krita, "Right half")
    krita.wait("settled()")
    photograph(krita, "krita-part-layer")
    layer = painted(krita)
    assert np.array_equal(layer, expected)

    krita.run(f"""
        image = QtGui.QImage({str(tmp_path / "painting.png")!r}).convertToFormat(QtGui.QImage.Format.Format_ARGB32)
        data = image.constBits().asstring(image.sizeInBytes())
        style = add('Painting', {width // 2 - 100}, 60, 200, 120, data)
    """)
    krita.settle()
    krita.run("document.setActiveNode(photo)")
    krita.settle()
    open_dialog(krita)
    krita.run("dialog().parts.rows.take(0, StyleChoice('layer', 'Painting', style))")
    krita.wait("settled()")
    assert krita.get("dialog().recipe().styles[0].part") == "all"
    choose(krita, "Right half")
    krita.wait("settled()")
    assert np.array_equal(painted(krita), expected)


def test_a_painting_without_a_sky_is_said(krita: Any, tmp_path: Path) -> None:
    open_dialog(krita)
    krita.run(f"dialog().parts.rows.take(0, StyleChoice('file', {str(tmp_path / 'hill.png')!r}))")
    krita.wait("settled()")
    choose(krita, "The sky")
    krita.wait("dialog().parts.pane.canvas.sentence")
    assert krita.get("'“hill.png”' in dialog().parts.pane.canvas.sentence")
    photograph(krita, "krita-part-none")
    choose(krita, "The whole picture")
    krita.wait("not dialog().parts.pane.canvas.sentence and settled()")
    krita.run("dialog().reject()")
