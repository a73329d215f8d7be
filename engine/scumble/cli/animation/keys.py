"""`--key FRAME=PICTURE`: frames that were painted by hand, and what they say of the others.

Of a clip the frames between two keys are looked at as often as needed: files are read again, a video's frames are kept
in a folder meanwhile. Memory does not grow with the length.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from ...frames.flow import Bytes
from ...frames.hold import seen
from ...frames.lead import Hand, Lead, as_layer, lead_of
from ...frames.video import Video
from ...frames.way import Ways
from ...picture import SUFFIXES, Document, Picture, decode_file, open_document
from ...wire.protocol.errors import ScumbleError

Look = Callable[[int], Bytes]


def keys_of(given: Sequence[str], files: Sequence[str], count: int) -> dict[int, str]:
    """The pictures that were painted by hand, by their frames' numbers from 0.

    Each of `given` is “FRAME=PICTURE” or a folder of pictures that are called as their frames: by the number from 1,
    or, of `files`, by the name. `count` frames there are, 0 where that is not known. Raises `key-nowhere`, `key-twice`.
    """
    found: dict[int, str] = {}
    for frame, picture in (pair for one in given for pair in _pairs(one)):
        number = _number(frame, files, count, picture)
        if number in found:
            raise ScumbleError("key-twice", frame=frame, name=found[number], other=picture)
        found[number] = picture
    return dict(sorted(found.items()))


def check_keys(keys: dict[int, str], size_of: Callable[[int], tuple[int, int]]) -> None:
    """Raise `key-differs` where a picture is not as large as its frame, whose width and height `size_of` tells."""
    for number, file in keys.items():
        picture, size = open_document(file).picture, size_of(number)
        if (picture.width, picture.height) != size:
            of = f"{picture.width}×{picture.height}"
            raise ScumbleError("key-differs", name=file, is_of=of, size=f"{size[0]}×{size[1]}")


class Leads:
    """What the keys say of each frame; frames are asked for in their order, and seen by `look`, by number from 0."""

    def __init__(self, keys: dict[int, str], look: Look, forget: Callable[[int], None] = lambda below: None) -> None:
        self._keys, self._forget = keys, forget
        self._look = lru_cache(maxsize=4)(look)
        self._shapes: dict[int, tuple[int, ...]] = {}
        self._ways = Ways()
        self.key = lru_cache(maxsize=2)(lambda number: open_document(keys[number]))

    def at(self, number: int, content: Picture) -> Lead | None:
        """What they say of a frame; None where nothing leads to it. Raises what reading does."""
        before = max((k for k in self._keys if k <= number), default=None)
        after = min((k for k in self._keys if k > number), default=None)
        self._forget(before if before is not None else 0)
        near = [before] if before == number else [k for k in (before, after) if k is not None]
        hands = [self._hand(key, number, content) for key in near if self._reaches(key, number)]
        return lead_of(hands) if hands else None

    def own(self, number: int) -> Document | None:
        """What was painted by hand of this very frame."""
        return self.key(number) if number in self._keys else None

    def _hand(self, key: int, number: int, content: Picture) -> Hand:
        step = 1 if number >= key else -1
        way = self._ways.to([str(n) for n in range(key, number + step, step)], lambda name: self._look(int(name)))
        return Hand(as_layer(self.key(key).picture, content), way, float(abs(number - key)))

    def _reaches(self, key: int, number: int) -> bool:
        """Whether all frames between are of one size: else another scene begins."""
        between = range(min(key, number), max(key, number) + 1)
        return len({self._shape(n) for n in between}) == 1

    def _shape(self, number: int) -> tuple[int, ...]:
        if number not in self._shapes:
            self._shapes[number] = self._look(number).shape
        return self._shapes[number]


def looking_at_files(files: Sequence[str]) -> Look:
    """Frames that are files."""
    return lambda number: seen(decode_file(files[number]))


class Spool:
    """A video's frames by their numbers from 0: read in order, kept in a folder until they are forgotten."""

    def __init__(self, video: Video, folder: Path) -> None:
        self._folder = folder
        self._frames = enumerate(pixels for pixels, _ in video.frames())
        self._floor = 0
        shutil.rmtree(folder, ignore_errors=True)  # one that was being written when all broke off is no frame

    def look(self, number: int) -> Bytes:
        """A frame. Raises `file-write`, `key-nowhere` where the video ends before it."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            while not self._place(number).exists():
                at, pixels = next(self._frames)
                if at >= self._floor:
                    np.save(self._place(at), pixels)
            return np.asarray(np.load(self._place(number)), np.uint8)
        except StopIteration:
            raise _nowhere(str(number + 1), "of those that can be read") from None
        except OSError as e:
            raise ScumbleError("file-write", name=self._folder, reason=e.strerror or e) from e

    def forget(self, below: int) -> None:
        """No frame below this number will be asked for any more."""
        for number in range(self._floor, below):
            self._place(number).unlink(missing_ok=True)
        self._floor = max(self._floor, below)

    def _place(self, number: int) -> Path:
        return self._folder / f"{number + 1:06d}.npy"


def _pairs(given: str) -> Iterable[tuple[str, str]]:
    """Frames and pictures; those of a folder are called as the frames."""
    if os.path.isdir(given):
        some = sorted(e.path for e in os.scandir(given) if e.is_file() and Path(e.name).suffix.lower() in SUFFIXES)
        if not some:
            raise ScumbleError("files-none", name=given)
        return [(Path(path).name, path) for path in some]
    frame, equals, picture = given.partition("=")
    if not (equals and frame and picture):
        raise ScumbleError("option-type", name="--key", value=given[:60], expected="FRAME=PICTURE, or a folder")
    return [(frame, picture)]


def _number(frame: str, files: Sequence[str], count: int, picture: str) -> int:
    by_name = [n for n, file in enumerate(files) if frame in (Path(file).name, Path(file).stem)]
    by_name = by_name or [n for n, file in enumerate(files) if Path(frame).stem == Path(file).stem]
    if len(by_name) == 1:
        return by_name[0]
    stem = frame if frame.isdecimal() else Path(frame).stem
    if not by_name and stem.isdecimal() and int(stem) >= 1 and (not count or int(stem) <= count):
        return int(stem) - 1
    known = f"1 to {count}" if count else "numbers from 1"
    raise _nowhere(picture, f"{known}, or the names of the files" if files else known)


def _nowhere(name: str, known: str) -> ScumbleError:
    return ScumbleError("key-nowhere", name=name, known=known)
