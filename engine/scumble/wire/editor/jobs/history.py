"""What was painted: kept in files of the cache folder, so that a result can be had again, and its settings too.

Nothing here needs an editor: thumbnails are PNG files, which the editor makes and shows.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Union

from ...engine.folders import cache_folder
from ...protocol.errors import ScumbleError
from ...protocol.pixels import PictureRef
from ...request.recipe import Recipe

MOST = 20  # entries
MOST_BYTES = 512 << 20
LOG = logging.getLogger("scumble.history")
THUMBNAIL = 128  # pixels, long side
VERSION = 1


@dataclass
class HistoryEntry:
    """A result: what it is called, when it was made (seconds since 1970), how, of what, and where its pixels lie."""

    title: str
    when: float
    thumbnail: bytes  # a PNG of at most `THUMBNAIL` pixels; empty where there is none
    recipe: Recipe
    document_name: str
    ref: PictureRef  # format and place on the canvas
    file: Path  # raw pixels; “.json” and “.png” lie beside it

    def pixels(self) -> bytes:
        """The result's bytes. Raises `file-missing`, `picture-truncated`."""
        try:
            data = self.file.read_bytes()
        except OSError as e:
            raise ScumbleError("file-missing", name=self.title) from e
        if len(data) != self.ref.raw.nbytes:
            reason = f"{len(data)} bytes instead of {self.ref.raw.nbytes}"
            raise ScumbleError("picture-truncated", name=self.title, reason=reason)
        return data


class History:
    """Entries, newest first, bounded in number and bytes. A disk that fails leaves it shorter, and is no error."""

    def __init__(
        self,
        folder: Union[str, Path],
        most: int = MOST,
        most_bytes: int = MOST_BYTES,
        log: logging.Logger = LOG,
    ) -> None:
        """`folder` is a path, or the name of one in the cache folder, which is made when it is needed."""
        self._log = log
        self._name = folder
        self._folder = folder if isinstance(folder, Path) else None
        self._most, self._most_bytes = most, most_bytes
        self._entries: Optional[List[HistoryEntry]] = None

    @property
    def folder(self) -> Path:
        """Where the files are. Raises `folder-unsafe`, `file-write`."""
        if self._folder is None:
            self._folder = cache_folder() / self._name
        return self._folder

    @property
    def entries(self) -> List[HistoryEntry]:
        """All of them, newest first; read from disk when they are first asked for."""
        if self._entries is None:
            self._entries = self._read_all()
        return list(self._entries)

    def read_again(self) -> None:
        """Look at the disk anew: another process may have painted meanwhile, or removed something."""
        self._entries = None

    def add(
        self, title: str, recipe: Recipe, document_name: str, ref: PictureRef, pixels: bytes, thumbnail: bytes
    ) -> Optional[HistoryEntry]:
        """Keep a result; None where that cannot be done, for want of space or because it alone is too large."""
        if len(pixels) > self._most_bytes:
            return None
        entries = self.entries
        try:
            name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:6]}"
            file = self._need_folder() / f"{name}.pixels"
            entry = HistoryEntry(title, time.time(), thumbnail, recipe, document_name, ref, file)
            self._write(entry, pixels)
        except (OSError, ScumbleError) as e:
            self._log.warning("a result could not be kept: %s", e)
            return None
        self._entries = [entry, *entries]
        self._prune()
        return entry

    def remove(self, entry: HistoryEntry) -> None:
        """Forget a result and its files."""
        self._entries = [e for e in self.entries if e is not entry]
        _unlink(entry.file)

    def clear(self) -> None:
        """Forget all."""
        for entry in self.entries:
            self.remove(entry)

    def _need_folder(self) -> Path:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.folder

    def _write(self, entry: HistoryEntry, pixels: bytes) -> None:
        """The pixels first: what has no “.json” is no entry."""
        plain = {
            "version": VERSION,
            "title": entry.title,
            "when": entry.when,
            "recipe": entry.recipe.to_plain(),
            "document": entry.document_name,
            "picture": entry.ref.to_plain(),
        }
        part = entry.file.with_suffix(".part")
        try:
            entry.file.write_bytes(pixels)
            if entry.thumbnail:
                entry.file.with_suffix(".png").write_bytes(entry.thumbnail)
            part.write_text(json.dumps(plain), "utf-8")
            os.replace(part, entry.file.with_suffix(".json"))
        except OSError:
            _unlink(entry.file)
            raise

    def _prune(self) -> None:
        kept: List[HistoryEntry] = []
        size = 0
        for entry in self._entries or []:
            size += entry.ref.raw.nbytes
            if len(kept) < self._most and size <= self._most_bytes:
                kept.append(entry)
            else:
                _unlink(entry.file)
        self._entries = kept

    def _read_all(self) -> List[HistoryEntry]:
        """What an earlier process kept. Damaged entries, and parts of such, go."""
        try:
            files = sorted(self.folder.glob("*.pixels"), reverse=True)
        except (OSError, ScumbleError) as e:
            self._log.warning("the history cannot be read: %s", e)
            return []
        found = []
        for file in files:
            entry = _read(file)
            if entry is not None:
                found.append(entry)
            elif time.time() - file.stat().st_mtime > 60.0:  # another process may be writing it just now
                _unlink(file)
        self._entries = found
        self._prune()
        return self._entries


def _read(file: Path) -> Optional[HistoryEntry]:
    try:
        plain: Dict[str, Any] = json.loads(file.with_suffix(".json").read_text("utf-8"))
        recipe, ref = Recipe.from_plain(plain["recipe"]), PictureRef.from_plain(plain["picture"])
        title, name, when = str(plain["title"]), str(plain["document"]), float(plain["when"])
        if file.stat().st_size != ref.raw.nbytes:
            return None
        picture = file.with_suffix(".png")
        thumbnail = picture.read_bytes() if picture.exists() else b""
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ScumbleError):
        return None
    return HistoryEntry(title, when, thumbnail, recipe, name, ref, file)


def _unlink(file: Path) -> None:
    """Remove an entry's files, the one that makes it an entry first."""
    for path in (file.with_suffix(s) for s in (".json", ".part", ".png", ".pixels")):
        with contextlib.suppress(OSError):
            path.unlink()
