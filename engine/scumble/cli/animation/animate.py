"""`scumble animate`: frames in their order, held together from one to the next; files or a video, in and out."""

from __future__ import annotations

import argparse
import sys

from ...wire.protocol.errors import ScumbleError
from ..flags import add_option_flags
from ..painting import end_like_ctrl_c
from ..presets import chosen_recipe

EXAMPLE = """\
  scumble animate clip.mp4 --style scream --method fast -o painted.mp4
  scumble animate frames/ --style scream --method fast -o "painted/{number}.png"
  scumble animate frames/*.png --style wave.jpg -o painted.mp4 --fps 24
  scumble animate frames/ --style scream --key 1=first.png --key 40=last.png -o painted.mp4

What was painted of a frame moves along with what is seen, and is painted anew where something new comes into sight.
Broken off, the same command goes on where it was. Sound is kept.
"""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare `animate`."""
    parser = commands.add_parser(
        "animate",
        help="paint a video, or frames in their order, without flicker",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("content", metavar="CLIP", nargs="+", help="a video; or frames: files, a folder, “*.png”")
    parser.add_argument("--style", action="append", default=[], metavar="STYLE", help="as of “scumble stylize”")
    parser.add_argument("--selection", metavar="FILE", help="a mask of a frame's size: paint only here")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        required=True,
        help="a video (.mp4 .mkv .mov .webm); or a folder, or a name with {name} or {number}",
    )
    parser.add_argument("--fps", type=_rate, metavar="N", help="frames a second of a video made of files (default 25)")
    parser.add_argument(
        "--steady",
        type=_share,
        default=1.0,
        metavar="X",
        help="how firmly frames hold together: 0 (not) to 1",
    )
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="FRAME=PICTURE",
        help="a frame painted by hand, which others follow: by its number or its file's name; or a folder of such",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace what is there")
    parser.add_argument("--preset", metavar="NAME_OR_FILE", help="take options and styles from a preset")
    parser.add_argument("--quiet", action="store_true", help="no progress bar, no words on success")
    add_option_flags(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    try:
        from ...frames.video import is_video
        from .clip import Clip
    except ImportError as e:
        if e.name == "cv2":
            raise ScumbleError("frames-missing") from e
        raise ScumbleError("extra-missing", package=e.name or "av", what="Painting frames", extra="frames") from e
    recipe = chosen_recipe(args)
    end_like_ctrl_c()
    if len(args.content) > 1 and any(map(is_video, args.content)):
        raise ScumbleError("file-clash", name=args.output, first=args.content[0], second=args.content[-1])
    clip = Clip(args, recipe)
    for remark in clip.paint():
        print(f"scumble: {remark}", file=sys.stderr)
    if not args.quiet:
        print(f"{args.output}: {clip.count} frames", flush=True)
    return 0


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("from 0 to 1")
    return value


def _rate(text: str) -> float:
    value = float(text)
    if not 0.1 <= value <= 1000:
        raise argparse.ArgumentTypeError("from 0.1 to 1000")
    return value
