"""What the optimization starts from: the content, noise, or noise with the styles' colour statistics."""

from __future__ import annotations

import torch
from torch import Tensor

from ...problem import Problem

NOISE = 0.15


def start_picture(problem: Problem, kind: str, seed: int) -> Tensor:
    """The first picture (1×3×H×W) of a problem at the coarsest scale; the seed alone decides the noise."""
    content = problem.content
    if kind == "content":
        return content.clone()
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(content.shape, generator=generator).to(content)
    if kind == "noise":
        return (0.5 + NOISE * noise).clamp(0, 1)
    shares = problem.regions.shares
    painted = torch.zeros_like(content)
    for share, style in zip(shares, problem.styles, strict=True):
        mean, cov = style.source.colors()
        factor = torch.linalg.cholesky(cov.double() + 1e-6 * torch.eye(3, dtype=torch.float64)).float().to(content)
        colors = torch.einsum("ij,njhw->nihw", factor, noise) + mean.to(content).view(1, 3, 1, 1)
        painted += share * colors
    return torch.lerp(content, painted, shares.sum(0).clamp(0, 1)).clamp(0, 1)
