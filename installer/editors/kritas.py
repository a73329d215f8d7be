"""Every Krita of the user: installed, from Flatpak, a snap, an AppImage or a store; for Linux, Windows and macOS."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List, NamedTuple, Optional

from ..system import System, borrow
from .search import Found, Profile, app_images, flatpak_has

NAME = "org.kde.krita"


class Place(NamedTuple):
    """Where a Krita would keep its things."""

    title: str
    resources: Path
    kritarc: Path
    used: Path  # where the user moved his resources to, or as above
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
    return Profile("krita", place.title, place.used / "pykrita", place.kritarc, not place.started)


def _places(system: System) -> List[Place]:
    known = borrow("engine.profiles").krita_profiles(system.platform, system.environ, system.home)
    return [_place(profile, _program(system, profile)) for profile in known]


def _place(profile: Any, program: Optional[str]) -> Place:
    title = f"Krita from {profile.origin}" if profile.origin else "Krita"
    return Place(title, profile.resources, profile.settings, profile.used_resources, program)


def _program(system: System, profile: Any) -> Optional[str]:
    """What starts that Krita, as far as it was found."""
    if profile.origin == "Flatpak":
        return NAME if flatpak_has(system, NAME) else None
    if profile.origin:
        return profile.package or "snap"
    if system.windows:
        folders = [system.environ.get(name) for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)")]
        programs = [p for f in folders if f for p in system.found(Path(f), "Krita*/bin/krita.exe")]
        return str(programs[0]) if programs else system.which("krita.exe")
    if system.mac:
        apps = (system.root / "Applications", system.home / "Applications")
        programs = [app for folder in apps for app in system.found(folder, "[Kk]rita*.app")]
        return str(programs[0]) if programs else None
    images = app_images(system, "krita")
    return system.which("krita") or (str(images[0]) if images else None)
