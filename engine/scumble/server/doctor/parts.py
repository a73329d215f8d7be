"""The doctor looks at what is installed: folders, weights, the style library, the engine's program. No torch here."""

from __future__ import annotations

import contextlib
import datetime
import errno
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from ...features.download import file_digest
from ...features.models import read_digest
from ...wire.engine.folders import cache_folder, data_folder, log_folder, runtime_folder
from ...wire.engine.launch import COMMAND_FILE, SPEECH, clean_environment, engine_command
from ...wire.protocol.errors import ScumbleError

INSTALL = "Run: python install.py"
UNLOCK = "Allow yourself to write in this folder, and see that its disk is not read-only."
LEAST_SPACE = 1 << 30  # bytes free on the disk
PROGRAM_SECONDS = 60
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Finding(NamedTuple):
    """What is to be said of one thing. A `remedy` where all is well says what to do if it is not."""

    name: str
    ok: bool
    text: str
    remedy: str = ""


def install() -> str:
    """How to install anew: by install.py for who used it or works beside it, else as any package."""
    with contextlib.suppress(ScumbleError):
        if (data_folder() / COMMAND_FILE).exists() or (Path(__file__).parents[4] / "install.py").is_file():
            return INSTALL
    return "Install Scumble again, as it was installed: pip install --force-reinstall scumble"


def look_at_folders() -> list[Finding]:
    """Whether each can be written, and what space is left."""
    folders = [("Data", data_folder), ("Cache", cache_folder), ("Log", log_folder), ("Runtime", runtime_folder)]
    return [_folder(f"{name} folder", find) for name, find in folders]


def _folder(name: str, find: Callable[[], Path]) -> Finding:
    try:
        path = find()
    except ScumbleError as e:
        return Finding(name, False, e.sentence, e.remedy)
    probe = path / ".doctor"
    try:
        probe.write_bytes(b"x" * 4096)
        free = shutil.disk_usage(path).free
    except OSError as e:
        if e.errno in _FULL:
            return Finding(name, False, f"{path}: the disk is full", "Free some space on this disk.")
        return Finding(name, False, f"{path} cannot be written: {e.strerror or e}", UNLOCK)
    finally:
        with contextlib.suppress(OSError):  # it was not made
            probe.unlink()
    if sys.platform != "win32" and path.stat().st_mode & 0o022:
        return Finding(name, False, f"others can write in {path}", f"Run: chmod 700 “{path}”")
    remedy = "" if free >= LEAST_SPACE else "Free some space on this disk."
    return Finding(name, not remedy, f"{path} ({free / 1e9:.1f} GB free)", remedy)


def look_at_clock() -> list[Finding]:
    """A clock that is wrong breaks downloads; one that is right is not spoken of."""
    made = Path(__file__).stat().st_mtime
    if time.time() > made - 86400:
        return []
    text = f"this computer’s clock says {datetime.date.today()}, which is before Scumble was installed here"
    return [Finding("Clock", False, text, "Set date and time; downloads fail without them.")]


def look_at_models() -> list[Finding]:
    """What the methods cannot do without must be here, and whole; reference networks may be fetched."""
    from ...methods import method_names
    from ...methods.listing import list_models

    found = list_models()
    needed = {"slim"} | {m["name"] for m in found if m["kind"] == "generator" and "fast" in method_names()}
    here = [m["name"] for m in found if m["available"]]
    missing = [m["name"] for m in found if not m["available"] and m["name"] in needed]
    fetched = [m["name"] for m in found if not m["available"] and m["kind"] == "encoder" and m["name"] not in needed]
    text = f"on this machine: {', '.join(here) or 'none'}"
    text += f"; fetched when used: {', '.join(fetched)}" if fetched else ""
    text += f"; missing: {', '.join(missing)}" if missing else ""
    damaged = [_damaged_model(m["name"], Path(m["file"]), m["name"] in needed) for m in found if m["available"]]
    return [Finding("Models", not missing, text, install() if missing else ""), *filter(None, damaged)]


def _damaged_model(name: str, file: Path, shipped: bool) -> Finding | None:
    if _is_whole(file, lambda: read_digest(file)):
        return None
    remedy = install() if shipped else f"Remove {file}, then run: scumble models fetch {name}"
    return Finding(f"Model {name}", False, f"its file is damaged: {file}", remedy)


def _is_whole(file: Path, digest: Callable[[], str]) -> bool:
    try:
        return file_digest(file) == digest()
    except (OSError, ScumbleError):
        return False


def look_at_styles() -> list[Finding]:
    """The shipped cards must be whole; of the user's own it says which are not."""
    from ...styles.library import CARDS, find_style, list_styles, shipped_names
    from ...styles.own import own_names

    name = "Style library"
    try:
        shipped, known = shipped_names(), list_styles()
        cards = [(s, find_style(s)) for s in shipped]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ScumbleError):
        return [Finding(name, False, "its list of styles is damaged or missing", install())]
    bad = [s for s, card in cards if not _is_whole(CARDS / card["file"], lambda card=card: card["digest"])]  # type: ignore[misc]
    if bad or not shipped:
        return [Finding(name, False, f"damaged or missing: {_some(bad)}" if bad else "it is empty", install())]
    found = [Finding(name, True, f"{len(known)} styles")]
    whole = {s["name"] for s in known}
    for own in own_names():
        if own not in whole:
            remedy = f"Train it again, or run: scumble styles remove {own}"
            found.append(Finding("Style of your own", False, f"“{own}” cannot be used: it is damaged", remedy))
    return found


def _some(names: Iterable[str], most: int = 5) -> str:
    listed = list(names)
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")


def look_at_program() -> list[Finding]:
    """What the plug-ins start: it may have been moved or damaged since it was noted."""
    name = "Engine’s program"
    try:
        command = engine_command()
    except ScumbleError as e:
        return [Finding(name, False, e.sentence, e.remedy)]
    program = command.words[0]
    if shutil.which(program) is None:
        return [Finding(name, False, f"“{program}” is not there", install())]
    env = {**clean_environment(os.environ, command.python_path), **SPEECH}
    try:
        done = subprocess.run(
            [*command.words, "--help"], capture_output=True, timeout=PROGRAM_SECONDS, env=env, cwd=quiet_place()
        )
    except subprocess.TimeoutExpired:
        return [Finding(name, False, f"{program} does not answer", install())]
    except OSError as e:
        return [Finding(name, False, f"{program} cannot be run: {e.strerror or e}", install())]
    if done.returncode:
        return [Finding(name, False, f"{program} fails: {last_words(done.stderr, done.returncode)}", install())]
    return [Finding(name, True, program)]


def quiet_place() -> Path:
    """A folder to run Python in, without modules of others."""
    try:
        return log_folder()
    except ScumbleError:
        return Path(os.sep)


def last_words(errors: bytes, code: int) -> str:
    """The reason a process gave, without the name of Python's error before it."""
    if code < 0:
        return f"it crashed (signal {-code})"
    lines = [line.strip() for line in errors.decode("utf-8", "replace").splitlines() if line.strip()]
    if not lines:
        return f"it ended with {code}"
    head, _, rest = lines[-1].partition(": ")
    return (rest if rest and head.replace(".", "").isidentifier() else lines[-1])[:300]
