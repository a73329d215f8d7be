"""VGG19 as teacher: exact weights up to conv3_1 and a distilled encoder with heads beyond.

The files are given by hand (`--teachers FOLDER`); they are not part of the package. See docs/models.md.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

EXACT = "vgg19-normalised-to-conv3_1.safetensors"
DISTILLED = "vgg19-distilled-16x-encoder.safetensors"
_EXACT_CONVS = {0: "conv1_1", 2: "conv1_2", 5: "conv2_1", 7: "conv2_2", 10: "conv3_1"}
DISTILLED_ORDER = ("11", "12", "p", "21", "22", "p", "31", "32", "33", "34", "p", "41", "42", "43", "44", "p", "51")


def _conv(y: Tensor, weights: dict[str, Tensor], key: str) -> Tensor:
    padded = F.pad(y, (1, 1, 1, 1), mode="reflect")
    return F.conv2d(padded, weights[f"{key}.weight"], weights[f"{key}.bias"]).relu()


class Teachers(nn.Module):
    """conv1_1, 2_1, 3_1 of VGG19 itself; conv4_1, 4_2, 5_1 of its distilled twin (heads where it has them)."""

    def __init__(self, folder: Path, device: torch.device) -> None:
        super().__init__()
        self.exact = {k: v.to(device) for k, v in load_file(folder / EXACT).items()}
        self.distilled = {k: v.to(device) for k, v in load_file(folder / DISTILLED).items()}

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Target maps by tap for `x` (N×3×H×W, sRGB in [0, 1])."""
        return {**self._shallow(x), **self._deep(x)}

    def _shallow(self, x: Tensor) -> dict[str, Tensor]:
        y = x * 255 - x.new_tensor([123.68, 116.779, 103.939]).view(1, 3, 1, 1)
        found = {}
        for index, name in _EXACT_CONVS.items():
            y = _conv(y, self.exact, f"features.{index}")
            if name.endswith("_1"):
                found[name] = y
            if index in (2, 7):
                y = F.max_pool2d(y, 2)
        return found

    def _deep(self, x: Tensor) -> dict[str, Tensor]:
        w, found = self.distilled, {}
        y = F.conv2d(x, w["conv0.weight"], w["conv0.bias"])
        for key in DISTILLED_ORDER:
            if key == "p":
                y = F.max_pool2d(y, 2)
                continue
            y = _conv(y, w, f"conv{key}")
            if key in ("41", "51"):
                found[f"conv{key[0]}_1"] = F.conv2d(y, w[f"conv{key}_aux.weight"], w[f"conv{key}_aux.bias"])
            if key == "42":
                found["conv4_2"] = y
        return found
