"""Whoever waits is told for what, from the first moment on, and may leave meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from scumble.server.priority import VARIABLE
from scumble.wire import Client, Failed, Progress, Result
from scumble.wire.editor.run import Run, take
from scumble.wire.protocol.events import Event, Preparing, Queued, Started
from scumble.wire.words.jobs import state_words

from ..running import FAST, Ask, Running, ask, submit, wait_for_end, wait_until

Start = Callable[..., Running]


def told(client: Client, job: str, condition: Callable[[Event], bool]) -> list[Event]:
    """A job's events until one is as is asked."""
    found: list[Event] = []

    def there() -> bool:
        found.extend(e for e in client.poll(0.1) if e.job == job)
        return any(map(condition, found))

    wait_until(there, 60)
    return found


def words(a: Ask, events: list[Event]) -> list[str]:
    """What an editor shows, one after the other."""
    run, shown = Run(a.request, lambda _: None, lambda _: None), []
    for event in events:
        take(run, event)
        shown.append(state_words(run).partition("… ")[0])
    return list(dict.fromkeys(shown))


def test_a_worker_that_starts_slowly_is_told_of_and_left(start: Start) -> None:
    engine = start("--extension", "slow_start")
    client, a = engine.client(), ask(2)
    job = submit(client, a)
    events = told(client, job, lambda e: isinstance(e, Queued))
    assert [e.waits_for for e in events if isinstance(e, Queued)] == ["worker"]
    assert words(a, events) == ["Getting ready: loading PyTorch…"]
    begun = time.monotonic()
    client.cancel(job)
    _, end = wait_for_end(client, job)
    assert isinstance(end, Failed) and end.error.code == "cancelled" and time.monotonic() - begun < 1
    second = submit(client, a)
    (engine.folder / "data" / "go").touch()
    assert isinstance(wait_for_end(client, second)[1], Result)


def test_each_thing_before_the_first_step_is_told(start: Start) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "0")
        engine = start(method=["--device", "cpu"])
    client = engine.client()
    for method, network in (("fast", "painter"), ("optimize", "slim")):
        a = ask(1, how="scream", size=(64, 48), method=method)
        a = replace(a, request=a.request.honoured())
        events, end = wait_for_end(client, submit(client, a), 90)
        assert isinstance(end, Result), end
        prepared = [e for e in events if isinstance(e, Preparing)]
        said = {("pictures", ""), ("network", network), ("styles", "")}  # of which a newer one may replace another
        assert prepared and {(e.what, e.name) for e in prepared} <= said
        kinds = [type(e) for e in events]
        assert kinds.index(Started) < kinds.index(Preparing) < kinds.index(Progress)
        before = words(a, events[: kinds.index(Progress)])
        assert not {"Waiting, next in turn", "Getting ready…"} & set(before)


def test_a_worker_that_warms_up_is_told_of(start: Start) -> None:
    """It takes the job only when it is done with that."""
    engine = start(method=[*FAST, "--extension", "slow_start"])
    client = engine.client()
    wait_until(lambda: engine.folder.joinpath("data").exists())
    (engine.folder / "data" / "go").touch()
    engine.worker("idle")
    events, _ = wait_for_end(client, submit(client, ask(2)))
    first = events[0]
    assert isinstance(first, Queued) and first.waits_for == "worker" and first.readying


def test_what_runs_before_is_told(start: Start) -> None:
    engine = start()
    client = engine.client()
    engine.worker("idle")
    long = submit(client, ask(5000, how="deaf"))
    told(client, long, lambda e: isinstance(e, Started))
    second = submit(client, ask(2))
    events = told(client, second, lambda e: isinstance(e, Queued))
    assert [(e.waits_for, e.readying) for e in events if isinstance(e, Queued)] == [("jobs", False)]
    client.cancel(long)
    events, end = wait_for_end(client, second, 60)
    waits = [e.waits_for for e in events if isinstance(e, Queued)]
    assert isinstance(end, Result) and waits[:2] == ["cancelled", "worker"], "first it stops, then it is replaced"


def test_a_preview_before_it_is_told(start: Start) -> None:
    engine = start()
    client = engine.client()
    engine.worker("idle")
    preview = submit(client, ask(100, method="fast"))
    told(client, preview, lambda e: isinstance(e, Started))
    long = submit(client, ask(2))
    events = told(client, long, lambda e: isinstance(e, Queued))
    assert [e.waits_for for e in events if isinstance(e, Queued)] == ["preview"]
    assert words(ask(), events) == ["Getting ready: finishing a preview…"]
    client.cancel(preview)
    assert isinstance(wait_for_end(client, long)[1], Result)


def test_who_attaches_learns_what_is_done_just_now(start: Start) -> None:
    engine = start()
    client = engine.client()
    job = submit(client, ask(2, how="prepare"))
    told(client, job, lambda e: isinstance(e, Preparing) and e.what == "network")
    with engine.client() as other:
        other.attach(job)
        events = told(other, job, lambda e: isinstance(e, Preparing))
        assert [(e.what, e.name) for e in events if isinstance(e, Preparing)] == [("network", "vgg16")]
    client.cancel(job)
    _, end = wait_for_end(client, job)
    assert isinstance(end, Failed) and end.error.code == "cancelled"
