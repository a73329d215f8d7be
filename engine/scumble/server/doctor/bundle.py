"""What a user attaches to a report: the doctor's findings and the logs, in one file, with nothing private in it."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from ...wire.engine.connection import connection_path
from ...wire.engine.folders import log_folder
from ...wire.engine.remote import remote_path
from ...wire.protocol.errors import ScumbleError
from ..keys import read_pair, server_file
from ..version import VERSION
from .doctor import render_doctor
from .scrub import Scrubber

MOST_BYTES = 1 << 19  # of the end of each log
PACKAGES = ("torch", "torchvision", "numpy", "pillow", "pyzmq", "msgpack", "safetensors", "scipy", "tifffile")
WHAT = """What is in this file, for a report about Scumble:
  report.txt, report.json   what “scumble doctor” found
  facts.json                versions and the system
  logs/                     the ends of the logs of the engine and of the plug-ins
Your name, your home folder, this machine's name, tokens, addresses and the names of pictures, layers and presets were
replaced. No picture is in it. Look through it before you send it.
"""


def write_bundle(path: Path, report: dict[str, Any]) -> list[str]:
    """Write the file; the names of what is in it. Raises `file-write`."""
    scrubber = Scrubber.of_this_user(_secrets())
    files = {"WHAT.txt": WHAT}
    files["report.txt"] = scrubber.text(render_doctor(report))
    files["report.json"] = json.dumps(scrubber.plain(report), indent=1, ensure_ascii=False)
    files["facts.json"] = json.dumps(scrubber.plain(_facts()), indent=1, ensure_ascii=False)
    for log in _logs():
        files[f"logs/{log.name}"] = scrubber.text(_end_of(log))
    part = path.with_name(f".scumble-{os.getpid()}.part")  # short, wherever its own name is
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in files.items():
                bundle.writestr(name, text)
        os.replace(part, path)
    except OSError as e:
        part.unlink(missing_ok=True)
        raise ScumbleError("file-write", name=path, reason=e.strerror or e) from e
    return list(files)


def _facts() -> dict[str, Any]:
    versions = {}
    for name in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return {
        "scumble": VERSION,
        "python": sys.version,
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "packages": versions,
        "variables": sorted(v for v in os.environ if v.startswith("SCUMBLE_")),
        "remote": _chosen(),
    }


def _chosen() -> bool:
    try:
        return remote_path().exists()
    except ScumbleError:
        return False


def _logs() -> list[Path]:
    try:
        return sorted(p for p in log_folder().glob("*.log*") if p.is_file() and not p.is_symlink())
    except (ScumbleError, OSError):
        return []


def _end_of(log: Path) -> str:
    """A log's end, beginning with a whole line."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - MOST_BYTES))
            data = file.read(MOST_BYTES)
    except OSError as e:
        return f"cannot be read: {e.strerror}"
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    return text.partition("\n")[2] if size > MOST_BYTES else text


def _secrets() -> Iterator[str]:
    """What opens an engine: a log should hold none of it, but it may not leave this machine."""
    for find in (connection_path, remote_path):
        with contextlib.suppress(ScumbleError, OSError, ValueError, AttributeError):
            plain = json.loads(find().read_text("utf-8"))
            yield from (str(plain[k]) for k in ("token", "server_key", "client_key", "client_secret") if plain.get(k))
    with contextlib.suppress(ScumbleError, OSError):
        yield from read_pair(server_file())
