"""Puts the plug-in where the user's editor looks for it: `python -m plugins.profiles krita`, which install.py runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import List, Mapping, NamedTuple

from plugins.assemble import assemble
from scumble.wire import ScumbleError, write_engine_command

FLATPAK = ".var/app/org.kde.krita"
KEY = "enable_scumble_krita"


class KritaHome(NamedTuple):
    """One Krita of the user: its resource folder and its settings."""

    resources: Path
    kritarc: Path
    flatpak: bool = False


def main(argv: List[str]) -> int:
    """Install for the editor that is named; the exit code."""
    if argv != ["krita"]:
        print("usage: python -m plugins.profiles krita", file=sys.stderr)
        return 2
    try:
        for home in krita_homes(sys.platform, os.environ, Path.home()):
            install_krita(home)
        write_engine_command([sys.executable, "-m", "scumble.server"])
    except ScumbleError as e:
        print(f"install.py: {e}", file=sys.stderr)
        return 1
    except (OSError, LookupError) as e:
        print(f"install.py: the plug-in could not be installed: {e}", file=sys.stderr)
        return 1
    print("Restart Krita, then look at the end of its Filter menu. The engine starts when it is needed.")
    return 0


def krita_homes(platform: str, environ: Mapping[str, str], home: Path) -> List[KritaHome]:
    """Where the Kritas of this user keep their things, for `platform` as in `sys.platform`.

    A plain Krita that was never started counts, unless there is one from Flatpak.
    """
    if platform == "win32":
        roaming = Path(environ.get("APPDATA") or home / "AppData" / "Roaming")
        local = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
        return [KritaHome(roaming / "krita", local / "kritarc")]
    if platform == "darwin":
        library = home / "Library"
        return [KritaHome(library / "Application Support" / "krita", library / "Preferences" / "kritarc")]
    data = _folder(environ, "XDG_DATA_HOME", home / ".local" / "share")
    config = _folder(environ, "XDG_CONFIG_HOME", home / ".config")
    plain, boxed = KritaHome(data / "krita", config / "kritarc"), home / FLATPAK
    if not boxed.is_dir():
        return [plain]
    found = [plain] if plain.resources.is_dir() else []
    return [*found, KritaHome(boxed / "data" / "krita", boxed / "config" / "kritarc", flatpak=True)]


def install_krita(home: KritaHome) -> None:
    """Put the plug-in together in `home` and switch it on; says so. Raises `OSError`, `LookupError`."""
    folder = home.resources / "pykrita"  # the .action file is found there, too
    files = assemble("krita", folder)
    enable(home.kritarc)
    print(f"The plug-in is in {folder} ({len(files)} files) and switched on in {home.kritarc}.")
    if home.flatpak:
        print("A Krita from Flatpak may not start programs: this has not been tried, and needs an engine that runs.")


def enable(kritarc: Path) -> None:
    """Switch the plug-in on in Krita's settings; every other byte of them stays. Raises `OSError`."""
    path = kritarc.resolve()  # it may be a link into a folder of somebody's settings
    old = path.read_bytes() if path.exists() else b""
    new = enabled(old.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    if new == old:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.scumble")
    part.write_bytes(new)
    if path.exists():
        part.chmod(path.stat().st_mode & 0o777)
    os.replace(part, path)


def enabled(text: str) -> str:
    """Settings with the plug-in switched on."""
    end = "\r\n" if "\r\n" in text else "\n"
    wanted = f"{KEY}=true{end}"
    lines = text.splitlines(keepends=True)
    starts = [i for i, line in enumerate(lines) if line.strip() == "[python]"]
    if not starts:
        gap = "" if not text else end if text.endswith("\n") else end * 2
        return f"{text}{gap}[python]{end}{wanted}"
    begin = starts[0] + 1
    stop = next((i for i in range(begin, len(lines)) if lines[i].lstrip().startswith("[")), len(lines))
    ours = [line for line in lines[begin:stop] if line.partition("=")[0].strip() == KEY]
    if [line.strip() for line in ours] == [wanted.strip()]:
        return text
    kept = [line for line in lines[begin:stop] if line not in ours]
    header = lines[starts[0]] if lines[starts[0]].endswith("\n") else lines[starts[0]] + end
    return "".join([*lines[: starts[0]], header, wanted, *kept, *lines[stop:]])


def _folder(environ: Mapping[str, str], variable: str, fallback: Path) -> Path:
    """An XDG folder; a relative one is ignored, as their rules say."""
    given = environ.get(variable, "")
    return Path(given) if os.path.isabs(given) else fallback


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
