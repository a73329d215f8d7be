"""Weight files: where they lie, how they come there, and how they are read.

A weight file is safetensors; its SHA-256 stands in a small JSON file beside it and is checked on each load. What a user
put there is never replaced unless he asks for it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

import safetensors.torch
from filelock import FileLock
from safetensors import SafetensorError
from torch import Tensor

from ..wire.errors import ScumbleError
from . import vgg
from .download import Progress, disk_error, download, file_digest
from .encoder import Encoder
from .models import is_shipped, read_digest, record_file, weights_file

LARGEST = 1 << 30


def fetch(name: str, progress: Progress | None = None) -> Path:
    """The weight file of `name`, downloaded if it is not there.

    Raises `option-choice`, `weights-missing`, `weights-digest`, `weights-damaged`, `disk-full`, `file-write`.
    """
    path = weights_file(name)
    if is_shipped(name) or path.exists():
        return path
    with _locked(path):  # another process may be fetching it
        if not path.exists():
            origin = vgg.source(name)
            part = path.with_name(origin.filename)
            download(origin.url, part, origin.digest, name, progress)
            store(path, vgg.from_torchvision(name, vgg.read_pth(part)))
            part.unlink()
    return path


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
    state = _read_given(name, given)
    fill(vgg.build(name), state, given.name)  # refuses what does not fit
    with _locked(target):
        if target.exists() and not replace:
            raise ScumbleError("weights-present", name=name, path=str(target))
        store(target, {key: state[key] for key in vgg.torchvision_keys(name)})
    return target


def store(path: Path, state: Mapping[str, Tensor]) -> None:
    """Write weights and their digest, each whole by rename. Raises `disk-full`, `file-write`."""
    data = safetensors.torch.save(dict(state))
    record = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    for target, content in ((record_file(path), json.dumps(record, indent=1).encode()), (path, data)):
        part = target.with_name(target.name + ".part")
        try:
            part.write_bytes(content)
            os.replace(part, target)
        except OSError as error:
            raise disk_error(error, target) from None


def load_into(encoder: Encoder, path: Path) -> None:
    """Fill `encoder` from a weight file. Raises `weights-missing`, `weights-damaged`."""
    data = read_bytes(path)
    if hashlib.sha256(data).hexdigest() != read_digest(path):
        raise _damaged(path.name, "its digest differs")
    fill(encoder, parse(path.name, data), path.name)


def read_bytes(path: Path) -> bytes:
    """A weight file whole, so that what is checked is what is used. Raises `weights-damaged`."""
    try:
        if path.stat().st_size > LARGEST:
            raise _damaged(path.name, "it is too large")
        return path.read_bytes()
    except OSError as error:
        raise _damaged(path.name, error.strerror or str(error)) from None


def parse(name: str, data: bytes) -> dict[str, Tensor]:
    """The tensors of a safetensors file. Raises `weights-damaged`."""
    try:
        return safetensors.torch.load(data)
    except (SafetensorError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise _damaged(name, str(error).partition("\n")[0][:120]) from None


def fill(encoder: Encoder, state: Mapping[str, Tensor], name: str) -> None:
    """Copy `state` into `encoder`. Raises `weights-damaged` unless every tensor is there, of its shape, and finite."""
    for key, own in encoder.state_dict().items():
        given = state.get(key)
        if given is None:
            raise _damaged(name, f"it has no “{key}”")
        if given.shape != own.shape:
            raise _damaged(name, f"“{key}” has the shape {tuple(given.shape)} instead of {tuple(own.shape)}")
        if not given.is_floating_point() or not bool(given.isfinite().all()):
            raise _damaged(name, f"“{key}” does not hold finite numbers")
        own.copy_(given)


def _read_given(name: str, given: Path) -> dict[str, Tensor]:
    """The convolutions in a file that a user gave, under our keys."""
    if given.suffix == ".safetensors":
        state = parse(given.name, read_bytes(given))
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


def _damaged(name: str, reason: str) -> ScumbleError:
    return ScumbleError("weights-damaged", name=name, reason=reason)
