"""How far a clip is, on disk: its settings' mark, the last frame that is done, the layer that the next one needs."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from ..picture import Picture
from ..picture.files import write_whole
from ..wire.protocol.errors import ScumbleError

STATE = "state.npz"


def mark_of(*told: Any) -> str:
    """A digest that changes when anything changes that a clip depends on."""
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


class State:
    """Kept in a folder beside the result, which is removed when the clip is done."""

    def __init__(self, folder: Path, mark: str) -> None:
        self.folder, self.mark = folder, mark

    def begin(self) -> None:
        """Make the folder, empty where it was another clip's. Raises `file-write`."""
        if self.last() is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise ScumbleError("file-write", name=self.folder, reason=e.strerror or e) from e

    def last(self) -> tuple[int, Picture] | None:
        """How many frames are done, and the last one's layer; None where none are, or other settings made them."""
        with contextlib.suppress(OSError, ValueError, KeyError, ScumbleError), np.load(self.folder / STATE) as kept:
            if str(kept["mark"]) == self.mark:
                x, y = (int(v) for v in kept["at"])
                linear = str(kept["space"]) == "linear"
                return int(kept["count"]), Picture(kept["layer"], "linear" if linear else "srgb", x, y)
        return None

    def keep(self, count: int, layer: Picture) -> None:
        """Note that `count` frames are done. Raises `file-write`."""
        out = io.BytesIO()
        at = np.array([layer.x, layer.y])
        np.savez(out, mark=self.mark, count=count, layer=layer.data, at=at, space=layer.space)
        try:
            write_whole(self.folder / STATE, out.getvalue())
        except OSError as e:
            raise ScumbleError("file-write", name=self.folder / STATE, reason=e.strerror or e) from e

    def end(self) -> None:
        """All is done."""
        shutil.rmtree(self.folder, ignore_errors=True)
