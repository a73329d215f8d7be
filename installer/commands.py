"""Programs that take long: shown as they go on, their last words kept."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from .lock import held
from .speech import say
from .system import clean_environment, offline_environment, pip_environment

QUIET_SECONDS = 20.0  # after so much silence a word that it still works
LAST_LINES = 60
COUNT_SECONDS = 1.0
BYTES = "bytes: "  # how a line begins that says how much has been brought, to a program that asked for it
NOWHERE_ELSE = "--target="  # nothing, which is: into the environment, whatever pip's settings say


_counted: List[Path] = []  # where pip puts what it brings, where a program wants to know how much that is


def count_into(folder: Optional[Path]) -> None:
    """Let pip bring everything into this folder first, and say how much there is; None: as ever."""
    _counted[:] = [folder] if folder else []


def run(command: Sequence[str], cwd: Path, **more: str) -> int:
    """Run a program in this terminal; its exit code."""
    return _call(command, cwd, clean_environment(**more))


def _call(command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> int:
    return subprocess.call(list(command), cwd=str(cwd), env=env, pass_fds=held())


def run_quietly(command: Sequence[str], seconds: float = 60) -> int:
    """Run a program unseen; its exit code, 1 where it cannot run or takes too long."""
    quiet = subprocess.DEVNULL
    env = environment_for(command)
    try:
        return subprocess.call(list(command), stdin=quiet, stdout=quiet, stderr=quiet, env=env, timeout=seconds)
    except (OSError, subprocess.SubprocessError):
        return 1


def environment_for(command: Sequence[str]) -> Dict[str, str]:
    """What a program sees: a pip that is kept from the network is also kept from the machine's settings of pip."""
    if "--no-index" in command:
        return offline_environment()
    temporary = {name: str(folder) for folder in _counted for name in ("TMPDIR", "TEMP", "TMP")}
    return {**pip_environment(), **temporary} if "pip" in command else clean_environment()


def run_pip(python: Path, words: Sequence[str], cwd: Path) -> Tuple[int, str]:
    """Run pip; its exit code and its last words. In a terminal it draws its own bars."""
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", words[0]]
    command += [*([NOWHERE_ELSE] if words[0] == "install" else []), *words[1:]]
    if not sys.stdout.isatty():
        return tee(command, cwd)
    handle, log = tempfile.mkstemp(prefix="scumble-pip-", suffix=".log")
    os.close(handle)
    try:
        code = _call([*command, "--log", log], cwd, environment_for(command))
        lines = Path(log).read_bytes().decode("utf-8", "replace").splitlines(keepends=True)
        return code, "".join(lines[-LAST_LINES:])
    finally:
        os.unlink(log)


def tee(command: Sequence[str], cwd: Path) -> Tuple[int, str]:
    """Run a program, show what it prints as it prints it, and return its exit code and its last words."""
    lines: List[str] = []
    process = subprocess.Popen(
        list(command),
        cwd=str(cwd),
        env=environment_for(command),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=held(),
    )
    with process, _Pulse() as pulse:
        for raw in process.stdout or ():
            line = raw.decode("utf-8", "replace")
            if not line.startswith("Requirement already satisfied"):
                print(line, end="", flush=True)
                pulse.beat()
            lines.append(line)
    return process.returncode, "".join(lines[-LAST_LINES:])


class _Pulse:
    """Says from time to time that a silent program still works."""

    def __init__(self) -> None:
        self.begun = self.heard = time.monotonic()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def beat(self) -> None:
        self.heard = time.monotonic()

    def _watch(self) -> None:
        counted = -1
        while not self.over.wait(COUNT_SECONDS):
            for folder in _counted:
                before, counted = counted, _size(folder)
                if counted != before:
                    print(f"{BYTES}{counted}", flush=True)
            if time.monotonic() - self.heard >= QUIET_SECONDS:
                say(f"still working ({time.monotonic() - self.begun:.0f} s) …")
                self.beat()

    def __enter__(self) -> _Pulse:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()


def _size(folder: Path) -> int:
    """The bytes of all files under a folder; they come and go."""
    total = 0
    for where, _, names in os.walk(str(folder)):
        for name in names:
            with suppress(OSError):
                total += os.stat(os.path.join(where, name)).st_size
    return total
