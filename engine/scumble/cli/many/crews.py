"""Who paints a batch: the user's engine, several that files describe, or the workers of a Ray cluster."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ...cluster.engines import Engines, Reach
from ...cluster.orders import Crew
from ...wire.client.find_engine import finding_engine, reaching_remote
from ...wire.engine.remote import connection_at
from ...wire.protocol.errors import ScumbleError
from ...wire.request.recipe import Recipe
from ..version import installed_version

HERE = "here"


def add_crew_flags(parser: argparse.ArgumentParser) -> None:
    """Declare `--engine`, `--cluster` and `--workers`."""
    group = parser.add_argument_group("several engines, for several pictures (docs/cluster.md)")
    where = group.add_mutually_exclusive_group()
    where.add_argument(
        "--engine",
        action="append",
        default=[],
        metavar="FILE",
        help="an engine that a file describes, as for “scumble remote set”; repeated, all of them paint; “here” is "
        "this machine's",
    )
    where.add_argument(
        "--cluster",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="workers of the Ray cluster there; “auto” for the one that runs on this machine; without an address one "
        "is started for this batch",
    )
    group.add_argument("--workers", type=_count, default=0, metavar="N", help="so many of them; else one a GPU")


def check_crew_flags(args: argparse.Namespace, many: bool) -> None:
    """End with a word on usage where they do not fit together."""
    if args.workers and args.cluster is None:
        args.parser.error("--workers are those of a cluster: give --cluster")
    if not many and (args.engine or args.cluster is not None):
        args.parser.error("--engine and --cluster are for several pictures: give a folder, or a pattern")


def make_crew(args: argparse.Namespace, recipe: Recipe, remark: Callable[[ScumbleError], None]) -> Crew:
    """The crew that was asked for. Raises `remote-unreadable`, `folder-unsafe`, `extra-missing`, `cluster-…`."""
    if args.cluster is not None:
        from ...cluster.joining import join_cluster

        named = [s.name for s in recipe.styles if s.weight > 0 and s.source == "library"]
        return join_cluster(args.cluster, args.workers, named, remark)
    ways: list[Reach] = [_way(given) for given in args.engine] or [finding_engine]
    return Engines(ways, "scumble-cli", installed_version(), remark)


def _way(given: str) -> Reach:
    if given == HERE:
        return partial(finding_engine, near=True)
    return partial(reaching_remote, connection_at(Path(given).absolute()))


def _count(text: str) -> int:
    if not (text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError("must be a number from 1")
    return int(text)
