"""A painted animation painted anew, in a real Krita: the same frames of its own source, in its place, in one step."""

from __future__ import annotations

import pytest
from PIL import Image

from .framelab import TIMES, TITLE, animated, choose, paint_by_hand, shoot

INSIDE = (3, 5, 8, 9)  # what shows on the timeline from 4 to 9
FAST = "Recipe({'method': 'fast'}, (StyleChoice(name='%s'),))"
WORDS = """
def painted():
    return next(n for n in layers() if n.name() in ('Mine', 'The Starry Night'))

def film(node):
    return [[t, look(node, t)] for t in keys(node)]

def target():
    return dialog().parts.target

def told():
    return [target().line.text, target().edit.isVisible() and target().edit.isChecked(), offered(), choice().at()]

def led():
    return [target().keys.isVisible(), target().keys.combo.currentText()]
"""


@pytest.fixture
def moving(fresh_krita, engine_of_all):
    """A Krita with a document of ten frames, and an engine."""
    if engine_of_all.connection() is None:
        engine_of_all.start()
    animated(fresh_krita)
    fresh_krita.run(WORDS)
    return fresh_krita


def paint(krita, times=TIMES, style="starry-night", more="") -> None:
    krita.run(f"count = len(names())\nstudio.run({FAST % style}, span={times}{more})")
    krita.wait("len(names()) == count + 1 and not studio.jobs")
    krita.settle(1.5)


def activate(krita, node: str) -> None:
    krita.run(f"document.setActiveNode({node})")
    krita.wait(f"document.activeNode() == {node}")
    krita.settle()


def open_dialog(krita) -> None:
    krita.click_menu("Filter", TITLE)
    krita.wait("dialog() is not None and dialog().parts.pane.canvas.picture is not None")


def restyle(krita) -> None:
    """The Scream in place of what was chosen."""
    krita.run("dialog().parts.rows.take(0, StyleChoice(name='scream'))")
    krita.wait("dialog().recipe().styles[0].name == 'scream'")
    krita.settle()


def finish(krita, layers: int) -> None:
    krita.click_widget("dialog().parts.ok")
    krita.wait("dialog() is None and not studio.jobs")
    krita.wait(f"len(names()) == {layers}")
    krita.settle(2.0)


def reopen(krita, path: str) -> None:
    """Save the document, close it and open it again."""
    krita.run("document.setBatchmode(True)")
    assert krita.get(f"document.saveAs({path!r})")
    krita.settle()
    krita.run("document.setModified(False); document.close()")
    krita.wait("Krita.instance().activeDocument() is None")
    krita.settle()
    krita.run(f"Krita.instance().activeWindow().addView(Krita.instance().openDocument({path!r}))")
    krita.wait("adopt()")
    krita.settle()
    krita.run("base = next(n for n in layers() if n.name() not in ('Mine', 'By hand', 'Top'))")


def test_reopened_it_is_painted_again_in_its_place_and_one_undo_brings_the_former_back(moving, tmp_path):
    krita = moving
    paint_by_hand(krita)
    krita.run("select_ellipse(10, 10, 60, 40, 3)")
    krita.settle()
    paint(krita, INSIDE, more=", by_hand=hand.uniqueId().toString()")
    krita.run("painted().setName('Mine')\nlayers()[1].setOpacity(128)\ntrigger('deselect')")
    krita.run("document.rootNode().addChildNode(document.createNode('Top', 'paintlayer'), None)")
    krita.settle()
    reopen(krita, str(tmp_path / "walk.kra"))
    activate(krita, "painted()")
    krita.run("called, before, source = names(), film(painted()), film(base)\nlooks = painted().opacity()")
    open_dialog(krita)
    line, edits, offered, at = krita.get("told()")
    assert edits and at == 0 and offered[0] == "The same as before (4)" and offered[1] == "All of the layer (10)"
    assert line.startswith("Layer: ") and " · selection " in line and "replaces “Mine”" in line
    assert "this frame only" not in line and krita.get("led()") == [True, "By hand"]
    assert krita.get("[dialog().recipe().value('method'), dialog().recipe().styles[0].name]") == [
        "fast",
        "starry-night",
    ]
    krita.wait("dialog().frames.settled and len(dialog().parts.pane.strip.painted) == 3")
    restyle(krita)
    krita.wait("dialog().frames.settled and dialog().preview.previews.settled")
    shoot(krita, "krita-edit-frames")
    finish(krita, 4)
    shoot(krita, "krita-edit-frames-painted")
    assert krita.get("[names() == called, painted().animated(), painted().opacity() == looks]") == [True] * 3
    assert krita.get("document.activeNode().name()") == "Mine", "and so the next time is edited, too"
    krita.run("after = film(painted())")
    check_frames(krita)
    assert krita.get("film(base) == source"), "the source is as it was"
    krita.wait("[d.fileName()[-8:] for d in Krita.instance().documents()] == ['walk.kra']")
    for action, wanted in (("edit_undo", "before"), ("edit_redo", "after"), ("edit_undo", "before")):
        krita.run(f"Krita.instance().action({action!r}).trigger()")
        krita.settle(4.0)  # the other half of the replacement follows
        assert krita.get(f"names() == called and film(painted()) == {wanted}"), action


