"""Which editors this user has, and where each of them looks for plug-ins."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, NamedTuple, Optional

from ..speech import Failed
from ..system import System

EDITORS = ("krita", "gimp")
TITLES = {"krita": "Krita", "gimp": "GIMP"}


class Profile(NamedTuple):
    """One editor of the user: the folder of its plug-ins and, for Krita, its settings."""

    editor: str
    title: str
    plugins: Path
    settings: Optional[Path] = None
    fresh: bool = False  # the editor was never started, so its folders are made for it


class Sandbox(NamedTuple):
    """A box that an editor lives in: its programs and folders are not the user's."""

    kind: str  # “flatpak”, “snap”
    name: str  # “org.kde.krita”
    editor: str
    data: Path  # what the plug-in in it takes for our data folder
    cache: Path
    logs: Path


class Found(NamedTuple):
    """What a search came to."""

    profiles: List[Profile]
    hints: List[str]  # what the user should know, in sentences
    looked_at: List[str]  # places, for a search in vain


def search(system: System, wanted: str = "") -> Found:
    """The profiles of all editors, or of the one wanted (“krita”, “gimp”, “none”)."""
    from .gimps import find_gimps  # they use this module's words
    from .kritas import find_kritas

    parts = [find(system) for name, find in (("krita", find_kritas), ("gimp", find_gimps)) if wanted in ("", name)]
    return Found(
        unique([p for part in parts for p in part.profiles]),
        [h for part in parts for h in part.hints],
        [h for part in parts for h in part.looked_at],
    )


def given(system: System, path: Path, wanted: str = "") -> Profile:
    """The profile that a user named by its folder, or by the folder of plug-ins in it. Raises `Failed`."""
    from .kritas import kritarc_of

    names = {"krita": "pykrita", "gimp": "plug-ins"}
    likely = [e for e, n in names.items() if path.name == n or (path / n).is_dir()]
    likely = likely or [e for e in EDITORS if any(e in part.lower() for part in path.parts[-2:])]
    editor = wanted if wanted in EDITORS else likely[0] if len(likely) == 1 else ""
    if not editor:
        raise Failed(f"{path} does not tell whose profile it is; add --editor krita or --editor gimp.")
    plugins = path if path.name == names[editor] else path / names[editor]
    settings = kritarc_of(system, plugins.parent) if editor == "krita" else None
    return Profile(editor, TITLES[editor], plugins, settings)


def unique(profiles: List[Profile]) -> List[Profile]:
    """Each folder once: two ways may lead to it."""
    found: Dict[Path, Profile] = {}
    for profile in profiles:
        found.setdefault(profile.plugins, profile)
    return list(found.values())


def sandboxes(system: System) -> List[Sandbox]:
    """The boxes on this machine with an editor in them."""
    if system.windows or system.mac:
        return []
    found = []
    for editor, name in (("krita", "org.kde.krita"), ("gimp", "org.gimp.GIMP")):
        box = system.home / ".var/app" / name
        if box.is_dir() or flatpak_has(system, name):
            own = [box / part / "scumble" for part in ("data", "cache", ".local/state")]
            found.append(Sandbox("flatpak", name, editor, *own))
        box = system.home / "snap" / editor / "current"
        if box.is_dir():
            own = [box / part / "scumble" for part in (".local/share", ".cache", ".local/state")]
            found.append(Sandbox("snap", editor, editor, *own))
    return found


def flatpak_has(system: System, name: str) -> bool:
    """Whether Flatpak has installed a program, for all users or for this one."""
    places = [system.root / "var/lib/flatpak/app", system.home / ".local/share/flatpak/app"]
    return any((place / name).is_dir() for place in places)


def app_images(system: System, editor: str) -> List[Path]:
    """AppImages of an editor in the folders where people keep them."""
    folders = ("Applications", "AppImages", "Apps", "Downloads", "Desktop", "bin", ".local/bin", "opt")
    found = []
    for folder in [system.home, *(system.home / name for name in folders), system.root / "opt"]:
        for path in system.found(folder, "*.[Aa]pp[Ii]mage"):
            if path.name.lower().startswith(editor):
                found.append(path)
    return found
