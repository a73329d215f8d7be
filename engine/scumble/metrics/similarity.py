"""Structural similarity (Wang et al. 2004), computed by torchmetrics where that is installed."""

from __future__ import annotations

import importlib.util
from typing import Any

import torch
from torch import Tensor

LIBRARY_MISSING = "torchmetrics is not installed; run: pip install scumble[metrics]"


def has_library() -> bool:
    """Whether torchmetrics is installed; nothing is loaded."""
    return importlib.util.find_spec("torchmetrics") is not None


@torch.no_grad()
def structural_similarity(result: Tensor, content: Tensor, weight: Tensor) -> float:
    """SSIM of two pictures 1×3×H×W in [0, 1], its map averaged under `weight` (H×W, ≥ 0); 1 for the same picture.

    Raises `ModuleNotFoundError` without torchmetrics; see `has_library`.
    """
    from torchmetrics.functional.image import structural_similarity_index_measure as measure

    found: Any = measure(result, content, data_range=1.0, return_full_image=True)
    return weighted_mean(found[1][0].mean(0), weight)


def weighted_mean(values: Tensor, weight: Tensor) -> float:
    """The mean of H×W `values` under `weight` (H×W, ≥ 0)."""
    return float((values * weight).sum() / weight.sum())
