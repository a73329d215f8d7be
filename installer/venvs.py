"""An empty environment: made by Python's own `venv`, with a pip in it, wherever that comes from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Optional, Tuple

from . import commands
from .lock import held
from .pips import give_pip, has_ensurepip
from .speech import Failed, remedy, say
from .system import clean_environment

GIB = 1 << 30
ROOM = 8 * GIB  # torch for Linux brings the GPU's libraries with it
NO_PIP = (
    "this Python cannot make environments. On Debian or Ubuntu: "
    f"sudo apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv."
)
NO_PIP_WINDOWS = "this Python cannot make environments: it is a small one for other programs. Install Python's own."


def interpreter(folder: Path) -> Path:
    """The Python of an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def works(python: Path) -> bool:
    """Whether the environment's Python runs, has pip, and is of the version that runs this."""
    check = f"import sys, pip; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    return commands.run_quietly([str(python), "-c", check]) == 0


def make_venv(folder: Path, offline: Optional[Path] = None) -> None:
    """A new environment with nothing but pip, in place of whatever is there. Raises `Failed`."""
    if folder.is_symlink():
        raise Failed(f"{folder} is a link. Remove it and run this again.")
    try:
        if folder.exists():
            say("Making the environment anew.")
            shutil.rmtree(str(folder))
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(f"{folder} cannot be removed: {error.strerror}. Remove it by hand and run this again.") from None
    if shutil.disk_usage(str(folder.parent)).free < ROOM:
        say(f"Less than {ROOM // GIB} GiB are free on this disk; that may not be enough.")
    code, output = _run_venv(folder) if has_ensurepip() else (1, "No module named ensurepip")
    if code and "ensurepip" in output:
        code, output = _make_venv_without_pip(folder, offline, output)
    if code:
        shutil.rmtree(str(folder), ignore_errors=True)
        raise Failed(venv_reason(output, offline))


def _run_venv(folder: Path, *words: str) -> Tuple[int, str]:
    """Python's own `venv`; its exit code and what it printed."""
    command = [sys.executable, "-m", "venv", *words, str(folder)]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=clean_environment(), pass_fds=held()
    )
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _make_venv_without_pip(folder: Path, offline: Optional[Path], reason: str) -> Tuple[int, str]:
    """An environment whose pip comes from elsewhere; `reason` is why it has to, told where there is none."""
    shutil.rmtree(str(folder), ignore_errors=True)
    code, output = _run_venv(folder, "--without-pip")
    if code:
        return code, output
    words = give_pip(interpreter(folder), offline)
    if works(interpreter(folder)):
        return 0, ""
    return 1, reason if "No matching distribution" in words and "onnection" not in words else f"{words}\n{reason}"


def venv_reason(output: str, offline: Optional[Path] = None) -> str:
    """Why no environment was made, from what was printed."""
    known = remedy(output)
    if known:
        return known
    if "ensurepip" in output or "No module named venv" in output:
        beside = f" Or put pip's own wheel, pip-….whl, beside the others in {offline}." if offline else ""
        return f"{NO_PIP_WINDOWS if os.name == 'nt' else NO_PIP}{beside} Then run this again."
    return f"the environment could not be made:\n{output.strip()}"
