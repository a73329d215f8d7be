"""A contact sheet of tensors, written while a network learns."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from .checkpoint import write_whole

GAP = 4  # pixels of white between two cells


def square(picture: Tensor, side: int) -> Tensor:
    """A picture 3×H×W within a white square of `side` pixels, whole."""
    height, width = picture.shape[-2:]
    k = side / max(height, width)
    size = (max(1, round(height * k)), max(1, round(width * k)))
    small = torch.nn.functional.interpolate(picture[None].float(), size, mode="bilinear", antialias=True)[0]
    out = small.new_ones(3, side, side)
    y, x = (side - size[0]) // 2, (side - size[1]) // 2
    out[:, y : y + size[0], x : x + size[1]] = small
    return out


def write_sheet(path: Path, rows: Sequence[Sequence[Tensor | None]], side: int) -> None:
    """Write rows of pictures 3×H×W in [0, 1] as a PNG, whole by rename; None is left white.

    Raises `disk-full`, `file-write`.
    """
    columns = max(len(row) for row in rows)
    step = side + GAP
    out = torch.ones(3, len(rows) * step - GAP, columns * step - GAP)
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if cell is not None:
                out[:, i * step : i * step + side, j * step : j * step + side] = square(cell.cpu().clamp(0, 1), side)
    data = io.BytesIO()
    Image.fromarray((out.permute(1, 2, 0) * 255).round().byte().numpy()).save(data, "PNG")
    write_whole(path, data.getvalue())
