"""How long an artist waits for what is not computing, and for previews. What was measured is in benchmarks/krita.py."""

from __future__ import annotations

from pathlib import Path

LAB = (Path(__file__).parent / "studiolab.py").read_text()
MARKS = ["asked", "read", "begun", "sent", "started", "computed", "fetched", "added"]


def open_picture(krita, side):
    krita.new_document(side, side)
    krita.run(LAB)
    krita.run("paint(document); studio.start_engine()")
    krita.wait("studio.link.state == 'ready' and studio.styles", 50)


def test_a_job_tells_where_its_time_went(krita):
    open_picture(krita, 1024)
    krita.run("select(0, 0, 1024, 1024); job = studio.run(style(size=128))")
    krita.wait("job.ended", 45)
    times = krita.get("job.times")
    assert sorted(times, key=times.get) == MARKS
    ours = times["added"] - times["asked"] - (times["computed"] - times["sent"])
    assert ours < 5, f"{ours} s went into all but computing"  # 0.13 s on two busy cores


def test_a_moving_slider_brings_pictures_and_never_a_flood(krita):
    open_picture(krita, 512)
    krita.run(
        "runs = []; send = studio.link.run\ndef counted(*a, **k):\n    runs.append(send(*a, **k))\n    return runs[-1]"
    )
    krita.run("studio.link.run = counted; preview = Preview(studio); preview.refresh_source()")
    krita.run("came = []; preview.ready.connect(lambda image: came.append([image.width(), image.height()]))")
    krita.run("preview.show(style(strength=0.5))")
    krita.wait("len(came) == 1", 45)
    krita.run("""
        moves = 0
        def move():
            global moves
            moves += 1
            preview.show(style(strength=moves / 100))
            if moves == 100:
                slider.stop()
        slider = QtCore.QTimer()
        slider.timeout.connect(move)
        slider.start(10)
    """)
    krita.wait("moves == 100 and all(r.ended for r in runs) and runs[-1].request.strength == 1.0", 45)
    krita.wait("len(came) == len(runs)")
    assert krita.get("came[0]") == [384, 384]
    assert 2 < krita.get("len(runs)") < 100
    assert krita.get("{r.state for r in runs} == {'done'}")
