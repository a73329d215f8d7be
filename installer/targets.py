"""What is to be installed where: for trying out beside the project, and for good in the user's data folder."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import AbstractSet, List, Optional, Tuple

from . import wheels
from .environment import Attempt, Wish, read_stamp
from .hardware import BUILD, Hardware
from .speech import Failed
from .system import ROOT

PACKAGE = ROOT / "engine" / "scumble"


def for_project(folder: Path, extras: List[str]) -> Wish:
    """Scumble itself, as it is edited, with `extras` and those that were asked for before: for --demo and --test."""
    installed, _ = read_stamp(folder)
    wanted = sorted({*extras, *installed[1:]})
    target = str(ROOT) + (f"[{','.join(wanted)}]" if wanted else "")
    return Wish(["-e", target], [fingerprint(ROOT / "pyproject.toml"), *wanted])


def for_user(
    hardware: Hardware, index: str, offline: Optional[Path], installed: AbstractSet[str] = frozenset()
) -> Wish:
    """A copy of Scumble that needs this folder no longer; `installed` is what need not come from `offline`.

    Raises `Failed`.
    """
    if offline:
        wheel = wheel_in(offline)
        wheels.check(offline, wheel, wheels.this_machine(), installed)
        words = ["--no-index", "--find-links", str(offline), str(wheel)]
        return Wish(words, [hashlib.sha256(wheel.read_bytes()).hexdigest()], offline=offline)
    attempts = torch_attempts(hardware, index)
    torch = re.findall(r'"((?:torch|torchvision)[>=][^"]*)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    return Wish([str(ROOT)], [package_digest()], attempts, tuple(torch))


def torch_attempts(hardware: Hardware, index: str) -> Tuple[Attempt, ...]:
    """The builds to try in an index, best first; none without an index."""
    index = index.rstrip("/")
    if not index or not hardware.builds:
        return ()
    last = index.rpartition("/")[2]
    if BUILD.fullmatch(last):  # the user chose
        return (Attempt(last, _words(index)),)
    return tuple(Attempt(build, _words(f"{index}/{build}")) for build in hardware.builds)


def _words(index: str) -> List[str]:
    return ["--index-url", index, "--timeout", "15", "--retries", "1"]


def wheel_in(folder: Path) -> Path:
    """Scumble's own wheel among those of a folder, of this version. Raises `Failed`."""
    found = sorted(folder.glob(f"scumble-{version()}-*.whl"))
    if not found:
        raise Failed(f"{folder} holds no wheel of Scumble {version()}. {wheels.how_to_make()}")
    return found[0]


def version() -> str:
    """The version of what is to be installed."""
    match = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.M)
    return match[1] if match else "0"


def fingerprint(file: Path) -> str:
    """The digest of what is to be installed, and where: a moved folder needs its environment anew."""
    return hashlib.sha256(file.read_bytes() + str(file).encode("utf-8", "surrogateescape")).hexdigest()


def package_digest() -> str:
    """The digest of all that a copy of Scumble is made of."""
    sha = hashlib.sha256((ROOT / "pyproject.toml").read_bytes())
    for path in sorted(PACKAGE.rglob("*")):
        inside = path.relative_to(PACKAGE)
        if path.is_file() and path.suffix != ".pyc" and not any(p.startswith(".") for p in inside.parts):
            sha.update(f"\n{inside.as_posix()}\n".encode("utf-8", "surrogateescape"))
            sha.update(path.read_bytes())
    return sha.hexdigest()
