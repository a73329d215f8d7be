"""One photograph by each objective of *optimize*, side by side, and the seconds that each took.

    python -m benchmarks.objectives STYLE SHEET [--content FILE] [--size 256] [--model slim]

STYLE is a picture file; the content is scikit-image's astronaut unless a file is given. All else is the default.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from skimage.data import astronaut
from torch import Tensor

from scumble.features.registry import load_encoder
from scumble.methods.device import choose_device, choose_dtype
from scumble.methods.optimize.objectives import OBJECTIVES, find_objective
from scumble.wire.request.request import Request

from .problems import Silent, picture, problem

FACE = (64, 0, 448, 384)  # of the astronaut: left, top, right, bottom
STYLE_SIDE = 1024  # pixels
CAPTION, GAP, COLUMNS = 20, 4, 3  # pixels, pixels, pictures in a row


def sheet(pictures: list[tuple[str, Tensor]]) -> Image.Image:
    """Pictures 1×3×H×W of one size, each under its caption."""
    height, width = pictures[0][1].shape[-2:]
    rows = -(-len(pictures) // COLUMNS)
    size = (COLUMNS * (width + GAP) - GAP, rows * (height + CAPTION + GAP) - GAP)
    out = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(out), ImageFont.load_default(13)
    for i, (name, t) in enumerate(pictures):
        x, y = i % COLUMNS * (width + GAP), i // COLUMNS * (height + CAPTION + GAP)
        draw.text((x + 2, y + 2), name, "black", font)
        rgb = (t[0].permute(1, 2, 0).cpu().numpy() * 255).round().astype(np.uint8)
        out.paste(Image.fromarray(rgb), (x, y + CAPTION))
    return out


def main() -> None:
    """Paint, print the seconds, and write the sheet."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("style", type=Path)
    p.add_argument("sheet", type=Path)
    p.add_argument("--content", type=Path)
    p.add_argument("--size", type=int, default=256)
    p.add_argument("--model", default="slim")
    args = p.parse_args()
    content = picture(args.content or Image.fromarray(astronaut()).crop(FACE), args.size)
    posed = problem(content, [("style", picture(args.style, STYLE_SIDE))], torch.ones(1, *content.shape[-2:]))
    device = choose_device("cpu")
    encoder = load_encoder(args.model, device, choose_dtype("auto", device))
    pictures = [("content", content)]
    for name in OBJECTIVES.names():
        start = time.perf_counter()
        painted = find_objective(name)(posed, encoder, Request(objective=name, model=args.model), Silent())
        print(f"{name}: {time.perf_counter() - start:.0f} s, {torch.get_num_threads()} threads", flush=True)
        pictures.append((name, painted.picture))
    sheet(pictures).save(args.sheet, quality=80, optimize=True)


if __name__ == "__main__":
    main()
