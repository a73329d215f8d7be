"""The docker in a real Krita, over a real engine: what an artist sees and clicks."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

import pytest

from ..editors.engine import SLOW

LAB = Path(__file__).with_name("dockerlab.py").read_text("utf-8")
SHOW = f"{LAB}\nmain.setGeometry(0, 0, 1500, 950)\nfloat_at(1100, 40, 280, 800)"
LONG = "recipe(method='optimize', iterations=5000, preview_seconds=0.2)"
SHORT = "recipe(method='optimize', size=64, iterations=3)"


ENGINE = SLOW  # its steps take as long on every machine


@pytest.fixture
def docker(fresh_krita):
    """A Krita with the docker beside its window."""
    fresh_krita.run(SHOW)
    fresh_krita.wait("panel.isVisible() and panel.engine._state.text")
    return fresh_krita


@pytest.fixture
def idle(docker):
    """The same while no engine runs."""
    docker.run("studio.stop_engine()")
    docker.wait("panel.engine._state.text == 'Off until you need it'")
    return docker


def paint_noise():
    """Sent to Krita: fills the document's layer."""
    import random

    node = document.activeNode()  # noqa: F821
    data = bytes(b if i % 4 != 3 else 255 for i, b in enumerate(random.Random(1).randbytes(96 * 64 * 4)))
    node.setPixelData(data, 0, 0, 96, 64)
    document.refreshProjection()  # noqa: F821


def open_picture(krita):
    krita.new_document(96, 64)
    krita.call(paint_noise)
    krita.settle()


def layers(krita):
    return krita.get("len(document.topLevelNodes())")


def click_menu_of(krita, menu, text):
    krita.wait(f"{menu}.isVisible()")
    krita.display.click(*krita.get(f"entry_of({menu}, {text!r})"))
    krita.wait("QtWidgets.QApplication.activePopupWidget() is None")


def test_without_a_document_it_says_how_to_begin_and_survives_clicks(idle):
    docker = idle
    assert docker.get("panel.engine._state.text") == "Off until you need it"
    assert docker.get("panel.empty.isVisible()")
    docker.run("dock.canvasChanged(None)")
    for text in ("Style Transfer…", "Repeat last"):
        docker.run("studio.say('')")
        docker.wait("not panel.message.isVisible()")
        docker.click_widget(f"button({text!r})")
        docker.wait("panel.message.isVisible()")
    assert docker.get("QtWidgets.QApplication.activeModalWidget() is None")
    open_picture(docker)
    docker.run("document.close()")
    docker.settle()
    docker.run("dock.canvasChanged(None)")


def test_a_run_shows_progress_and_its_picture_and_cancel_leaves_no_layer(docker, engine_of_all):
    open_picture(docker)
    before = layers(docker)
    docker.run(f"job = studio.run({LONG})")
    docker.wait("panel.queue.cards and panel.queue.cards[0]._picture.isVisible()", 50)
    docker.wait("panel.queue.cards[0]._bar.part > 0 and panel.queue.cards[0]._state.text.startswith('Step ')")
    assert docker.get("panel.engine._state.text").startswith("Ready")
    docker.wait("panel.queue.cards[0]._picture.height() > 20")
    docker.click_widget("button('Cancel')")
    docker.wait("job.state == 'cancelled'", 2)
    docker.wait("not panel.queue.cards and panel.empty.isVisible()")
    with engine_of_all.client() as client:
        docker.wait("studio.link.state == 'ready'")
        assert client.status()["jobs"]["queued"] == 0
    docker.settle(1.0)
    assert layers(docker) == before and docker.get("studio.history.entries") == []


def test_a_result_goes_to_the_history_and_can_be_applied_again(docker, tmp_path):
    open_picture(docker)
    before = layers(docker)
    docker.run(f"job = studio.run({SHORT})")
    docker.wait("job.ended", 50)
    assert docker.get("job.error") == ""
    docker.wait("panel.history.model.rowCount() == 1 and panel.history.isVisible() and not panel.queue.cards")
    assert layers(docker) == before + 1
    docker.settle()
    docker.run("grid = panel.history.grid; _p = grid.visualRect(panel.history.model.index(0, 0)).center()")
    docker.display.click(*docker.get("grid.viewport().mapToGlobal(_p)"))
    docker.wait("panel.history.menu")
    click_menu_of(docker, "panel.history.menu", "Apply again")
    docker.wait(f"len(document.topLevelNodes()) == {before + 2}")
    docker.settle(1.0)
    assert layers(docker) == before + 2
    same = "[document.topLevelNodes()[i].pixelData(0, 0, 96, 64) for i in (-1, -2)]"
    first, second = docker.get(same)
    assert first == second
    path = repr(str(tmp_path / "a.png"))
    docker.run(f"import pathlib; panel.history._saver.write(studio.history.entries[0], pathlib.Path({path}))")
    docker.wait("panel.message.toPlainText().startswith('Saved as')")
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"
    docker.click_widget("button('Clear')")
    docker.wait("panel.empty.isVisible()")


