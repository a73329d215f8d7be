"""The engine installed from a timer: by the real installer, a real Python and real pip, from a folder of packages."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scumble.wire import Link, ScumbleError
from scumble.wire.editor.installing import installation as module
from scumble.wire.editor.installing import sources
from scumble.wire.editor.installing.installation import Installation
from scumble.wire.editor.installing.pythons import PythonSearch
from scumble.wire.editor.installing.sources import NAME, find_sources, installing_helps
from scumble.wire.editor.installing.speech import Told
from scumble.wire.engine import launch
from scumble.wire.engine.launch import INSTALL

from ....editors.engine import EngineHome
from ....editors.missing import bare

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the packages' stand-in for the engine is POSIX's")
MISSING = ScumbleError("engine-missing", reason="it was not found on this machine", command=INSTALL)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An engine's folders without an engine, and a folder of packages."""
    made = EngineHome(tmp_path / "engine")
    for name, value in bare(made).items():
        monkeypatch.setenv(name, value)
    for name in os.environ:
        if name.startswith("PIP_") or name == "SUDO_USER":
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    yield made
    made.stop()


def turn(installation: Installation, until: Callable[[], Any], seconds: float = 50) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, (installation.state, installation.text, installation.heading)
        begun = time.perf_counter()
        installation.tick()
        assert time.perf_counter() - begun < 0.5, "a tick keeps the editor waiting"
        time.sleep(0.02)


def ready(tmp_path: Path) -> Installation:
    made = Installation(tmp_path, PythonSearch([["/nowhere/python3"], [sys.executable]]))
    turn(made, lambda: made.ended)
    return made


@POSIX
def test_the_engine_is_installed_and_starts(home: EngineHome, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(launch, "_own_engine", lambda: None)  # an editor's Python has none
    link = Link("test", "1")
    link.start()
    turn_link(link, lambda: link.state == "off")
    assert installing_helps(link.error)

    made, stages = ready(tmp_path), []
    assert made.state == "ready" and str(home.folder / "data") in made.text and sys.executable in made.text
    made.begin()
    turn(made, lambda: made.ended or stages.append(made.heading))
    assert (made.state, made.text) == ("done", "The engine is installed.")
    assert "Making a Python environment…" in stages and made.heading == made.text
    assert not list((home.folder / "cache").glob("installing-*")), "nothing is left of what it was unpacked to"

    link.start()
    turn_link(link, lambda: link.state == "ready")
    assert not installing_helps(link.error)
    link.close()


def turn_link(link: Link, until: Callable[[], bool]) -> None:
    end = time.monotonic() + 40
    while not until():
        assert time.monotonic() < end, (link.state, link.error)
        link.tick()
        time.sleep(0.02)


@POSIX
def test_why_it_failed_and_what_to_do_is_told_and_it_can_be_tried_again(home: EngineHome, tmp_path: Path) -> None:
    packages = home.folder / "packages"
    packages.rename(packages.with_name("away"))
    packages.mkdir()
    made = ready(tmp_path)
    made.begin()
    turn(made, lambda: made.ended)
    assert made.state == "failed" and f"{packages} holds no wheel of Scumble" in made.text
    assert made.log in made.detail and "Traceback" not in Path(made.log).read_text()
    packages.rmdir()
    packages.with_name("away").rename(packages)
    assert made.may_begin
    made.begin()
    turn(made, lambda: made.ended)
    assert made.state == "done"


@POSIX
def test_it_is_cancelled_with_all_that_it_started(home: EngineHome, tmp_path: Path) -> None:
    made = ready(tmp_path)
    made.begin()
    folder = Path(made._folder)
    turn(made, lambda: (home.folder / "data/engine").is_dir())  # an environment is being made
    made.cancel()
    assert made.cancelling and made.heading == "Stopping…"
    turn(made, lambda: made.ended, 10)
    assert made.state == "cancelled" and made.may_begin and not folder.exists()
    assert not [pid for pid in Path("/proc").glob("[0-9]*") if str(folder) in command_line(pid)]


def command_line(process: Path) -> str:
    try:
        return (process / "cmdline").read_text("utf-8", "replace")
    except OSError:
        return ""


def test_where_it_cannot_be_done_the_reason_is_told(home: EngineHome, tmp_path: Path, monkeypatch: Any) -> None:
    made = Installation(tmp_path, PythonSearch([]))
    turn(made, lambda: made.ended)
    assert made.state == "impossible" and "Install" in made.text and "Python" in made.text and not made.may_begin

    monkeypatch.setattr(module, "in_sandbox", lambda: True)
    assert "sandbox" in Installation(tmp_path, PythonSearch([])).text
    monkeypatch.setattr(module, "in_sandbox", lambda: False)
    (home.folder / "data" / NAME).unlink()
    assert "does not carry the engine" in Installation(tmp_path, PythonSearch([])).text


def test_an_old_python_and_one_that_says_nothing_are_passed_over(tmp_path: Path) -> None:
    old, mute = tmp_path / "old", tmp_path / "mute"
    for path, words in ((old, "echo 3 9 1"), (mute, "exit 9")):
        path.write_text(f"#!/bin/sh\n{words}\n")
        path.chmod(0o755)
    search = PythonSearch([[str(old)], [str(mute)], [sys.executable]])
    while not search.ended:
        search.tick()
        time.sleep(0.01)
    assert search.found is not None and search.found.words == [sys.executable]


def test_what_a_plug_in_carries_goes_first_and_what_others_may_write_is_refused(
    home: EngineHome, tmp_path: Any
) -> None:
    kept = home.folder / "data" / NAME
    assert find_sources(tmp_path) == kept
    if sys.platform != "win32":
        kept.parent.chmod(0o777)
        with pytest.raises(ScumbleError):
            find_sources(tmp_path)
    shutil.copy(kept, tmp_path / NAME)
    assert find_sources(tmp_path) == tmp_path / NAME


def test_it_is_offered_only_where_it_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCUMBLE_ENGINE", raising=False)
    monkeypatch.setattr(sources, "remote_connection", lambda: None)
    assert installing_helps(MISSING) and not installing_helps(None)
    assert not installing_helps(ScumbleError("engine-missing", reason="x", command="a runtime of the system's"))
    assert not installing_helps(ScumbleError("engine-lost", log="x"))
    monkeypatch.setenv("SCUMBLE_ENGINE", "/somewhere/else")
    assert not installing_helps(MISSING)


def test_what_the_installer_prints_is_told_in_the_users_words() -> None:
    told = Told()
    told.take("» Installing the packages; torch is large, so this takes some minutes.")
    assert told.stage.startswith("Bringing the packages")
    told.take("  Downloading https://somewhere/torch-2.9.0-cp311-cp311-manylinux_2_28_x86_64.whl (899.8 MB)")
    told.take("bytes: 312400000")
    assert (told.detail, told.counted) == ("torch, 899.8 MB", "312 MB brought so far")
    told.take("Installing collected packages: torch, scumble")
    assert (told.detail, told.counted) == ("Unpacking the packages", "")
    told.take("✗ The picture was not painted: no reason")
    assert "trying it out failed. ✗ The picture was not painted" in told.why(4)
    assert "ended with 9" in told.why(9)
    told.take("install.py: The disk is full. Free some space.")
    assert told.why(1) == "The disk is full. Free some space."


def test_the_marks_are_what_the_installer_says() -> None:
    from scumble.wire.editor.installing.speech import stages

    said = "".join(p.read_text("utf-8") for p in (Path(__file__).parents[4] / "installer").glob("*.py"))
    assert [mark for mark, _ in stages() if mark not in said] == []
