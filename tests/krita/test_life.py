"""What may happen while a job runs: pictures closed, engines killed, Krita ended. Nothing is lost but the job."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from ..editors.engine import SLOW, EngineHome, wait_until

ENGINE = SLOW

LAB = (Path(__file__).parent / "studiolab.py").read_text()


@pytest.fixture
def lab(fresh_krita, engine_of_all):
    """A Krita with a painted document and short words."""
    equip(fresh_krita)
    fresh_krita.logged = len(whole_log(engine_of_all))
    return fresh_krita


def equip(krita):
    krita.new_document(64, 48)
    krita.run(LAB)
    krita.run("paint(document)")
    krita.settle()
    return krita


def begin(krita, steps=2000):
    krita.run(f"job = studio.run(slow({steps}))")
    krita.wait("job.state == 'running' and job.step > 1")


def finish(krita):
    krita.run("job = studio.run(slow(2))")
    krita.wait("job is None or job.ended")
    krita.settle()
    assert krita.get("[job.state, job.error, names()[-1]]") == ["done", "", "obey"]


def whole_log(home: EngineHome) -> str:
    log = home.folder / "logs/krita.log"
    return log.read_text() if log.exists() else ""


def our_log(lab, home: EngineHome) -> str:
    """What the plug-in logged since the test began."""
    return whole_log(home)[lab.logged :]


def test_the_picture_is_closed_in_mid_job(lab, engine_of_all):
    begin(lab, 60)
    lab.run("document.setModified(False); document.setBatchmode(True); document.close()")
    lab.wait("job.ended")
    assert lab.get("job.state") == "failed"
    assert "closed" in lab.get("job.error") and "kept in the history" in lab.get("job.error")
    assert lab.get("[e.title for e in studio.history.entries]") == ["obey"]
    lab.new_document(64, 48)
    lab.run("studio.apply_again(studio.history.entries[0])")
    lab.wait("'obey' in names()")
    lab.settle()
    assert "ERROR" not in our_log(lab, engine_of_all)


def test_the_source_layer_is_deleted_in_mid_job(lab, engine_of_all):
    lab.run("other = document.createNode('other', 'paintlayer'); document.rootNode().addChildNode(other, None)")
    lab.settle()
    lab.run("other.setPixelData(bytes([9, 9, 9, 255]) * (64 * 48), 0, 0, 64, 48); document.setActiveNode(other)")
    lab.settle()
    begin(lab, 100)
    lab.settle()
    lab.run("other.remove()")
    lab.wait("job.ended")
    lab.settle()
    assert lab.get("[job.state, names()]") == ["failed", ["Background"]]
    assert "deleted" in lab.get("job.error") and "kept in the history" in lab.get("job.error")
    assert "ERROR" not in our_log(lab, engine_of_all)


def test_the_engine_is_killed_in_mid_job_and_the_next_job_starts_another(lab, engine_of_all):
    begin(lab)
    for pid in engine_of_all.processes():
        os.kill(pid, signal.SIGKILL)
    lab.wait("job.ended")
    assert lab.get("job.state") == "failed" and "connection to the engine broke" in lab.get("job.error")
    assert "broke" in lab.get("studio.engine_sentence()") and lab.get("names()") == ["Background"]
    finish(lab)


def test_a_stopped_engine_does_not_stop_krita(lab, engine_of_all):
    begin(lab)
    for pid in engine_of_all.processes():
        os.kill(pid, signal.SIGSTOP)
    lab.run("probe.start()")
    lab.run("other = studio.run(slow(2))")
    lab.wait("job.ended and other.ended", 40)
    longest = lab.get("probe.stop()")[2]
    assert longest < 2000, f"the event loop stood still for {longest} ms"
    assert lab.get("[job.state, other.state]") == ["failed", "failed"]
    assert "does not answer" in lab.get("job.error")
    engine_of_all.stop()
    finish(lab)


def test_the_engine_ended_from_the_docker_starts_again_with_the_next_job(lab, engine_of_all):
    begin(lab)
    lab.run("studio.stop_engine()")
    lab.wait("job.ended and studio.link.state == 'off'")
    assert lab.get("[studio.engine_sentence(), job.state]") == ["Off", "cancelled"]
    wait_until(lambda: not engine_of_all.processes(), "the engine is gone")
    finish(lab)


def test_where_there_is_no_engine_a_sentence_says_what_to_do(make_krita):
    lab = equip(make_krita(env={"SCUMBLE_ENGINE": '["/nowhere/python"]'}))
    lab.run("job = studio.run(slow(2))")
    lab.wait("job.ended")
    for text in (lab.get("job.error"), lab.get("studio.engine_sentence()"), lab.get("studio.message")):
        assert "not installed or could not be started" in text and "python install.py" in text


def test_an_engine_that_speaks_otherwise_is_told_apart(lab, engine_of_all):
    lab.run("studio.stop_engine()")
    lab.wait("studio.link.state == 'off'")
    wait_until(lambda: not engine_of_all.processes(), "the engine is gone")
    lab.run("import scumble_krita.wire.client.session as session; session.PROTOCOL = 99")
    lab.run("job = studio.run(slow(2))")
    lab.wait("job.ended", 40)
    assert "protocol 1, the plug-in 99" in lab.get("job.error") and "Update both" in lab.get("studio.engine_sentence()")
    lab.run("session.PROTOCOL = 1")
    finish(lab)


def test_an_engine_that_runs_is_found_and_one_that_does_not_is_not_started(make_krita, engine_home):
    lab = make_krita()
    lab.run(LAB)
    lab.settle(2.0)
    assert engine_home.processes() == [] and lab.get("studio.engine_sentence()") == "Off"
    assert lab.quit() == 0
    engine_home.start()
    lab = make_krita()
    lab.run(LAB)
    lab.wait("studio.link.state == 'ready' and len(studio.styles) > 10")


def test_an_error_of_ours_reaches_the_log_and_the_message_alone(lab, engine_of_all):
    lab.run(
        "import scumble_krita.model.delivery as delivery; add = delivery.layers.add_result\n"
        "def refuse(*a, **k): raise RuntimeError('wrapped object deleted')"
    )
    lab.run("delivery.layers.add_result = refuse; job = studio.run(slow(2))")
    lab.wait("job.ended")
    assert "error of its own" in lab.get("studio.message") and "wrapped" not in lab.get("studio.message")
    assert "RuntimeError: wrapped object deleted" in our_log(lab, engine_of_all)
    lab.run("delivery.layers.add_result = add")
    assert lab.get("QtWidgets.QApplication.activeModalWidget() is None") and lab.exceptions() == []


def test_krita_ends_in_mid_job(lab, engine_of_all):
    begin(lab)
    assert lab.quit() == 0
    with engine_of_all.client() as client:
        wait_until(lambda: client.status()["jobs"]["running"] == 0, "the job is cancelled", 15)


def test_krita_ends_while_the_engine_starts(lab):
    lab.run("studio.run(slow(2000))")
    assert lab.quit() == 0
