"""`scumble stylize`: a picture through the engine, to a file, or many of them."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from typing import Any

from ..picture import Picture, check_fits, check_targets, encode_native, save_native
from ..wire.client.client import Client
from ..wire.protocol.events import Result
from .bar import Bar
from .batch import run_batch
from .flags import add_option_flags, given_options
from .painting import Prepared, end_like_ctrl_c, paint, prepare
from .pictures import frame_remarks, is_named, is_style
from .places import PIPE, goes_by_name, is_one
from .presets import load_preset, save_preset
from .stylespec import StyleSpec, parse_style
from .version import installed_version

EXAMPLE = """\
A style is NAME_OR_FILE[:WEIGHT[:STROKE]][@MASK]: a style of “scumble styles” or a picture file, its share, the size
of its strokes, and a mask file of the picture's size that says where it applies.

  scumble stylize photo.jpg --style starry-night:0.7 --style wave.jpg:0.3@sky.png --selection sel.png -o out.png
  scumble stylize photos/ more/*.jpg --style scream -o painted/ --skip-existing
  scumble stylize frames/*.png --style scream -o "painted/{number}.png"
  cat photo.jpg | scumble stylize - --style scream -o - > out.png

Of many pictures those that cannot be painted are told at the end; the rest goes on, and the exit code is 1.
"""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare `stylize`."""
    parser = commands.add_parser(
        "stylize",
        help="paint a picture in one or more styles",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "content", metavar="PICTURE", nargs="+", help="the picture to paint; also several, folders, “*.jpg”; - is stdin"
    )
    parser.add_argument("--style", action="append", default=[], metavar="STYLE", help="a style; may be repeated")
    parser.add_argument("--selection", metavar="FILE", help="a mask of the picture's size: paint only here")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="the painted picture: .png .tif .jpg .webp .exr; of several a folder, or a name with {name} or {number}; "
        "- is stdout, as PNG",
    )
    existing = parser.add_mutually_exclusive_group()
    existing.add_argument("--overwrite", action="store_true", help="of several pictures: replace what is there")
    existing.add_argument("--skip-existing", action="store_true", help="of several pictures: paint what is not there")
    parser.add_argument("--layer", metavar="FILE", help="the painted layer alone, with alpha")
    parser.add_argument(
        "--preset", metavar="NAME_OR_FILE", help="take options and styles from a preset; flags come on top"
    )
    parser.add_argument(
        "--save-preset",
        metavar="NAME_OR_FILE",
        help="keep options and styles for --preset, and under a name for editors",
    )
    parser.add_argument("--json", action="store_true", help="end with one line of JSON about the run")
    parser.add_argument("--quiet", action="store_true", help="no progress bar, no words on success")
    add_option_flags(parser)
    parser.set_defaults(run=run, parser=parser)


def run(args: argparse.Namespace) -> int:
    """Carry out `scumble stylize`."""
    if not (args.output or args.layer or args.save_preset):
        args.parser.error("say where to put the result: -o FILE, --layer FILE or --save-preset NAME_OR_FILE")
    many = not is_one(args.content) or goes_by_name(args.output)
    if many and PIPE in args.content:
        args.parser.error("stdin is one picture: give it alone, and a name to its painting")
    if many and (args.layer or not args.output or args.output == PIPE):
        args.parser.error("of several pictures, say with -o into which folder, or by which name, they go")
    if args.output == PIPE and args.json:
        args.parser.error("--json and a picture cannot both go to stdout")
    if not many:
        check_targets(_file(args.output), args.layer)
    options, styles = _settings(args)
    if args.save_preset:
        save_preset(args.save_preset, options, styles)
    if many:
        return run_batch(args, options, styles)
    if args.output or args.layer:
        job = prepare(args.content[0], args.selection, options, styles)
        for target in filter(None, (_file(args.output), args.layer)):
            check_fits(target, job.content.width, job.content.height)
        if not args.quiet:
            for remark in frame_remarks(file_paths(args, styles)):
                print(f"scumble: {remark}", file=sys.stderr)
        layer, result = _through_engine(job, args.quiet)
        _deliver(args, job, layer, result)
    return 0


def file_paths(args: argparse.Namespace, styles: list[StyleSpec]) -> list[str]:
    """The picture files that a run reads."""
    named = [path for s in styles for path in (s.mask, "" if is_named(s.source) else s.source)]
    return [path for path in (*args.content, args.selection, *named) if path and path != PIPE]


def _file(output: str | None) -> str | None:
    """Where a picture goes that does not go to stdout."""
    return None if output == PIPE else output


def _settings(args: argparse.Namespace) -> tuple[dict[str, Any], list[StyleSpec]]:
    """Options and styles: the preset's, with what was typed on top."""
    options, styles = load_preset(args.preset) if args.preset else ({}, [])
    typed = [parse_style(text, is_style) for text in args.style]
    return {**options, **given_options(args)}, typed or styles


def _through_engine(job: Prepared, quiet: bool) -> tuple[Picture, Result]:
    """Run the job at the user's engine, started if there is none; Ctrl-C and being ended cancel it there."""
    end_like_ctrl_c()
    with Client.connect_or_start("scumble-cli", installed_version()) as client, Bar(quiet) as bar:
        return paint(client, job, bar)


def _deliver(args: argparse.Namespace, job: Prepared, layer: Picture, result: Result) -> None:
    """Write the files and say so."""
    document = job.document
    if args.output == PIPE:
        sys.stdout.buffer.write(encode_native(".png", document.painted(layer), document.about))
    elif args.output:
        save_native(args.output, document.painted(layer), document.about)
    if args.layer:
        save_native(args.layer, document.layer(layer), replace(document.about, exif=b"", comment=b"", texts=()))
    if not args.quiet:
        for note in result.notes:
            print(f"scumble: {note.sentence}", file=sys.stderr)
    if args.json:
        print(json.dumps(_account(args, layer, result), ensure_ascii=False))
    elif not args.quiet and args.output != PIPE:
        work = "one pass" if result.steps == 1 else f"{result.steps} steps"
        print(f"{args.output or args.layer}: {work} in {result.seconds:.1f} s on {result.device}")


def _account(args: argparse.Namespace, layer: Picture, result: Result) -> dict[str, Any]:
    places = {"output": args.output, "layer": args.layer, "x": layer.x, "y": layer.y}
    figures = {k: getattr(result, k) for k in ("seconds", "steps", "losses", "device", "model", "cached")}
    return {**places, **figures, "notes": [n.to_plain() for n in result.notes]}
