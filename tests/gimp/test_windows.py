"""GIMP with its windows: the menu, the engine's status, and both Cancel buttons."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scumble.wire.request.presets import save_last
from scumble.wire.request.recipe import Recipe
from scumble.wire.request.stylechoice import StyleChoice

from ..editors.engine import SLOW, EngineHome, wait_until
from ..editors.tree import leave
from .callers import LONG, calling, plugin_processes, running_job, state, style_file
from .gimpproc import GimpProcess

ENGINE = SLOW

SHORTCUTS = '(file-version 1)\n(action "scumble-repeat" "<Primary><Alt>r")\n'
FILTERS = (426, 12)  # on the screen, the menu; GIMP's window is at the corner
STATUS_BAR = 583
CANCELS = (570, 585, 555, 600, 540)  # where in it the button may be


@pytest.fixture
def window(make_gimp: Callable[..., GimpProcess]) -> GimpProcess:
    """GIMP with a picture of two layers, both selected; ctrl+alt+R is Transfer Again."""
    gimp = calling(make_gimp(gui=True, before=lambda plugins: (plugins.parent / "shortcutsrc").write_text(SHORTCUTS)))
    gimp.run("image = new_image(400, 300, 2); view = Gimp.Display.new(image)")
    focus(gimp, gimp.wait_for_window("400x300"))
    gimp.run("image.set_selected_layers(image.get_layers()); Gimp.displays_flush()")
    return gimp


def focus(gimp: GimpProcess, window: int) -> None:
    assert gimp.display is not None
    gimp.display.xdotool("windowfocus", "--sync", window)


def press(gimp: GimpProcess, *keys: str) -> None:
    assert gimp.display is not None
    gimp.display.key(*keys)


def test_the_status_opens_from_the_menu_and_starts_the_engine(window: GimpProcess, engine_home: EngineHome) -> None:
    assert window.display is not None
    window.display.click(*FILTERS)
    time.sleep(0.5)  # the menu takes keys when it has come up
    press(window, "Up", "Right", "Up")  # the last of its entries: Scumble, View Engine…
    time.sleep(0.5)
    press(window, "Return")
    focus(window, window.wait_for_window("Scumble: Engine Status"))
    press(window, "alt+s")
    wait_until(engine_home.connection, "the engine starts", 40)
    wait_until(lambda: ends_by(window, engine_home, "alt+t"), "it ends", 20)
    press(window, "Escape")
    wait_until(lambda: not plugin_processes(engine_home), "the window closes")


def test_without_a_picture_the_entry_says_what_is_missing(
    make_gimp: Callable[..., GimpProcess], engine_home: EngineHome
) -> None:
    gimp = make_gimp(gui=True, before=lambda plugins: (plugins.parent / "shortcutsrc").write_text(SHORTCUTS))
    focus(gimp, gimp.wait_for_window("GIMP|GNU Image Manipulation Program"))
    log = engine_home.folder / "logs" / "gimp.log"
    press(gimp, "ctrl+alt+r")
    wait_until(lambda: log.exists() and "[document-missing]" in log.read_text("utf-8"), "it is told", 30)
    focus(gimp, gimp.wait_for_window("GIMP Message"))
    press(gimp, "Return")


def ends_by(gimp: GimpProcess, home: EngineHome, key: str) -> bool:
    """Press a button that may not be there yet; whether the engine has ended."""
    press(gimp, key)
    time.sleep(0.3)
    return home.connection() is None


def remember(home: EngineHome, style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long run is what was used last."""
    for name, value in home.environment(leave()).items():
        monkeypatch.setenv(name, value)
    save_last("gimp", Recipe({"iterations": LONG}, (StyleChoice("file", style),)))


def test_both_cancel_buttons_stop_the_engine(
    window: GimpProcess, engine_home: EngineHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(engine_home, style_file(tmp_path), monkeypatch)
    engine_home.start()
    main = window.wait_for_window("400x300")
    with engine_home.client() as client:
        for cancel in (cancel_in_our_window, cancel_in_the_status_bar):
            focus(window, main)
            press(window, "ctrl+alt+r")
            job = running_job(client)
            ours = window.wait_for_window("^Scumble: Style Transfer")
            cancel(window, ours, engine_home)
            wait_until(lambda job=job: state(client, job) == "cancelled", "the engine stops it", 5)
            wait_until(lambda: not plugin_processes(engine_home), "the plug-in ends")
            client.forget(job)
    assert window.get("names()") == ["layer 1", "layer 0"]
    window.run("view.delete()")


def cancel_in_our_window(gimp: GimpProcess, ours: int, home: EngineHome) -> None:
    focus(gimp, ours)
    press(gimp, "Escape")


def cancel_in_the_status_bar(gimp: GimpProcess, ours: int, home: EngineHome) -> None:
    """GIMP kills the plug-in then."""
    assert gimp.display is not None
    gimp.display.xdotool("windowmove", "--sync", ours, 1000, 300)
    for x in CANCELS:
        gimp.display.click(x, STATUS_BAR)
        time.sleep(0.5)
        if not plugin_processes(home):
            return
    pytest.fail(f"no Cancel in the status bar: {gimp.screenshot(home.folder / 'screen.png')}")
