"""How the engine is, as lines of a name and a text. Nothing is started."""

from __future__ import annotations

import platform
import time
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ..gimplib import Gimp
from ..log import log_path
from ..texts import tr
from ..version import VERSION
from ..wire.editor.link import Link
from ..wire.engine.launch import engine_command
from ..wire.protocol.errors import ScumbleError
from ..wire.words.translation import remedy, sentence
from .engine import ask

Lines = List[Tuple[str, str]]

LOOK_SECONDS = 12.0  # in which even a silent engine is known to be one
TURN = 0.01


def status_text(link: Link) -> str:
    """All lines, as a script gets them. Never raises `ScumbleError`."""
    return as_text(status_lines(link, _look(link)))


def as_text(lines: Lines) -> str:
    """Lines as one text."""
    return "\n".join(f"{name}: {text}" for name, text in lines)


def status_lines(link: Link, answer: Optional[Mapping[str, Any]]) -> Lines:
    """What there is to say; `answer` is the engine's to “status”, None where there is none."""
    lines = [(tr("Engine"), " ".join(filter(None, state_of(link, answer))))]
    if answer is not None:
        lines += _engine_lines(link.info, answer)
    logs = [str(path) for path in (link.info.get("log"), log_path()) if path]
    return [*lines, (tr("Logs"), "\n".join(logs)), (tr("Plug-in"), _own_versions())]


def _look(link: Link) -> Optional[Dict[str, Any]]:
    """The engine's answer to “status”; None where there is none to ask."""
    link.start(launch=False)
    end = time.monotonic() + LOOK_SECONDS
    while link.state == "starting" and time.monotonic() < end:
        link.tick()
        time.sleep(TURN)
    if link.state != "ready":
        return None
    try:
        return ask(link, "status")
    except ScumbleError as e:
        link.error = link.error or e
        return None


def state_of(link: Link, answer: Optional[Mapping[str, Any]]) -> Tuple[str, str]:
    """The state in a few words, and what more there is to say of it."""
    if answer is not None:
        words = {"busy": tr("At work."), "stopping": tr("Ending.")}
        return words.get(str(answer.get("state")), tr("Ready.")), ""
    if link.error is not None:
        return sentence(link.error), remedy(link.error)
    if link.state != "off":
        return tr("Starting…"), ""
    try:
        engine_command()
    except ScumbleError as e:
        return sentence(e), remedy(e)
    return tr("Off."), tr("It starts by itself when a picture is to be painted.")


def _engine_lines(info: Mapping[str, Any], status: Mapping[str, Any]) -> Lines:
    jobs = status.get("jobs", {})
    counts = tr("{running} running, {queued} waiting").format(
        **{name: jobs.get(name, 0) for name in ("running", "queued")}
    )
    version = tr("{version}, protocol {protocol}, process {pid}").format(
        version=info.get("version", "?"), protocol=info.get("protocol", "?"), pid=info.get("pid", "?")
    )
    return [(tr("Device"), device_in(info)), (tr("Jobs"), counts), (tr("Version"), version)]


def device_in(info: Mapping[str, Any]) -> str:
    """The devices' names; before a worker has looked there are none to tell."""
    devices = [str(d.get("title") or d.get("name")) for d in info.get("devices", ()) if isinstance(d, dict)]
    return ", ".join(d.upper() if d == "cpu" else d for d in devices) or tr("being looked for")


def _own_versions() -> str:
    return f"Scumble {VERSION} · GIMP {Gimp.version()} · Python {platform.python_version()}"
