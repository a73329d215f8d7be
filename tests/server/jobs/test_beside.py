"""A quick job runs beside a long one: neither waits for the other, changes it, or takes it along when it is stopped."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from scumble.server.jobs.jobs import Job
from scumble.server.limits import QUICK_FAST_PIXELS, QUICK_PIXELS
from scumble.server.priority import VARIABLE
from scumble.wire import REQUEST_OPTIONS, Client, Failed, Progress, Result, Started
from scumble.wire.protocol.events import Event, Queued

from ..running import Ask, Running, ask, submit, wait_for_end, wait_until

STYLE = "starry-night"
QUICK_SIZE = int(REQUEST_OPTIONS["size"].quick_most or 0)
QUICK_ITERATIONS = int(REQUEST_OPTIONS["iterations"].quick_most or 0)


def quick(steps: int = 5, **options: Any) -> Ask:
    return ask(steps, method="fast", **options)


def look(steps: int = 5, side: int = 192, **options: Any) -> Ask:
    """As a dialog asks for it: optimize, with few steps at a small size."""
    made = ask(steps, **options)
    return replace(made, request=replace(made.request, size=side))


def begin_long(client: Client, steps: int = 5000) -> str:
    """A long job under way."""
    job = submit(client, ask(steps))
    wait_until(lambda: any(isinstance(e, Progress) and e.job == job for e in client.poll(0.1)))
    return job


def states(client: Client) -> dict[str, str]:
    return {j["job"]: j["state"] for j in client.jobs()}


def until_ended(client: Client, jobs: list[str], seconds: float = 30.0) -> list[Event]:
    """All events until each of the jobs has ended."""
    events: list[Event] = []
    left = set(jobs)

    def ended() -> bool:
        events.extend(client.poll(0.1))
        left.difference_update(e.job for e in events if isinstance(e, (Result, Failed)))
        return not left

    wait_until(ended, seconds, "the jobs' end")
    return events


def test_what_is_quick() -> None:
    side = int(QUICK_FAST_PIXELS**0.5)
    assert Job(quick(size=(side, side)).request, "").quick
    assert Job(quick(device="cpu").request, "").quick
    for a in (quick(size=(side, side + 2)), ask(), quick(device="cuda:0")):
        assert not Job(a.request, "").quick


def test_what_is_in_the_background_is_quick_only_where_it_is_small() -> None:
    side = int(QUICK_PIXELS**0.5)
    for size, is_quick in (((side, side), True), ((side, side + 1), False)):
        assert Job(quick(size=size).request, "", background=True).quick == is_quick


def test_a_small_job_of_optimize_is_quick_and_a_large_one_is_not() -> None:
    side = int(QUICK_PIXELS**0.5)
    assert Job(look(size=(side, side)).request, "").quick
    assert not Job(look(size=(side, side + 1)).request, "").quick


def test_what_is_quick_of_optimize() -> None:
    assert Job(look().request, "").quick and Job(look(QUICK_ITERATIONS, side=QUICK_SIZE).request, "").quick
    others = (look(side=0), look(QUICK_ITERATIONS + 1), look(side=QUICK_SIZE + 1), look(model="vgg19"))
    for a in (*others, look(device="cuda:0")):
        assert not Job(a.request, "").quick


def test_a_quick_job_runs_beside_a_long_one_and_others_wait(engine: Running) -> None:
    client = engine.client()
    assert "beside" in client.info["features"] and client.info["limits"]["quick_pixels"] == QUICK_PIXELS
    assert client.info["limits"]["quick_fast_pixels"] == QUICK_FAST_PIXELS
    long, second, a = begin_long(client), submit(client, ask()), quick(size=(64, 48))
    events, end = wait_for_end(client, submit(client, a))
    assert isinstance(end, Result) and end.steps == 5 and [e.plan for e in events if isinstance(e, Started)] == [0]
    assert any(isinstance(e, Progress) for e in events) and (end.picture.x, end.picture.y) == (5, 7)
    assert states(client)[long] == "running" and states(client)[second] == "queued"
    assert engine.worker("busy"), "with the long one still"
    client.cancel(long)
    assert isinstance(wait_for_end(client, second)[1], Result)


def test_a_first_look_by_optimize_runs_beside_a_long_job(engine: Running) -> None:
    client = engine.client()
    assert client.info["limits"]["quick_size"] == QUICK_SIZE
    assert client.info["limits"]["quick_iterations"] == QUICK_ITERATIONS
    long = begin_long(client)
    _, end = wait_for_end(client, submit(client, look(size=(64, 48))))
    assert isinstance(end, Result) and states(client)[long] == "running"
    client.cancel(long)
    wait_for_end(client, long)


def test_one_at_a_time_in_their_order_and_the_long_one_goes_on(engine: Running) -> None:
    """A flood of previews: all come, and the long job's steps between them."""
    client = engine.client()
    long = begin_long(client)
    flood = [submit(client, quick()) for _ in range(30)]
    began: dict[str, int] = {}
    running, order, steps = 0, [], 0
    for event in until_ended(client, flood):
        if event.job == long:
            steps += isinstance(event, Progress)
        elif isinstance(event, Started):
            running, began[event.job] = running + 1, steps
        elif isinstance(event, Result):
            running -= 1
            order.append(event.job)
        assert running <= 1
    assert order == flood and began[flood[-1]] > began[flood[0]] + 10, "of some 100 ms each"
    client.cancel(long)
    wait_for_end(client, long)


