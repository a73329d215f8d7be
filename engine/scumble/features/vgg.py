"""VGG19 and VGG16 with torchvision's ImageNet weights: the convolutions alone, any of them a tap.

torchvision publishes them as a .pth file with the classifier (550 MB); what is kept is a safetensors file of the
convolutions (80 and 59 MB) under the encoder's own names.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from ..wire.protocol.errors import ScumbleError
from .encoder import VGG16_DEPTHS, VGG19_DEPTHS, Encoder, Padding, conv_names

VGG_WIDTHS = (64, 128, 256, 512, 512)
DEPTHS = {"vgg19": VGG19_DEPTHS, "vgg16": VGG16_DEPTHS}


class Source(NamedTuple):
    """Where torchvision publishes a network: the address, the file's name, and how its SHA-256 begins."""

    url: str
    filename: str
    digest: str


def source(name: str) -> Source:
    """torchvision's own record of “vgg19” or “vgg16”; the file's name carries the first eight digits of its digest."""
    from torchvision.models import VGG16_Weights, VGG19_Weights  # slow to import, and seldom needed

    weights = VGG19_Weights.IMAGENET1K_V1 if name == "vgg19" else VGG16_Weights.IMAGENET1K_V1
    filename = weights.url.rpartition("/")[2]
    return Source(weights.url, filename, filename.removesuffix(".pth").rpartition("-")[2])


def build(name: str, padding: Padding = "zeros") -> Encoder:
    """“vgg19” or “vgg16” without its weights; `padding` is “zeros” as it was trained, or “reflect”."""
    return Encoder(name, DEPTHS[name], VGG_WIDTHS, padding=padding)


def torchvision_keys(name: str) -> dict[str, str]:
    """By key of our encoder, the key in torchvision's state dict: `convs.conv1_1.weight` is `features.0.weight` …"""
    keys, index = {}, 0
    for conv in conv_names(DEPTHS[name]):
        if conv.endswith("_1") and conv != "conv1_1":
            index += 1  # the max-pool
        for part in ("weight", "bias"):
            keys[f"convs.{conv}.{part}"] = f"features.{index}.{part}"
        index += 2  # the convolution and its ReLU
    return keys


def from_torchvision(name: str, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The convolutions of torchvision's state dict under our keys. Raises `weights-damaged` naming what is missing."""
    found = {}
    for ours, theirs in torchvision_keys(name).items():
        tensor = state.get(theirs)
        if not isinstance(tensor, Tensor):
            raise ScumbleError("weights-damaged", name=name, reason=f"it has no “{theirs}”")
        found[ours] = tensor.detach().float().contiguous()
    return found


def read_pth(path: Path) -> dict[str, Tensor]:
    """A .pth file of torchvision's, on the CPU. Raises `weights-damaged`.

    The one place where a file in Python's serialization format is read: by torch's restricted reader
    (`weights_only=True`), which knows tensors and plain containers and runs nothing that the file says.
    """
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file raises anything from EOFError to UnpicklingError
        reason = str(error).partition("\n")[0][:120] or type(error).__name__
        raise ScumbleError("weights-damaged", name=path.name, reason=reason) from None
    if not isinstance(state, Mapping):
        raise ScumbleError("weights-damaged", name=path.name, reason=f"it holds a {type(state).__name__}")
    return dict(state)
