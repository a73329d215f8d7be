"""The dialog and the progress window as a user meets them: by keyboard, in a real GIMP, from the procedure itself."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ..editors.engine import SLOW, EngineHome, wait_until
from ..editors.tree import leave
from .callers import WORDS, called, style_file
from .gimpproc import GimpProcess

TITLE = "Scumble: Style Transfer"
SHOWN = "Gimp.Display.new(image)"


@pytest.fixture
def gimp(make_gimp: Callable[..., GimpProcess]) -> Iterator[GimpProcess]:
    made = make_gimp(gui=True)
    made.run(f"{WORDS}\nimage = new_image(200, 150)\n{SHOWN}\nimage.clean_all()")
    yield made


@pytest.fixture
def slow_home(tmp_path: Path) -> EngineHome:
    return EngineHome(tmp_path / "engine", *SLOW)


def begin(gimp: GimpProcess, **options: object) -> int:
    """Call the procedure as the menu does; its dialog, with the keyboard."""
    gimp.begin(f"answer = {called(mode=0, **options)}")
    return focus(gimp, gimp.wait_for_window(TITLE))


def focus(gimp: GimpProcess, window: int) -> int:
    assert gimp.display is not None
    gimp.display.xdotool("windowraise", window)
    gimp.display.xdotool("windowfocus", "--sync", window)
    return window


def press(gimp: GimpProcess, *keys: str) -> None:
    assert gimp.display is not None
    gimp.display.key(*keys)


def progress_window(gimp: GimpProcess, dialog: int) -> int:
    """The window that comes after the dialog."""
    assert gimp.display is not None
    screen = gimp.display
    return int(wait_until(lambda: [w for w in screen.windows(TITLE) if w != dialog], "progress")[0])


def test_ok_paints_a_layer_and_the_settings_stay(gimp: GimpProcess, engine_home: EngineHome) -> None:
    engine_home.start()
    begin(gimp)
    press(gimp, "alt+m", "Right", "space")  # the fast method
    press(gimp, "alt+t", "ctrl+a", "5", "5", "Tab", "alt+o")
    gimp.end(50)
    assert gimp.get("answer") == ["success", ["The Starry Night"]]
    assert gimp.get("names()") == ["The Starry Night", "layer 0"]
    assert gimp.get("call('scumble-style-transfer', mode=Gimp.RunMode.WITH_LAST_VALS)")[0] == "success"
    kept = gimp.get("json.loads(bytes(image.get_layers()[0].get_parasite('scumble-settings').get_data()).decode())")
    assert kept["options"] == {"method": "fast", "strength": 0.55}
    begin(gimp)  # shows what was used last
    press(gimp, "alt+o")
    gimp.end(50)
    kept = gimp.get("json.loads(bytes(image.get_layers()[0].get_parasite('scumble-settings').get_data()).decode())")
    assert kept["options"]["strength"] == 0.55


def test_cancel_and_escape_leave_the_image_unchanged(gimp: GimpProcess, engine_home: EngineHome) -> None:
    engine_home.start()
    for key in ("alt+c", "Escape"):
        begin(gimp)
        press(gimp, key)
        gimp.end(30)
        assert gimp.get("answer")[0] == "cancel"
    assert gimp.get("[names(), image.is_dirty()]") == [["layer 0"], False]


@pytest.mark.parametrize("key", ["alt+c", "Escape"])
def test_cancel_in_mid_job_stops_the_engine_at_once(
    make_gimp: Callable[..., GimpProcess], slow_home: EngineHome, tmp_path: Path, key: str
) -> None:
    slow_home.folder.mkdir(exist_ok=True)
    try:
        remember(slow_home, {"iterations": 20000}, style_file(tmp_path))
        slow_home.start()
        gimp = make_gimp(gui=True, env=slow_home.environment(leave()))
        gimp.run(f"{WORDS}\nimage = new_image(200, 150)\n{SHOWN}\nimage.clean_all()")
        dialog = begin(gimp)
        press(gimp, "alt+o")
        window = progress_window(gimp, dialog)
        with slow_home.client() as client:
            wait_until(lambda: [j for j in client.jobs() if j["state"] == "running"], "the job runs")
            focus(gimp, window)
            began = time.monotonic()
            press(gimp, key)
            wait_until(lambda: not [j for j in client.jobs() if j["state"] == "running"], "the engine stops it", 5)
            print(f"the engine stopped {time.monotonic() - began:.2f} s after {key}")
        gimp.end(30)
        assert gimp.get("answer")[0] == "cancel"
        assert gimp.get("[names(), image.is_dirty()]") == [["layer 0"], False]
    finally:
        slow_home.stop()


def remember(home: EngineHome, options: dict[str, object], style: str) -> None:
    """A recipe as what was used last."""
    recipe = {"version": 1, "options": options, "styles": [{"source": "file", "name": style}]}
    (home.folder / "data").mkdir(mode=0o700, exist_ok=True)
    (home.folder / "data/last-gimp.json").write_text(json.dumps({"recipe": recipe}))
