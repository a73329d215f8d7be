"""Frames one after another over a link to a real engine: each told of the one before it, and all of them as one run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scumble.wire import PictureRef, Recipe, Run, ScumbleError
from scumble.wire.editor.frames.chain import Chain
from scumble.wire.editor.frames.framesrun import FramesRun
from scumble.wire.editor.frames.spans import shown_in, spans, spans_again
from scumble.wire.editor.jobs.jobs import Job
from scumble.wire.words.jobs import state_wordings

from ....server.running import Ask, ask
from ...ticking import Ticking, kill_engine, use_folders


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        use_folders(tmp_path_factory.mktemp("frames"), patch)
        yield
        kill_engine()


@pytest.fixture
def ticking() -> Iterator[Ticking]:
    ticking = Ticking("pure")
    yield ticking
    ticking.link.close()
    assert ticking.faults == []


class Film:
    """What an editor does: it gives frames and takes what came of them; of None there is nothing on the frame."""

    def __init__(self, ticking: Ticking, frames: list[Ask | None]) -> None:
        self.ticking, self.frames = ticking, frames
        self.sent: list[Any] = []
        self.took: list[tuple[int, PictureRef, bytes]] = []
        self.told: list[tuple[str, int]] = []
        self.dropped = 0
        self.refuses: ScumbleError | None = None
        self.run = FramesRun(len(frames), self.ask, self.send, self.take, self.drop)
        self.run.on_change = lambda run: self.told.append((run.state, run.frame))

    def ask(self, number: int) -> Any:
        found = self.frames[number]
        return None if found is None else (found.request, found.blobs)

    def send(self, request: Any, blobs: Any, on_change: Any) -> Run:
        self.sent.append(request)
        return self.ticking.link.run(request, blobs, on_change)

    def take(self, number: int, ref: PictureRef, data: bytes) -> None:
        if self.refuses is not None and number:
            raise self.refuses
        self.took.append((number, ref, data))

    def drop(self) -> None:
        self.dropped += 1

    def ended(self) -> FramesRun:
        self.run.begin()
        self.ticking.until(lambda: self.run.ended)
        return self.run


def frames(*seeds: int | None, steps: int = 2) -> list[Ask | None]:
    return [None if seed is None else ask(steps=steps, seed=seed) for seed in seeds]


def test_each_frame_is_told_of_the_one_before_and_of_its_painting(ticking: Ticking) -> None:
    film = Film(ticking, frames(1, 2, None, 3))
    run = film.ended()
    assert (run.state, run.error, film.dropped) == ("done", None, 0)
    assert [number for number, _, _ in film.took] == [0, 1, 3]
    first, second, last = (request.frame for request in film.sent)
    assert (first.before, first.painted) == (last.before, last.painted) == (None, None), "a bare frame is a cut"
    assert second.before == film.sent[0].content and second.painted == film.took[0][1]
    assert run.picture == film.took[0][1] and run.pixels == film.took[0][2], "the first stands for all"
    steps = [state for state, frame in film.told if frame == 2 and state != "done"]
    assert steps and set(steps) == {"running"}, "between frames it goes on"
    assert "fetching" not in {state for state, _ in film.told}, "a bar would be full when one frame is"
    painted = np.frombuffer(film.took[0][2], np.uint8).reshape(8, 12, 4)
    assert (painted[..., :3] == 255 - film.frames[0].pixels).all()  # type: ignore[union-attr]


def test_it_is_shown_as_frames(ticking: Ticking) -> None:
    film = Film(ticking, frames(11, 12, 13, steps=20))
    film.run.begin()
    ticking.until(lambda: film.run.frame == 2 and film.run.step > 3)
    assert 1 / 3 < film.run.part < 2 / 3 and film.run.seconds_left > 0 and not film.run.pausing
    words = state_wordings(film.run)
    assert words[0].startswith("Frame 2 of 3, ") and words[1] == "Frame 2 of 3"
    assert film.run.preview is not None and film.run.device == "cpu"
    ticking.until(lambda: film.run.ended)


def test_cancelled_it_ends_at_once_and_is_dropped(ticking: Ticking) -> None:
    film = Film(ticking, frames(21, 22, steps=200))
    film.run.begin()
    ticking.until(lambda: film.run.step > 1)
    film.run.cancel()
    assert (film.run.state, film.dropped, film.took) == ("cancelled", 1, [])
    film.run.cancel()
    assert film.dropped == 1
    ticking.until(lambda: not ticking.link.working)


def test_it_rests_and_goes_on_as_any_other(ticking: Ticking) -> None:
    film = Film(ticking, [ask(steps=60, how="kept", seed=seed) for seed in (41, 42)])
    film.run.begin()
    ticking.until(lambda: film.run.step > 1 and film.run.may_pause)
    ticking.link.pause(film.run)
    assert film.run.pausing
    ticking.until(lambda: film.run.state == "paused")
    assert not film.run.pausing and state_wordings(film.run)[0].startswith("Paused")
    ticking.link.resume(film.run)
    ticking.until(lambda: film.run.ended)
    assert film.run.state == "done" and len(film.took) == 2 and ("paused", 1) in film.told


def test_of_what_fails_midway_the_frames_before_are_kept(ticking: Ticking) -> None:
    film = Film(ticking, frames(31, None, 32, 34))
    film.refuses = ScumbleError("layer-changed")
    run = film.ended()
    assert (run.state, run.error, run.broken.code, film.dropped) == ("done", None, "layer-changed", 0)
    assert (run.frame, run.reached, len(film.took)) == (3, 2, 1), "what was bare counts as done"
    assert run.picture == film.took[0][1] and run.pixels == film.took[0][2]
    run.cancel()
    assert (run.state, film.dropped) == ("cancelled", 1), "the user may still end it before it is a layer"


def test_an_engine_that_is_lost_for_good_leaves_what_was_painted(ticking: Ticking) -> None:
    film = Film(ticking, frames(61, 62, steps=150))
    film.run.begin()
    ticking.until(lambda: film.run.frame == 2 and film.run.step > 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCUMBLE_ENGINE", '["/there/is/no/engine"]')
        kill_engine()
        ticking.until(lambda: film.run.ended)
    assert (film.run.state, film.run.reached, len(film.took)) == ("done", 1, 1)
    assert film.run.broken.code.startswith("engine-")


def test_what_fails_at_once_ends_it(ticking: Ticking) -> None:
    damaged = [replace(a, request=replace(a.request, device="cuda:9")) for a in frames(33) if a is not None]
    film = Film(ticking, [*damaged, None])
    run = film.ended()
    assert (run.state, run.error.code, film.dropped) == ("failed", "device-unavailable", 1)
    with pytest.raises(ScumbleError) as e:
        Film(ticking, [None, None]).run.begin()
    assert e.value.code == "layer-empty"


def test_a_chain_holds_one_frame_and_one_layer() -> None:
    chain, asked = Chain(), [a for a in frames(1, 2, 3) if a is not None]
    for number, one in enumerate(asked):
        request, blobs = chain.tied(one.request, one.blobs)
        assert len(blobs) == (1 if number == 0 else 3)
        assert all(ref.digest in blobs for ref in request.pictures())
        layer = ask(seed=90 + number)
        assert layer.request.content is not None
        chain.painted(layer.request.content, next(iter(layer.blobs.values())))


def test_what_there_is_to_choose() -> None:
    assert spans((), 0, 100) == spans((0,), 0, 100) == []
    assert [s.kind for s in spans((0, 5), 0, 100)] == ["one", "all"], "a range of all is no choice"
    one, everything, part = spans((0, 5, 9), 6, 9)
    assert (one.times, everything.times, part.times) == ((), (0, 5, 9), (5, 9))
    assert everything.label == "All of the layer (3)" and part.label == "From 6 to 9 on the timeline (2)"
    assert shown_in((3, 5), 0, 2) == () and shown_in((3, 5), 4, 4) == (3,)


def test_what_is_told_of_any_frame_is_told_once(ticking: Ticking) -> None:
    film = Film(
        ticking, [ask(steps=2, how=how, seed=seed) for how, seed in (("small", 51), ("small", 52), ("obey", 53))]
    )
    job = Job("frames", Recipe(), None)
    job.run = film.ended()
    assert job.run.result.notes == () and [note.code for note in job.notes] == ["memory-smaller"]


def test_painted_again_the_same_frames_are_meant_first() -> None:
    kinds = lambda *how: [(s.kind, s.times) for s in spans_again(*how)]  # noqa: E731
    assert kinds((0, 5, 9), True, (0, 5, 9), 0, 100) == [("all", (0, 5, 9))]
    assert kinds((0, 5), False, (0, 5, 9), 6, 9) == [("same", (0, 5)), ("all", (0, 5, 9)), ("range", (5, 9))]
    assert kinds((0, 5, 7), False, (0, 5, 9), 0, 100)[0] == ("same", (0, 5)), "one that is gone is not missed"
    assert kinds((0, 5), True, (0, 5, 9), 0, 100) == [("all", (0, 5, 9))], "all of a layer that has more by now"
    assert kinds((1, 2), False, (0, 5, 9), 0, 100) == [("all", (0, 5, 9))], "none of them is there"
    assert kinds((0,), False, (0,), 0, 100) == [("all", (0,))] and kinds((0,), True, (), 0, 100) == []
