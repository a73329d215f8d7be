"""Where a job is, in words and as a share."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest

from scumble.wire.words.jobs import left_words, part_done, state_wordings, state_words

NEW = {"part": -1.0, "readying": False}


def job(state: str, **more: Any) -> Any:
    return SimpleNamespace(state=state, **{**{"position": 0, "step": 0, "of": 0, "seconds_left": -1.0, **NEW}, **more})


@pytest.mark.parametrize(
    ("state", "more", "words", "part"),
    [
        ("sending", {}, "Sending the picture…", 0.0),
        ("queued", {"position": 2}, "Waiting, 2 before it", 0.0),
        ("queued", {}, "Waiting, next in turn", 0.0),
        ("running", {}, "Getting ready…", 0.0),
        ("running", {"of": 1}, "Painting…", 0.0),
        ("running", {"step": 1, "of": 1, "seconds_left": 5.0}, "Painting… 5 s left", 1.0),
        ("running", {"seconds_left": 40.0, "part": 0.1}, "Getting ready… 40 s left", 0.1),
        ("running", {"step": 3, "of": 12, "part": 0.6}, "Step 3 of 12", 0.6),
        ("queued", {"readying": True}, "Getting ready…", 0.0),
        ("queued", {"readying": True, "waits_for": "worker"}, "Getting ready: loading PyTorch…", 0.0),
        ("queued", {"readying": True, "waits_for": "worker", "position": 2}, "Waiting, 2 before it", 0.0),
        ("queued", {"waits_for": "process"}, "Waiting: the system can start no more programs", 0.0),
        ("queued", {"waits_for": "of a newer engine", "readying": True}, "Getting ready…", 0.0),
        ("queued", {"readying": True, "position": 1}, "Waiting, 1 before it", 0.0),
        ("running", {"step": 3, "of": 12}, "Step 3 of 12", 0.25),
        ("running", {"step": 3, "of": 12, "seconds_left": 8.2}, "Step 3 of 12, 9 s left", 0.25),
        ("running", {"step": 9, "of": 9, "seconds_left": math.nan}, "Step 9 of 9", 1.0),
        ("running", {"step": 3, "of": 12, "pausing": True}, "Pausing as soon as its work is kept…", 0.25),
        ("paused", {"step": 3, "of": 12, "part": 0.409}, "Paused at 40 %", 0.409),
        ("paused", {}, "Paused", 0.0),
        ("queued", {"step": 3, "of": 12, "position": 1}, "Waiting, 1 before it", 0.25),
        ("fetching", {}, "Fetching the picture…", 1.0),
        ("adding", {}, "Adding the layer…", 1.0),
        ("done", {}, "Adding the layer…", 1.0),
        ("failed", {}, "Failed", 0.0),
        ("cancelled", {"step": 3, "of": 12}, "Cancelled", 0.0),
        ("of a newer engine", {}, "", 0.0),
    ],
)
def test_where_a_job_is(state: str, more: dict[str, Any], words: str, part: float) -> None:
    assert state_words(job(state, **more)) == words and part_done(job(state, **more)) == part


@pytest.mark.parametrize(
    ("done", "total", "words"),
    [
        (0, 0, ("Downloading vgg16…",)),
        (3_500_000, 0, ("Downloading vgg16, 3 MB", "Downloading vgg16…")),
        (3_500_000, 58_900_000, ("Downloading vgg16, 3 of 58 MB", "Downloading vgg16…")),
    ],
)
def test_what_it_waits_for(done: int, total: int, words: tuple[str, ...]) -> None:
    waits = job("running", fetching=SimpleNamespace(name="vgg16", done=done, total=total))
    assert state_wordings(waits) == words
    assert state_words(job("running", step=1, of=5, fetching=None)) == "Step 1 of 5"


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("pictures", ("Reading the pictures… 9 s left", "9 s left")),
        ("network", ("Loading the network vgg16… 9 s left", "Loading vgg16…", "9 s left")),
        ("styles", ("Measuring the styles… 9 s left", "9 s left")),
        ("of a newer engine", ("Getting ready… 9 s left", "9 s left")),
    ],
)
def test_what_is_done_before_the_first_step(what: str, words: tuple[str, ...]) -> None:
    preparing = SimpleNamespace(what=what, name="vgg16")
    assert state_wordings(job("running", preparing=preparing, seconds_left=9.0)) == words
    assert state_words(job("running", preparing=preparing, step=1, of=5)) == "Step 1 of 5", "it is past"


def test_while_the_engine_starts_nothing_is_sent_yet() -> None:
    assert state_words(job("sending"), starting=True) == "Starting the engine…"
    assert state_words(job("running", of=1), starting=True) == "Painting…"


def test_wordings_get_shorter() -> None:
    states = ("sending", "queued", "running", "fetching", "adding", "done", "failed", "cancelled")
    jobs = [
        job(s, position=p, step=10, of=300, seconds_left=left) for s in states for p in (0, 3) for left in (-1.0, 9)
    ]
    for wordings in [state_wordings(j, starting) for j in jobs for starting in (False, True)]:
        assert wordings[0] and [len(w) for w in wordings] == sorted({len(w) for w in wordings}, reverse=True)
    assert state_wordings(jobs[-1]) == ("Cancelled",)
    running = job("running", step=10, of=300, seconds_left=9)
    assert state_wordings(running) == ("Step 10 of 300, 9 s left", "10 of 300, 9 s left", "9 s left")


def test_time_in_words() -> None:
    assert [left_words(s) for s in (0, 0.4, 89.5, 100, 600, 7200)] == [
        "0 s left", "1 s left", "90 s left", "2 min left", "10 min left", "2 h left",
    ]  # fmt: skip
    assert [left_words(s) for s in (-1, math.nan, math.inf)] == ["", "", ""]
