"""Frames that were painted by hand: the frames near them are told of them, and of what lies between.

What is between two of them is read before the first frame there is painted, and lies in files until it is needed no
more: memory does not grow with the length of a clip.
"""

from __future__ import annotations

import mmap
import tempfile
from dataclasses import replace
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from ...protocol.blobs import Blobs
from ...protocol.errors import ScumbleError
from ...protocol.messages import Buffer
from ...protocol.pixels import PictureRef, digest_of
from ...request.frame import MAX_WAY, Frame, Key
from ...request.request import Request
from ...request.sources import Pixels

Ask = Callable[[int], Optional[Tuple[Request, Mapping[str, Buffer]]]]
MOST_FILES = 64  # at once: macOS lets an application have 256; what is more stays in memory
Kept = Optional[Tuple[PictureRef, Buffer]]


class Keys:
    """`hand` gives what was painted of each frame of `numbers`, None where that is nothing; `times` are all frames'.

    `ask` gives the request of any frame, None where there is nothing on it.
    """

    def __init__(
        self, numbers: Sequence[int], times: Sequence[float], hand: Callable[[int], Optional[Pixels]], ask: Ask
    ) -> None:
        self._numbers, self._times = sorted(numbers), times
        self._hand, self._ask = hand, ask
        self._contents: Dict[int, Kept] = {}
        self._hands: Dict[int, Kept] = {}

    def prepare(self, number: int) -> None:
        """Read what a frame has to be told; before that frame itself is asked for. Raises what reading does."""
        before, after = self._around(number)
        while any(k is not None and k not in self._hands for k in (before, after)):
            for key in (before, after):
                if key is not None and key not in self._hands:
                    self._hands[key] = self._read(key)
            before, after = self._around(number)  # those with nothing on them are none
        for old in [n for n in self._contents if n < (before if before is not None else number)]:
            del self._contents[old]
            self._hands.pop(old, None)
        for other in range(number + 1, (after if after is not None else number) + 1):
            if other not in self._contents:
                self._note(other, self._ask(other))

    def tied(self, number: int, request: Request, blobs: Blobs) -> Tuple[Request, Blobs]:
        """The request for a frame, and its data, with the keys that lead to it."""
        self._note(number, (request, blobs))
        before, after = self._around(number)
        near = [before] if before == number else [k for k in (before, after) if k is not None]
        found = [self._key(key, number) for key in near]
        keys = tuple(key for key, _ in filter(None, found))
        both = {**blobs, **{d: data for one in filter(None, found) for d, data in one[1].items()}}
        return replace(request, frame=replace(request.frame or Frame(), keys=keys)), Blobs(both)

    def bare(self, number: int) -> None:
        """There is nothing on a frame."""
        self._note(number, None)

    def close(self) -> None:
        """Nothing more will be painted."""
        self._contents.clear()
        self._hands.clear()

    def _around(self, number: int) -> Tuple[Optional[int], Optional[int]]:
        """The last key up to a frame, and the first after it; as far as is known there is something on them."""
        there = [k for k in self._numbers if self._hands.get(k, ()) is not None]
        before, after = [k for k in there if k <= number], [k for k in there if k > number]
        return before[-1] if before else None, after[0] if after else None

    def _read(self, key: int) -> Kept:
        found = self._hand(key)
        if found is None:
            return None
        return PictureRef(digest_of(found.data), found.format, found.x, found.y), self._put_away(found.data)

    def _note(self, number: int, asked: Optional[Tuple[Request, Mapping[str, Buffer]]]) -> None:
        if asked is None or asked[0].content is None:
            self._contents[number] = None
        elif number not in self._contents:
            content = asked[0].content
            self._contents[number] = content, self._put_away(asked[1][content.digest])

    def _put_away(self, data: Buffer) -> Buffer:
        return in_a_file(data) if len(self._contents) + len(self._hands) < MOST_FILES else data

    def _key(self, key: int, number: int) -> Optional[Tuple[Key, Dict[str, Buffer]]]:
        """A key as a frame is told of it, with the data; None where it does not reach so far."""
        step = 1 if number >= key else -1
        hand, found = self._hands.get(key), [self._contents.get(n) for n in range(key, number + step, step)]
        there: List[Tuple[PictureRef, Buffer]] = [one for one in (*found, hand) if one is not None]
        if hand is None or len(there) <= len(found) or len(found) > MAX_WAY or len({_place(r) for r, _ in there}) > 1:
            return None
        way = tuple(ref for ref, _ in there[1:-2]) if key != number else ()
        distance = abs(float(self._times[number]) - float(self._times[key]))
        return Key(there[0][0], hand[0], way, distance), {ref.digest: data for ref, data in there}


def in_a_file(data: Buffer) -> Buffer:
    """The same bytes, in a file that goes when they do. Raises `file-write`."""
    if not len(data):
        return data
    try:
        with tempfile.TemporaryFile() as file:
            file.write(data)
            file.flush()
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as e:
        raise ScumbleError("file-write", name=tempfile.gettempdir(), reason=e.strerror or e) from e


def _place(ref: PictureRef) -> Tuple[int, int, int, int]:
    return ref.x, ref.y, ref.raw.width, ref.raw.height
