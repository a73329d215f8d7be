"""Weight files: safetensors whose SHA-256 stands in a small JSON file beside them and is checked on each load."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

import safetensors.torch
from safetensors import SafetensorError
from torch import Tensor, nn

from ..wire.protocol.errors import ScumbleError
from .download import disk_error
from .models import read_digest, record_file

LARGEST = 1 << 30


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


def load_into(network: nn.Module, path: Path) -> None:
    """Fill `network` from a weight file. Raises `weights-missing`, `weights-damaged`."""
    fill(network, load_checked(path), path.name)


def load_checked(path: Path) -> dict[str, Tensor]:
    """The tensors of a weight file whose digest is the recorded one. Raises `weights-missing`, `weights-damaged`."""
    data = read_bytes(path)
    if hashlib.sha256(data).hexdigest() != read_digest(path):
        raise _damaged(path.name, "its digest differs")
    return parse(path.name, data)


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


def fill(network: nn.Module, state: Mapping[str, Tensor], name: str) -> None:
    """Copy `state` into `network`. Raises `weights-damaged` unless every tensor is there, of its shape, and finite."""
    for key, own in network.state_dict().items():
        given = state.get(key)
        if given is None:
            raise _damaged(name, f"it has no “{key}”")
        if given.shape != own.shape:
            raise _damaged(name, f"“{key}” has the shape {tuple(given.shape)} instead of {tuple(own.shape)}")
        if not given.is_floating_point() or not bool(given.isfinite().all()):
            raise _damaged(name, f"“{key}” does not hold finite numbers")
        own.copy_(given)


def _damaged(name: str, reason: str) -> ScumbleError:
    return ScumbleError("weights-damaged", name=name, reason=reason)
