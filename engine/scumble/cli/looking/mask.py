"""`scumble mask`: what the engine finds in a photograph, as a mask file."""

from __future__ import annotations

import argparse

import numpy as np

from ...picture import Picture, check_target, save_file
from ...picture.color import alpha_of, from_working
from ...wire.client.client import Client
from ...wire.request.choices import PLACES
from ...wire.request.recipe import Recipe
from ...wire.request.stylechoice import StyleChoice
from ..bar import Bar
from ..painting import end_like_ctrl_c, prepare
from ..version import installed_version

ANY_STYLE = "starry-night"  # nothing is painted: the layer's alpha alone counts


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare `mask`."""
    parser = commands.add_parser("mask", help="find the subject, the sky or the faces of a photograph, as a mask file")
    parser.add_argument("content", metavar="PICTURE", help="the photograph")
    parser.add_argument("place", choices=tuple(PLACES), help="what to find: %(choices)s", metavar="PLACE")
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="the mask, white where it is found")
    parser.add_argument("--quiet", action="store_true", help="no progress bar, no words on success")
    parser.set_defaults(run=run, parser=parser)


def run(args: argparse.Namespace) -> int:
    """Carry out `scumble mask`."""
    check_target(args.output)
    recipe = Recipe({"method": "fast", "strength": 0.0, "where": args.place}, (StyleChoice(name=ANY_STYLE),))
    job = prepare(args.content, None, recipe)
    end_like_ctrl_c()
    with Client.connect_or_start("scumble-cli", installed_version()) as client, Bar(args.quiet) as bar:
        ref, raw, _ = client.run(job.request, job.blobs, bar)
    layer, content = Picture.from_raw(ref, raw), job.content
    mask = np.zeros((content.height, content.width), np.float32)
    top, left = layer.y - content.y, layer.x - content.x
    mask[top : top + layer.height, left : left + layer.width] = alpha_of(layer)
    save_file(args.output, Picture(from_working(mask, "u8")[..., None]))
    if not args.quiet:
        print(f"{args.output}: {args.place}, {100 * float(mask.mean()):.0f} % of the picture")
    return 0
