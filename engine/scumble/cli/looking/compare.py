"""`scumble compare`: how far results are from their content and from their styles, beside the untouched content.

The one command that computes in its own process: torch is loaded when it runs.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...picture import Picture, decode_file
from ...wire.request.options import Option
from ...wire.request.request import REQUEST_OPTIONS
from ..flags import add_option_flags, given_options
from ..pictures import read_mask, typed_style
from .compared import eye_of, measure_all, style_source
from .comparison import MEANING, Row, render

if TYPE_CHECKING:
    from ...metrics import Eye, WeightedStyle, Yardstick

OPTIONS = {
    "size": Option("size", "int", 512, "Long side at which is measured.", low=64, high=4096, unit="px", basic=True),
    "model": REQUEST_OPTIONS["model"],
}


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare `compare`."""
    parser = commands.add_parser(
        "compare",
        help="measure results against their content and styles",
        description="Losses are relative to the energy of what they compare with: 0 is the same. “closed” is how much "
        "of the untouched picture's distance to the style is gone. Beside them stands what the eye sees: whether it "
        "is painted, grain, a lattice, the scene.",
        allow_abbrev=False,
    )
    parser.add_argument("content", metavar="PICTURE", help="the picture before")
    parser.add_argument("results", metavar="RESULT", nargs="+", help="pictures made of it")
    spec = "NAME_OR_FILE[:WEIGHT[:STROKE]]"
    parser.add_argument("--style", action="append", default=[], metavar=spec, help="a style; may be repeated")
    parser.add_argument("--mask", metavar="FILE", help="a mask of the picture's size: measure only here")
    parser.add_argument(
        "--lpips-weights",
        metavar="FILE",
        help="torchvision's AlexNet or SqueezeNet 1.1, for LPIPS; SqueezeNet judges paint and structure, too",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    add_option_flags(parser, OPTIONS)
    parser.set_defaults(run=run, parser=parser)


def run(args: argparse.Namespace) -> int:
    """Carry out `scumble compare`."""
    chosen = [typed_style(text) for text in args.style]
    if any(s.mask != "none" for s in chosen):
        args.parser.error("a style has no mask of its own here: measure each region with --mask")
    content = decode_file(args.content)
    content.check(Path(args.content).name)
    mask = read_mask(args.mask, content) if args.mask else None
    results = [(path, _read_result(path)) for path in args.results]
    styles = [style_source(s) for s in chosen]
    yardstick, notes = _yardstick(args, content, styles, mask)
    eye, more = eye_of(args.lpips_weights, yardstick, styles)
    rows = measure_all(yardstick, eye, styles, content, results)
    resized = [_resized_note(path, r, yardstick) for path, r in results if r.box != content.box]
    account = _account(args, yardstick, eye, rows, [*resized, *notes, *more])
    print(json.dumps(account, ensure_ascii=False) if args.json else render(account))
    return 0


def _yardstick(
    args: argparse.Namespace, content: Picture, styles: list[WeightedStyle], mask: Picture | None
) -> tuple[Yardstick, list[str]]:
    """What to measure against, and notes on what cannot be measured."""
    from ...features.registry import load_encoder
    from ...metrics import LIBRARY_MISSING, Yardstick, has_library, load_lpips

    options = {name: o.default for name, o in OPTIONS.items()} | given_options(args, OPTIONS)
    lpips, reason = load_lpips(args.lpips_weights)
    yardstick = Yardstick.of(content, styles, load_encoder(options["model"]), options["size"], mask, lpips)
    missing = [] if has_library() else [f"SSIM is not available: {LIBRARY_MISSING}."]
    return yardstick, [*missing, *([] if lpips else [f"LPIPS is not available: {reason.rstrip('.')}."])]


def _read_result(path: str) -> Picture:
    picture = decode_file(path)
    picture.check(Path(path).name)
    return picture


def _resized_note(path: str, result: Picture, yardstick: Yardstick) -> str:
    height, width = yardstick.size
    return f"“{Path(path).name}” is {result.width}×{result.height}: it was resized to {width}×{height}."


def _account(
    args: argparse.Namespace, yardstick: Yardstick, eye: Eye, rows: list[Row], notes: list[str]
) -> dict[str, Any]:
    """All that was found, as plain values."""
    height, width = yardstick.size
    return {
        "content": args.content,
        "styles": args.style,
        "size": [width, height],
        "model": yardstick.encoder.name,
        "lpips_net": yardstick.lpips.net if yardstick.lpips else None,
        "judge": eye.judge.name,
        "rows": [row.values() for row in rows],
        "notes": notes,
        "meaning": MEANING,
    }
