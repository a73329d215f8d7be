"""`scumble compare`: how far results are from their content and from their styles, beside the untouched content.

The one command that computes in its own process: torch is loaded when it runs.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..picture import Picture, decode_file, to_working
from ..wire.blobs import Blobs
from ..wire.options import Option
from ..wire.request import REQUEST_OPTIONS
from .flags import add_option_flags, given_options
from .pictures import is_style, make_style, read_mask
from .stylespec import StyleSpec, parse_style

if TYPE_CHECKING:
    from ..metrics import Measures, WeightedStyle, Yardstick

OPTIONS = {
    "size": Option("size", "int", 512, "Long side at which is measured.", low=64, high=4096, unit="px", basic=True),
    "model": REQUEST_OPTIONS["model"],
}
COLUMNS = ("", "style", "content", "SSIM", "LPIPS", "closed")
MEANING = (
    "Neither number means anything without the other: the untouched picture (identity) keeps all of its content, and "
    "a copy of the style has all of its style. A good result closes much of the style's distance at little content."
)


@dataclass(frozen=True)
class Row:
    """What was measured of one picture."""

    name: str
    measures: Measures
    closed: float | None


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare `compare`."""
    parser = commands.add_parser(
        "compare",
        help="measure results against their content and styles",
        description="Losses are relative to the energy of what they compare with: 0 is the same. “closed” is how much "
        "of the untouched picture's distance to the style is gone.",
        allow_abbrev=False,
    )
    parser.add_argument("content", metavar="PICTURE", help="the picture before")
    parser.add_argument("results", metavar="RESULT", nargs="+", help="pictures made of it")
    spec = "NAME_OR_FILE[:WEIGHT[:STROKE]]"
    parser.add_argument("--style", action="append", default=[], metavar=spec, help="a style; may be repeated")
    parser.add_argument("--mask", metavar="FILE", help="a mask of the picture's size: measure only here")
    parser.add_argument("--lpips-weights", metavar="FILE", help="torchvision's AlexNet or SqueezeNet 1.1, for LPIPS")
    parser.add_argument("--json", action="store_true", help="as JSON")
    add_option_flags(parser, OPTIONS)
    parser.set_defaults(run=run, parser=parser)


def run(args: argparse.Namespace) -> int:
    """Carry out `scumble compare`."""
    specs = [parse_style(text, is_style) for text in args.style]
    if any(s.mask for s in specs):
        args.parser.error("a style has no mask of its own here: measure each region with --mask")
    content = decode_file(args.content)
    content.check(Path(args.content).name)
    mask = read_mask(args.mask, content) if args.mask else None
    results = [(path, _read_result(path)) for path in args.results]
    yardstick, missing = _yardstick(args, content, specs, mask)
    rows = _measure(yardstick, results)
    notes = [_resized_note(path, r, yardstick) for path, r in results if r.box != content.box]
    account = _account(args, yardstick, rows, [*notes, *missing])
    print(json.dumps(account, ensure_ascii=False) if args.json else render(account))
    return 0


def style_source(spec: StyleSpec, content: Picture) -> WeightedStyle:
    """A style as the metrics take it. Raises `style-unknown`, `file-missing`, `picture-…`."""
    import torch

    from ..features.registry import weights_digest
    from ..metrics import WeightedStyle
    from ..styles.card import load_card
    from ..styles.statistics import PictureStyle

    blobs = Blobs()
    style = make_style(spec, content, content.box, blobs)
    if style.picture is None:
        return WeightedStyle(load_card(style.name, weights_digest("slim")), spec.weight, spec.stroke_size)
    digest = style.picture.digest
    rgb, alpha = to_working(Picture.from_raw(style.picture, bytes(blobs[digest])))
    pixels, coverage = torch.from_numpy(rgb).permute(2, 0, 1)[None], torch.tensor(alpha)[None, None]
    return WeightedStyle(PictureStyle(style.name, pixels, coverage, digest), spec.weight, spec.stroke_size)


def _yardstick(
    args: argparse.Namespace, content: Picture, specs: list[StyleSpec], mask: Picture | None
) -> tuple[Yardstick, list[str]]:
    """What to measure against, and notes on what cannot be measured."""
    from ..features.registry import load_encoder
    from ..metrics import LIBRARY_MISSING, Yardstick, has_library, load_lpips

    options = {name: o.default for name, o in OPTIONS.items()} | given_options(args, OPTIONS)
    styles = [style_source(s, content) for s in specs]
    lpips, reason = load_lpips(args.lpips_weights)
    yardstick = Yardstick.of(content, styles, load_encoder(options["model"]), options["size"], mask, lpips)
    missing = [] if has_library() else [f"SSIM is not available: {LIBRARY_MISSING}."]
    return yardstick, [*missing, *([] if lpips else [f"LPIPS is not available: {reason.rstrip('.')}."])]


def _read_result(path: str) -> Picture:
    picture = decode_file(path)
    picture.check(Path(path).name)
    return picture


def _measure(yardstick: Yardstick, results: list[tuple[str, Picture]]) -> list[Row]:
    identity = yardstick.identity()
    measured = [("identity", identity), *((path, yardstick.measure(r)) for path, r in results)]
    return [Row(name, m, m.closed(identity)) for name, m in measured]


def _resized_note(path: str, result: Picture, yardstick: Yardstick) -> str:
    height, width = yardstick.size
    return f"“{Path(path).name}” is {result.width}×{result.height}: it was resized to {width}×{height}."


def _account(args: argparse.Namespace, yardstick: Yardstick, rows: list[Row], notes: list[str]) -> dict[str, Any]:
    """All that was found, as plain values."""
    height, width = yardstick.size
    return {
        "content": args.content,
        "styles": args.style,
        "size": [width, height],
        "model": yardstick.encoder.name,
        "lpips_net": yardstick.lpips.net if yardstick.lpips else None,
        "rows": [{"name": r.name, **asdict(r.measures), "closed": r.closed} for r in rows],
        "notes": notes,
        "meaning": MEANING,
    }


def render(account: dict[str, Any]) -> str:
    """The account as a table with its notes."""
    lines = [COLUMNS, *(_cells(row) for row in account["rows"])]
    widths = [max(len(line[i]) for line in lines) for i in range(len(COLUMNS))]
    table = [
        "  ".join([line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))])
        for line in lines
    ]
    width, height = account["size"]
    net = f", LPIPS on {account['lpips_net']}" if account["lpips_net"] else ""
    return "\n".join(
        [*table, "", f"Measured at {width}×{height} by {account['model']}{net}.", *account["notes"], MEANING]
    )


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    numbers = [row[k] for k in ("style", "content", "ssim", "lpips")]
    closed = "–" if row["closed"] is None else f"{row['closed']:.0%}"
    return (row["name"], *("–" if n is None else f"{n:.3f}" for n in numbers), closed)
