"""Every change to a file: whole or not at all, and none where nothing would change.

A run that is killed leaves at most files whose names end in `PART`, `NEW` or `OLD`, which the next run takes away.
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import Dict, List, Mapping, NamedTuple, Optional

PART, NEW, OLD = ".scumble-part", ".scumble-new", ".scumble-old"
PLAIN, PROGRAM, PRIVATE = 0o644, 0o755, 0o600
CACHES = ("__pycache__",)


class Content(NamedTuple):
    """What a file is to hold."""

    data: bytes
    mode: int = PLAIN


class Disk:
    """Changes files; with `dry` it only names what it would change. Methods raise `OSError`."""

    def __init__(self, dry: bool = False) -> None:
        self.dry = dry
        self.changes: List[str] = []  # in words, in order
        self.shown = 0  # so many of them

    def step(self, what: str) -> None:
        """Called before each change of the disk; tests stop here."""

    def note(self, what: str) -> None:
        """Remember a change."""
        self.changes.append(what)

    def show(self) -> None:
        """Name the changes since the last time, if this is a dry run."""
        for what in self.changes[self.shown :] if self.dry else []:
            print(f"    would {what}", flush=True)
        self.shown = len(self.changes)

    def make_folder(self, folder: Path, mode: int = 0o777) -> None:
        """Make a folder and those above it."""
        if folder.is_dir():
            return
        self.note(f"make the folder {folder}")
        if not self.dry:
            self.step(f"mkdir {folder}")
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=mode, exist_ok=True)

    def write(self, path: Path, content: Content) -> bool:
        """Give a file this content and mode; False where it had both. A link in its place goes, not its target."""
        if same_file(path, content):
            return False
        self.note(f"write {path}")
        if not self.dry:
            self.step(f"mkdir {path.parent}")
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write(path.with_name(path.name + PART), path, content)
        return True

    def _write(self, part: Path, path: Path, content: Content) -> None:
        self.step(f"write {part}")
        part.write_bytes(content.data)
        self.step(f"chmod {part}")
        part.chmod(content.mode)
        self.step(f"rename {part}")
        os.replace(part, path)

    def replace_folder(self, folder: Path, files: Mapping[str, Content]) -> bool:
        """Give a folder these files and no others; False where it had them. A link in its place goes alone."""
        new, old = folder.with_name(f".{folder.name}{NEW}"), folder.with_name(f".{folder.name}{OLD}")
        if same_folder(folder, files):
            self.clear(new, old)
            return False
        have = {} if folder.is_symlink() else _files(folder)
        for name, content in sorted(files.items()):
            if name not in have or not same_file(folder / name, content):
                self.note(f"write {folder / name}")
        for name in sorted(set(have) - set(files)):
            self.note(f"remove {folder / name}")
        if not self.dry:
            self.clear(new)
            self._fill(new, files)
            if folder.exists() or folder.is_symlink():
                self.clear(old)
                self.step(f"rename {folder}")
                os.replace(folder, old)
            self.step(f"rename {new}")
            os.replace(new, folder)
            self.clear(old)
        return True

    def _fill(self, folder: Path, files: Mapping[str, Content]) -> None:
        for name, content in sorted(files.items()):
            path = folder / name
            self.step(f"write {path}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.data)
            path.chmod(content.mode)

    def clear(self, *paths: Path) -> None:
        """Remove leftovers of a run that was killed; not worth a word."""
        for path in paths:
            if not self.dry and (path.exists() or path.is_symlink()):
                self.step(f"remove {path}")
                _remove(path)

    def remove(self, path: Path, each: bool = False) -> bool:
        """Remove a file, a link or a folder; False where there is none. With `each` a folder's files are named."""
        self.clear(*(path.with_name(n) for n in (path.name + PART, f".{path.name}{NEW}", f".{path.name}{OLD}")))
        if not (path.exists() or path.is_symlink()):
            return False
        names = sorted(_files(path)) if each and path.is_dir() and not path.is_symlink() else []
        for name in names:
            self.note(f"remove {path / name}")
        self.note(f"remove {path}" + (" and all that is in it" if path.is_dir() and not names else ""))
        if not self.dry:
            old = path.with_name(f".{path.name}{OLD}")
            if path.is_dir() and not path.is_symlink():  # half a folder must not look like a whole one
                self.step(f"rename {path}")
                os.replace(path, old)
                path = old
            self.step(f"remove {path}")
            _remove(path)
        return True

    def remove_empty(self, *folders: Path) -> None:
        """Remove those folders that hold nothing."""
        for folder in folders:
            if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
                self.note(f"remove {folder}")
                if not self.dry:
                    self.step(f"rmdir {folder}")
                    folder.rmdir()


def same_file(path: Path, content: Content) -> bool:
    """Whether a file has this content and, where the system knows them, these rights to run it."""
    try:
        if path.is_symlink() or not path.is_file() or path.read_bytes() != content.data:
            return False
        return os.name == "nt" or (path.stat().st_mode ^ content.mode) & stat.S_IXUSR == 0
    except OSError:
        return False


def same_folder(folder: Path, files: Mapping[str, Content]) -> bool:
    """Whether a folder holds these files and no others, but for what Python keeps there."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return set(_files(folder)) == set(files) and all(same_file(folder / n, c) for n, c in files.items())


def read(path: Path) -> Optional[bytes]:
    """A file's content; None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _files(folder: Path) -> Dict[str, Path]:
    """The files in a folder by their names in it, with “/” between."""
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir()}
    return {name: path for name, path in found.items() if not set(path.parts) & set(CACHES)}


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(str(path))
    else:
        path.unlink()
