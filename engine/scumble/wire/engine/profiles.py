"""Where Krita and GIMP keep what is a user's, on each system: what the installer writes to and the doctor looks at.

Standard library alone: install.py runs it on a bare Python.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import List, Mapping, NamedTuple, Optional

KRITA_FLATPAK, GIMP_FLATPAK = "org.kde.krita", "org.gimp.GIMP"


class KritaProfile(NamedTuple):
    """A Krita's folder of resources (as it is without settings) and its settings.

    `origin` is “Flatpak”, “a snap”, “the Store” or empty; `package` its name in the Store.
    """

    origin: str
    resources: Path
    settings: Path
    package: str = ""

    @property
    def used_resources(self) -> Path:
        """The folder that Krita looks for plug-ins in: where the user moved it, if it is there."""
        moved = moved_resources(_read(self.settings))
        return moved if moved is not None and moved.is_dir() else self.resources


class GimpProfiles(NamedTuple):
    """A folder with one for each of GIMP's versions (3.0, 3.2) in it; `origin` as above."""

    origin: str
    folder: Path


def krita_profiles(platform: str, environ: Mapping[str, str], home: Path) -> List[KritaProfile]:
    """Every Krita there may be, for `platform` as in `sys.platform`; the plain one first. None need exist."""
    if platform == "win32":
        roaming, local = _windows(environ, home)
        found = [KritaProfile("", roaming / "krita", local / "kritarc")]
        for package in _glob(local / "Packages", "*Krita*"):  # from the Store: its folders lie in its own
            own = package / "LocalCache"
            found.append(KritaProfile("the Store", own / "Roaming/krita", own / "Local/kritarc", package.name))
        return found
    if platform == "darwin":
        library = home / "Library"
        return [KritaProfile("", library / "Application Support/krita", library / "Preferences/kritarc")]
    data, config = _xdg(environ, home)
    box = home / ".var/app" / KRITA_FLATPAK
    found = [
        KritaProfile("", data / "krita", config / "kritarc"),
        KritaProfile("Flatpak", box / "data/krita", box / "config/kritarc"),
    ]
    for own in _snap(home, "krita"):
        found.append(KritaProfile("a snap", own / ".local/share/krita", own / ".config/kritarc"))
    return found


def gimp_profiles(platform: str, environ: Mapping[str, str], home: Path) -> List[GimpProfiles]:
    """Every folder of GIMPs there may be, as above; but for the one that `own_gimp` names."""
    if platform == "win32":
        roaming, local = _windows(environ, home)
        store = [p / "LocalCache/Roaming/GIMP" for p in _glob(local / "Packages", "*GIMP*")]
        return [GimpProfiles("", roaming / "GIMP"), *(GimpProfiles("the Store", folder) for folder in store)]
    if platform == "darwin":
        return [GimpProfiles("", home / "Library/Application Support/GIMP")]
    found = [
        GimpProfiles("", _xdg(environ, home)[1] / "GIMP"),
        GimpProfiles("Flatpak", home / ".var/app" / GIMP_FLATPAK / "config/GIMP"),
    ]
    return [*found, *(GimpProfiles("a snap", own / ".config/GIMP") for own in _snap(home, "gimp"))]


def own_gimp(environ: Mapping[str, str]) -> Optional[Path]:
    """The profile that the user chose by a variable of GIMP's."""
    own = environ.get("GIMP3_DIRECTORY", "")
    return Path(own) if os.path.isabs(own) else None


def moved_resources(settings: bytes) -> Optional[Path]:
    """The folder that Krita's settings name for its resources, if they do: it looks for plug-ins there alone."""
    for line in settings.split(b"\n"):
        if line.lstrip().startswith(b"["):
            break
        name, _, value = line.partition(b"=")
        if name.strip() == b"ResourceDirectory":
            given = value.strip().decode("utf-8", "surrogateescape").replace("\\\\", "\\")
            return Path(given) if os.path.isabs(given) else None
    return None


def _snap(home: Path, editor: str) -> List[Path]:
    """The home of an editor in a snap: “current” leads to the newest revision's folder."""
    current = home / "snap" / editor / "current"
    return [current.resolve()] if current.is_dir() else []


def _windows(environ: Mapping[str, str], home: Path) -> List[Path]:
    """Its roaming and its local folder."""
    return [
        _named(environ, "APPDATA", home / "AppData/Roaming"),
        _named(environ, "LOCALAPPDATA", home / "AppData/Local"),
    ]


def _xdg(environ: Mapping[str, str], home: Path) -> List[Path]:
    """The folders of data and of settings."""
    return [
        _named(environ, "XDG_DATA_HOME", home / ".local/share"),
        _named(environ, "XDG_CONFIG_HOME", home / ".config"),
    ]


def _named(environ: Mapping[str, str], variable: str, usual: Path) -> Path:
    """A folder that a variable names; relative names do not count."""
    given = environ.get(variable, "")
    return Path(given) if os.path.isabs(given) else usual


def _glob(folder: Path, pattern: str) -> List[Path]:
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
