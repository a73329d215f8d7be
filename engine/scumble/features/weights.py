"""How weights come here: downloaded at first use, or from a file given by hand; kept until the user removes them.

Importing this is cheap; torch is loaded when there is something to convert.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from ..wire.protocol.errors import ScumbleError
from .download import Progress, disk_error, download, file_digest
from .models import is_shipped, weights_file

if TYPE_CHECKING:
    from torch import Tensor

WATCH_SECONDS = 0.5


def fetch(name: str, progress: Progress | None = None) -> Path:
    """The weight file of `name`, downloaded if it is not there.

    Raises `option-choice`, `weights-missing`, `weights-digest`, `weights-damaged`, `disk-full`, `file-write`.
    """
    path = weights_file(name)
    if is_shipped(name) or path.exists():
        return path
    with _locked(path):  # another process may be fetching it
        if not path.exists():
            from . import tensors, vgg

            origin = vgg.source(name)
            part = path.with_name(origin.filename)
            download(origin.url, part, origin.digest, name, progress)
            tensors.store(path, vgg.from_torchvision(name, vgg.read_pth(part)))
            part.unlink()
    return path


def fetch_watched(name: str, watch: Progress) -> Path:
    """Like `fetch`, in a thread: `watch` is called some times a second, with the bytes so far and in all (0: unknown).

    If it raises, the wait ends at once and the download with its next piece; a later call goes on from what is here.
    Raises as `fetch` does.
    """
    path = weights_file(name)
    if is_shipped(name) or path.exists():
        return path
    fetching = _Fetching(name)
    fetching.start()
    try:
        while fetching.is_alive():
            watch(fetching.done, fetching.total)
            fetching.join(WATCH_SECONDS)
    finally:
        fetching.left = True
    if fetching.error is not None:
        raise fetching.error
    return path


class _Fetching(threading.Thread):
    """A download that somebody may leave."""

    def __init__(self, name: str) -> None:
        super().__init__(daemon=True)
        self._model = name
        self.done = self.total = 0
        self.left = False
        self.error: ScumbleError | None = None

    def run(self) -> None:
        try:
            fetch(self._model, self._take)
        except ScumbleError as e:
            self.error = e
        except Exception as e:
            self.error = ScumbleError("weights-missing", model=self._model, reason=str(e)[:200], url="")

    def _take(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self.left:
            raise ScumbleError("cancelled")


def add_file(name: str, file: Path | str, replace: bool = False) -> Path:
    """Take the weights of `name` from a file given by hand; returns where they lie now. The file itself is kept.

    Accepts torchvision's .pth (its digest is checked) or safetensors under torchvision's keys or ours. Raises
    `file-missing`, `weights-digest`, `weights-damaged`, `weights-present`, `model-unsuited`, `disk-full`, `file-write`.
    """
    target, given = weights_file(name), Path(file)
    if is_shipped(name):
        raise ScumbleError("model-unsuited", model=name, what="be replaced: it is part of the package", instead="vgg19")
    if not given.is_file():
        raise ScumbleError("file-missing", name=str(given))
    from . import tensors, vgg

    state = _read_given(name, given)
    tensors.fill(vgg.build(name), state, given.name)  # refuses what does not fit
    with _locked(target):
        if target.exists() and not replace:
            raise ScumbleError("weights-present", name=name, path=str(target))
        tensors.store(target, {key: state[key] for key in vgg.torchvision_keys(name)})
    return target


def _read_given(name: str, given: Path) -> dict[str, Tensor]:
    """The convolutions in a file that a user gave, under our keys."""
    from . import tensors, vgg

    if given.suffix == ".safetensors":
        state = tensors.parse(given.name, tensors.read_bytes(given))
        return state if set(state) >= set(vgg.torchvision_keys(name)) else vgg.from_torchvision(name, state)
    origin = vgg.source(name)
    if not file_digest(given).startswith(origin.digest):
        raise ScumbleError("weights-digest", name=given.name, url=origin.url)
    return vgg.from_torchvision(name, vgg.read_pth(given))


def _locked(path: Path) -> FileLock:
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise disk_error(error, path.parent) from None
    return FileLock(path.with_suffix(".lock"))
