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
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save_file
from torch import Tensor

from ..features.encoder import Encoder
from ..features.slim import HEAD_WIDTHS, SLIM_WIDTHS
from ..picture import decode_file, to_working
from ..wire.protocol.errors import ScumbleError
from .library import CARDS, find_style, swatch_file
from .own import damaged
from .source import StylePicture
from .statistics import PictureStyle

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
        self._shown: PictureStyle | None = None

    @property
    def mark(self) -> str:
        """See `StyleSource`."""
        return ""

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

    def picture(self, long_side: float) -> StylePicture | None:
        """See `StyleSource`: the user's own picture of it, or the swatch; on the CPU. Raises `picture-…`."""
        if self._shown is None:
            file = swatch_file(self.name)
            if file is None:
                return None
            rgb, alpha = to_working(decode_file(file, self.name))
            pixels, coverage = torch.from_numpy(rgb).permute(2, 0, 1)[None], torch.tensor(alpha)[None, None]
            self._shown = PictureStyle(self.name, pixels, coverage, "")
        return self._shown.picture(long_side)


def load_card(name: str, encoder_digest: str) -> CardStyle:
    """The named style `name`. Raises `style-unknown`; for a file that is not the indexed one, or that was measured with
    other weights of *slim*, `weights-damaged`, or `style-damaged` for a user's own.
    """
    card = find_style(name)

    def fault(reason: str) -> ScumbleError:
        return (
            damaged(name, reason) if card["own"] else ScumbleError("weights-damaged", name=card["file"], reason=reason)
        )

    try:
        data = (CARDS / card["file"]).read_bytes()  # a user's own has its whole path, which replaces CARDS
    except OSError as error:
        raise fault(f"{Path(card['file']).name}: {error.strerror or error}") from None
    if hashlib.sha256(data).hexdigest() != card["digest"]:
        raise fault("its digest differs from the index")
    if card["encoder"] != encoder_digest:
        raise fault("it was made with other weights of slim")
    try:
        tensors = load_tensors(data)
    except (SafetensorError, ValueError, KeyError) as error:
        raise fault(str(error)[:120]) from None
    if not _is_card(tensors):
        raise fault("its card is not one")
    return CardStyle(name, tensors)


def _is_card(tensors: Tensors) -> bool:
    """Whether there are finite numbers of the right shape for every size and tap."""
    shapes = {"mean": (3,), "covariance": (3, 3)}
    for size in SIZES:
        for tap in HEAD_WIDTHS:
            channels = SLIM_WIDTHS[int(tap[4]) - 1]
            shapes[f"{size}.{tap}"], shapes[f"{size}.{tap}.peak"] = ((channels + 1) * (channels + 2) // 2,), (1,)
    return all(k in tensors and tensors[k].shape == s and bool(tensors[k].isfinite().all()) for k, s in shapes.items())


def save_card(file: Path, sizes: Mapping[int, Mapping[str, Tensor]], colors: tuple[Tensor, Tensor]) -> str:
    """Write a card of moments by size and tap; the file's digest."""
    tensors = {"mean": colors[0].float(), "covariance": colors[1].float()}
    for size, taps in sizes.items():
        for tap, moments in taps.items():
            tensors[f"{size}.{tap}"], tensors[f"{size}.{tap}.peak"] = pack(moments)
    save_file(tensors, file)
    return hashlib.sha256(file.read_bytes()).hexdigest()
