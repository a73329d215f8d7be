"""Three frames side by side, painted in a moment and given up at once. The editor is made up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from scumble.wire import PixelFormat, Pixels, Recipe, StyleChoice
from scumble.wire.editor.frames.strip import Strip, three_of
from scumble.wire.editor.preview.easel import Small

from ..preview.test_previews import Easel, done

SKY = Recipe({}, (StyleChoice(name="starry-night"),))
FORM = PixelFormat(16, 12, 4)


def pixels(frame: int) -> Pixels:
    """Frame 4 is bare."""
    return Pixels(FORM, (bytes([frame, 0, 0, 255]) if frame != 4 else bytes(4)) * (16 * 12))


class Film(Easel):
    """An easel whose frames are their numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.there, self.due = True, list[Callable[[], None]]()

    def small(self) -> Small | None:
        return Small(pixels(0), None, (16, 12)) if self.there else None

    def read_frame(self, frame: int) -> Pixels:
        return pixels(frame)

    def compose_frame(self, content: Pixels) -> Any:
        return (content.data[0], None)

    def compose(self, run: Any, over: Small) -> Any:
        return (over.content.data[0], run.request.content.digest)

    def call_later(self, seconds: float, call: Callable[[], None]) -> None:
        self.due.append(call)

    def wait(self) -> None:
        while self.due:
            self.due.pop(0)()


class Shelf:
    def __init__(self) -> None:
        self.shown: list[Sequence[tuple[str, Any]]] = []
        self.hung: dict[int, Any] = {}
        self.at: list[int | None] = []

    def put(self, shown: Sequence[tuple[str, Any]]) -> None:
        self.shown.append(shown)
        self.hung = {}

    def hang(self, at: int, picture: Any) -> None:
        self.hung[at] = picture

    def work_on(self, at: int | None) -> None:
        self.at.append(at)


@pytest.fixture
def film() -> Film:
    return Film()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def strip(film: Film, shelf: Shelf) -> Strip:
    return Strip(film, shelf)


def test_which_three() -> None:
    assert [three_of(n) for n in (0, 1, 2, 3, 4, 10)] == [[], [0], [0, 1], [0, 1, 2], [0, 1, 3], [0, 4, 9]]


def test_three_are_painted_one_after_another(strip: Strip, film: Film, shelf: Shelf) -> None:
    strip.choose([1, 2, 3, 5, 6])
    assert shelf.shown == [], "they are read in turns of their own"
    film.wait()
    assert shelf.shown == [[("Frame 1", (1, None)), ("Frame 3", (3, None)), ("Frame 5", (6, None))]]
    strip.show(SKY)
    strip.show(SKY)
    assert film.runs == [] and not strip.settled, "the preview comes first"
    film.wait()
    for count in (1, 2, 3):
        assert len(film.runs) == count and shelf.at[-1] == count - 1 and film.runs[-1].request.quick
        done(film.runs[-1])
    assert strip.settled and shelf.at[-1] is None
    assert [shelf.hung[at] for at in range(3)] == [
        (frame, run.request.content.digest) for frame, run in zip((1, 3, 6), film.runs, strict=True)
    ]
    assert len({run.request.content.digest for run in film.runs}) == 3


def test_another_setting_gives_up_what_is_on_its_way(strip: Strip, film: Film, shelf: Shelf) -> None:
    strip.choose([1, 2])
    strip.show(SKY)
    film.wait()
    done(film.runs[0])
    strip.show(Recipe({"seed": 2}, SKY.styles))
    assert film.runs[1].state == "cancelled" and len(shelf.hung) == 1 and len(shelf.shown) == 1
    strip.show(Recipe({"seed": 3}, SKY.styles))
    film.wait()
    assert [run.request.seed for run in film.runs[2:]] == [3]
    strip.stop()
    assert film.runs[2].state == "cancelled" and not strip.settled


def test_read_again_the_same_is_painted_over_and_others_are_shown_bare(strip: Strip, film: Film, shelf: Shelf) -> None:
    strip.choose([1, 2])
    strip.show(SKY)
    film.wait()
    done(film.runs[0])
    done(film.runs[1])
    strip.choose([1, 2])
    film.wait()
    assert len(shelf.shown) == 1 and len(shelf.hung) == 2, "they stay until they are painted anew"
    strip.show(SKY)
    film.wait()
    assert len(film.runs) == 3
    strip.choose([1, 3])
    film.wait()
    assert len(shelf.shown) == 2 and shelf.hung == {} and film.runs[2].state == "cancelled"


def test_nothing_is_painted_on_a_bare_frame_and_without_frames(strip: Strip, film: Film, shelf: Shelf) -> None:
    strip.choose([1, 4, 5])
    strip.show(SKY)
    film.wait()
    done(film.runs[0])
    assert shelf.at[-1] == 2
    done(film.runs[1])
    assert sorted(shelf.hung) == [0, 2] and strip.settled
    for frames in ([1], []):
        strip.choose(frames)
        strip.show(SKY)
        film.wait()
        assert shelf.shown[-1] == [] and strip.settled and len(film.runs) == 2
    strip.choose([1, 2])
    film.wait()
    strip.choose([1, 3])
    strip.stop()
    film.wait()
    assert len(shelf.shown) == 3, "nothing is read any more"
    film.there = False
    strip.choose([1, 2])
    film.wait()
    assert shelf.shown[-2] != [] and shelf.shown[-1] == []
