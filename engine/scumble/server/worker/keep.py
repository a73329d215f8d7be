"""What broken-off jobs left, in the engine's cache: safetensors in a folder for each request; bounded.

A job is known by its request, its pictures and all else its bits depend on, not by its number: so it goes on after its
worker was killed, after the engine was, and on another day.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import safetensors

from ...methods.keeping import Kept
from ..limits import KEEP_BYTES, KEEP_DAYS

if TYPE_CHECKING:
    from torch import Tensor

EVERY, SOON = 30.0, 3.0  # seconds between two saves; where a scale ends
SECONDS = "SCUMBLE_KEEP_SECONDS"  # in the environment: in place of both
FOLDER = "unfinished"


class FolderKeep:
    """See `Keep`. `key` names the run, once it is needed: that loads torch. `told` is called when a method first asks
    (with True) and after each save; `pausing` says that somebody waits for one."""

    def __init__(
        self, cache: Path, key: Callable[[], str], told: Callable[[bool], None], pausing: Callable[[], bool]
    ) -> None:
        self._cache, self._key, self._told, self._pausing = cache, key, told, pausing
        given = os.environ.get(SECONDS, "")
        self._every, self._soon = (float(given),) * 2 if given else (EVERY, SOON)
        self._last = time.monotonic()
        self._asked = False
        self.count = 0  # of saves
        self.resumed = False

    @cached_property
    def folder(self) -> Path:
        """Where the run's files are."""
        return self._cache / FOLDER / self._key()

    def due(self, ended: bool = False) -> bool:
        """See `Keep`."""
        return self._pausing() or time.monotonic() - self._last >= (self._soon if ended else self._every)

    def save(self, name: str, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """See `Keep`."""
        try:
            self._write(self.folder / f"{name}.safetensors", tensors, state)
        except (OSError, safetensors.SafetensorError):
            return
        finally:
            self._last = time.monotonic()
        self.count += 1
        self._told(False)

    def load(self, name: str) -> Kept | None:
        """See `Keep`. A damaged file counts as none."""
        if not self._asked:
            self._asked = True
            self._told(True)
        path = self.folder / f"{name}.safetensors"
        try:
            with safetensors.safe_open(path, "pt") as f:
                told = json.loads(f.metadata()["told"])
                tensors = {key: _as_it_was(f.get_tensor(key), order) for key, order in told["orders"].items()}
            sound = told["digest"] == _digest(tensors)
        except (OSError, safetensors.SafetensorError, ValueError, KeyError, TypeError, RuntimeError):
            return None
        self.resumed = self.resumed or sound
        return Kept(tensors, told["state"]) if sound else None

    def drop(self) -> None:
        """The job has ended. A method that never asked what was left has left nothing."""
        if self._asked or self.count:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, path: Path, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        import safetensors.torch

        size = sum(t.nbytes for t in tensors.values())
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.utime(self.folder)
        tidy(self.folder.parent, size, self.folder.name)
        orders = {key: _order(t) for key, t in tensors.items()}
        plain = {"state": dict(state), "orders": orders, "digest": _digest(tensors)}
        dense = {key: t.detach().permute(orders[key]).contiguous().cpu() for key, t in tensors.items()}
        part = path.with_suffix(f".{os.getpid()}")
        safetensors.torch.save_file(dense, part, {"told": json.dumps(plain)})
        os.replace(part, path)


def tidy(folder: Path, size: int = 0, but: str = "") -> None:
    """Remove what was left long ago, and the oldest of the rest until `size` more bytes fit; never `but`.

    Raises `OSError` where they do not fit.
    """
    room = KEEP_BYTES - size
    if room < 0:
        raise OSError("no room")
    found = sorted((p.stat().st_mtime, p) for p in folder.iterdir() if p.name != but) if folder.is_dir() else []
    used = {p: sum(f.stat().st_size for f in p.iterdir()) for _, p in found if p.is_dir()}
    for at, path in found:
        if time.time() - at > KEEP_DAYS * 86400 or sum(used.values()) > room:
            shutil.rmtree(path, ignore_errors=True)
            used.pop(path, None)
    if size and shutil.disk_usage(folder).free < 2 * size:
        raise OSError("no room")


def run_key(key: str, level: int, device: str) -> str:
    """The name of a request's run: `key` stands for the request; with all else that its bits depend on."""
    import torch

    about = [key, level, device, torch.__version__, torch.get_num_threads(), torch.backends.cpu.get_cpu_capability()]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()


def _order(tensor: Tensor) -> list[int]:
    """Its dimensions as they lie in memory: whether channels come last decides how torch computes."""
    strides = tensor.stride()
    return sorted(range(tensor.dim()), key=lambda d: (-strides[d], d))


def _as_it_was(dense: Tensor, order: list[int]) -> Tensor:
    back = [order.index(d) for d in range(len(order))]
    return dense.permute(back)


def _digest(tensors: Mapping[str, Tensor]) -> str:
    """Of all bytes; a power cut may have kept a file's name and lost its end."""
    import torch

    sha = hashlib.sha256()
    for key in sorted(tensors):
        t = tensors[key].detach().cpu()
        sha.update(t.permute(_order(t)).contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
    return sha.hexdigest()
