"""A Python of this machine that can run the installer: an editor's own often lacks what makes environments."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from glob import glob
from pathlib import Path
from typing import Callable, Dict, List, Mapping, NamedTuple, Optional

from ...engine.launch import clean_environment

MINORS = (13, 12, 11, 14, 10)  # of Python 3, in this order: torch is made for the first ones longest
OLDEST = (3, 10)
SECONDS = 20.0  # in which a Python tells of itself
ASK = "import sys, venv; print(sys.version_info[0], sys.version_info[1], int(sys.maxsize > 1 << 32))"
MAC = ("/Library/Frameworks/Python.framework/Versions/3.{}/bin/python3", "/opt/homebrew/bin/python3.{}")
WINDOWS = ("Programs/Python/Python3{}/python.exe",)  # in the user's local folder, and for all users


class Python(NamedTuple):
    """A Python that will do."""

    words: List[str]  # how it is started
    version: str


class PythonSearch:
    """Asks one candidate after another, without waiting: call `tick` until `ended`; then `found` is one or None."""

    def __init__(self, candidates: Optional[List[List[str]]] = None) -> None:
        self._left = candidates_here() if candidates is None else list(candidates)
        self._asked: List[str] = []
        self._process: Optional[subprocess.Popen[bytes]] = None
        self._until = 0.0
        self.found: Optional[Python] = None

    @property
    def ended(self) -> bool:
        """Whether one was found, or there is none."""
        return self.found is not None or (self._process is None and not self._left)

    def tick(self) -> None:
        """Look whether the one that was asked has answered; ask the next."""
        if self._process is None:
            if self._left and not self.found:
                self._ask(self._left.pop(0))
            return
        if self._process.poll() is None:
            if time.monotonic() > self._until:
                self._process.kill()
            return
        told, self._process = self._process.communicate()[0], None
        self.found = _suitable(self._asked, told.split())

    def stop(self) -> None:
        """Ask no more."""
        self._left = []
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _ask(self, words: List[str]) -> None:
        self._asked, self._until = words, time.monotonic() + SECONDS
        quiet = subprocess.DEVNULL
        try:
            self._process = subprocess.Popen(
                [*words, "-c", ASK],
                stdin=quiet,
                stdout=subprocess.PIPE,
                stderr=quiet,
                env=clean_environment(os.environ),
                cwd=str(Path.home()),
                **without_window(),  # type: ignore[call-overload]
            )
        except OSError:
            self._process = None


def candidates_here() -> List[List[str]]:
    """How the Pythons that there may be are started, those of the best versions first."""
    return candidates(sys.platform, os.environ, shutil.which, sys.executable or "")


def candidates(
    platform: str, environ: Mapping[str, str], which: Callable[[str], Optional[str]], own: str
) -> List[List[str]]:
    """The same for any machine; `own` is the program that runs this, which may be an editor."""
    found: List[List[str]] = []
    for minor in MINORS:
        paths = [which(f"python3.{minor}")]
        if platform == "darwin":  # programs with windows are not given a terminal's PATH
            paths += [path.format(minor) for path in MAC if os.path.exists(path.format(minor))]
        if platform == "win32":
            roots = [environ[name] for name in ("LOCALAPPDATA", "ProgramFiles") if environ.get(name)]
            paths += [path for root in roots for place in WINDOWS for path in glob(f"{root}/{place.format(minor)}")]
            launcher = which("py")
            found += [[launcher, f"-3.{minor}"]] if launcher else []
        found += [[path] for path in paths if path]
    if Path(own).name.lower().startswith("python"):
        found.append([own])
    found += [[path] for path in (which("python3"), which("python")) if path]
    return [words for i, words in enumerate(found) if words not in found[:i]]


def without_window() -> Dict[str, int]:
    """What keeps Windows from opening a console for a program."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}
    return {}


def _suitable(words: List[str], told: List[bytes]) -> Optional[Python]:
    try:
        major, minor, wide = (int(word) for word in told)
    except ValueError:
        return None
    return Python(words, f"{major}.{minor}") if (major, minor) >= OLDEST and wide else None
