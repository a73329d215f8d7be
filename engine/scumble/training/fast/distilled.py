"""What a painting is judged by while a fast network learns: VGG19 distilled to a quarter of its width.

The file is given by hand; it is no part of the package. Its heads lead from the narrow maps back to VGG19's, so that
Gram matrices are those of VGG19, as far as the heads go. Convolutions pad with zeros, which is quicker than the
reflection that it was distilled with; targets are measured alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor

from ..slim.teachers import DISTILLED, DISTILLED_ORDER

LEVELS = ("11", "21", "31", "41", "51")


class Distilled:
    """The encoder. See `judging.Judge`."""

    near: tuple[str, ...] = LEVELS[2:4]  # what is finer is the paint's own, and no pair tells where it lies
    places = (LEVELS[1], LEVELS[2], LEVELS[3])
    kept = LEVELS[2]

    def __init__(self, folder: Path, dtype: torch.dtype = torch.float32) -> None:
        self.weights = load_file(folder / DISTILLED)
        self.kernels = {
            k: v.to(dtype, memory_format=torch.channels_last) if v.dim() == 4 else v.to(dtype)
            for k, v in self.weights.items()
        }

    def maps(self, x: Tensor) -> Mapping[str, Tensor]:
        """See `judging.Judge`: the maps after each convolution and its ReLU."""
        w, found = self.kernels, {}
        y = F.conv2d(x.to(w["conv0.weight"].dtype), w["conv0.weight"], w["conv0.bias"])
        for key in DISTILLED_ORDER:
            if key == "p":
                y = F.max_pool2d(y, 2)
                continue
            y = F.conv2d(y, w[f"conv{key}.weight"], w[f"conv{key}.bias"], padding=1).relu_()
            found[key] = y
        return found

    def grams(self, maps: Mapping[str, Tensor]) -> list[Tensor]:
        """See `judging.Judge`: of the heads' outputs at `LEVELS`, from the moments of the narrow maps."""
        heads = {k: (self.weights[f"conv{k}_aux.weight"], self.weights[f"conv{k}_aux.bias"]) for k in LEVELS}
        return [self._gram(maps[k], *heads[k]) for k in LEVELS]

    @staticmethod
    def _gram(maps: Tensor, head: Tensor, bias: Tensor) -> Tensor:
        f = maps.float().permute(0, 2, 3, 1).flatten(1, 2)
        second, mean, w = f.transpose(1, 2) @ f / f.shape[1], f.mean(1), head[:, :, 0, 0]
        shift = (mean @ w.T)[:, :, None] * bias
        return w @ second @ w.T + shift + shift.transpose(1, 2) + torch.outer(bias, bias)
