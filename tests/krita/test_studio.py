"""The studio in a real Krita: jobs become layers where they belong, and no layer where they were cancelled."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..editors.engine import SLOW, wait_until

ENGINE = SLOW

LAB = (Path(__file__).parent / "studiolab.py").read_text()


@pytest.fixture
def lab(fresh_krita):
    """A Krita with a painted document and short words."""
    krita = fresh_krita
    krita.new_document(64, 48)
    krita.run(LAB)
    krita.run("paint(document)")
    krita.settle()
    return krita


def finish(krita, name="job"):
    krita.wait(f"{name}.ended")
    krita.settle()


def test_a_job_becomes_a_layer_above_its_source_in_one_step(lab):
    lab.run("select(8, 8, 30, 20); source = document.activeNode()")
    lab.settle()
    lab.run("job = studio.run(slow(5))")
    assert lab.get("job.state") == "sending"  # Krita went on at once
    finish(lab)
    assert lab.get("[job.state, job.error, job.layer_name]") == ["done", "", "obey"]
    assert lab.get("names()") == ["Background", "obey"]
    assert lab.get("document.activeNode().name()") == "obey"
    inside, outside = (
        lab.get(f"document.nodeByName('obey').pixelData({x}, {y}, 1, 1)[3]") for x, y in ((20, 15), (60, 40))
    )
    assert (inside, outside) == (b"\xff", b"\x00")
    assert lab.get("keeping.stored(document, document.nodeByName('obey')) == slow(5)")
    assert lab.get("[e.title for e in studio.history.entries]") == ["obey"]
    assert lab.get("len(studio.history.entries[0].thumbnail) > 0")
    lab.run("Krita.instance().action('edit_undo').trigger()")
    lab.wait("names() == ['Background']")
    lab.settle()
    lab.run("Krita.instance().action('edit_redo').trigger()")
    lab.wait("names() == ['Background', 'obey']")
    lab.settle()


def test_progress_and_pictures_come_while_it_runs(lab):
    lab.run("seen = []; studio.changed.connect(lambda: seen.extend((j.state, j.step) for j in studio.jobs))")
    lab.run("job = studio.run(slow(1000, preview_seconds=0.1))")
    lab.wait("job.preview is not None")
    assert lab.get("[job.image.width(), job.image.height(), job.of]") == [24, 16, 1000]
    lab.wait("len({s for s in seen if s[0] == 'running'}) > 3")
    lab.run("studio.cancel(job)")


def test_repeat_last_works_on_the_layer_that_is_active_now(lab):
    lab.run("job = studio.run(slow(2))")
    finish(lab)
    lab.run("other = document.createNode('other', 'paintlayer'); document.rootNode().addChildNode(other, None)")
    lab.settle()
    lab.run("other.setPixelData(bytes([9, 9, 9, 255]) * (64 * 48), 0, 0, 64, 48); document.setActiveNode(other)")
    lab.settle()
    lab.run("Krita.instance().action('scumble_repeat').trigger(); job = studio.jobs[-1]")
    finish(lab)
    assert lab.get("names()[-2:]") == ["other", lab.get("job.layer_name")]
    assert lab.get("document.nodeByName(job.layer_name).pixelData(1, 1, 1, 1)") == bytes([246, 246, 246, 255])


def test_jobs_over_two_documents_go_where_they_were_asked_for(lab):
    lab.run("first, job = document, studio.run(slow(250))")
    lab.new_document(32, 32)
    lab.run("paint(document)")
    lab.settle()
    lab.run("second, other = document, studio.run(slow(2))")
    assert lab.get("[j.title for j in studio.jobs]") == ["obey", "obey"]
    finish(lab)
    finish(lab, "other")
    lab.run("def widths(d): return [n.bounds().width() for n in d.topLevelNodes() if n.name() == 'obey']")
    assert lab.get("[widths(first), widths(second)]") == [[64], [32]]


def test_cancel_leaves_no_layer_and_an_idle_engine(lab, engine_of_all):
    lab.run("job = studio.run(slow(2000))")
    lab.wait("job.state == 'running' and job.step > 2")
    lab.run("studio.cancel(job)")
    with engine_of_all.client() as client:
        wait_until(lambda: client.status()["jobs"]["running"] == 0, "the engine is idle", 5)
    assert lab.get("[job.state, studio.jobs, names()]") == ["cancelled", [], ["Background"]]
    lab.settle(1.0)
    assert lab.get("names()") == ["Background"] and lab.get("studio.history.entries") == []


def test_a_kept_result_is_put_into_another_picture(lab):
    lab.run("job = studio.run(slow(2))")
    finish(lab)
    lab.new_document(100, 100)
    lab.run("studio.apply_again(studio.history.entries[0])")
    lab.wait("'obey' in names()")
    lab.settle()
    assert lab.get("document.nodeByName('obey').bounds()") == [0, 0, 64, 48]
    assert lab.get("keeping.stored(document, document.nodeByName('obey')) is not None")


def test_what_is_wrong_is_said(lab):
    lab.run("select(500, 500, 10, 10)")
    lab.settle()
    assert lab.get("studio.run(slow(2)) is None")
    assert lab.get("said[-1]") == lab.get("studio.message") != ""
    lab.run("document.setSelection(None); job = studio.run(slow(2, 'fail'))")
    lab.wait("job.error")
    assert "not like this" in lab.get("job.error") and lab.get("[job.state, len(studio.jobs)]") == ["failed", 1]


def test_a_layer_waits_while_a_dialog_is_open(lab):
    lab.soon("box = QtWidgets.QMessageBox(); box.setText('Save?'); box.exec()")
    lab.wait("QtWidgets.QApplication.activeModalWidget() is not None")
    lab.run("job = studio.run(slow(2))")
    lab.wait("job.state == 'adding'")
    lab.settle(1.0)
    assert lab.get("[job.state, names()]") == ["adding", ["Background"]]
    lab.run("box.accept()")
    finish(lab)
    assert lab.get("names()") == ["Background", "obey"]


def test_shortcuts_are_no_one_elses(fresh_krita):
    krita = fresh_krita
    taken = krita.get(
        "[(a.objectName(), s.toString()) for a in Krita.instance().actions() for s in a.shortcuts()"
        " if s.toString() in ('Ctrl+Alt+Y', 'Ctrl+Alt+Shift+Y')]"
    )
    assert sorted(taken) == [["scumble_repeat", "Ctrl+Alt+Shift+Y"], ["scumble_style_transfer", "Ctrl+Alt+Y"]]
    krita.wait("not Krita.instance().action('scumble_repeat').isEnabled()")
    krita.new_document()
    krita.wait("Krita.instance().action('scumble_repeat').isEnabled()")


def test_previews_take_styles_and_masks_from_layers(lab):
    lab.run("""
        motif = document.createNode('motif', 'paintlayer')
        motif.setPixelData(bytes([30, 90, 200, 255]) * (32 * 24), 0, 0, 32, 24)
        document.rootNode().addChildNode(motif, None)
        part = document.createNode('part', 'paintlayer')
        part.setPixelData(bytes([255, 255, 255, 255]) * (64 * 20), 0, 0, 64, 20)
        document.rootNode().addChildNode(part, None)
    """)
    lab.settle()
    lab.run("document.setActiveNode(document.nodeByName('Background')); select(4, 4, 50, 40)")
    lab.settle()
    lab.run("""
        ids = {n.name(): n.uniqueId().toString() for n in document.topLevelNodes()}
        layer = StyleChoice('layer', 'motif', ids['motif'], mask='layer', mask_name='part', mask_layer=ids['part'])
        preview, came, failed = Preview(studio), [], []
        preview.ready.connect(came.append)
        preview.failed.connect(failed.append)
        preview.refresh_source()
        preview.show(Recipe({}, (layer,)))
    """)
    lab.wait("came or failed")
    assert lab.get("failed") == [] and lab.get("came[0].size() == preview.before.size()")
    request = "preview._small.content.format.width, preview._small.canvas[0]"
    assert lab.get(f"[{request}]") == [61, 64]  # the selection and its margin, in a canvas as large as the picture
    lab.run("job = studio.run(Recipe({'iterations': 2}, (layer,)))")
    finish(lab)
    assert lab.get("[job.state, job.title]") == ["done", "motif"]
