"""Checkpoints of a training run: weights, their average and Adam's state in one file, written whole by rename.

Keys: `net.PARAMETER`, `average.PARAMETER`, `adam.{step,exp_avg,exp_avg_sq}.PARAMETER`; metadata: step, seconds, and
what else a run wants to know of itself.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

import safetensors.torch
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from ...features.download import disk_error
from ...wire.protocol.errors import ScumbleError

STATE = ("step", "exp_avg", "exp_avg_sq")  # what Adam keeps of a parameter


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that appears whole or not at all, also when the power goes. Raises `disk-full`, `file-write`."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        raise disk_error(error, path) from None
    finally:
        with contextlib.suppress(OSError):  # what is left over is overwritten next time
            part.unlink(missing_ok=True)


def save(path: Path, net: nn.Module, average: nn.Module, adam: torch.optim.Adam, about: Mapping[str, str]) -> None:
    """Write a checkpoint. Raises `disk-full`, `file-write`."""
    found = {f"net.{k}": v for k, v in net.state_dict().items()}
    found |= {f"average.{k}": v for k, v in average.state_dict().items()}
    for name, p in net.named_parameters():
        if p in adam.state:
            found |= {f"adam.{key}.{name}": adam.state[p][key] for key in STATE}
    # Clones: an averaged parameter may share its memory with another, which the format does not allow.
    tensors = {k: v.detach().cpu().clone(memory_format=torch.contiguous_format) for k, v in found.items()}
    write_whole(path, safetensors.torch.save(tensors, metadata=dict(about)))


def read(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Tensors and metadata of a checkpoint. Raises `checkpoint-unusable`."""
    try:
        with safe_open(path, "pt") as file:
            return {k: file.get_tensor(k) for k in file.keys()}, dict(file.metadata() or {})  # noqa: SIM118
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        raise unusable(path, str(error).partition("\n")[0][:120]) from None


def check(path: Path, found: Mapping[str, str], about: Mapping[str, str]) -> None:
    """Raise `checkpoint-unusable` where a checkpoint's metadata `found` are of a run about something else."""
    for key, value in about.items():
        if found.get(key, value) != value:
            raise unusable(path, f"it was started with another {key}")


def check_file(path: Path, about: Mapping[str, str]) -> None:
    """As `check`, of a file, whose tensors are not read. Raises `checkpoint-unusable`."""
    try:
        with safe_open(path, "pt") as file:
            found = dict(file.metadata() or {})
    except (OSError, SafetensorError, ValueError) as error:
        raise unusable(path, str(error).partition("\n")[0][:120]) from None
    check(path, found, about)


def fill(path: Path, tensors: Mapping[str, Tensor], net: nn.Module, average: nn.Module, adam: torch.optim.Adam) -> None:
    """Put a checkpoint's tensors into their places. Raises `checkpoint-unusable` where they do not fit."""
    try:
        for module, prefix in ((net, "net."), (average, "average.")):
            module.load_state_dict({k[len(prefix) :]: v for k, v in tensors.items() if k.startswith(prefix)})
        for name, p in net.named_parameters():
            if f"adam.step.{name}" in tensors:
                state = {key: tensors[f"adam.{key}.{name}"] for key in STATE}
                # Adam counts on the CPU and keeps its moments beside the parameter, in its layout.
                moved = {key: torch.empty_like(p).copy_(state[key]) for key in STATE[1:]}
                adam.state[p] = {"step": state["step"], **moved}
    except (RuntimeError, KeyError) as error:
        raise unusable(path, str(error).partition("\n")[0][:120]) from None


def unusable(path: Path, reason: str) -> ScumbleError:
    """The error for a checkpoint that a run cannot go on from."""
    return ScumbleError("checkpoint-unusable", path=path.parent, reason=reason)
