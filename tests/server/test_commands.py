"""What the command line calls: status, stop, doctor."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scumble.server import commands
from scumble.wire import ScumbleError

from .running import Running, ask, environment, submit


@pytest.fixture
def home(start: Callable[..., Running], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This process looks where the engine is."""
    for name, value in {**environment(tmp_path), "HOME": str(tmp_path), "APPDATA": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "GIMP3_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_without_an_engine_all_say_so(home: Path) -> None:
    assert commands.status() == {"running": False}
    assert commands.stop() == {"state": "none"}
    assert "No engine" in commands.render_status(commands.status())


def test_status_tells_what_runs_and_stop_ends_it(home: Path, start: Callable[..., Running]) -> None:
    engine = start(folder=home)
    job = submit(engine.client(), ask(steps=5000))
    worker = engine.worker("busy")
    report = commands.status()
    assert report["running"] and report["pid"] == engine.process.pid and report["jobs"]["running"] == 1
    text = commands.render_status(report)
    assert str(engine.process.pid) in text and f"worker {worker['pid']} on cpu: busy" in text
    assert job
    assert commands.stop(now=True) == {"state": "stopped"}
    assert engine.ended() == 0
    assert commands.status() == {"running": False}


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_stop_ends_an_engine_that_does_not_answer(
    home: Path, start: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = start(folder=home)
    engine.process.send_signal(signal.SIGSTOP)
    monkeypatch.setattr("scumble.wire.client.session.SILENT_SECONDS", 0.5)
    monkeypatch.setattr("scumble.wire.transport.connect.CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(commands, "STOP_SECONDS", 1.0)
    assert commands.stop()["state"] == "stopped"
    assert engine.ended() == -signal.SIGKILL
    assert commands.status() == {"running": False}


def test_the_doctor_finds_this_installation_well(home: Path) -> None:
    report = commands.doctor()
    names = [c["name"] for c in report["checks"]]
    assert names == [
        "Python",
        *(f"{n} folder" for n in ("Data", "Cache", "Log", "Runtime")),
        "torch",
        "Devices",
        "Models",
        "Style library",
        "Engine’s program",
        "Engine",
        "Krita plug-in",
        "GIMP plug-in",
    ]
    assert report["ok"], commands.render_doctor(report)
    assert "All is well" in commands.render_doctor(report)


def test_the_doctor_names_what_is_wrong_and_a_remedy(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "occupied").write_text("a file where a folder should be")
    (home / "torch.py").write_text("raise ImportError('torch is broken here')")
    monkeypatch.setenv("SCUMBLE_CACHE", str(home / "occupied"))
    monkeypatch.setenv("PYTHONPATH", f"{home}:{environment(home)['PYTHONPATH']}")

    def silent() -> dict[str, object]:
        raise ScumbleError("engine-silent")

    monkeypatch.setattr(commands, "status", silent)
    report = commands.doctor()
    bad = {c["name"]: c for c in report["checks"] if not c["ok"]}
    assert set(bad) == {"Cache folder", "torch", "Engine"} and not report["ok"]
    assert "torch is broken here" in bad["torch"]["text"]
    text = commands.render_doctor(report)
    assert all(c["remedy"] and c["remedy"] in text for c in bad.values()) and "Traceback" not in text
