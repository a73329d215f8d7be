"""The README's pictures: free photographs in styles of the library, by *optimize* and by *fast*, and some at 100 %.

    python -m benchmarks.paint_pictures --out FOLDER [--side 512] [--method fast] [--photorealistic]

What is painted already in FOLDER is not painted again.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from skimage import data
from sklearn.datasets import load_sample_image

from scumble.methods.base import Plan
from scumble.methods.run import run
from scumble.picture import Picture
from scumble.training.loop.unwatched import Unwatched
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

STYLES = ("starry-night", "scream", "great-wave", "composition-vii", "sunflowers", "mont-sainte-victoire", "metzinger")
QUICK = (
    *("starry-night", "great-wave", "scream", "cafe-terrace", "sunflowers", "the-kiss", "metzinger"),
    *("red-tree", "udnie", "composition-vii", "wheatfield-with-crows", "water-lilies", "kairouan", "almond-blossom"),
)
COLORS = ("composition-vii", "wheatfield-with-crows", "scream", "red-tree")
PHOTOS = ("astronaut", "chelsea", "coffee", "china")
CLOSE = (("chelsea", "scream", 60, 20), ("astronaut", "starry-night", 96, 0), ("coffee", "great-wave", 130, 10))
TILE, CROP, GAP, WIDE = 180, (320, 300), 4, (300, 225)  # pixels


def photo(name: str, side: int) -> Image.Image:
    """One of the photographs that scikit-image and scikit-learn carry, its long side `side` pixels."""
    pixels = load_sample_image("china.jpg") if name == "china" else getattr(data, name)()
    im = Image.fromarray(np.asarray(pixels))
    im.thumbnail((side, side), Image.Resampling.LANCZOS)
    return im


def painted(
    name: str, style: str, side: int, out: Path, method: str = "optimize", photorealistic: bool = False
) -> Image.Image:
    """A photograph in a style of the library, painted with default settings, kept in `out`."""
    file = out / f"{name}-{style}-{side}{'' if method == 'optimize' else method}{'-photo' * photorealistic}.png"
    if not file.exists():
        content = Picture(np.asarray(photo(name, side)))
        request = Request(
            method=method, styles=(Style(style),), content=content.ref(), preview_size=0,
            photorealistic=float(photorealistic),
        )  # fmt: skip
        layer = run(request, lambda ref: content, Unwatched(), Plan()).layer
        Image.fromarray(layer.data[..., :3]).save(file)
    with Image.open(file) as im:
        rgb: Image.Image = im.convert("RGB")
    return rgb


def square(im: Image.Image, side: int) -> Image.Image:
    """The middle of a picture."""
    least = min(im.size)
    left, top = (im.width - least) // 2, (im.height - least) // 2
    return im.resize((side, side), Image.Resampling.LANCZOS, (left, top, left + least, top + least))


def colored(name: str, side: int, out: Path) -> list[Image.Image]:
    """A photograph and what *fast* makes of it in each of `COLORS`, photorealistic."""
    pictures = [photo(name, side), *(painted(name, style, side, out, "fast", photorealistic=True) for style in COLORS)]
    middle = (0.5, 0.0 if name == "astronaut" else 0.5)  # her face is high
    return [ImageOps.fit(im, WIDE, Image.Resampling.LANCZOS, centering=middle) for im in pictures]


def tiles(name: str, styles: Sequence[str], side: int, out: Path, method: str = "optimize") -> list[Image.Image]:
    """A photograph and what was painted of it in each style, as squares of a sheet."""
    pictures = [photo(name, side), *(painted(name, style, side, out, method) for style in styles)]
    return [square(im, TILE) for im in pictures]


def sheet(rows: Sequence[Sequence[Image.Image]]) -> Image.Image:
    """Pictures of one size side by side."""
    width, height = rows[0][0].size
    size = (len(rows[0]) * (width + GAP) - GAP, len(rows) * (height + GAP) - GAP)
    out = Image.new("RGB", size, "white")
    for y, row in enumerate(rows):
        for x, im in enumerate(row):
            out.paste(im, (x * (width + GAP), y * (height + GAP)))
    return out


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of ``python -m benchmarks.paint_pictures``."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--side", type=int, default=512)
    p.add_argument("--method", choices=("optimize", "fast"), default="optimize")
    p.add_argument("--photorealistic", action="store_true")
    args = p.parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    if args.photorealistic:
        rows = [colored(name, args.side, args.out) for name in ("china", "astronaut", "chelsea")]
        sheet(rows).save(args.out / "photorealistic.jpg", quality=84, optimize=True)
        return
    if args.method == "fast":
        halves = (QUICK[:7], QUICK[7:])
        rows = [tiles(name, styles, args.side, args.out, "fast") for styles in halves for name in PHOTOS]
        sheet(rows).save(args.out / "fast-styles.jpg", quality=86, optimize=True)
        return
    rows = [tiles(name, STYLES, args.side, args.out) for name in PHOTOS]
    sheet(rows).save(args.out / "paint.jpg", quality=86, optimize=True)
    close = [
        painted(name, style, args.side, args.out).crop((x, y, x + CROP[0], y + CROP[1])) for name, style, x, y in CLOSE
    ]
    sheet([close]).save(args.out / "paint-close.jpg", quality=88, optimize=True)


if __name__ == "__main__":
    main()
