"""One style that is learned: what was asked for, kept on disk, and how far it is."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...features.download import disk_error
from ...wire.protocol.errors import PlainError, ScumbleError

ORDER, PAINTING, SHEET, CHECKPOINT = "order.json", "painting", "sheet.jpg", "checkpoint.safetensors"
LARGEST_ORDER, LARGEST_SHEET = 1 << 16, 1 << 19  # bytes
UNFINISHED = ("queued", "running", "pausing", "cancelling")


@dataclass
class Training:
    """`plain` is the order as it is on disk; `wanted` there tells the next engine to go on with it."""

    folder: Path
    plain: dict[str, Any]
    state: str = "queued"  # queued, running, pausing, paused, cancelling, done, failed
    what: str = ""  # it does just now
    part: float = 0.0
    left: float = -1.0  # seconds
    resting: bool = False  # while a picture is painted
    photographs: int = 0  # that it was learned on, at the end
    tries: int = 0  # that found another process at it
    not_before: float = 0.0
    deadline: float = 0.0  # of a stop that is not obeyed
    error: PlainError | None = field(default=None)

    @property
    def name(self) -> str:
        """The style's."""
        return str(self.plain["name"])

    def to_plain(self) -> dict[str, Any]:
        """The line of the list of trainings."""
        return {
            "training": self.name,
            "title": self.plain["title"],
            "state": self.state,
            "what": self.what,
            "part": self.part,
            "seconds_left": self.left,
            "resting": self.resting,
            "photographs": self.photographs,
            "sheet": self._sheet_stamp(),
            "error": self.error,
        }

    def sheet(self) -> bytes:
        """The newest sheet, a JPEG; empty where there is none."""
        try:
            with (self.folder / SHEET).open("rb") as file:
                data = file.read(LARGEST_SHEET + 1)
        except OSError:
            return b""
        return data if len(data) <= LARGEST_SHEET else b""

    def _sheet_stamp(self) -> int:
        """Another one with each new sheet; 0 where there is none."""
        try:
            return (self.folder / SHEET).stat().st_mtime_ns
        except OSError:
            return 0

    def write(self, painting: Path) -> None:
        """Make the folder, with the painting in it. Raises `disk-full`, `file-write`."""
        try:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            try:
                os.link(painting, self.folder / PAINTING)
            except OSError:  # another disk, or one without links
                shutil.copyfile(painting, self.folder / PAINTING)
            self._keep()
        except OSError as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise disk_error(error, self.folder) from None

    def want(self, wanted: bool) -> None:
        """Whether an engine that starts is to go on with it; a disk that is full keeps what was said before."""
        if self.plain.get("wanted") != wanted:
            self.plain["wanted"] = wanted
            with contextlib.suppress(OSError):
                self._keep()

    def note_part(self, part: float) -> None:
        """How far it is, for a list in a later engine."""
        self.plain["part"] = part
        with contextlib.suppress(OSError):
            self._keep()

    def _keep(self) -> None:
        part = self.folder / f"{ORDER}.part"
        part.write_text(json.dumps(self.plain, ensure_ascii=False), "utf-8")
        part.replace(self.folder / ORDER)

    def remove(self) -> None:
        """Leave nothing of it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def finish(self) -> None:
        """It is in the library: what it was learned from is not needed any more; its log and last sheet stay."""
        for path in self.folder.glob(f"{PAINTING}*"):
            path.unlink(missing_ok=True)
        (self.folder / ORDER).unlink(missing_ok=True)


def read_training(folder: Path) -> Training | None:
    """What an earlier engine left there; None where that is nothing, or damaged."""
    try:
        with (folder / ORDER).open("rb") as file:
            plain = json.loads(file.read(LARGEST_ORDER))
        texts = all(isinstance(plain[k], str) for k in ("name", "title", "photographs", "device"))
        numbers = all(isinstance(plain[k], (int, float)) for k in ("minutes", "steps", "size", "batch", "seed"))
        if not (
            texts and numbers and "format" in plain and plain["name"] == folder.name and isinstance(plain["tags"], list)
        ):
            return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    part = plain.get("part")
    training = Training(folder, plain, part=float(part) if isinstance(part, (int, float)) else 0.0)
    training.state = "queued" if plain.get("wanted") is True else "paused"
    return training


def begun_elsewhere(folder: Path) -> bool:
    """Whether a training that is none of the engine's was broken off there."""
    return (folder / CHECKPOINT).exists() and read_training(folder) is None


def unknown(name: object) -> ScumbleError:
    """The error for a name that no training has."""
    return ScumbleError("training-unknown", name=str(name)[:80])
