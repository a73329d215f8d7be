"""A result painted anew, in a real Krita with a real engine: of its own source, in its place, undone in one step."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import skimage

CAT = Path(skimage.__file__).parent / "data" / "chelsea.png"
LAB = Path(__file__).with_name("e2elab.py").read_text("utf-8")
TITLE = "Scumble: Style Transfer…"
QUICK = "Recipe({'method': 'fast'}, (StyleChoice(name='starry-night'),))"


@pytest.fixture
def cat(make_krita, engine_home):
    """A Krita with a photograph open, of which a part was painted; nothing is selected any more."""
    engine_home.start()
    krita = make_krita(CAT)
    krita.wait_seconds = 90.0
    krita.run(LAB)
    krita.wait("adopt()")
    krita.settle()
    krita.run("select_ellipse(90, 60, 200, 170, 9)")
    krita.settle()
    krita.run(f"studio.run({QUICK})")
    krita.wait("len(names()) == 2 and not studio.jobs", 90)
    krita.settle()
    krita.run("trigger('deselect')")
    krita.run("document.setActiveNode(layers()[1])")
    krita.wait("document.activeNode().name() == names()[1]")
    krita.settle()
    return krita


def edit(krita, strength):
    """Open the dialog, drag the strength, OK."""
    krita.click_menu("Filter", TITLE)
    krita.wait("dialog() is not None and dialog().parts.pane.canvas.picture is not None")
    x, y, width, height = krita.box_of("dialog().parts.form.editor('strength').widget")
    krita.display.click(x + round(width * strength), y + height // 2)
    krita.wait("dialog().recipe().value('strength') < 0.95")
    shoot(krita, f"edit-{strength}")
    krita.click_widget("dialog().parts.ok")
    krita.wait("dialog() is None and not studio.jobs and len(names()) == 2")
    krita.settle(2.0)


def shoot(krita, name):
    folder = os.environ.get("SCUMBLE_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        krita.screenshot(Path(folder) / f"{name}.png", krita.box_of("dialog()"))


def test_edited_twice_it_is_one_layer_of_the_same_source_and_one_undo_brings_the_last_back(cat):
    first, source = cat.get("held()"), cat.get("whole(layers()[0])")
    cat.run("alpha = whole(layers()[1])[3::4]; called = names()")
    edit(cat, 0.6)
    assert cat.get("names() == called and document.activeNode().name() == called[1]")
    assert cat.get("whole(layers()[1])[3::4] == alpha"), "it covers what it covered, feather and all"
    assert cat.get("whole(layers()[0])") == source
    second = cat.get("held()")
    assert second != first
    assert cat.get("keeping.stored(document, layers()[1]).value('strength')") == pytest.approx(0.6, abs=0.05)

    cat.click_menu("Filter", TITLE)
    cat.wait("dialog() is not None and dialog().parts.target.line.text")
    told = cat.get(
        "[dialog().parts.target.line.text, dialog().recipe().value('strength'), dialog().parts.target.edit.isChecked()]"
    )
    assert told[0].startswith("Layer: ") and " · selection " in told[0] and "replaces “The Starry Night”" in told[0]
    assert told[1:] == [pytest.approx(0.6, abs=0.05), True]
    cat.display.key("Escape")
    cat.wait("dialog() is None")
    edit(cat, 0.2)
    third = cat.get("held()")
    assert third != second and cat.get("len(names())") == 2

    for action, wanted in (("edit_undo", second), ("edit_undo", first), ("edit_redo", second), ("edit_redo", third)):
        cat.run(f"Krita.instance().action({action!r}).trigger()")
        cat.settle(2.5)  # the other half of the replacement follows
        assert cat.get("held()") == wanted, action


def test_without_the_tick_the_painting_itself_is_painted(cat):
    cat.click_menu("Filter", TITLE)
    cat.wait("dialog() is not None and dialog().parts.target.edit.isVisible()")
    cat.click_widget("dialog().parts.target.edit")
    cat.wait("dialog().parts.target.line.text == 'Layer: The Starry Night'")
    cat.click_widget("dialog().parts.ok")
    cat.wait("dialog() is None and len(names()) == 3 and not studio.jobs")
