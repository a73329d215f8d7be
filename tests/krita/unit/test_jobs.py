"""A job tells of its run in plain values."""

from __future__ import annotations

from types import SimpleNamespace

from .plugin import plugin_module

jobs = plugin_module("model.jobs")
errors = plugin_module("wire.protocol.errors")
events = plugin_module("wire.protocol.events")
pixels = plugin_module("wire.protocol.pixels")
recipes = plugin_module("wire.request.recipe")


def run_of(**values):
    plain = dict(
        state="running",
        step=0,
        of=0,
        scale="",
        position=0,
        seconds_left=-1.0,
        part=-1.0,
        readying=False,
        device="",
        preview=None,
    )
    return SimpleNamespace(**{**plain, "result": None, "pixels": b"", "times": {}, **values})


def job_of(run=None):
    job = jobs.LayerJob("Starry Night", recipes.Recipe(), None)
    job.run = run
    return job


def test_before_it_is_sent_it_has_no_numbers():
    job = job_of()
    assert (job.state, job.step, job.of, job.position, job.seconds_left, job.image) == (
        "sending",
        0,
        0,
        0,
        -1.0,
        None,
    )
    assert not job.ended and job.notes == []


def test_it_follows_its_run():
    run = run_of()
    job = job_of(run)
    run.step, run.of, run.seconds_left, run.scale, run.device = 3, 40, 12.5, "256", "cpu"
    assert (job.step, job.of, job.seconds_left, job.scale, job.device) == (3, 40, 12.5, "256", "cpu")
    for state, ended in (("queued", False), ("fetching", False), ("failed", True), ("cancelled", True)):
        run.state = state
        assert (job.state, job.ended) == (state, ended)


def test_it_is_not_over_while_its_layer_is_made():
    job = job_of(run_of(state="done"))
    assert job.state == "adding" and not job.ended
    job.move_to("done")
    assert job.ended


def test_its_preview_is_made_once_for_each_that_comes():
    form = pixels.PixelFormat(2, 1, 3)
    run = run_of(preview=events.Preview("j", form, b"\xff\x00\x00\x00\xff\x00"))
    job = job_of(run)
    image = job.image
    assert (image.width(), image.height()) == (2, 1)
    assert [image.pixel(x, 0) for x in (0, 1)] == [0xFFFF0000, 0xFF00FF00]
    assert job.image is image
    run.preview = events.Preview("j", form, b"\x00\x00\xff\x00\x00\xff")
    assert job.image.pixel(0, 0) == 0xFF0000FF


def test_a_failure_is_told_in_words():
    job = job_of(run_of())
    job.fail(errors.ScumbleError("diverged"), "It diverged.")
    assert job.state == "failed" and job.ended and job.error == "It diverged."
    job.fail(errors.ScumbleError("cancelled"), "")
    assert job.state == "cancelled"


def test_times_of_the_run_and_its_own_are_told_together():
    job = job_of(run_of(times={"begun": 1.0}))
    job.mark("asked", 0.5)
    assert job.times == {"begun": 1.0, "asked": 0.5}
