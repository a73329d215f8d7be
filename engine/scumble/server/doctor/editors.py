"""The doctor looks at the editors: whether the plug-in is in them, in which version, and what its log says."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ... import wire
from ...wire.engine.folders import log_folder
from ...wire.engine.profiles import gimp_profiles, krita_profiles, own_gimp
from ...wire.protocol.errors import ScumbleError
from ..version import VERSION
from .parts import INSTALL, Finding, install

PROGRAMS = {"Krita": ("krita",), "GIMP": ("gimp-3", "gimp-3.0", "gimp-3.2")}
SWITCH_ON = "In Krita: Settings ▸ Configure Krita ▸ Python Plugin Manager, or run: python install.py"
VERSION_LINE = re.compile(r'^VERSION = "([^"]+)"', re.MULTILINE)
ERROR_LINE = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d)\S* (?:ERROR|CRITICAL) (.+)")
IF_STILL = "If it still happens, report it with the file that this writes: scumble doctor --bundle report.zip"
LAST_BYTES = 1 << 18  # of a log that are looked at


class Plugin(NamedTuple):
    """A plug-in that lies in an editor's folder."""

    folder: Path
    version_file: Path
    wire: Path  # the copy of ours that lies in it
    start: Path  # what the editor looks for first
    settings: Path | None = None  # that switch it on; None where nothing has to


def look_at_editors(
    platform: str = sys.platform,
    environ: Mapping[str, str] = os.environ,
    home: Path | None = None,
    which: Callable[[str], str | None] = shutil.which,
) -> list[Finding]:
    """Each editor's plug-in and its log, for `platform` as in `sys.platform`. Who lacks an editor need not have one."""
    home = home or Path.home()
    found = []
    places = {
        "Krita": [path for p in krita_profiles(platform, environ, home) for path in (p.resources, p.settings)],
        "GIMP": [path for p in gimp_profiles(platform, environ, home) for path in p.folder.glob("3.*")],
    }
    for editor, plugins in (("Krita", _in_krita(platform, environ, home)), ("GIMP", _in_gimp(platform, environ, home))):
        here = [_judge(editor, plugin) for plugin in plugins if os.path.lexists(plugin.folder)]
        used = any(path.exists() for path in places[editor]) or any(map(which, PROGRAMS[editor]))
        found += here or [Finding(f"{editor} plug-in", True, _absent(editor, used))]
        found += look_at_log(f"{editor} plug-in’s log", f"{editor.lower()}.log")
    return found


def _absent(editor: str, used: bool) -> str:
    if not used:
        return f"{editor} was not found here"
    puts = "“python install.py”" if install() == INSTALL else "the installer beside Scumble’s source"
    return f"not installed; {puts} puts it there"


def _judge(editor: str, plugin: Plugin) -> Finding:
    name = f"{editor} plug-in"
    try:
        match = VERSION_LINE.search(plugin.version_file.read_text("utf-8"))
    except (OSError, ValueError):
        match = None
    if match is None:
        return Finding(name, False, f"incomplete, in {plugin.folder}", INSTALL)
    if match[1] != VERSION:
        return Finding(name, False, f"{match[1]} where {VERSION} is installed, in {plugin.folder}", INSTALL)
    fault = _fault(plugin)
    if fault:
        return Finding(name, False, f"incomplete, in {plugin.folder}: {fault}", INSTALL)
    if plugin.settings is not None and not _switched_on(plugin.settings):
        return Finding(name, False, f"not switched on, in {plugin.folder}", SWITCH_ON)
    return Finding(name, True, f"{match[1]}, in {plugin.folder}")


def _fault(plugin: Plugin) -> str:
    """What of a plug-in of this version is missing or was cut off; empty where it is whole."""
    if not plugin.start.is_file():
        return f"{plugin.start.name} is missing"
    if sys.platform != "win32" and plugin.start.suffix == ".py" and not os.access(plugin.start, os.X_OK):
        return f"{plugin.start.name} may not be run"
    ours = Path(wire.__file__).parent
    for name in sorted(p.relative_to(ours).as_posix() for p in ours.rglob("*") if p.suffix in (".py", ".json")):
        if not (plugin.wire / name).is_file():
            return f"{plugin.wire.name}/{name} is missing"
    for path in sorted(plugin.folder.rglob("*.py")):
        try:
            compile(path.read_bytes(), path.name, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, OSError):
            return f"{path.relative_to(plugin.folder)} is damaged"
    return ""


def look_at_log(name: str, file: str) -> list[Finding]:
    """The last error in a log of ours. It may be old: it is reported, but does not count as a fault."""
    try:
        data = (log_folder() / file).read_bytes()[-LAST_BYTES:]
    except (ScumbleError, OSError):
        return []
    matches = [m for line in data.decode("utf-8", "replace").splitlines() if (m := ERROR_LINE.match(line))]
    if not matches:
        return [Finding(name, True, "no errors")]
    return [Finding(name, True, f"last error, {matches[-1][1]}: {matches[-1][2][:300]}", IF_STILL)]


def _switched_on(kritarc: Path) -> bool:
    try:
        lines = kritarc.read_bytes().decode("utf-8", "replace").splitlines()
    except OSError:
        return False
    return any(re.fullmatch(r"enable_scumble_krita\s*=\s*true", line.strip()) for line in lines)


def _in_krita(platform: str, environ: Mapping[str, str], home: Path) -> Iterator[Plugin]:
    for profile in krita_profiles(platform, environ, home):
        folder = profile.used_resources / "pykrita" / "scumble_krita"
        start = folder.with_name("scumble_krita.desktop")
        yield Plugin(folder, folder / "version.py", folder / "wire", start, profile.settings)


def _in_gimp(platform: str, environ: Mapping[str, str], home: Path) -> Iterator[Plugin]:
    for base in gimp_profiles(platform, environ, home):
        for version in sorted(base.folder.glob("3.*")):
            yield _gimp_plugin(version)
    own = own_gimp(environ)
    if own is not None:
        yield _gimp_plugin(own)


def _gimp_plugin(profile: Path) -> Plugin:
    folder = profile / "plug-ins" / "scumble"
    package = folder / "scumble_gimp"
    return Plugin(folder, package / "version.py", package / "wire", folder / "scumble.py")
