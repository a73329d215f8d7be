"""Many pictures, a few of them under way at once: what fails is told at the end, and the rest goes on."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from ...cluster.orders import Crew, Order, Painted, Told
from ...picture import Picture, check_fits, save_native
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.events import Result
from ...wire.request.recipe import Recipe
from ..bar import Count
from ..painting import Prepared, end_like_ctrl_c, prepare
from ..pictures import frame_remarks
from ..places import Place, find_pictures, places_for
from .crews import make_crew

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
ANYWHERE = (
    "option-",
    "style-",
    "styles-",
    "weights-",
    "method-",
    "model-",
    "device-",
    "cluster-",
)  # no picture's own fault


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
    with Count(args.quiet, len(places)) as bar:

        def remark(error: ScumbleError) -> None:
            if not args.quiet:
                bar.print(f"scumble: {error.sentence} {error.remedy} [{error.code}]", sys.stderr)

        with closing(make_crew(args, recipe, remark)) as crew:
            Batch(args, recipe, places, tally, crew, bar).run()


class Batch:
    """The pictures of a batch: read when the crew has room, written as they come, told of in their order."""

    def __init__(
        self,
        args: argparse.Namespace,
        recipe: Recipe,
        places: Sequence[Place],
        tally: Tally,
        crew: Crew,
        bar: Count,
    ) -> None:
        self._args, self._recipe, self._places, self._tally = args, recipe, places, tally
        self._crew, self._bar = crew, bar
        self._begun = self._told = 0  # pictures
        self._under_way: dict[int, Prepared] = {}
        self._ended: dict[int, Result | ScumbleError] = {}  # not told of yet

    def run(self) -> None:
        """Until all are painted. Raises what makes the rest impossible, having told of what was painted."""
        try:
            while self._under_way or self._begun < len(self._places):
                while self._begun < len(self._places) and self._crew.free > 0:
                    self._begin()
                for told in self._crew.take() if self._under_way or self._crew.free <= 0 else ():
                    self._hear(told)
                while self._told in self._ended:
                    self._tell(self._told)
                    self._told += 1
        finally:
            for number in sorted(self._ended):
                self._tell(number)

    def _begin(self) -> None:
        number, place = self._begun, self._places[self._begun]
        self._begun += 1
        try:
            job = prepare(place.source, self._args.selection, self._recipe)
            check_fits(place.target, job.content.width, job.content.height)
            for remark in [] if self._args.quiet else frame_remarks([place.source]):
                self._bar.print(f"scumble: {remark}", sys.stderr)
            self._under_way[number] = job
            self._crew.give(number, Order(job.request, job.blobs))
        except ScumbleError as e:
            self._fail(number, e)

    def _hear(self, told: Told) -> None:
        if isinstance(told.what, ScumbleError):
            self._fail(told.number, told.what)
        elif isinstance(told.what, Painted):
            self._deliver(told.number, told.what)
        elif told.number == min(self._under_way):
            self._bar(told.what)

    def _deliver(self, number: int, painted: Painted) -> None:
        document = self._under_way[number].document
        layer = Picture.from_raw(painted.picture, painted.pixels)
        try:
            save_native(self._places[number].target, document.painted(layer), document.about)
        except ScumbleError as e:
            return self._fail(number, e)
        del self._under_way[number]
        self._ended[number] = painted.result
        self._bar.done()

    def _fail(self, number: int, error: ScumbleError) -> None:
        if error.code in FINAL or error.code.startswith(ANYWHERE):
            raise error
        self._under_way.pop(number, None)
        self._ended[number] = error
        self._bar.done()

    def _tell(self, number: int) -> None:
        """What came of a picture, and no more of it is kept."""
        place, ended = self._places[number], self._ended.pop(number)
        if isinstance(ended, ScumbleError):
            self._tally.failed.append((place, ended))
            account: dict[str, Any] = {"source": place.source, "error": ended.to_plain()}
        else:
            self._tally.painted.append(place)
            notes = [n.to_plain() for n in ended.notes]
            account = {"source": place.source, "output": place.target, "seconds": ended.seconds, "device": ended.device}
            account["notes"] = notes
            if not self._args.quiet:
                self._remark(place, ended)
        if self._args.json:
            self._bar.print(json.dumps(account, ensure_ascii=False))
        elif isinstance(ended, Result) and not self._args.quiet:
            title = f"{number + 1}/{len(self._places)} {place.target}"
            self._bar.print(f"{title}: {ended.seconds:.1f} s on {ended.device}")

    def _remark(self, place: Place, result: Result) -> None:
        """The engine's notes; what was said of one picture is not said again of the next."""
        new = [n.sentence for n in result.notes if n.sentence not in self._tally.said]
        self._tally.said.update(new)
        for sentence in new:
            self._bar.print(f"scumble: {place.source}: {sentence}", sys.stderr)


def _tell(args: argparse.Namespace, tally: Tally) -> None:
    if args.json:
        print(json.dumps(tally.plain(), ensure_ascii=False))
    if tally.failed or not (args.quiet or args.json):
        print(tally.words(), file=sys.stderr)
