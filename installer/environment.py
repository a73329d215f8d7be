"""An environment of Python's with Scumble in it: made, mended and kept up to date.

A stamp in it says what was installed to the end. It is taken away before anything changes and written at last, so a run
that was killed is not taken for done; what it left is found by `health` and made anew.
"""

from __future__ import annotations

import re
import shutil
import sys
import time
from pathlib import Path
from typing import Callable, List, NamedTuple, Optional, Tuple

from . import commands
from .health import can_be_mended, damaged, name_of, site_packages
from .speech import Failed, remedy, say
from .system import ROOT
from .venvs import interpreter, make_venv, works
from .wheels import how_to_make

STAMP = "scumble-stamp"
TORCH = "torch="  # the stamp's word for the build of torch


class Attempt(NamedTuple):
    """A build of torch, and what pip is told to find it."""

    build: str
    words: List[str]


class Wish(NamedTuple):
    """What an environment is to hold."""

    packages: List[str]  # as pip wants to be told
    stamp: List[str]  # what tells whether it holds them
    attempts: Tuple[Attempt, ...] = ()  # torch, from an index of its own: the first that can be had
    torch: Tuple[str, ...] = ()  # what torch is asked of pip as
    offline: Optional[Path] = None  # a folder of wheels instead of a network


def set_up(folder: Path, wish: Wish, fresh: bool = False) -> Path:
    """Make or mend the environment in `folder`; its Python. Raises `Failed`."""
    python = interpreter(folder)
    packages = site_packages(folder)
    broken = damaged(packages)
    healthy = not fresh and works(python) and can_be_mended(packages)
    installed, build = read_stamp(folder)
    wanted = [attempt.build for attempt in wish.attempts]
    if healthy and not broken and installed == wish.stamp and (not wanted or build in wanted):
        return python
    say(f"Setting Scumble up in {folder} (Python {sys.version_info[0]}.{sys.version_info[1]}).")
    if healthy and installed:
        _end_engine(python)
    if not healthy:
        make_venv(folder, wish.offline)
        build = ""
    write_stamp(folder, [])  # until it is done, it is not
    for path in broken if healthy else []:
        say(f"{name_of(path)} is damaged; installing it again.")
        shutil.rmtree(str(path)) if path.is_dir() else path.unlink()
    if wanted and build not in wanted:
        build = _install_torch(python, wish)
    install(python, wish.packages)
    write_stamp(folder, [*wish.stamp, *([TORCH + build] if build else [])])
    return python


def is_current(folder: Path, wish: Wish) -> bool:
    """Whether `set_up` would change nothing."""
    installed, build = read_stamp(folder)
    wanted = [attempt.build for attempt in wish.attempts]
    whole = works(interpreter(folder)) and not damaged(site_packages(folder))
    return whole and installed == wish.stamp and (not wanted or build in wanted)


def install(python: Path, words: List[str]) -> None:
    """Install Scumble and what it needs, pip's own progress shown. Raises `Failed`."""
    if has_torch(python.parent.parent):
        say("Bringing the packages up to date.")
    else:
        say("Installing the packages; torch is large, so this takes some minutes.")
    started = time.monotonic()
    had = any(site_packages(python.parent.parent).glob("scumble-*.dist-info"))
    code, output = commands.run_pip(python, ["install", *words], ROOT)
    if had and not code and "--no-index" in words:  # a wheel of the same version is not taken for news otherwise
        code, output = commands.run_pip(python, ["install", "--no-deps", "--force-reinstall", *words], ROOT)
    if code:
        raise Failed(_why(code, output, "--no-index" in words))
    say(f"Installed in {time.monotonic() - started:.0f} s.")


def _why(code: int, output: str, offline: bool) -> str:
    """What pip's failure means, and what to do; a folder is not mended by looking after the network."""
    lacking = re.search(r"No matching distribution found for (.+)", output) if offline else None
    if lacking:
        return f"The folder of wheels lacks {lacking[1].strip()}. {how_to_make()}"
    return remedy(output) or f"pip failed with exit code {code}; its words are above."


def _install_torch(python: Path, wish: Wish) -> str:
    """Torch from an index of its own; the build, or “default” where the registry's own has to do."""
    for attempt in wish.attempts:
        say(f"Looking for torch's build “{attempt.build}”; it is large.")
        if commands.run_pip(python, ["install", "--force-reinstall", *attempt.words, *wish.torch], ROOT)[0] == 0:
            return attempt.build
        say(f"The build “{attempt.build}” cannot be had there.")
    say("Taking the package registry's own build of torch instead.")
    return "default"


def has_torch(folder: Path) -> bool:
    """Whether an environment has torch, in whatever build."""
    return (site_packages(folder) / "torch").is_dir()


def _end_engine(python: Path) -> None:
    """An engine that runs would go on with what is about to be replaced; its jobs end first."""
    commands.run_quietly([str(python), "-m", "scumble", "stop"])


def read_stamp(folder: Path) -> Tuple[List[str], str]:
    """What was installed, and the build of torch; empty if nothing was, or not to the end."""
    try:
        words = (folder / STAMP).read_text("utf-8").split()
    except (OSError, UnicodeDecodeError):
        return [], ""
    build = next((word[len(TORCH) :] for word in words if word.startswith(TORCH)), "")
    return [word for word in words if not word.startswith(TORCH)], build


def write_stamp(folder: Path, stamp: List[str]) -> None:
    """Remember what was installed. Raises `Failed`."""
    try:
        (folder / STAMP).write_text("\n".join(stamp) + "\n", "utf-8")
    except OSError as error:
        raise Failed(remedy(str(error)) or f"{folder / STAMP} cannot be written: {error.strerror}.") from None


def find_python(which: Callable[[str], Optional[str]] = shutil.which) -> Optional[str]:
    """Another Python on this machine that is new enough."""
    for minor in (13, 12, 11, 14, 10):
        found = which(f"python3.{minor}")
        if found and commands.run_quietly([found, "-c", "import venv"]) == 0:
            return found
    return None