def test_cancel_of_either_leaves_the_other(engine: Running) -> None:
    client = engine.client()
    long, beside = begin_long(client), submit(client, quick(steps=5000))
    wait_until(lambda: states(client)[beside] == "running")
    worker = engine.worker("busy")["pid"]
    assert client.cancel(beside) == "cancelling"
    _, end = wait_for_end(client, beside)
    assert isinstance(end, Failed) and end.error.code == "cancelled" and states(client)[long] == "running"
    beside = submit(client, quick(steps=100))
    wait_until(lambda: states(client)[beside] == "running")
    client.cancel(long)
    ended = [e for e in until_ended(client, [long, beside]) if isinstance(e, (Result, Failed))]
    assert [type(e) for e in ended] == [Failed, Result], "the long one first, though it had longer to go"
    assert engine.worker("idle")["pid"] == worker


def test_one_that_does_not_obey_a_cancel_is_borne_until_the_long_one_has_ended(engine: Running) -> None:
    client = engine.client()
    long = begin_long(client, steps=350)  # 7 s: beyond the patience with a job that hangs
    deaf = submit(client, quick(how="deaf"))
    wait_until(lambda: any(isinstance(e, Progress | Started) and e.job == deaf for e in client.poll(0.1)))
    client.cancel(deaf)
    ends = [e for e in until_ended(client, [long, deaf]) if isinstance(e, (Result, Failed))]
    assert isinstance(ends[0], Result) and ends[0].job == long and ends[0].model == "plan 0"
    assert isinstance(ends[1], Failed) and ends[1].error.code == "cancelled"
    assert isinstance(wait_for_end(client, submit(client, ask()))[1], Result)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_when_the_worker_dies_the_long_one_is_tried_again_alone(engine: Running) -> None:
    client = engine.client()
    long = begin_long(client, steps=100)
    deadly = submit(client, quick(how="die"))
    wait_until(lambda: any(isinstance(e, Started) and e.job == long and e.plan == 1 for e in client.poll(0.1)))
    later = submit(client, quick())
    events = until_ended(client, [long, deadly, later])
    ends = {e.job: e for e in events if isinstance(e, (Result, Failed))}
    assert next(iter(ends)) == long, "the others waited for it"
    assert isinstance(ends[long], Result) and ends[long].model == "plan 1"
    assert isinstance(ends[deadly], Failed) and ends[deadly].error.code == "worker-died"
    assert isinstance(ends[later], Result)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_an_innocent_one_comes_too_when_the_worker_was_killed(engine: Running) -> None:
    client = engine.client()
    long, beside = begin_long(client, steps=100), submit(client, quick(steps=50))
    wait_until(lambda: states(client)[beside] == "running")
    os.kill(engine.worker("busy")["pid"], 9)
    ends = [e for e in until_ended(client, [long, beside]) if isinstance(e, (Result, Failed))]
    assert [(e.job, e.model) for e in ends if isinstance(e, Result)] == [(long, "plan 1"), (beside, "plan 1")]


