"""Puts a plug-in together: its own files, the engine's `wire` in it, and the pure half of msgpack in that.

An editor's Python has nothing but the standard library, and its folder is copied whole: so nothing may be missing and
no link may lead out of it. `python plugins/assemble.py krita FOLDER` does it by hand.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import Dict, Iterator, List, Sequence, Tuple

PLUGINS = Path(__file__).resolve().parent
ROOT = PLUGINS.parent
WIRE = ROOT / "engine" / "scumble" / "wire"
PACKAGES = {"krita": "scumble_krita", "gimp": "scumble"}  # the folder of each plug-in
HOMES = {"krita": "wire", "gimp": "scumble_gimp/wire"}  # where `wire` lies in that folder
PROGRAMS = {"gimp": "scumble/scumble.py"}  # what the editor starts as a program
LEFT_OUT = ("__pycache__", "typings", "wire")
PURE = ("__init__.py", "exceptions.py", "ext.py", "fallback.py")


def contents(editor: str, msgpack: Sequence[Path]) -> Dict[str, Path]:
    """The files of the plug-in for `editor` (“krita”, “gimp”): names in the folder of plug-ins, and sources.

    `msgpack` is what `msgpack_files` found.
    """
    package, home = PACKAGES[editor], f"{PACKAGES[editor]}/{HOMES[editor]}"
    found = {}
    for source in sorted((PLUGINS / editor).iterdir()):
        if source.is_dir() and source.name == package:
            found.update({f"{package}/{name}": path for name, path in _files(source, LEFT_OUT)})
        elif source.is_file() and not source.name.startswith("."):
            found[source.name] = source
    found.update({f"{home}/{name}": path for name, path in _files(WIRE, LEFT_OUT[:1])})
    found.update({f"{home}/msgpack/{path.name}": path for path in msgpack})
    found[f"{package}/LICENSE"] = ROOT / "LICENSE"
    return found


def mode_of(editor: str, name: str) -> int:
    """The mode of a file of `contents`."""
    return 0o755 if name == PROGRAMS.get(editor) else 0o644


def msgpack_files(packages: Path) -> List[Path]:
    """What of the msgpack in a folder of packages runs everywhere, and its licence. Raises `LookupError`."""
    found = [packages / "msgpack" / name for name in PURE]
    if not all(path.is_file() for path in found):
        raise LookupError("msgpack is not installed in this Python")
    return [*found, *sorted(packages.glob("msgpack-*.dist-info/**/COPYING"))[:1]]


def own_msgpack() -> List[Path]:
    """`msgpack_files` of this Python. Raises `LookupError`."""
    spec = importlib.util.find_spec("msgpack")
    if spec is None or not spec.origin:
        raise LookupError("msgpack is not installed in this Python")
    return msgpack_files(Path(spec.origin).parent.parent)


def assemble(editor: str, folder: Path) -> List[Path]:
    """Put the plug-in for `editor` (“krita”, “gimp”) into `folder`, in place of an older one; all its files.

    Other files of `folder` are left alone. Raises `OSError`, and `LookupError` where msgpack is not installed.
    """
    files = contents(editor, own_msgpack())
    remove(folder / PACKAGES[editor])
    for name, source in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        target.chmod(mode_of(editor, name))
    return sorted(folder / name for name in files)


def remove(path: Path) -> None:
    """Remove a folder, or the link that stands in its place; a folder that is linked to stays."""
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def _files(folder: Path, left_out: Sequence[str], above: str = "") -> Iterator[Tuple[str, Path]]:
    """The files under a folder, by their names in it with “/” between, without hidden ones and compiled ones."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in left_out or path.suffix == ".pyc":
            continue
        if path.is_dir():
            yield from _files(path, left_out, f"{above}{path.name}/")
        else:
            yield above + path.name, path


if __name__ == "__main__":
    for written in assemble(sys.argv[1], Path(sys.argv[2]).absolute()):
        print(written)
