"""A plug-in in a profile: put there, mended, brought up to date, taken away."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Optional

from plugins.assemble import PACKAGES, contents, mode_of

from ..disk import Content, Disk, read
from .kritarc import disabled, enabled
from .search import Profile

UP_TO_DATE = "up to date"
IMPORTED = "actions"  # Krita's own importer puts .action files there
LAST_USED = "plug-in-settings"  # GIMP notes there with what a procedure was called last


def plugin_files(editor: str, msgpack: List[Path]) -> Dict[str, Content]:
    """A plug-in's files by their names in the folder of plug-ins; a file that is not there yet has no content."""
    found = contents(editor, msgpack)
    return {name: Content(read(path) or b"", mode_of(editor, name)) for name, path in found.items()}


def put(profile: Profile, files: Dict[str, Content], disk: Disk) -> str:
    """Put a plug-in into a profile and switch it on; “installed”, “updated” or “up to date”. Raises `OSError`."""
    package = PACKAGES[profile.editor]
    was_there = (profile.plugins / package).exists()
    before = len(disk.changes)
    disk.make_folder(profile.plugins)
    inside = {name.partition("/")[2]: c for name, c in files.items() if name.startswith(f"{package}/")}
    disk.replace_folder(profile.plugins / package, inside)
    for name, content in sorted(files.items()):
        if not name.startswith(f"{package}/"):
            disk.write(profile.plugins / name, content)
            imported = profile.plugins.parent / IMPORTED / name
            if imported.is_file():  # else Krita would know both
                disk.write(imported, content)
    if profile.settings:
        _change_settings(profile.settings, True, disk)
    if len(disk.changes) == before:
        return UP_TO_DATE
    return "updated" if was_there else "installed"


def take_away(profile: Profile, disk: Disk) -> bool:
    """Switch a plug-in off in a profile and remove it; whether there was anything. Raises `OSError`."""
    before = len(disk.changes)
    if profile.settings:
        _change_settings(profile.settings, False, disk)
    for name in _top_names(profile.editor):
        disk.remove(profile.plugins / name, each=True)
        if profile.editor == "krita" and name.endswith(".action"):
            disk.remove(profile.plugins.parent / IMPORTED / name)
    if profile.editor == "gimp":
        for path in sorted((profile.plugins.parent / LAST_USED).glob("*-scumble-*")):
            disk.remove(path)
    found = len(disk.changes) > before
    if found:  # GIMP takes over older settings only where it makes its folder itself
        above = profile.plugins.parent
        disk.remove_empty(profile.plugins, above, *([above.parent] if profile.editor == "gimp" else []))
    return found


def _top_names(editor: str) -> List[str]:
    """What lies in the folder of plug-ins itself."""
    return sorted({name.partition("/")[0] for name in contents(editor, [])})


def _change_settings(kritarc: Path, on: bool, disk: Disk) -> Optional[bool]:
    """Switch the plug-in on or off in Krita's settings; a file that held nothing else goes."""
    path = kritarc.resolve()  # it may be a link into a folder of somebody's settings
    old = read(path)
    new = enabled(old or b"") if on else disabled(old or b"")
    if new == (old or b""):
        return None
    if not new and path == kritarc.absolute():
        return disk.remove(path)
    mode = path.stat().st_mode & 0o777 if old is not None else 0o600
    return disk.write(path, Content(new, mode))