def test_one_that_runs_out_of_memory_is_tried_again_beside(engine: Running) -> None:
    client = engine.client()
    long = begin_long(client)
    _, end = wait_for_end(client, submit(client, quick(how="too much at first")))
    assert isinstance(end, Result) and end.model == "plan 1" and states(client)[long] == "running"
    client.cancel(long)
    wait_for_end(client, long)


def test_beside_a_graphics_card_it_is_computed_on_the_cpu(start: Callable[..., Running]) -> None:
    client = start(method=["--method-module", "slow_method", "--device", "npu"]).client()
    alone = wait_for_end(client, submit(client, quick()))[1]
    long = begin_long(client)
    beside = wait_for_end(client, submit(client, quick()))[1]
    assert isinstance(alone, Result) and isinstance(beside, Result)
    assert (alone.device, beside.device) == ("npu", "cpu")
    client.cancel(long)


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_an_optimization_is_the_same_to_the_bit_with_previews_beside_it(real: Running, optimizer: str) -> None:
    client = real.client()
    options = {"how": STYLE, "size": (64, 48), "seed": 1}

    def long(margin: float) -> Ask:  # which means nothing without a selection, but makes another request
        return ask(40, optimizer=optimizer, start="noise", margin=margin, **options)

    _, undisturbed = wait_for_end(client, submit(client, long(0.1)), 50)
    job = submit(client, long(0.2))
    wait_until(lambda: any(isinstance(e, Progress) and e.job == job for e in client.poll(0.1)))
    previews, end = 0, None
    waits_for = submit(client, look(1, strength=1.0, **options))
    while end is None:
        for event in client.poll(0.2):
            assert not isinstance(event, Failed), event
            if isinstance(event, Result) and event.job == waits_for:
                previews += 1
                strength = 1 - previews / 1000
                fast = quick(strength=strength, **options)
                fast = replace(fast, request=fast.request.honoured())
                both = fast, look(1, 32, strength=strength, **options)
                waits_for = submit(client, both[previews % 2])
            elif isinstance(event, Result) and event.job == job:
                end = event
    assert isinstance(undisturbed, Result) and not end.cached and previews >= 2
    assert end.picture == undisturbed.picture and end.losses == undisturbed.losses
    wait_for_end(client, waits_for)


@pytest.fixture(scope="module")
def real(start: Callable[..., Running]) -> Running:
    """An engine with the real methods, whose workers do not give way: on a busy machine that would take minutes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "0")
        return start(method=["--device", "cpu"])


def test_a_quick_job_that_obeys_late_does_not_cost_the_next_its_worker(engine: Running) -> None:
    worker = engine.worker("idle")["pid"]
    client = engine.client()
    preview = submit(client, look(how="dawdle"))
    wait_until(lambda: states(client)[preview] == "running")
    long = submit(client, ask(3))
    client.cancel(preview)
    events, end = wait_for_end(client, long)
    assert isinstance(end, Result) and end.model == "plan 0"
    assert {e.readying for e in events if isinstance(e, Queued)} == {True}, "no job that lasts is before it"
    assert engine.worker("idle")["pid"] == worker


def test_a_job_behind_one_that_lasts_is_told_so(engine: Running) -> None:
    client = engine.client()
    first = begin_long(client)
    second = submit(client, ask(3))
    found: list[Event] = []
    wait_until(lambda: found.extend(client.poll(0.1)) or any(isinstance(e, Queued) for e in found))
    assert [(e.job, e.position, e.readying) for e in found if isinstance(e, Queued)] == [(second, 0, False)]
    client.cancel(first)
    client.cancel(second)
