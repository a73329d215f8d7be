"""What a job will cost: learnt from those that ended, told before the next begins and while it runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scumble.methods.costs import BAND, bytes_of, work_of
from scumble.methods.scale import LONGEST, SHORTEST
from scumble.networks import painting
from scumble.networks.painter import SIZES
from scumble.server.jobs.costs import PARTS, Costs, Expected, Timing
from scumble.wire import PictureRef, PixelFormat, Progress, Request, Result, ScumbleError, Started, Style

from ..running import Running, ask, submit, wait_for_end


def request(side: int = 512, styles: int = 1, **options: object) -> Request:
    form = PixelFormat(side, side, 4)
    return Request(styles=(Style("starry-night"),) * styles, content=PictureRef("0" * 64, form), **options)


def test_the_band_is_the_painters() -> None:
    assert BAND == painting.BAND
    assert (SIZES[0], SIZES[-1]) == (SHORTEST, LONGEST)


@pytest.mark.parametrize("method", ["fast", "optimize"])
def test_more_pixels_styles_and_steps_are_more_work(method: str) -> None:
    small, large = request(256, method=method), request(1024, method=method)
    assert work_of(small) < work_of(large) and bytes_of(small) < bytes_of(large)
    assert work_of(small) < work_of(request(256, 3, method=method))
    assert work_of(replace(large, size=256)) == pytest.approx(work_of(small))
    if method == "optimize":
        assert work_of(small) < work_of(replace(small, iterations=200))
        assert work_of(replace(small, repaint=0.0)) < work_of(small)


def test_it_learns_from_jobs_of_its_kind_and_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "costs.json"
    costs, asked = Costs(path), request()
    assert not costs.expect(asked, "cpu").learnt
    costs.learn(asked, "cpu", 100.0, 2 * bytes_of(asked), Timing())
    for found in (costs, Costs(path)):
        known = found.expect(asked, "cpu")
        assert known.learnt and known.seconds == pytest.approx(100.0) and known.bytes == 2 * bytes_of(asked)
    assert not costs.expect(asked, "cuda:0").learnt and not costs.expect(replace(asked, model="vgg19"), "cpu").learnt
    assert costs.expect(replace(asked, model="vgg19"), "cpu").seconds == pytest.approx(100.0, rel=0.01)


def test_a_job_of_its_own_size_tells_more_than_others(tmp_path: Path) -> None:
    costs, small, large = Costs(tmp_path / "costs.json"), request(192, iterations=7), request(2048)
    costs.learn(large, "cpu", 40.0, 0, Timing())
    for _ in range(8):
        costs.learn(small, "cpu", 30.0, 0, Timing())
    assert costs.expect(large, "cpu").seconds == pytest.approx(40.0, rel=0.1)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", json.dumps({"version": 1, "kinds": {"fast/cpu/auto": [{"work": 0}]}})]
)
def test_a_damaged_file_is_begun_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "costs.json"
    path.write_text(text, "utf-8")
    costs = Costs(path)
    costs.learn(request(), "cpu", 3.0, 0, Timing())
    assert Costs(path).expect(request(), "cpu").seconds == pytest.approx(3.0)


def test_time_left_follows_the_course_that_was_seen() -> None:
    """A job whose last tenth of steps takes half its time, on a machine that is now twice as slow."""
    timing = Timing()
    for step in range(101):
        timing.note(step / 100, step * 0.5 / 0.9 if step < 90 else 50 + (step - 90) * 5.0)
    expected = Expected(100.0, 0, True, timing.course(100.0))
    assert len(expected.course) == PARTS
    assert expected.left(0.0, 10.0) == pytest.approx(90.0)
    for part in (0.3, 0.5, 0.8, 0.95):
        passed = 2 * (part * 50 / 0.9 if part < 0.9 else 50 + (part - 0.9) * 500)
        assert (200 - passed) / 1.5 < expected.left(part, passed) < (200 - passed) * 1.5, part


def test_what_a_method_tells_counts_until_something_is_learnt() -> None:
    assert Expected(100.0, 0).left(0.1, 1.0, 9.0) == pytest.approx(9.0)
    assert Expected(100.0, 0, True).left(0.01, 1.0, 99.0) == pytest.approx(99.0)


def test_making_ready_is_not_taken_for_slow_steps() -> None:
    """A minute of loading, then a hundred steps of a second: told as “36 min left” by steps and time alone."""
    timing = Timing()
    timing.note(0.01, 61.0)
    assert Expected(100.0, 0).left(0.01, 61.0, timing.corrected(61.0 * 99, 0.01, 61.0)) == pytest.approx(39.0)
    for step in (2, 10, 50):
        elapsed = 60.0 + step
        for told in (elapsed * (100 - step) / step, -1.0):
            left = Expected(5.0, 0).left(step / 100, elapsed, timing.corrected(told, step / 100, elapsed))
            assert (100 - step) / 2.1 < left < (100 - step) * 1.5, step


@pytest.mark.parametrize("course", [(), tuple(n / PARTS for n in range(PARTS))])
@pytest.mark.parametrize("told", [50.0, -1.0])
@pytest.mark.parametrize("expected", [100.0, 5.0])
def test_a_job_that_goes_on_has_not_made_its_steps_in_a_moment(
    course: tuple[float, ...], told: float, expected: float
) -> None:
    """A hundred steps of a second, broken off in the middle: told as “1 s left” by its part and this start alone.

    A minute of loading in the first start is none of the next one's.
    """
    first = Timing()
    for step in range(51):
        first.note(step / 100, 60.0 + step)
    timing, cost = first.anew(), Expected(expected, 0, True, course)
    assert cost.left(0.0, timing.note(0.0, 0.0)) == pytest.approx(max(9.8, expected - 49))
    for step in (52, 53):
        timing.note(step / 100, step - 50.0)
    left = cost.left(0.53, timing.note(0.53, 3.0), timing.corrected(told, 0.53, 3.0))
    assert 15 < left < 60
    assert first.anew().note(0.01, 1.0) < 3, "nothing of it was kept"


def test_the_engine_tells_before_and_meanwhile(engine: Running) -> None:
    client = engine.client()
    asked = ask(steps=50)
    first = client.ask("estimate", request=asked.request.to_plain())
    assert first["seconds"] > 0 and first["bytes"] > 0 and not first["learnt"]
    assert client.status()["jobs"] == {"queued": 0, "paused": 0, "running": 0, "done": 0}
    _, end = wait_for_end(client, submit(client, asked))
    assert isinstance(end, Result)
    took = end.seconds
    second = ask(steps=50)
    known = client.ask("estimate", request=second.request.to_plain())
    assert known["learnt"] and took / 1.5 < known["seconds"] < took * 1.5
    events, _ = wait_for_end(client, submit(client, second))
    lefts = [e.seconds_left for e in events if isinstance(e, (Started, Progress))]
    assert lefts[0] == pytest.approx(known["seconds"], rel=0.1) and lefts[-1] < 0.3 * lefts[0]


def test_a_long_one_is_offered_smaller(engine: Running) -> None:
    client = engine.client()
    huge = replace(request(8192, iterations=100), method="optimize", objective="gram")
    told = client.ask("estimate", request=huge.to_plain())
    assert told["seconds"] > 60 and told["smaller"]["size"] in (512, 768, 1024)
    assert told["smaller"]["seconds"] <= 60
    assert "smaller" not in client.ask("estimate", request=request(256, method="fast").to_plain())


@pytest.mark.parametrize(
    ("plain", "code"), [({}, "styles-missing"), ({"styles": [{}]}, "message-malformed"), ({"size": -1}, "option-range")]
)
def test_what_cannot_be_run_cannot_be_estimated(engine: Running, plain: dict[str, object], code: str) -> None:
    with pytest.raises(ScumbleError) as failure:
        engine.client().ask("estimate", request=plain)
    assert failure.value.code == code
