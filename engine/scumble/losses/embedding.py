"""Features where plain distances are those that count: behind a head, those of the wide features."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ..features.encoder import Head
from .moments import metric, rows


@dataclass(frozen=True)
class Embedding:
    """An isometric stand-in for a tap's head W F + b: its products and distances, in few dimensions.

    With A = [W b], the map F → (AᵀA)^½ [F; 1] keeps every inner product of the wide features, in C + 1 dimensions
    instead of thousands. Without a head features stand for themselves.
    """

    matrix: Tensor | None = None  # [C, D]; None: features as they are
    offset: Tensor | None = None  # [D]

    @classmethod
    def of(cls, head: Head | None, like: Tensor) -> Embedding:
        """The embedding of a tap's features C×H×W that lie where `like` does."""
        if head is None:
            return cls()
        # On the CPU in double precision: some accelerators have neither, and it is small and done once.
        values, vectors = torch.linalg.eigh(metric(len(like), head, like).cpu().double())
        root = ((vectors * values.clamp_min(0).sqrt()) @ vectors.t()).float().to(like.device)
        return cls(root[:-1], root[-1])

    def rows(self, features: Tensor) -> Tensor:
        """Features C×H×W as rows N×D, float32."""
        return self.columns(rows(features))

    def columns(self, columns: Tensor) -> Tensor:
        """Columns …×C as …×D, float32."""
        f = columns.float()
        return f if self.matrix is None or self.offset is None else f @ self.matrix + self.offset

    def gaussian(self, moments: Tensor) -> tuple[Tensor, Tensor]:
        """Mean (D) and covariance (D×D) that moments (C+1)×(C+1) stand for."""
        mean = moments[:-1, -1]
        covariance = moments[:-1, :-1] - torch.outer(mean, mean)
        if self.matrix is None or self.offset is None:
            return mean, covariance
        return mean @ self.matrix + self.offset, self.matrix.t() @ covariance @ self.matrix
