"""Many pictures, one after the other: what fails is told at the end, and the rest goes on."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..picture import Picture, check_fits, save_native
from ..wire.client.client import Client
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.events import Result
from ..wire.request.recipe import Recipe
from .bar import Bar
from .painting import end_like_ctrl_c, prepare
from .pictures import frame_remarks
from .places import Place, find_pictures, places_for
from .version import installed_version

WELL, SOME_FAILED = 0, 1
FINAL = (
    "cancelled",
    "engine-missing",
    "engine-refused",
    "engine-silent",
    "engine-lost",
    "protocol-version",
    "disk-full",
)
ANYWHERE = ("option-", "style-", "styles-", "weights-", "method-", "model-", "device-")  # no picture's own fault


@dataclass
class Tally:
    """How a batch went."""

    painted: list[Place] = field(default_factory=list)
    skipped: list[Place] = field(default_factory=list)
    failed: list[tuple[Place, ScumbleError]] = field(default_factory=list)
    said: set[str] = field(default_factory=set)  # notes' sentences

    def plain(self) -> dict[str, Any]:
        """For the last line of JSON."""
        failed = [{"source": p.source, "error": e.to_plain()} for p, e in self.failed]
        return {"painted": len(self.painted), "skipped": len(self.skipped), "failed": failed}

    def words(self) -> str:
        """For people: a line, and one more for each that failed."""
        counts = [(len(self.painted), "painted"), (len(self.skipped), "skipped"), (len(self.failed), "failed")]
        lines = [", ".join(f"{n} {what}" for n, what in counts if n or what == "painted")]
        lines += [f"  {p.source}: {e.sentence} {e.remedy} [{e.code}]" for p, e in self.failed]
        return "\n".join(lines)


def run_batch(args: argparse.Namespace, recipe: Recipe) -> int:
    """Carry out `scumble stylize` for more than one picture; the exit code.

    Raises what makes all of them impossible: an engine that cannot be reached, an option, a style.
    """
    places = places_for(find_pictures(args.content), args.output)
    tally = Tally(skipped=[p for p in places if args.skip_existing and os.path.exists(p.target)])
    left = [p for p in places if p not in tally.skipped]
    there = next((p for p in left if os.path.exists(p.target)), None)
    if there and not args.overwrite:
        raise ScumbleError("file-there", name=there.target)
    end_like_ctrl_c()
    try:
        if left:
            _paint_all(args, recipe, left, tally)
    finally:
        _tell(args, tally)
    return SOME_FAILED if tally.failed else WELL


def _paint_all(args: argparse.Namespace, recipe: Recipe, places: Sequence[Place], tally: Tally) -> None:
    with Client.connect_or_start("scumble-cli", installed_version()) as client:
        for number, place in enumerate(places, 1):
            try:
                account = _paint_one(args, recipe, place, client, tally, f"{number}/{len(places)} ")
            except ScumbleError as e:
                if e.code in FINAL or e.code.startswith(ANYWHERE):
                    raise
                tally.failed.append((place, e))
                account = {"source": place.source, "error": e.to_plain()}
            else:
                tally.painted.append(place)
            if args.json:
                print(json.dumps(account, ensure_ascii=False), flush=True)


def _paint_one(
    args: argparse.Namespace, recipe: Recipe, place: Place, client: Client, tally: Tally, title: str
) -> dict[str, Any]:
    job = prepare(place.source, args.selection, recipe)
    check_fits(place.target, job.content.width, job.content.height)
    for remark in [] if args.quiet else frame_remarks([place.source]):
        print(f"scumble: {remark}", file=sys.stderr)
    with Bar(args.quiet, title) as bar:
        ref, raw, result = client.run(job.request, job.blobs, bar)
    save_native(place.target, job.document.painted(Picture.from_raw(ref, raw)), job.document.about)
    if not args.quiet:
        _remark(place, result, tally)
    if not (args.quiet or args.json):
        print(f"{title}{place.target}: {result.seconds:.1f} s on {result.device}", flush=True)
    account = {"source": place.source, "output": place.target, "seconds": result.seconds, "device": result.device}
    return {**account, "notes": [n.to_plain() for n in result.notes]}


def _remark(place: Place, result: Result, tally: Tally) -> None:
    """The engine's notes; what was said of one picture is not said again of the next."""
    new = [n.sentence for n in result.notes if n.sentence not in tally.said]
    tally.said.update(new)
    for sentence in new:
        print(f"scumble: {place.source}: {sentence}", file=sys.stderr)


def _tell(args: argparse.Namespace, tally: Tally) -> None:
    if args.json:
        print(json.dumps(tally.plain(), ensure_ascii=False))
    if tally.failed or not (args.quiet or args.json):
        print(tally.words(), file=sys.stderr)
