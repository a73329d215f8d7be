"""A job in the background gives way to all others, waiting or running, and is done in the end all the same."""

from __future__ import annotations

import pytest

from scumble.server.jobs.jobs import Job, Jobs
from scumble.server.limits import WAITING_BACKGROUND, WAITING_JOBS
from scumble.wire import Progress, Request, Result, ScumbleError
from scumble.wire.protocol.events import Queued

from ..running import Running, ask, submit, wait_for_end, wait_until

pytestmark = pytest.mark.timeout(180)  # the worker loads torch once


def test_others_are_painted_first(engine: Running) -> None:
    client = engine.client()
    assert "background" in client.info["features"]
    long = submit(client, ask(400), background=True)
    wait_until(lambda: any(isinstance(e, Progress) and e.job == long for e in client.poll(0.1)), 55.0)
    behind = submit(client, ask(5), background=True)
    mine = submit(client, ask(20))
    ended: list[str] = []
    told: list[str] = []

    def all_ended() -> bool:
        for event in client.poll(0.1):
            told.append(event.job) if isinstance(event, Queued) else None
            ended.append(event.job) if isinstance(event, Result) else None
        return len(ended) == 3

    wait_until(all_ended, 40.0, "the end of all three")
    assert ended == [mine, long, behind]  # the interrupted one goes on before what came later
    assert long in told  # that it waits again


def test_what_is_nearly_done_is_not_interrupted(engine: Running) -> None:
    client = engine.client()
    short = submit(client, ask(60), background=True)
    wait_until(
        lambda: any(isinstance(e, Progress) and e.job == short and e.seconds_left >= 0 for e in client.poll(0.1)), 55.0
    )
    mine = submit(client, ask(2))
    events, end = wait_for_end(client, short)
    assert isinstance(end, Result) and not any(isinstance(e, Queued) for e in events)
    assert isinstance(wait_for_end(client, mine)[1], Result)


def test_the_order_of_those_that_wait() -> None:
    jobs = Jobs()
    names = ["b1", "f1", "b2", "f2"]
    made = {n: Job(Request(), n, background=n.startswith("b")) for n in [*names, "b0", "f0"]}
    for name in names:
        jobs.enqueue(made[name])
    assert [j.result_key for j in jobs.waiting] == ["f1", "f2", "b1", "b2"]
    jobs.enqueue(made["b0"], again=True)
    jobs.enqueue(made["f0"], again=True)
    assert [j.result_key for j in jobs.waiting] == ["f0", "f1", "f2", "b0", "b1", "b2"]


def test_it_leaves_room_for_others() -> None:
    jobs = Jobs()
    for number in range(WAITING_BACKGROUND):
        jobs.enqueue(Job(Request(), str(number), background=True))
    with pytest.raises(ScumbleError, match="job-limit"):
        jobs.check_room(background=True)
    jobs.check_room()
    assert WAITING_BACKGROUND < WAITING_JOBS
