"""Who judges paint and structure: SqueezeNet 1.1 where its weights were given, else the network that measures.

Optimization lowers losses under slim, so slim is a partial judge of what was optimized: it finds good what it was asked
to like. SqueezeNet (Iandola et al. 2016), which nothing here paints under, is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..features import tensors
from ..features.encoder import IMAGENET_MEAN, IMAGENET_STD, Encoder
from .lpips import read_backbone

STROKES, SCENE = "conv3_1", "conv4_2"  # a quarter and an eighth of the size, as SqueezeNet's below
FIRES = {"3": (64, 16, 64), "4": (128, 16, 64), "6": (128, 32, 128), "7": (256, 32, 128)}  # in, squeezed, each half
POOLED = ("3", "6")


class Judge(Protocol):
    """A network that looks at pictures."""

    name: str

    def look(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Features of `picture` (1×3×H×W in [0, 1]): C×h×w at a quarter of its size, and C'×h'×w' at an eighth."""


class EncoderJudge:
    """A VGG-shaped network: conv3_1 tells strokes, through its head where it has one, and conv4_2 the scene.

    Slim's own conv3_1 finds a painting's other half hardly more like it than a photograph in its colours; its conv4_2,
    through its head, would take the same photograph in other colours for another scene.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder, self.name = encoder, encoder.name

    @torch.no_grad()
    def look(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """See `Judge`."""
        found = self.encoder(picture, (STROKES, SCENE))
        strokes, head = found[STROKES][0].float(), self.encoder.head(STROKES)
        if head is not None:
            strokes = torch.einsum("oc,chw->ohw", head.weight.float(), strokes) + head.bias.float()[:, None, None]
        return strokes, found[SCENE][0].float()


class Squeeze(nn.Module):
    """SqueezeNet 1.1 as far as its fourth fire module, under torchvision's names: “features.4”, “features.7”."""

    name = "squeeze"

    def __init__(self, state: Mapping[str, Tensor], file: str) -> None:
        """`state` holds the weights; `file` is what errors call them. Raises `weights-damaged`."""
        super().__init__()
        layers = {"0": nn.Conv2d(3, 64, 3, stride=2), **{i: _Fire(*sizes) for i, sizes in FIRES.items()}}
        self.features = nn.ModuleDict(layers).requires_grad_(False)
        tensors.fill(self, state, file)

    @torch.no_grad()
    def look(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """See `Judge`."""
        mean, std = (torch.tensor(c).view(1, 3, 1, 1) for c in (IMAGENET_MEAN, IMAGENET_STD))
        y, found = F.relu(self.features["0"]((picture - mean) / std)), {}
        for i in FIRES:
            if i in POOLED:
                y = F.max_pool2d(y, 3, 2, ceil_mode=True)
            y = found[i] = self.features[i](y)
        return found["4"][0], found["7"][0]


class _Fire(nn.Module):
    """Few channels, then many by small and by wide filters, side by side."""

    def __init__(self, given: int, squeezed: int, half: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(given, squeezed, 1)
        self.expand1x1 = nn.Conv2d(squeezed, half, 1)
        self.expand3x3 = nn.Conv2d(squeezed, half, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.squeeze(x))
        return F.relu(torch.cat([self.expand1x1(y), self.expand3x3(y)], 1))


def load_judge(file: str | Path | None, encoder: Encoder) -> Judge:
    """SqueezeNet where `file` holds its weights under torchvision's keys, else `encoder`.

    Raises `file-missing`, `weights-digest`, `weights-damaged`.
    """
    if file is not None:
        net, state = read_backbone(Path(file))
        if net == "squeeze":
            return Squeeze(state, Path(file).name)
    return EncoderJudge(encoder)
