"""A clip on its way: frames one by one from their source, through the engine, into files or a video.

Memory does not grow with its length: two frames and two layers are held. Each frame's layer is kept beside the result
until the next is done, so that a clip which broke off goes on with the same bits.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from ...frames.flow import Bytes, motion
from ...frames.hold import seen
from ...frames.lead import Lead, as_layer, led, yields
from ...frames.state import State, mark_of
from ...frames.steady import steadied
from ...frames.video import WRITTEN, Timing, Video, is_video, write_video
from ...picture import (
    Document,
    Picture,
    check_target,
    decode_file,
    open_document,
    save_native,
)
from ...picture.metadata import Metadata
from ...picture.native import Native, native
from ...wire.client.client import Client
from ...wire.protocol.errors import ScumbleError
from ...wire.request.choices import EVERYWHERE
from ...wire.request.frame import Frame as RequestFrame
from ...wire.request.recipe import Recipe
from ..bar import Bar
from ..painting import prepare_document
from ..pictures import files_of
from ..places import find_pictures, places_for
from ..version import installed_version
from .keys import Leads, Spool, check_keys, keys_of, looking_at_files


@dataclass(frozen=True)
class Frame:
    """A frame: its file's or video's pixels, the same as H×W×3 of 8 bits, where it goes, and its time in a video."""

    document: Document
    seen: Bytes
    target: str
    time: int = 0


class Clip:
    """What `scumble animate` was asked for.

    Raises `file-there`, `file-clash`, `files-none`, `video-unreadable`, `key-…`.
    """

    def __init__(self, args: argparse.Namespace, recipe: Recipe) -> None:
        self.args, self.recipe = args, recipe
        self.count = 0
        self.notes: dict[str, None] = {}  # what the engine said of its frames, each sentence once
        self.video = Video(args.content[0]) if is_video(args.content[0]) else None
        self.files = [] if self.video else find_pictures(args.content)
        self.to_video = Path(args.output).suffix.lower() in WRITTEN
        sources = [args.content[0]] if self.video else self.files
        self.keys = keys_of(args.key, self.files, len(self.files) or (self.video.count() if self.video else 0))
        read = [*sources, *_read_files(args, recipe), *self.keys.values()]
        marks = [(os.path.abspath(f), _stamp(f)) for f in read]
        base = Path(args.output) if self.to_video or "{" not in args.output else Path(args.output).parent
        self.state = State(
            Path(f"{str(base).rstrip(os.sep)}.part"), mark_of(marks, recipe.to_plain(), args.steady, list(self.keys))
        )

    def paint(self) -> list[str]:
        """Paint all of it; what is to be said of it."""
        done = self.state.last()
        self._check_target(done is not None)
        check_keys(self.keys, self._size)
        self.state.begin()
        leads = self._leads() if self.keys else None
        with Client.connect_or_start("scumble-cli", installed_version()) as client:
            times = self._paint_frames(client, done, leads)
        remarks = [*(self.video.remarks if self.video else []), *([] if self.args.quiet else self.notes)]
        if self.to_video:
            remarks = [*remarks, *self._join(times)]
        self.state.end()
        return remarks

    def _size(self, number: int) -> tuple[int, int]:
        """A frame's width and height; all of a video are as large as its first."""
        if self.video is None:
            picture = open_document(self.files[number]).picture
            return picture.width, picture.height
        height, width = next(self.video.frames())[0].shape[:2]
        return width, height

    def _leads(self) -> Leads:
        if self.video is None:
            return Leads(self.keys, looking_at_files(self.files))
        spool = Spool(Video(self.args.content[0]), self.state.folder / "seen")
        return Leads(self.keys, spool.look, spool.forget)

    def _paint_frames(self, client: Client, done: tuple[int, Picture] | None, leads: Leads | None) -> list[int]:
        """Paint the frames that are not done yet; the time of every frame."""
        skip, layer = done or (0, None)
        of = len(self.files) or (self.video.count() if self.video else 0)
        before: Frame | None = None
        times: list[int] = []
        for number, frame in enumerate(self._frames()):
            times.append(frame.time)
            self.count = number + 1
            if number >= skip:
                title = f"{number + 1}/{of} " if of else f"{number + 1} "
                lead = leads.at(number, frame.document.picture) if leads else None
                by_hand = self._by_hand(frame, lead, leads.own(number) if leads else None)
                layer, native = by_hand or self._paint_frame(client, frame, (before, layer), lead, title)
                save_native(frame.target, native, frame.document.about)
                self.state.keep(number + 1, layer)
            before = frame
        return times

    def _by_hand(self, frame: Frame, lead: Lead | None, own: Document | None) -> tuple[Picture, Native] | None:
        """The hand's own picture, bit for bit, where that is all of the frame: as a layer, and as it is written."""
        if lead is None or lead.own is None or own is None or not lead.whole or self._clipped:
            return None
        layer = as_layer(lead.own, frame.document.picture)
        alike = own.native.kind == frame.document.native.kind
        return layer, own.native if alike else frame.document.painted(layer)

    def _paint_frame(
        self, client: Client, frame: Frame, last: tuple[Frame | None, Picture | None], lead: Lead | None, title: str
    ) -> tuple[Picture, Native]:
        """What the engine paints, held to the `last` frame and its layer, and led: as a layer, and as it is written."""
        job = prepare_document(frame.document, self.args.selection, self.recipe)
        request = replace(job.request, frame=RequestFrame())  # held to nothing by the engine: that is done here
        with Bar(self.args.quiet, title) as bar:
            ref, raw, result = client.run(request, job.blobs, bar)
        self.notes.update(dict.fromkeys(n.sentence for n in result.notes))
        painted, (before, layer) = Picture.from_raw(ref, raw), last
        if before is not None and layer is not None and self.args.steady and before.seen.shape == frame.seen.shape:
            amount = self.args.steady * (yields(lead, painted) if lead is not None else 1.0)
            painted = steadied(painted, layer, motion(before.seen, frame.seen), amount)
        painted = led(painted, lead, self._clipped) if lead is not None else painted
        return painted, frame.document.painted(painted)

    @property
    def _clipped(self) -> bool:
        """Whether only a part is to be seen, by a selection or a name."""
        return bool(self.args.selection) or self.recipe.value("where") != EVERYWHERE

    def _frames(self) -> Iterator[Frame]:
        if self.video is None:
            targets = self._targets(len(self.files))
            for number, file in enumerate(self.files):
                document = open_document(file)
                yield Frame(document, seen(document.picture), targets(number), number)
            return
        targets = self._targets(self.video.count() or 99999)
        for number, (pixels, time) in enumerate(self.video.frames()):
            yield Frame(_document(pixels), pixels, targets(number), time)

    def _targets(self, of: int) -> Any:
        """Where each frame goes."""
        if self.to_video:
            return lambda number: str(self.state.folder / f"{number + 1:06d}.png")
        if self.files:
            places = places_for(self.files, self.args.output)
            return lambda number: places[number].target
        digits = max(4, len(str(of)))
        pattern = self.args.output if "{" in self.args.output else os.path.join(self.args.output, "{number}.png")
        name = Path(self.args.content[0]).stem
        Path(pattern).parent.mkdir(parents=True, exist_ok=True)

        def target(number: int) -> str:
            made = pattern.replace("{number}", f"{number + 1:0{digits}d}").replace("{name}", name)
            return made.replace("{suffix}", ".png")

        check_target(target(0))
        if target(0) == target(1):
            raise ScumbleError("file-clash", name=self.args.output, first=name, second=name)
        return target

    def _check_target(self, goes_on: bool) -> None:
        """Raise `file-there` for what would be replaced without being asked, unless this clip wrote it before."""
        if self.args.overwrite or goes_on:
            return
        there = self.args.output if self.to_video else self._targets(self.video.count() if self.video else 0)(0)
        if os.path.exists(there):
            raise ScumbleError("file-there", name=there)

    def _join(self, times: list[int]) -> list[str]:
        """The frames that lie beside it, as a video."""
        if self.video:
            told = self.video.timing()
            timing = Timing(told.rate, told.base, tuple(times))
        else:
            rate = Fraction(self.args.fps or 25).limit_denominator(1001)
            timing = Timing(rate, 1 / rate)
        files = (self.state.folder / f"{n + 1:06d}.png" for n in range(self.count))
        frames = (seen(decode_file(file)) for file in files)
        return write_video(self.args.output, frames, timing, self.args.content[0] if self.video else "")


def _document(pixels: Bytes) -> Document:
    """A video's frame as a file's pixels."""
    return Document(native(pixels, None), Picture(pixels), None, Metadata())


def _read_files(args: argparse.Namespace, recipe: Recipe) -> list[str]:
    return [path for path in (args.selection, *files_of(recipe)) if path and os.path.isfile(path)]


def _stamp(file: str) -> list[int]:
    try:
        found = os.stat(file)
    except OSError as e:
        raise ScumbleError("file-missing", name=file) from e
    return [found.st_size, found.st_mtime_ns]
