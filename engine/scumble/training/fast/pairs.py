"""Pairs that a fast network can learn from: photographs, and what *optimize* painted of them.

    python -m scumble.training.fast.pairs --photos FOLDER --out FOLDER [--side 512] [--each 400]

One photograph is a picture, or four share one (`--together 4`), so that a style is looked at once for all of them, but
at half the size at which photographs are painted. Round by round each named style gets one more picture at a stroke
size, so that what is there at any time is even. What is there already is not made again: run it as often and as long as
there are idle cores.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...methods.base import Plan, Reporter
from ...methods.run import run
from ...networks.painter import SIZES
from ...picture import Picture
from ...styles.library import shipped_names, shipped_swatch
from ...wire.request.request import Request
from ...wire.request.style import Style
from ..loop.unwatched import Unwatched
from ..pictures import find_pictures

ROUND = (512, 1024, 512, 256)  # long sides of the painting in pixels of the picture; the middle one is used most
PHOTOS = 4  # that may share a picture, two by two
ITERATIONS = 10  # a quarter of the usual: at 512 px hardly a stroke is lost, and two thirds of the time saved


class Pair(NamedTuple):
    """One pair to make: a style's name and its swatch's file, its size, the photographs, and where the pair goes."""

    style: str
    painting: Path
    size: int
    photos: Sequence[Path]
    file: Path


def planned(
    photos: Sequence[Path],
    out: Path,
    each: int,
    seed: int = 1,
    share: Sequence[int] = (1, 1),
    only: Sequence[str] = (),
    sharing: int = 1,
) -> Iterator[Pair]:
    """The pairs in the order in which they are made, those that are there left out: of all named styles, or of `only`
    some; of `share` (I, N) the I-th of N. `sharing` photographs share a picture."""
    assert set(ROUND) == set(SIZES)
    names = sorted(only or shipped_names())
    styles = [(name, file) for name in names if (file := shipped_swatch(name))]
    order = np.random.default_rng(seed).permutation(len(photos))
    number = 0
    for turn in range(each):
        size = ROUND[turn % len(ROUND)]
        for name, swatch in styles:
            chosen = [photos[order[(number + i) % len(order)]] for i in range(sharing)]
            number += sharing
            file = out / name / f"{turn:03d}-{size}.png"
            if number // sharing % share[1] == share[0] - 1 and not file.exists():
                yield Pair(name, swatch, size, chosen, file)


def make(pair: Pair, side: int) -> None:
    """Paint a pair, `side` pixels square, and write it."""
    each = side if len(pair.photos) == 1 else side // 2
    squares = [_square(file, each) for file in pair.photos]
    write_pair(pair.file, squares[0] if len(squares) == 1 else together(squares), _pixels(pair.painting), pair.size)


def write_pair(
    file: Path, content: NDArray[np.uint8], painting: NDArray[np.uint8], size: int, report: Reporter | None = None
) -> None:
    """Write a content H×W×3 on the left, and on the right what *optimize* makes of it in the style of a painting whose
    long side is `size` pixels of the content."""
    pictures = [Picture(content), Picture(painting)]
    known = {picture.ref().digest: picture for picture in pictures}
    stroke_size = min(max(size / max(content.shape[:2]), 0.25), 4.0)
    style = Style("painting", stroke_size=stroke_size, picture=pictures[1].ref())
    request = Request(styles=(style,), content=pictures[0].ref(), iterations=ITERATIONS, preview_size=0)
    layer = run(request, lambda ref: known[ref.digest], report or Unwatched(), Plan()).layer
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".part")
    Image.fromarray(np.concatenate([content, layer.data[..., :3]], 1)).save(half, "PNG")
    os.replace(half, file)  # a pair is never half there


def _pixels(file: Path) -> NDArray[np.uint8]:
    with Image.open(file) as im:
        return np.asarray(im.convert("RGB"))


def together(squares: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Four squares in one."""
    return np.concatenate([np.concatenate(squares[i : i + 2], 1) for i in (0, 2)])


def _square(file: Path, side: int) -> NDArray[np.uint8]:
    """The middle of a photograph, `side` pixels square."""
    with Image.open(file) as im:
        rgb = im.convert("RGB")
    least = min(rgb.size)
    left, top = (rgb.width - least) // 2, (rgb.height - least) // 2
    box = (left, top, left + least, top + least)
    return np.asarray(rgb.resize((side, side), Image.Resampling.LANCZOS, box))


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of ``python -m scumble.training.fast.pairs``."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--side", type=int, default=512, help="pixels of a picture, which is square")
    p.add_argument("--together", type=int, choices=(1, PHOTOS), default=1, help="photographs that share a picture")
    p.add_argument("--each", type=int, default=400, help="pairs for each style")
    p.add_argument("--share", type=int, nargs=2, default=(1, 1), metavar=("I", "N"), help="make the I-th of N shares")
    p.add_argument("--seed", type=int, default=1, help="in what order photographs are taken")
    p.add_argument("--only", nargs="+", default=(), choices=shipped_names(), metavar="NAME", help="of these alone")
    args = p.parse_args(argv)
    for pair in planned(
        find_pictures(args.photos), args.out, args.each, args.seed, args.share, args.only, args.together
    ):
        make(pair, args.side)


if __name__ == "__main__":
    main()
