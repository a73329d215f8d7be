"""Frames painted by hand, over a link to a real engine: those around are told of them and of what lies between."""

from __future__ import annotations

import weakref

import numpy as np
import pytest

from scumble.wire import Blobs, PixelFormat, Request, ScumbleError
from scumble.wire.editor.frames import keys as room
from scumble.wire.editor.frames.framesrun import FramesRun
from scumble.wire.editor.frames.keys import Keys, in_a_file
from scumble.wire.editor.frames.names import bare_name, frame_called
from scumble.wire.editor.frames.spans import frames_by_hand
from scumble.wire.request.sources import Pixels

from ....server.running import Ask, ask
from ...ticking import Ticking
from .test_framesrun import Film, frames, home, ticking

__all__ = ["home", "ticking"]

SIZE = (8, 12)  # of `ask`'s pictures: rows and columns


def by_hand(value: int, alpha: int = 255) -> Pixels:
    data = np.full((*SIZE, 4), value, np.uint8)
    data[..., 3] = alpha
    return Pixels(PixelFormat(12, 8, 4), data.tobytes(), 5, 7)


class Keyed(Film):
    """A film some of whose frames were painted by hand, by number; None where nothing is on it."""

    def __init__(self, ticking: Ticking, frames: list[Ask | None], hands: dict[int, Pixels | None]) -> None:
        super().__init__(ticking, frames)
        self.read: list[int] = []
        keys = Keys(list(hands), [10 * n for n in range(len(frames))], hands.get, self.ask)
        self.run = FramesRun(len(frames), self.ask, self.send, self.take, self.drop, keys)

    def ask(self, number: int) -> object:
        self.read = [*getattr(self, "read", []), number]
        return super().ask(number)


def told(request: Request) -> list[tuple[object, int, float]]:
    """Of each key: the content it was painted over, how many lie between, and how far it is."""
    assert request.frame is not None
    return [(key.content, len(key.way), key.distance) for key in request.frame.keys]


def test_each_frame_is_told_of_the_keys_around_it(ticking: Ticking) -> None:
    film = Keyed(ticking, frames(1, 2, 3, 4, 5), {1: by_hand(40), 3: by_hand(90)})
    run = film.ended()
    assert (run.state, run.error) == ("done", None)
    contents = [request.content for request in film.sent]
    assert [told(request) for request in film.sent] == [
        [(contents[1], 0, 10.0)],
        [(contents[1], 0, 0.0)],
        [(contents[1], 0, 10.0), (contents[3], 0, 10.0)],
        [(contents[3], 0, 0.0)],
        [(contents[3], 0, 10.0)],
    ]
    assert film.took[1][2] == by_hand(40).data and film.took[3][2] == by_hand(90).data, "to the bit"
    assert film.read == [1, 0, 2, 3, 1, 2, 3, 4], "up to the next key is read ahead, and no further"


def test_the_way_is_told_from_the_key_on(ticking: Ticking) -> None:
    film = Keyed(ticking, frames(11, 12, 13, 14), {3: by_hand(40)})
    film.ended()
    contents = [request.content for request in film.sent]
    (first,) = film.sent[0].frame.keys
    assert (first.content, list(first.way), first.distance) == (contents[3], [contents[2], contents[1]], 30.0)
    film = Keyed(ticking, frames(11, 12, 13, 14), {0: by_hand(40)})
    film.ended()
    (last,) = film.sent[3].frame.keys
    assert (last.content, list(last.way)) == (contents[0], [contents[1], contents[2]])


def test_a_bare_frame_is_a_cut_and_a_bare_key_is_none(ticking: Ticking) -> None:
    film = Keyed(ticking, frames(21, None, 23, 24, 25), {0: by_hand(40), 3: None, 4: by_hand(90)})
    assert film.ended().state == "done"
    contents = [request.content for request in film.sent]
    assert [told(request) for request in film.sent] == [
        [(contents[0], 0, 0.0)],
        [(contents[3], 1, 20.0)],  # frame 2: the first key lies beyond the cut, the one on frame 3 is bare
        [(contents[3], 0, 10.0)],
        [(contents[3], 0, 0.0)],
    ]


def test_where_the_frames_differ_in_place_no_key_reaches(ticking: Ticking) -> None:
    film = Keyed(ticking, frames(31, 32), {1: by_hand(40)})
    film.frames[0] = ask(steps=2, seed=31, size=(8, 13))
    assert film.ended().state == "done"
    assert told(film.sent[0]) == [] and len(told(film.sent[1])) == 1


def test_what_is_needed_no_more_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_FILES", 4)
    asked = [ask(seed=seed) for seed in range(41, 51)]
    hands = {0: by_hand(10), 3: by_hand(20), 9: by_hand(30)}
    keys = Keys(list(hands), range(10), hands.get, lambda n: (asked[n].request, asked[n].blobs))
    held = []
    for number, one in enumerate(asked):
        keys.prepare(number)
        request, blobs = keys.tied(number, one.request, Blobs(one.blobs))
        assert all(ref.digest in blobs for ref in request.pictures())
        held.append(len(keys._contents))
        kinds = [type(kept[1]) for kept in keys._contents.values() if kept is not None]
        assert kinds.count(memoryview) <= 4 and (number != 3 or bytes in kinds), "few files are open at once"
    assert held[2] == 4 and held[9] == 1 and max(held) == 7, "what lies between two keys, however many there are"
    keys.close()
    assert not keys._contents


def test_data_lies_in_a_file_that_goes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes(range(256)) * 40
    found = in_a_file(data)
    assert bytes(found) == data and isinstance(found, memoryview)
    gone = weakref.ref(found.obj)
    del found
    assert gone() is None and in_a_file(b"") == b""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(room.tempfile, "TemporaryFile", full)
    with pytest.raises(ScumbleError, match="file-write"):
        in_a_file(data)


def test_a_layer_by_hand_is_found_by_its_frames_name() -> None:
    frames = [bare_name(f"Frame {n} ({n}0ms)") for n in (1, 2, 10)]
    assert frames == ["Frame 1", "Frame 2", "Frame 10"]
    for name, number in (
        ("Frame 1 (10ms) #1", 0),
        ("Frame 10 (100 ms) (replace) copy #2", 2),
        ("Frame 1 copy", 0),
        ("Frame 2", 1),
        ("Frame 20", None),
        ("My Frame 2", None),
    ):
        assert frame_called(bare_name(name), frames) == number, name
    assert frame_called("Walk 2", ["Walk", "Walk 2", ""]) == 1, "the longest"


def test_a_key_belongs_to_the_frame_that_shows_at_its_time() -> None:
    times = (2, 5, 9)
    assert frames_by_hand(times, times, (0, 2, 6, 7, 20)) == {0: 2, 1: 6, 2: 20}
    assert frames_by_hand((5,), times, (2, 6, 9)) == {0: 6}, "of others they are none"
    assert frames_by_hand(times, times, (0, 1)) == {}
