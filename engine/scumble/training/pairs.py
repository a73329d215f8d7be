"""Pairs that a fast network can learn from: a photograph, and what *optimize* painted of it.

    python -m scumble.training.pairs --photos FOLDER --styles FOLDER --out FOLDER [--side 256] [--each 400]

Round by round each named style gets one more pair at each stroke size, so that what is there at any time is even. What
is there already is not made again: run it as often and as long as there are idle cores.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..methods.base import Plan
from ..methods.run import run
from ..picture import Picture
from ..wire.request.request import Request
from ..wire.request.style import Style
from .pictures import find_pictures
from .publish import CATALOGUE
from .unwatched import Unwatched

STROKE_SIZES = (1.0, 1.5, 0.7)
CANVAS = 384  # pixels: a crop is taken as a part of a picture of this size


class Pair(NamedTuple):
    """One pair to make: the style's name and its picture's file, a stroke size, a photograph, and where it goes."""

    style: str
    painting: Path
    stroke_size: float
    photo: Path
    file: Path


def planned(styles: Path, photos: Sequence[Path], out: Path, each: int, seed: int = 1) -> Iterator[Pair]:
    """The pairs in the order in which they are made, those that are there left out."""
    catalogue: dict[str, Any] = json.loads(CATALOGUE.read_text("utf-8"))
    order = np.random.default_rng(seed).permutation(len(photos))
    number = 0
    for _ in range(each):
        for size in STROKE_SIZES:
            for name, entry in sorted(catalogue.items()):
                photo = photos[order[number % len(order)]]
                number += 1
                file = out / name / f"{size:g}-{photo.stem}.png"
                if not file.exists():
                    yield Pair(name, styles / entry["picture"], size, photo, file)


def make(pair: Pair, side: int) -> None:
    """Paint a pair and write it: the photograph's square on the left, what was painted of it on the right."""
    content, painting = Picture(_square(pair.photo, side)), Picture(_pixels(pair.painting))
    known = {picture.ref().digest: picture for picture in (content, painting)}
    style = Style(pair.style, stroke_size=pair.stroke_size, picture=painting.ref())
    request = Request(styles=(style,), content=content.ref(), canvas=(CANVAS * side // 256,) * 2, preview_size=0)
    layer = run(request, lambda ref: known[ref.digest], Unwatched(), Plan()).layer
    both = np.concatenate([content.data[..., :3], layer.data[..., :3]], 1)
    pair.file.parent.mkdir(parents=True, exist_ok=True)
    half = pair.file.with_suffix(".part")
    Image.fromarray(both).save(half, "PNG")
    os.replace(half, pair.file)  # a pair is never half there


def _pixels(file: Path) -> NDArray[np.uint8]:
    with Image.open(file) as im:
        return np.asarray(im.convert("RGB"))


def _square(file: Path, side: int) -> NDArray[np.uint8]:
    """The middle of a photograph, `side` pixels square."""
    with Image.open(file) as im:
        rgb = im.convert("RGB")
    least = min(rgb.size)
    left, top = (rgb.width - least) // 2, (rgb.height - least) // 2
    box = (left, top, left + least, top + least)
    return np.asarray(rgb.resize((side, side), Image.Resampling.LANCZOS, box))


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of ``python -m scumble.training.pairs``."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs")
    p.add_argument("--styles", type=Path, required=True, help="folder of the paintings in catalogue.json")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--side", type=int, default=256, help="pixels of a photograph's square")
    p.add_argument("--each", type=int, default=400, help="pairs for each style and stroke size")
    args = p.parse_args(argv)
    for pair in planned(args.styles, find_pictures(args.photos), args.out, args.each):
        make(pair, args.side)


if __name__ == "__main__":
    main()