def test_the_engine_is_started_and_stopped_from_the_menu(idle, engine_of_all):
    docker = idle
    docker.click_widget("button('Engine')")
    click_menu_of(docker, "panel.engine.button.menu()", "Start")
    docker.wait("panel.engine._state.text.startswith('Ready')", 50)
    assert engine_of_all.connection() is not None
    docker.click_widget("button('Engine')")
    click_menu_of(docker, "panel.engine.button.menu()", "Stop")
    docker.wait("panel.engine._state.text == 'Off until you need it'")
    assert not docker.get("panel.message.isVisible()")


def test_a_failure_stays_with_its_remedy_and_runs_again(docker, engine_of_all):
    open_picture(docker)
    docker.run(f"job = studio.run({LONG})")
    docker.wait("job.step > 0", 50)
    for pid in engine_of_all.processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    docker.wait("job.state == 'failed' and panel.queue.cards[0]._failure.isVisible()")
    assert docker.get("panel.queue.cards[0]._failure._text.toPlainText()") == docker.get("job.error") != ""
    docker.settle(1.5)
    docker.click_widget("button('Run again')")
    docker.wait("[j for j in studio.jobs if j is not job and j.step > 0]", 50)
    docker.wait("len(panel.queue.cards) == 1")
    docker.run("studio.cancel_all()")
    docker.wait("not panel.queue.cards")


def test_two_windows_have_a_docker_each_on_one_studio(docker):
    docker.run("second = Krita.instance().openWindow()")
    docker.settle(1.0)
    docker.run(
        "panels = [w for w in QtWidgets.QApplication.allWidgets() if type(w).__name__ == 'ScumblePanel']\n"
        "for p in panels:\n    p.window().show(); p.parentWidget().show(); p.parentWidget().raise_()\n"
        "studio.say('Both hear it.')"
    )
    assert docker.get("len(panels)") == 2 and docker.get("len({id(p.studio) for p in panels})") == 1
    docker.wait("all(p.message.toPlainText() == 'Both hear it.' for p in panels)")
    docker.run("second.qwindow().close()")
    docker.settle(0.6)
    docker.run("studio.say('One is left.')")
    docker.wait("panel.message.toPlainText() == 'One is left.'")


@pytest.mark.parametrize(("language", "state"), [("en_US", "Ready, on the processor"), ("zh_CN", "就绪，使用处理器")])
def test_narrow_or_wide_nothing_is_cut_off(language, state, make_krita):
    krita = make_krita(env={"LANG": f"{language}.UTF-8", "LANGUAGE": language})
    krita.run(SHOW)
    open_picture(krita)
    krita.run(f"keep_results(5)\njob = studio.run({LONG})\nother = studio.run({LONG})")
    krita.wait("len(panel.queue.cards) == 2 and job.step > 1 and job.preview is not None", 50)
    krita.wait(f"panel.engine._state.text == {state!r}")
    for width, height in ((180, 130), (180, 300), (180, 700), (262, 221), (300, 700), (500, 240), (500, 700)):
        krita.run(f"float_at(600, 40, {width}, {height})")
        krita.wait(f"[dock.width(), dock.height()] == [{width}, {height}]")
        krita.settle()
        assert krita.get("cut_off()") == [], (width, height)
        assert krita.get("seen_whole(panel.queue.cards[0]._cancel)"), (width, height)
    krita.run("studio.cancel_all()")
    krita.wait("not panel.queue.cards")


def test_the_keyboard_goes_from_the_top_down_and_cancels(docker):
    open_picture(docker)
    docker.run(f"job = studio.run({LONG})")
    docker.wait("panel.queue.cards and job.step > 0", 50)
    docker.run("dock.activateWindow(); panel.engine.button.setFocus(QtCore.Qt.FocusReason.TabFocusReason)")
    docker.wait("panel.engine.button.hasFocus()")
    for text in ("Style Transfer…", "Repeat last", "Pause", "Cancel"):
        docker.display.key("Tab")
        docker.wait(f"button({text!r}).hasFocus()")
    docker.display.key("space")
    docker.wait("job.state == 'cancelled' and not panel.queue.cards")
