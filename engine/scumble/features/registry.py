"""The perceptual networks by name: which there are, whether their weights are here, and loading them.

torch is imported when a network is loaded, not before: the engine's front lists models too.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..wire.errors import ScumbleError

if TYPE_CHECKING:
    import torch

    from .encoder import Encoder

SHIPPED = Path(__file__).parent / "weights_data"
ABOUT = {
    "slim": "Narrow VGG19, distilled by us; shipped with the package, runs anywhere.",
    "vgg19": "VGG19 of Simonyan & Zisserman with ImageNet weights (torchvision): the reference, slow on a CPU.",
    "vgg16": "VGG16 of Simonyan & Zisserman with ImageNet weights (torchvision).",
}


def list_models() -> list[dict[str, Any]]:
    """The networks as plain dictionaries: name, about, available, bytes, file. Loads nothing."""
    models = []
    for name, about in ABOUT.items():
        file = weights_file(name)
        here = file.is_file()
        size = file.stat().st_size if here else 0
        models.append({"name": name, "about": about, "available": here, "bytes": size, "file": str(file)})
    return models


def weights_file(name: str) -> Path:
    """Where the weights of `name` are, or would be. Raises `option-choice` for an unknown name."""
    if name not in ABOUT:
        raise ScumbleError("option-choice", name="model", value=name, choices=", ".join(ABOUT))
    if name == "slim":
        return SHIPPED / "slim.safetensors"
    from .weights import stored_file

    return stored_file(name)


@lru_cache(maxsize=8)
def weights_digest(name: str) -> str:
    """The recorded SHA-256 of a shipped weight file."""
    record: dict[str, Any] = json.loads((SHIPPED / f"{name}.json").read_text("utf-8"))
    return str(record["sha256"])


@lru_cache(maxsize=4)
def load_encoder(name: str, device: torch.device, dtype: torch.dtype | None = None) -> Encoder:
    """The frozen network `name` on `device`, its convolutions in `dtype` (default float32) and channels-last.

    Raises `weights-missing`, `weights-digest`, `weights-damaged`.
    """
    import torch

    encoder = _slim() if name == "slim" else _vgg(name)
    encoder.requires_grad_(False).eval().to(device)
    encoder.convs.to(dtype=dtype or torch.float32, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return encoder


def _slim() -> Encoder:
    from .slim import Slim

    net = Slim()
    _fill(net, SHIPPED / "slim.safetensors", weights_digest("slim"))
    return net


def _vgg(name: str) -> Encoder:
    from .weights import load_vgg

    return load_vgg(name)


def _fill(net: Encoder, file: Path, digest: str) -> None:
    """Read a shipped file into `net`, or say by name what is wrong with it."""
    from safetensors.torch import load as load_tensors

    try:
        data = file.read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError("its digest differs from the recorded one")
        net.load_state_dict({k: v.float() for k, v in load_tensors(data).items()})
    except Exception as e:  # hostile headers raise many kinds
        raise ScumbleError("weights-damaged", name=file.name, reason=str(e).splitlines()[0][:120]) from None
