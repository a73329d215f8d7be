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
from ..wire.request.recipe import Recipe
from .bar import Bar
from .flags import add_option_flags
from .many.batch import run_batch
from .many.crews import add_crew_flags, check_crew_flags
from .painting import Prepared, end_like_ctrl_c, prepare
from .pictures import files_of, frame_remarks
from .places import PIPE, goes_by_name, is_one
from .presets import chosen_recipe, save_preset
from .version import installed_version

EXAMPLE = """\
A style is NAME_OR_FILE[:WEIGHT[:STROKE]][@MASK][,NAME=VALUE…]: a style of “scumble styles” or a picture file, its
share, the size of its strokes, and a mask file of the picture's size that says where it applies. By name can be set,
for each style: share, stroke, strength (how far it goes, 0 to 1), keep (how closely it keeps the photograph), mask:
a file, or what the engine finds: subject, background, sky, ground, faces, rest; and from, for a style that is a picture
file: which part of it is taken, by the same names, or by a mask file of its size.

  scumble stylize photo.jpg --style starry-night:0.7 --style wave.jpg:0.3@sky.png --selection sel.png -o out.png
  scumble stylize photo.jpg --style scream,strength=.4,stroke=2,keep=3@face.png --style scream@rest.png -o out.png
  scumble stylize photo.jpg --style almond-blossom,mask=sky --style scream,mask=ground -o out.png
  scumble stylize photo.jpg --style dusk.jpg,mask=sky,from=sky --style dusk.jpg,mask=ground,from=ground -o out.png
  scumble stylize photo.jpg --style wave.jpg,mask=sky,from=foam.png --style wave.jpg,mask=ground,from=sea.png -o o.png
  scumble stylize photo.jpg --style scream --where background -o out.png
  scumble stylize photos/ more/*.jpg --style scream -o painted/ --skip-existing
  scumble stylize frames/*.png --style scream -o "painted/{number}.png"
  scumble stylize photos/ --style scream -o painted/ --engine here --engine gpu.json
  scumble stylize photos/ --style scream -o painted/ --cluster --workers 2
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
    add_crew_flags(parser)
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
    check_crew_flags(args, many)
    if not many:
        check_targets(_file(args.output), args.layer)
    recipe = chosen_recipe(args)
    if args.save_preset:
        save_preset(args.save_preset, recipe)
    if many:
        return run_batch(args, recipe)
    if args.output or args.layer:
        job = prepare(args.content[0], args.selection, recipe)
        for target in filter(None, (_file(args.output), args.layer)):
            check_fits(target, job.content.width, job.content.height)
        if not args.quiet:
            for remark in frame_remarks(file_paths(args, recipe)):
                print(f"scumble: {remark}", file=sys.stderr)
        layer, result = _through_engine(job, args.quiet)
        _deliver(args, job, layer, result)
    return 0


def file_paths(args: argparse.Namespace, recipe: Recipe) -> list[str]:
    """The picture files that a run reads."""
    return [path for path in (*args.content, args.selection, *files_of(recipe)) if path and path != PIPE]


def _file(output: str | None) -> str | None:
    """Where a picture goes that does not go to stdout."""
    return None if output == PIPE else output


def _through_engine(job: Prepared, quiet: bool) -> tuple[Picture, Result]:
    """Run the job at the user's engine, started if there is none; Ctrl-C and being ended cancel it there."""
    end_like_ctrl_c()
    with Bar(quiet) as bar, Client.connect_or_start("scumble-cli", installed_version()) as client:
        bar.say("sending the pictures")
        ref, raw, result = client.run(job.request, job.blobs, bar)
    return Picture.from_raw(ref, raw), result


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
