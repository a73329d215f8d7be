"""Thumbnails: one motif painted in each style, so that a chooser has pictures to show.

    python -m scumble.training.library.thumbnails [--motif] [--sheet SHEET.png]

The motif, a cat's face, lies beside this file, so that a style of the user's own needs nothing else; `--motif` cuts it
anew out of scikit-image's `chelsea` (Stéfan van der Walt, CC0).
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ...methods.base import Plan
from ...methods.fast.codes import vividness_of
from ...methods.fast.colors import StyleColors
from ...methods.run import run
from ...networks.painter import Painter
from ...networks.painting import paint
from ...networks.scene import Scene
from ...picture import Picture
from ...styles.library import CARDS, shipped_names
from ...styles.own import LARGEST_THUMBNAIL
from ...styles.source import StyleSource
from ...wire.request.request import Request
from ...wire.request.style import Style
from ..loop.sheet import write_sheet
from ..loop.unwatched import Unwatched

MOTIF = Path(__file__).parent / "motif.jpg"
FACE = (100, 0, 400, 300)  # in `chelsea`: left, top, right, bottom
PAINTED = 320  # pixels; then scaled down, for the painter's grain is finer than a thumbnail shows
STROKES = 512.0  # the painting's long side in those pixels
SIDE = 96
QUALITIES = (90, 85, 80, 70, 50, 25)


def thumbnail(painter: Painter, style: str, source: StyleSource) -> bytes:
    """A JPEG of `SIDE` pixels: the motif in a style that `painter` (float32, on the CPU) has a code for."""
    with Image.open(MOTIF) as im:
        rgb = np.asarray(im.convert("RGB"), np.float32) / 255
    content = torch.from_numpy(rgb).permute(2, 0, 1)[None].contiguous()
    even = torch.ones(content.shape[-2:])
    colored = replace(StyleColors.of_source(source), vivid=vividness_of(painter, style)).laid_on(content)
    return _jpeg(paint(painter.net, Scene(colored, [painter.kernels(style, STROKES)], even[None]), lambda n, of: None))


def finest(style: str) -> bytes:
    """As `thumbnail`, by optimization: what a shipped style can do, for which nobody waits."""
    with Image.open(MOTIF) as im:
        motif = Picture(np.asarray(im.convert("RGB")))
    # 32 bits: so that other machines paint the same
    request = Request(styles=(Style(style),), content=motif.ref(), canvas=(int(STROKES),) * 2, precision="fp32")
    layer = run(request, lambda ref: motif, Unwatched(), Plan()).layer
    return _jpeg(torch.from_numpy(layer.data[..., :3].astype(np.float32) / 255).permute(2, 0, 1)[None])


def write_thumbnails() -> None:
    """Paint the thumbnail of each shipped style, beside its card."""
    for name in shipped_names():
        (CARDS / f"{name}.jpg").write_bytes(finest(name))


def write_motif() -> None:
    """Cut the motif out of scikit-image's photograph."""
    from skimage.data import chelsea

    face = Image.fromarray(chelsea()).crop(FACE).resize((PAINTED, PAINTED), Image.Resampling.LANCZOS)
    face.save(MOTIF, quality=84, optimize=True)


def _jpeg(painting: Tensor) -> bytes:
    """A painting 1×3×H×W scaled down, in the best quality that is small enough."""
    pixels = (painting[0].permute(1, 2, 0).clamp(0, 1) * 255).round().byte().numpy()
    small = Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    for quality in QUALITIES:
        data = io.BytesIO()
        small.save(data, "JPEG", quality=quality, subsampling=0, optimize=True)
        if data.tell() <= LARGEST_THUMBNAIL:
            break
    return data.getvalue()


def _write_sheet(path: Path, columns: int = 5) -> None:
    """All thumbnails side by side, to look at."""
    cells: list[Tensor | None] = []
    for name in shipped_names():
        with Image.open(CARDS / f"{name}.jpg") as im:
            cells.append(torch.from_numpy(np.asarray(im, np.float32) / 255).permute(2, 0, 1))
    write_sheet(path, [cells[i : i + columns] for i in range(0, len(cells), columns)], SIDE)


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of ``python -m scumble.training.library.thumbnails``."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--motif", action="store_true", help="cut the motif out of scikit-image's photograph anew")
    p.add_argument("--sheet", type=Path, help="a PNG of all thumbnails, to look at")
    args = p.parse_args(argv)
    if args.motif:
        write_motif()
    write_thumbnails()
    if args.sheet:
        _write_sheet(args.sheet)


if __name__ == "__main__":
    main()
