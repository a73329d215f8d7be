"""The doctor: looks at all the engine needs, and says in plain words what is wrong and what to do about it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...wire.engine.launch import SPEECH
from ...wire.protocol.errors import ScumbleError
from ...wire.version import VERSION, newer
from .editors import look_at_editors, look_at_log
from .parts import (
    UNLOCK,
    Finding,
    install,
    last_words,
    look_at_clock,
    look_at_folders,
    look_at_models,
    look_at_program,
    look_at_styles,
    quiet_place,
)

Check = dict[str, Any]
PROBE_SECONDS = 120
PACKAGE = str(Path(__file__).resolve().parents[2])
REPORT = "Report this with the file that this writes: scumble doctor --bundle report.zip"


def examine(status: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """All checks, each with `name`, `ok`, `text` and a `remedy`; a remedy where it is `ok` is for if it is not."""
    probes: list[tuple[str, Callable[[], list[Finding]]]] = [
        ("Python", _python),
        ("Clock", look_at_clock),
        ("Folders", look_at_folders),
        ("torch", _torch),
        ("Models", look_at_models),
        ("Style library", look_at_styles),
        ("Engine’s program", look_at_program),
        ("Engine", lambda: _engine(status)),
        ("Plug-ins", look_at_editors),
    ]
    checks = [finding._asdict() for name, probe in probes for finding in _safely(name, probe)]
    return {"ok": all(c["ok"] for c in checks), "checks": checks}


def render_doctor(report: dict[str, Any]) -> str:
    """`examine`'s report as text: ✓ well, ! worth knowing, ✗ wrong."""
    lines = []
    for c in report["checks"]:
        mark = "✗" if not c["ok"] else "!" if c["remedy"] else "✓"
        lines.append(f"{mark} {c['name']}: {c['text']}")
        if c["remedy"]:
            lines.append(f"    {c['remedy']}")
    lines.append("All is well." if report["ok"] else "Something needs attention.")
    return "\n".join(lines)


def _safely(name: str, probe: Callable[[], list[Finding]]) -> list[Finding]:
    """A probe that fails is itself a finding; the others still run. Without a fault there is no remedy to say."""
    try:
        return probe()
    except ScumbleError as e:
        return [Finding(name, False, e.sentence, e.remedy)]
    except OSError as e:
        return [Finding(name, False, f"could not be looked at: {e.strerror or e} ({e.filename})", UNLOCK)]
    except Exception as e:
        return [Finding(name, False, f"could not be looked at: {e or type(e).__name__}", REPORT)]


def _python() -> list[Finding]:
    well = sys.version_info >= (3, 10)
    text = f"{platform.python_version()} ({sys.executable})"
    return [Finding("Python", well, text, "" if well else "Install Python 3.10 or newer.")]


def _torch() -> list[Finding]:
    """torch is looked at in a process of its own: it is heavy, and a broken driver may take its process down."""
    command = [sys.executable, "-m", "scumble.server.worker.probe"]
    try:
        env = {**os.environ, **SPEECH}
        done = subprocess.run(command, capture_output=True, timeout=PROBE_SECONDS, cwd=quiet_place(), env=env)
    except subprocess.TimeoutExpired:
        text = f"it did not answer in {PROBE_SECONDS} s"
        return [Finding("torch", False, text, "Update the graphics driver, and restart the computer.")]
    if done.returncode < 0:
        text = f"it cannot be loaded: {last_words(done.stderr, done.returncode)}"
        return [Finding("torch", False, text, f"Update the graphics driver. If that does not help: {install()}")]
    if done.returncode:
        return [Finding("torch", False, f"it cannot be loaded: {last_words(done.stderr, done.returncode)}", install())]
    found = json.loads(done.stdout.splitlines()[-1])
    devices = ", ".join(f"{d['name']} ({d['title']}, {d['memory'] / 1e9:.0f} GB)" for d in found["devices"])
    return [
        Finding("torch", True, f"{found['torch']}, torchvision {found['torchvision']}"),
        Finding("Devices", True, devices),
    ]


def _engine(status: Callable[[], dict[str, Any]]) -> list[Finding]:
    log = look_at_log("Engine’s log", "engine.log")
    try:
        report = status()
    except ScumbleError as e:
        return [Finding("Engine", False, e.sentence, e.remedy), *log]
    if not report["running"]:
        return [Finding("Engine", True, "not running; it starts when it is needed"), *log]
    place = "on another machine, " if report.get("remote") else ""
    text = f"running {place}at {report['address']}, {report['state']}, process {report['pid']}"
    if report["version"] != VERSION:
        text += f", version {report['version']} where {VERSION} is installed"
        text += "; it makes room when it is idle" if newer(VERSION, report["version"]) and not place else ""
    other = "" if place else _other_installation(report.get("package", ""))
    return [Finding("Engine", True, text + other, "To use the one of here, run: scumble stop" if other else ""), *log]


def _other_installation(package: str) -> str:
    """That an engine's code lies elsewhere than this; empty where it does not."""
    return f"; it is that of another installation: {package}" if package not in ("", PACKAGE) else ""
