"""The docker where Krita puts it at first, on screens that artists have: what must be seen is seen unscrolled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ..editors.display import Display
from ..editors.engine import SLOW
from .test_docker import LAB, LONG, layers, open_picture

ENGINE = SLOW

# Width and height of a screen, and Qt's scale on it: a desktop's, a laptop's, and a laptop's with twice the pixels.
SCREENS = ((1920, 1080, 1), (1366, 768, 1), (2732, 1536, 2))


@pytest.fixture(scope="session", params=SCREENS, ids=lambda s: "{}x{}@{}".format(*s))
def display(request):
    """A screen of each size, in place of the one that the other tests share."""
    width, height, _ = request.param
    screen = Display(width, height)
    screen.scale = request.param[2]
    yield screen
    screen.close()


@pytest.fixture
def at_first(display, make_krita):
    """A Krita as it is after its first start, over the whole screen, with an engine whose steps take long enough."""
    krita = make_krita(env={"QT_SCALE_FACTOR": str(display.scale)})
    krita.run(LAB)
    krita.fill_screen()
    krita.wait("panel.isVisible() and panel.engine._state.text")
    krita.settle()
    return krita


def begin(krita):
    """A job that has shown its first picture."""
    krita.run(f"job = studio.run({LONG})")
    krita.wait("panel.queue.cards and panel.queue.cards[0]._picture._image is not None and job.step > 1", 50)
    krita.run("card = panel.queue.cards[0]")
    krita.settle()


def click(krita, display, widget):
    x, y, width, height = krita.box_of(widget)
    krita.display.click((x + width // 2) * display.scale, (y + height // 2) * display.scale)


def test_a_job_its_picture_and_buttons_are_seen_without_scrolling(at_first, display):
    krita = at_first
    assert not krita.get("dock.isFloating()") and krita.get("main.dockWidgetArea(dock)") == 2  # on the right
    assert krita.get("seen_whole(panel.transfer) and seen_whole(panel.repeat) and seen_whole(panel.engine.button)")
    assert krita.get("cut_off()") == []
    open_picture(krita)
    krita.run("keep_results(12)")
    krita.wait("panel.history.model.rowCount() == 12 and panel.history.isVisible()")
    before = layers(krita)
    begin(krita)
    parts = "(card._title, card._picture, card._bar, card._state, card._pause, card._cancel)"
    assert krita.get(f"[seen_whole(part) for part in {parts}]") == [True] * 6
    assert krita.get("cut_off()") == []
    krita.run(f"others = [studio.run({LONG}) for _ in range(2)]\nstudio.say('A sentence about nothing at all. ' * 9)")
    krita.wait("len(panel.queue.cards) == 3 and panel.message.isVisible()")
    krita.settle()
    assert krita.get(f"[seen_whole(part) for part in {parts}]") == [True] * 6
    assert krita.get("cut_off()") == []
    assert krita.get("main.size() == main.screen().size()")  # the docker asked for no more than there is
    click(krita, display, "card._cancel")
    krita.wait("job.state == 'cancelled'", 5)
    krita.wait("len(panel.queue.cards) == 2 and panel.queue.front.isVisible()")
    krita.run("studio.cancel_all()")
    krita.wait("not panel.queue.cards")
    grid = "panel.history.grid"
    assert krita.get(f"{grid}.visualRect(panel.history.model.index(11, 0)).bottom() <= {grid}.height()")
    assert layers(krita) == before
    check_in_a_tab(krita)


def test_one_that_rests_is_told_of_whole(at_first, display):
    krita = at_first
    krita.new_document(640, 480)  # not a quick one, which is over before it can be kept
    krita.run("job = studio.run(Recipe({'iterations': 3000}, (StyleChoice(name='kept'),)))")
    krita.wait("panel.queue.cards and panel.queue.cards[0]._picture._image is not None and job.step > 60", 50)
    krita.run("card = panel.queue.cards[0]")
    krita.settle()
    parts = "(card._title, card._picture, card._bar, card._state, card._pause, card._cancel)"
    for button, state, words in (("Pause", "paused", "Paused at "), ("Resume", "running", "")):
        assert krita.get("card._pause.text().replace('&', '')") == button
        click(krita, display, "card._pause")
        krita.wait(f"job.state == {state!r} and not job.pausing and card._state.text.startswith({words!r})", 30)
        krita.settle()
        assert krita.get(f"[seen_whole(part) for part in {parts}]") == [True] * 6
        assert krita.get("cut_off()") == []
        if folder := os.environ.get("SCUMBLE_SHOTS"):
            krita.screenshot(Path(folder) / f"krita-{state}-{krita.get('main.width()')}@{display.scale}.png")
    krita.run("studio.cancel_all()")
    krita.wait("not panel.queue.cards")


def check_in_a_tab(krita):
    """Beside the layers in a tab it shows the job when it is raised."""
    krita.run("other = next(d for d in Krita.instance().dockers() if d.objectName() == 'KisLayerBox')")
    krita.run("main.tabifyDockWidget(other, dock); other.raise_()")
    krita.wait("not panel.is_seen()")
    krita.run(f"job = studio.run({LONG})")
    krita.wait("job.step > 1 and job.preview is not None", 50)
    assert krita.get("len(panel.queue.cards)") == 0  # nobody looks
    krita.run("dock.raise_()")
    krita.wait("panel.queue.cards and seen_whole(panel.queue.cards[0]._cancel) and cut_off() == []")
    krita.run("studio.cancel_all()")
