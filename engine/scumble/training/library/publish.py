"""Put trained weights into the package, and measure the style cards under them.

    python -m scumble.training.library.publish --weights RUN/slim.safetensors --styles FOLDER
    python -m scumble.training.library.publish --painters RUN/painter.safetensors

The cards hold numbers that this code computes from the paintings of `catalogue.json`; the pictures stay outside.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from ...features import tensors
from ...features.registry import SHIPPED, load_encoder, weights_digest
from ...features.slim import HEAD_WIDTHS
from ...networks.models import network_file
from ...networks.painter import load_painter_file
from ...styles.card import SIZES, save_card
from ...styles.library import CARDS
from ...styles.statistics import PictureStyle

CATALOGUE = Path(__file__).parent / "catalogue.json"
TAPS = list(HEAD_WIDTHS)


def publish_weights(source: Path) -> None:
    """Copy `source` into the package and record its digest."""
    SHIPPED.mkdir(exist_ok=True)
    shutil.copyfile(source, SHIPPED / "slim.safetensors")
    record = {"sha256": hashlib.sha256(source.read_bytes()).hexdigest(), "bytes": source.stat().st_size}
    (SHIPPED / "slim.json").write_text(json.dumps(record, indent=1) + "\n")
    weights_digest.cache_clear()


def publish_painters(sources: Sequence[Path]) -> None:
    """Copy generators' weights into the package, with the records of their digests.

    Raises `option-choice` for a file that is not called as one of them, `weights-missing`, `weights-damaged`.
    """
    for source in sources:
        target, state = network_file(source.stem), tensors.load_checked(source)
        load_painter_file(source)  # refuses what is not one
        target.parent.mkdir(exist_ok=True)
        tensors.store(target, state)


def card_of(name: str, entry: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Measure one painting, write its card, and return its index entry."""
    with Image.open(folder / entry["picture"]) as im:
        rgb = np.asarray(im.convert("RGB"), np.float32) / 255
    pixels = torch.from_numpy(rgb).permute(2, 0, 1)[None].contiguous()
    style = PictureStyle(name, pixels, torch.ones_like(pixels[:, :1]), name)
    encoder = load_encoder("slim", torch.device("cpu"), torch.float32)
    sizes = {size: style.moments(encoder, size, TAPS) for size in SIZES}
    digest = save_card(CARDS / f"{name}.safetensors", sizes, style.colors())
    shown = {k: v for k, v in entry.items() if k != "picture"}
    return {**shown, "file": f"{name}.safetensors", "digest": digest}


def publish_cards(folder: Path, anew: bool = True) -> None:
    """Measure every painting of the catalogue, and write the index; without `anew`, those that have no card yet."""
    CARDS.mkdir(exist_ok=True)
    catalogue: dict[str, Any] = json.loads(CATALOGUE.read_text("utf-8"))
    known = {} if anew else json.loads((CARDS / "index.json").read_text("utf-8"))["styles"]
    styles = {}
    for name, entry in sorted(catalogue.items()):
        if name in known:
            styles[name] = {**known[name], **{k: v for k, v in entry.items() if k != "picture"}}
        else:
            styles[name] = card_of(name, entry, folder)
    index = {"encoder": weights_digest("slim"), "styles": styles}
    (CARDS / "index.json").write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n", "utf-8")


def main(argv: list[str] | None = None) -> None:
    """Entry point of ``python -m scumble.training.library.publish``."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--weights", type=Path, help="an exported slim.safetensors; without it the shipped one stays")
    p.add_argument("--styles", type=Path, help="folder of the paintings in catalogue.json, to measure the cards")
    p.add_argument("--new", action="store_true", help="measure only what has no card yet")
    p.add_argument("--painters", type=Path, nargs="+", default=[], help="weight files of generators")
    args = p.parse_args(argv)
    if args.weights and (args.new or not args.styles):
        p.error("cards hold what the weights measure: --weights needs --styles, and all of them")
    if args.weights:
        publish_weights(args.weights)
    if args.styles:
        publish_cards(args.styles, not args.new)
    publish_painters(args.painters)


if __name__ == "__main__":
    main()
