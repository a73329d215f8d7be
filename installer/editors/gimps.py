"""Every GIMP 3 of the user; each of its versions (3.0, 3.2) has a folder of its own."""

from __future__ import annotations

import plistlib
import re
from pathlib import Path
from typing import List, NamedTuple, Optional, Set

from ..system import System, borrow
from .search import Found, Profile, app_images, flatpak_has

NAME = "org.gimp.GIMP"
VERSION = re.compile(r"(?<![\d.])(3\.\d+)(?=\.\d|[^\d.]|$)")
FOLDER = re.compile(r"3\.\d+")
ANY = re.compile(r"\d+\.\d+")


class Base(NamedTuple):
    """A folder with GIMP's versions in it."""

    title: str
    folder: Path
    versions: Set[str]  # of the programs found, which may not have been started yet


def find_gimps(system: System) -> Found:
    """The profiles of all GIMPs of version 3.

    A folder is made for one that was never started, but not beside another version's: GIMP takes over the settings of
    an older version only where it makes the folder itself.
    """
    profiles, hints, looked = [], [], []
    for base in _bases(system):
        started = [p for p in system.found(base.folder, "*") if p.is_dir() and ANY.fullmatch(p.name)]
        mine = [p for p in started if FOLDER.fullmatch(p.name)]
        profiles += [_profile(base, p) for p in mine]
        missing = sorted(base.versions - {p.name for p in mine}, key=_number)
        if missing and not started:
            profiles += [_profile(base, base.folder / version, True) for version in missing]
        elif missing:
            hints += [f"GIMP {v} has not been started yet: start it once, then run this again." for v in missing]
        elif started and not mine:
            hints.append(f"{base.title} {started[-1].name} is too old: Scumble needs GIMP 3.")
        looked.append(f"{base.title}: its program, or {base.folder / '3.*'}")
    own = borrow("engine.profiles").own_gimp(system.environ)
    if own is not None:
        profiles.append(Profile("gimp", "GIMP", own / "plug-ins", None, not own.is_dir()))
    return Found(profiles, hints, looked)


def _profile(base: Base, folder: Path, fresh: bool = False) -> Profile:
    title = base.title.replace("GIMP", f"GIMP {folder.name}", 1)
    return Profile("gimp", title, folder / "plug-ins", None, fresh)


def _bases(system: System) -> List[Base]:
    find = _on_windows if system.windows else _in_apps if system.mac else _on_linux
    known = borrow("engine.profiles").gimp_profiles(system.platform, system.environ, system.home)
    # Of Flatpak's most keep theirs in the plain folder.
    return [
        Base(f"GIMP from {p.origin}", p.folder, set()) if p.origin else Base("GIMP", p.folder, find(system))
        for p in known
    ]


def _on_linux(system: System) -> Set[str]:
    """The versions of GIMP's programs."""
    found: Set[str] = set()
    for name in ("gimp-console-3.2", "gimp-console-3.0", "gimp-console-3", "gimp-console", "gimp-3", "gimp"):
        if system.which(name):
            found |= _versions(name) or _versions(system.output([name, "--version"]))
    if flatpak_has(system, NAME):
        told = system.output(["flatpak", "info", NAME]).splitlines()
        found |= _versions(next((line for line in told if line.strip().startswith("Version:")), ""))
    for image in app_images(system, "gimp"):
        found |= _versions(image.name)
    return found


def _in_apps(system: System) -> Set[str]:
    found: Set[str] = set()
    for folder in (system.root / "Applications", system.home / "Applications"):
        for app in system.found(folder, "GIMP*.app"):
            found |= _versions(_bundle_version(app / "Contents/Info.plist") or app.name)
    return found


def _bundle_version(file: Path) -> Optional[str]:
    try:
        return str(plistlib.loads(file.read_bytes())["CFBundleShortVersionString"])
    except (OSError, KeyError, ValueError, plistlib.InvalidFileException):
        return None


def _on_windows(system: System) -> Set[str]:
    local = system.folder("LOCALAPPDATA", "AppData", "Local")
    folders = [system.environ.get(name) for name in ("ProgramFiles", "ProgramW6432")] + [str(local / "Programs")]
    programs = [p for f in folders if f for p in system.found(Path(f), "GIMP*/bin/gimp-3.*.exe")]
    return {v for p in programs for v in _versions(p.stem)}


def _versions(text: str) -> Set[str]:
    """The first version 3.x in a text, if there is one."""
    match = VERSION.search(text)
    return {match[1]} if match else set()


def _number(version: str) -> List[int]:
    return [int(part) for part in version.split(".")]