def check_frames(krita) -> None:
    """Each frame is another where it was selected; that by hand, and those that were not chosen, are as before."""
    before, after = dict(krita.get("before")), dict(krita.get("after"))
    assert list(before) == list(after) == list(TIMES)
    for time in TIMES:
        assert before[time][3::4] == after[time][3::4], "it covers what it covered, feather and all"
        assert bool(after[time].count(0) < len(after[time])) == (time in INSIDE), "the rest stays bare"
        assert (before[time] == after[time]) == (time not in INSIDE or time == 5), time


def test_other_frames_may_be_chosen_and_what_is_painted_is_no_source_by_accident(moving):
    krita = moving
    paint(krita, INSIDE)
    activate(krita, "painted()")
    krita.run("before = film(painted())")
    open_dialog(krita)
    krita.display.key("Escape")
    krita.wait("dialog() is None")
    assert krita.get("len(names()) == 2 and film(painted()) == before"), "nothing was meant"
    open_dialog(krita)
    choose(krita, 1)
    krita.wait("target().span() == TIMES")
    finish(krita, 2)
    krita.run("whole = film(painted())")
    assert krita.get("all(any(frame) for _, frame in whole)"), "all are painted"
    krita.run("Krita.instance().action('scumble_repeat').trigger()")
    krita.wait("studio.jobs")
    krita.wait("not studio.jobs")
    krita.settle(2.0)
    assert krita.get("[len(names()), film(painted()) == whole]") == [2, True], "the same of the same source"
    krita.run("base.setName('Walk')\nlayers()[1].setName('Mine')")
    open_dialog(krita)
    assert krita.get("told()")[:3] == [
        "Layer: Walk · replaces “Mine”",
        True,
        ["All of the layer (10)", "From 4 to 9 on the timeline (4)"],
    ]
    krita.click_widget("dialog().parts.target.edit")
    krita.wait("target().line.text == 'Layer: Mine · this frame only'")
    assert krita.get("[choice().combo.currentText(), target().chosen()[0]]") == ["This one", None]
    krita.display.key("Escape")
    krita.wait("dialog() is None")


def test_frames_that_go_are_missed_and_without_a_source_it_is_a_layer_as_others(moving):
    krita = moving
    paint(krita, INSIDE)
    activate(krita, "base")
    krita.run("document.setCurrentTime(8)")
    krita.settle(0.5)
    krita.run("Krita.instance().action('remove_frames').trigger()")
    krita.wait("not base.hasKeyframeAtTime(8)")
    krita.settle()
    activate(krita, "painted()")
    open_dialog(krita)
    assert krita.get("told()")[1:] == [
        True,
        ["The same as before (3)", "All of the layer (9)", "From 4 to 9 on the timeline (3)"],
        0,
    ]
    finish(krita, 2)
    assert krita.get("[t for t, frame in film(painted()) if any(frame)]") == [3, 5, 9]
    activate(krita, "base")
    krita.run("Krita.instance().action('remove_layer').trigger()")
    krita.wait("len(names()) == 1")
    krita.settle()
    activate(krita, "painted()")
    open_dialog(krita)
    assert not krita.get("target().edit.isVisible()") and krita.get("offered()")[0] == "This one"
    krita.display.key("Escape")
    krita.wait("dialog() is None")
    krita.run("trigger('edit_undo')")  # else Krita 5.1 crashes when it ends: it keeps a moving layer that was removed
    krita.settle(1.0)


def test_cancelled_or_broken_midway_the_former_stays(moving, tmp_path):
    krita, style = moving, tmp_path / "style.png"
    paint(krita)
    activate(krita, "painted()")
    krita.run("from scumble_krita.pictures.editing import active_result\nbefore = film(painted())")
    krita.run("job = studio.run(Recipe({}, (StyleChoice(name='scream'),)), active_result(), TIMES)")
    krita.wait("job.state == 'running' and job.step > 0")
    krita.run("studio.cancel(job)")
    krita.settle(1.5)
    assert krita.get("[len(names()), film(painted()) == before, job.state]") == [2, True, "cancelled"]
    Image.effect_noise((64, 48), 90).convert("RGB").save(style)
    krita.run(f"""
        import os
        recipe = Recipe({{'method': 'fast'}}, (StyleChoice(source='file', name={str(style)!r}),))
        job = studio.run(recipe, active_result(), TIMES)
        def end_it():
            if job.frame == 3 and os.path.exists({str(style)!r}):
                os.remove({str(style)!r})
        studio.engine.turned.connect(end_it)
    """)
    krita.wait("len(names()) == 3 and not studio.jobs")
    krita.settle(2.0)
    assert "frame 4 of 10 could not be painted" in krita.get("studio.message")
    assert krita.get("film(painted()) == before"), "what is whole does not go for a part"
    krita.run("part = next(n for n in layers() if n.name() == 'style')")
    assert krita.get("[[t for t, frame in film(part) if any(frame)], layers().index(part)]") == [[0, 2, 3], 2]
