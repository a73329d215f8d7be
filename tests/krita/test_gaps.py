"""Krita's event loop goes on while the engine works: an artist can paint meanwhile."""

from __future__ import annotations

from pathlib import Path

LAB = (Path(__file__).parent / "studiolab.py").read_text()
SIDE = 1024


def open_picture(krita):
    krita.new_document(SIDE, SIDE)
    krita.run(LAB)
    krita.run("paint(document); studio.start_engine()")
    krita.wait("studio.link.state == 'ready' and studio.styles", 50)


def test_the_event_loop_goes_on_while_a_picture_is_optimized(krita):
    """Gaps of 90 ms at most were measured; what is asserted here a busy machine keeps too. See benchmarks/krita.py."""
    open_picture(krita)
    krita.run("pictures = []; studio.changed.connect(lambda: pictures.extend(j.image for j in studio.jobs))")
    krita.run("probe.start(); job = studio.run(style('optimize', size=256, iterations=9999, preview_seconds=0.2))")
    krita.wait("len({id(p) for p in pictures if p is not None}) > 4", 45)
    krita.run("studio.cancel(job)")
    median, p99, longest, count = krita.get("probe.stop()")
    found = f"median {median}, 99 % {p99}, longest {longest} ms of {count}: {krita.get('probe.longest()')}"
    assert count > 50 and median < 50 and p99 < 300 and longest < 2000, found


def test_nothing_of_a_job_is_done_all_at_once(krita):
    """A layer of 1024×1024 read, sent, fetched and written."""
    open_picture(krita)
    krita.run("probe.start(); job = studio.run(style(size=128))")
    krita.wait("job.ended", 45)
    median, _, longest, count = krita.get("probe.stop()")
    assert krita.get("job.state") == "done"
    assert median < 50 and longest < 2000, f"longest {longest} ms of {count}: {krita.get('probe.longest()')}"
