"""Every Krita of the user: installed, from Flatpak, a snap, an AppImage or a store; for Linux, Windows and macOS."""

from __future__ import annotations

from pathlib import Path
from typing import List, NamedTuple, Optional

from ..disk import read
from ..system import System
from .kritarc import resource_folder
from .search import Found, Profile, app_images, flatpak_has

NAME = "org.kde.krita"


class Place(NamedTuple):
    """Where a Krita would keep its things."""

    title: str
    resources: Path
    kritarc: Path
    program: Optional[str] = None  # the program itself, where it was found

    @property
    def started(self) -> bool:
        return self.resources.is_dir() or self.kritarc.is_file()


def find_kritas(system: System) -> Found:
    """The profiles of all Kritas; one that was never started counts where its program is found."""
    places = _places(system)
    hints = []
    if (system.root / "snap/krita").is_dir() and not (system.home / "snap/krita/current").is_dir():
        hints.append("Krita from a snap has not been started yet: start it once, then run this again.")
    profiles = [_profile(place) for place in places if place.started or place.program]
    return Found(profiles, hints, [f"{p.title}: its program, {p.resources} or {p.kritarc}" for p in places])


def kritarc_of(system: System, resources: Path) -> Path:
    """The settings of the Krita whose resources lie there: of the plain one where none is known."""
    places = _places(system)
    return next((p.kritarc for p in places if _profile(p).plugins.parent == resources), places[0].kritarc)


def _profile(place: Place) -> Profile:
    """The profile at a place, with the resources where the user moved them."""
    moved = resource_folder(read(place.kritarc) or b"") if place.kritarc.is_file() else None
    resources = moved if moved and moved.is_dir() else place.resources
    return Profile("krita", place.title, resources / "pykrita", place.kritarc, not place.started)


def _places(system: System) -> List[Place]:
    if system.windows:
        return _on_windows(system)
    if system.mac:
        library = system.home / "Library"
        folders = (system.root / "Applications", system.home / "Applications")
        apps = [app for folder in folders for app in system.found(folder, "[Kk]rita*.app")]
        support, settings = library / "Application Support/krita", library / "Preferences/kritarc"
        return [Place("Krita", support, settings, str(apps[0]) if apps else None)]
    return _on_linux(system)


def _on_linux(system: System) -> List[Place]:
    data = system.folder("XDG_DATA_HOME", ".local", "share") / "krita"
    config = system.folder("XDG_CONFIG_HOME", ".config") / "kritarc"
    images = app_images(system, "krita")
    plain = Place("Krita", data, config, system.which("krita") or (str(images[0]) if images else None))
    box, snap = system.home / ".var/app" / NAME, system.home / "snap/krita/current"
    found = [plain]
    boxed = NAME if flatpak_has(system, NAME) else None
    found.append(Place("Krita from Flatpak", box / "data/krita", box / "config/kritarc", boxed))
    if snap.is_dir():
        own = snap.resolve()  # “current” leads to the newest revision's folder
        found.append(Place("Krita from a snap", own / ".local/share/krita", own / ".config/kritarc", "snap"))
    return found


def _on_windows(system: System) -> List[Place]:
    roaming = system.folder("APPDATA", "AppData", "Roaming")
    local = system.folder("LOCALAPPDATA", "AppData", "Local")
    folders = [system.environ.get(name) for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)")]
    programs = [p for f in folders if f for p in system.found(Path(f), "Krita*/bin/krita.exe")]
    program = str(programs[0]) if programs else system.which("krita.exe")
    found = [Place("Krita", roaming / "krita", local / "kritarc", program)]
    for package in system.found(local / "Packages", "*Krita*"):  # from the Store: its folders lie in its own
        own = package / "LocalCache"
        found.append(Place("Krita from the Store", own / "Roaming/krita", own / "Local/kritarc", package.name))
    return found
