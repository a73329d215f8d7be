"""Style cards: a painting's statistics under *slim* at several sizes, without the painting.

A card holds, for each size (long side, one an octave) and tap, the upper triangle of the moments in fp16 over its
largest value, and the colours' mean and covariance. Between two sizes moments are interpolated in log size.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors.torch import load as load_tensors
from safetensors.torch import save_file
from torch import Tensor

from ..features.encoder import Encoder
from ..wire.errors import ScumbleError
from .library import CARDS, find_style

SIZES = (64, 128, 256, 512, 1024)
Tensors = Mapping[str, Tensor]


def pack(moments: Tensor) -> tuple[Tensor, Tensor]:
    """The upper triangle of a symmetric matrix over its largest value (fp16), and that value (fp32)."""
    rows, columns = torch.triu_indices(*moments.shape).unbind()
    peak = moments.abs().max().clamp_min(1e-12).float()
    return (moments[rows, columns] / peak).half(), peak.reshape(1)


def unpack(triangle: Tensor, peak: Tensor) -> Tensor:
    """The symmetric matrix that `pack` packed, float32."""
    size = int((math.isqrt(8 * len(triangle) + 1) - 1) // 2)
    out = torch.zeros(size, size)
    rows, columns = torch.triu_indices(size, size).unbind()
    out[rows, columns] = triangle.float() * peak
    out[columns, rows] = out[rows, columns]
    return out


class CardStyle:
    """A named style of the library as a `StyleSource`."""

    def __init__(self, name: str, tensors: Tensors) -> None:
        self.name, self._tensors = name, tensors

    def moments(self, encoder: Encoder, long_side: float, taps: Sequence[str]) -> dict[str, Tensor]:
        """See `StyleSource`; sizes beyond those of the card are those of its ends. Raises `model-unsuited`."""
        for tap in taps:
            if encoder.name != "slim" or f"{SIZES[0]}.{tap}" not in self._tensors:
                what = f"paint the library style “{self.name}” with layer {tap}"
                raise ScumbleError("model-unsuited", model=encoder.name, what=what, instead="slim")
        octave = math.log2(min(max(long_side, SIZES[0]), SIZES[-1]) / SIZES[0])
        low = min(int(octave), len(SIZES) - 2)
        between = octave - low
        device = encoder.mean.device
        return {t: torch.lerp(self._at(low, t), self._at(low + 1, t), between).to(device) for t in taps}

    def _at(self, index: int, tap: str) -> Tensor:
        key = f"{SIZES[index]}.{tap}"
        return unpack(self._tensors[key], self._tensors[f"{key}.peak"])

    def colors(self) -> tuple[Tensor, Tensor]:
        """See `StyleSource`."""
        return self._tensors["mean"].float(), self._tensors["covariance"].float()


def load_card(name: str, encoder_digest: str) -> CardStyle:
    """The library's style `name`. Raises `style-unknown`; `weights-damaged` for a file that is not the indexed one."""
    card = find_style(name)
    data = (CARDS / card["file"]).read_bytes()
    if hashlib.sha256(data).hexdigest() != card["digest"]:
        raise ScumbleError("weights-damaged", name=card["file"], reason="its digest differs from the index")
    if card["encoder"] != encoder_digest:
        raise ScumbleError("weights-damaged", name=card["file"], reason="it was made with other weights of slim")
    return CardStyle(name, load_tensors(data))


def save_card(file: Path, sizes: Mapping[int, Mapping[str, Tensor]], colors: tuple[Tensor, Tensor]) -> str:
    """Write a card of moments by size and tap; the file's digest."""
    tensors = {"mean": colors[0].float(), "covariance": colors[1].float()}
    for size, taps in sizes.items():
        for tap, moments in taps.items():
            tensors[f"{size}.{tap}"], tensors[f"{size}.{tap}.peak"] = pack(moments)
    save_file(tensors, file)
    return hashlib.sha256(file.read_bytes()).hexdigest()
