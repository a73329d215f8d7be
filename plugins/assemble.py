"""Puts a plug-in together: its own files, the engine's `wire` in it, and the pure half of msgpack in that.

An editor's Python has nothing but the standard library, and its folder is copied whole: so nothing may be missing and
no link may lead out of it. `python plugins/assemble.py krita FOLDER` does it by hand.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import Iterator, List

PLUGINS = Path(__file__).resolve().parent
ROOT = PLUGINS.parent
WIRE = ROOT / "engine" / "scumble" / "wire"
PACKAGES = {"krita": "scumble_krita", "gimp": "scumble"}  # the folder of each plug-in
HOMES = {"krita": "wire", "gimp": "scumble_gimp/wire"}  # where `wire` lies in that folder
LEFT_OUT = ("__pycache__", "*.pyc", ".*", "typings", "wire")
PURE = ("__init__.py", "exceptions.py", "ext.py", "fallback.py")


def assemble(editor: str, folder: Path) -> List[Path]:
    """Put the plug-in for `editor` (“krita”, “gimp”) into `folder`, in place of an older one; all its files.

    Other files of `folder` are left alone. Raises `OSError`, and `LookupError` where msgpack is not installed.
    """
    package = folder / PACKAGES[editor]
    wire, msgpack = package / HOMES[editor], _msgpack()
    remove(package)
    folder.mkdir(parents=True, exist_ok=True)
    for source in sorted((PLUGINS / editor).iterdir()):
        if source.is_dir() and source.name == package.name:
            shutil.copytree(source, package, ignore=shutil.ignore_patterns(*LEFT_OUT))
        elif source.is_file() and not source.name.startswith("."):
            shutil.copy(source, folder)
    shutil.copytree(WIRE, wire, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*"))
    (wire / "msgpack").mkdir()
    for file in msgpack:
        shutil.copy(file, wire / "msgpack")
    shutil.copy(ROOT / "LICENSE", package)
    if editor == "gimp":  # GIMP starts it as a program
        (package / f"{package.name}.py").chmod(0o755)
    return sorted(_files(editor, folder))


def remove(path: Path) -> None:
    """Remove a folder, or the link that stands in its place; a folder that is linked to stays."""
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def _files(editor: str, folder: Path) -> Iterator[Path]:
    """The files of the plug-in that lies in `folder`."""
    names = {source.name for source in (PLUGINS / editor).iterdir() if source.is_file()}
    yield from (folder / name for name in names if (folder / name).is_file())
    yield from (path for path in (folder / PACKAGES[editor]).rglob("*") if path.is_file())


def _msgpack() -> List[Path]:
    """What of this Python's msgpack runs everywhere, and its licence."""
    spec = importlib.util.find_spec("msgpack")
    if spec is None or not spec.origin:
        raise LookupError("msgpack is not installed in this Python")
    home = Path(spec.origin).parent
    return [*(home / name for name in PURE), *home.parent.glob("msgpack-*.dist-info/**/COPYING")]


if __name__ == "__main__":
    for written in assemble(sys.argv[1], Path(sys.argv[2]).absolute()):
        print(written)
