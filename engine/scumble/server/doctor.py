"""The doctor: looks at all the engine needs, and says in plain words what is wrong and what to do about it."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..wire.errors import ScumbleError
from ..wire.folders import cache_folder, data_folder, log_folder, runtime_folder
from ..wire.launch import engine_command
from ..wire.version import VERSION, newer
from .doctor_editors import INSTALL, look_at_editors

Check = dict[str, Any]
LEAST_SPACE = 1 << 30  # bytes free on the disk
PROBE_SECONDS = 120


def examine(status: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """All checks, each with `name`, `ok`, `text` and, where something is wrong, a `remedy`."""
    probes = [_python, _folders, _torch, _models, _styles, _command, lambda: _engine(status), _editors]
    checks = [check for probe in probes for check in _safely(probe)]
    return {"ok": all(c["ok"] for c in checks), "checks": checks}


def render_doctor(report: dict[str, Any]) -> str:
    """`examine`'s report as text."""
    lines = []
    for c in report["checks"]:
        lines.append(f"{'✓' if c['ok'] else '✗'} {c['name']}: {c['text']}")
        if not c["ok"] and c["remedy"]:
            lines.append(f"    {c['remedy']}")
    lines.append("All is well." if report["ok"] else "Something needs attention.")
    return "\n".join(lines)


def _check(name: str, ok: bool, text: str, remedy: str = "") -> Check:
    return {"name": name, "ok": ok, "text": text, "remedy": remedy}


def _safely(probe: Callable[[], list[Check]]) -> list[Check]:
    """A probe that fails is itself a finding; the others still run."""
    try:
        return probe()
    except ScumbleError as e:
        return [_check(probe.__name__.strip("_<>"), False, e.sentence, e.remedy)]
    except Exception as e:
        return [_check(probe.__name__.strip("_<>"), False, f"{type(e).__name__}: {e}", INSTALL)]


def _python() -> list[Check]:
    text = f"{platform.python_version()} ({sys.executable})"
    return [_check("Python", sys.version_info >= (3, 10), text, "Install Python 3.10 or newer.")]


def _folders() -> list[Check]:
    checks = []
    folders = [("Data", data_folder), ("Cache", cache_folder), ("Log", log_folder), ("Runtime", runtime_folder)]
    for name, find in folders:
        try:
            checks.append(_folder(name, find()))
        except (ScumbleError, OSError) as e:
            checks.append(_check(f"{name} folder", False, str(e), "Make the folder writable for yourself."))
    return checks


def _folder(name: str, path: Path) -> Check:
    probe = path / ".doctor"
    probe.write_bytes(b"x")
    probe.unlink()
    free = shutil.disk_usage(path).free
    text = f"{path} ({free / 1e9:.1f} GB free)"
    return _check(f"{name} folder", free >= LEAST_SPACE, text, "Free some space on this disk.")


def _torch() -> list[Check]:
    """torch is looked at in a process of its own: it is heavy, and a broken driver may take its process down."""
    command = [sys.executable, "-m", "scumble.server.worker_probe"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PROBE_SECONDS)
    except subprocess.TimeoutExpired:
        return [_check("torch", False, f"did not answer in {PROBE_SECONDS} s", "Update the graphics driver.")]
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return [_check("torch", False, last[:300], INSTALL)]
    found = json.loads(done.stdout.splitlines()[-1])
    devices = ", ".join(f"{d['name']} ({d['title']}, {d['memory'] / 1e9:.0f} GB)" for d in found["devices"])
    return [
        _check("torch", True, f"{found['torch']}, torchvision {found['torchvision']}"),
        _check("Devices", True, devices),
    ]


def _models() -> list[Check]:
    """What the methods cannot do without must be here; reference networks may be fetched."""
    from ..methods import METHODS
    from ..methods.listing import list_models

    found = list_models()
    here = [m["name"] for m in found if m["available"]]
    fetched = [m["name"] for m in found if not m["available"] and m["kind"] == "encoder"]
    missing = [m["name"] for m in found if not m["available"] and m["kind"] == "generator"] if "fast" in METHODS else []
    text = f"on this machine: {', '.join(here) or 'none'}"
    text += f"; fetched when used: {', '.join(fetched)}" if fetched else ""
    text += f"; missing: {', '.join(missing)}" if missing else ""
    return [_check("Models", "slim" in here and not missing, text, INSTALL)]


def _styles() -> list[Check]:
    from ..styles.library import list_styles

    count = len(list_styles())
    return [_check("Style library", count > 0, f"{count} styles", INSTALL)]


def _engine(status: Callable[[], dict[str, Any]]) -> list[Check]:
    try:
        report = status()
    except ScumbleError as e:
        return [_check("Engine", False, e.sentence, e.remedy)]
    if not report["running"]:
        return [_check("Engine", True, "not running; it starts when it is needed")]
    place = "on another machine, " if report.get("remote") else ""
    text = f"running {place}at {report['address']}, {report['state']}, process {report['pid']}"
    if report["version"] != VERSION:
        text += f", version {report['version']} where {VERSION} is installed"
        text += "; it makes room when it is idle" if newer(VERSION, report["version"]) and not place else ""
    return [_check("Engine", True, text)]


def _command() -> list[Check]:
    """What the plug-ins start, which may have been moved since it was noted."""
    words = engine_command().words
    there = shutil.which(words[0]) is not None
    text = words[0] if there else f"“{words[0]}” is not there"
    return [_check("Engine’s program", there, text, INSTALL)]


def _editors() -> list[Check]:
    return [_check(*finding) for finding in look_at_editors()]
