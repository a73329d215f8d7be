"""Videos in and out: frames, times, sound; sizes that are odd, tails that are broken."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from scumble.frames.video import Timing, Video, write_video
from scumble.wire.protocol.errors import ScumbleError

from .scenes import clip


def write(
    path: Path, frames: list[np.ndarray], kind: str = "yuv420p", times: list[int] | None = None, sound: bool = False
) -> Path:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=12, options={"crf": "10"})
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = kind
        heard = out.add_stream("aac", rate=44100) if sound else None
        stream.time_base = stream.codec_context.time_base = Fraction(1, 600)
        for number, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.time_base, frame.pts = Fraction(1, 600), times[number] if times else number * 50
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
        if heard is not None:
            for start in range(0, 20 * 1024, 1024):
                tone = np.sin(np.arange(start, start + 1024) * 0.06, dtype=np.float32)[None] * 0.3
                part = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
                part.sample_rate, part.pts = 44100, start
                out.mux(heard.encode(part))
            out.mux(heard.encode())
    return path


def seconds(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(f.pts * f.time_base) for f in container.decode(video=0)]


def test_frames_come_and_go_with_times_and_sound(tmp_path: Path) -> None:
    times = [0, 50, 80, 200, 230, 400]
    source = write(tmp_path / "in.mp4", clip("pan", 6), times=times, sound=True)
    video = Video(str(source))
    found = list(video.frames())
    assert len(found) == 6 and np.abs(found[2][0].astype(int) - clip("pan", 6)[2]).mean() < 4
    assert [n for n, _ in enumerate(video.frames(4))] == [0, 1]
    told = video.timing()
    timing = Timing(told.rate, told.base, tuple(at for _, at in found))
    for name in ("out.mp4", "out.mkv", "out.mov"):
        assert write_video(str(tmp_path / name), (f for f, _ in found), timing, str(source)) == []
        shown = seconds(tmp_path / name)  # Matroska has all begin a moment later, where sound begins before 0
        assert [s - shown[0] for s in shown] == pytest.approx([t / 600 for t in times], abs=0.002)
        assert shown[0] < 0.03
        with av.open(str(tmp_path / name)) as container:
            assert len(list(container.decode(audio=0))) >= 19
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.mp4", "out.mkv", "out.mov", "out.mp4"]


def test_sound_that_does_not_fit_is_left_out_with_a_word(tmp_path: Path) -> None:
    source = write(tmp_path / "in.mp4", clip("pan", 3), sound=True)
    frames = [np.ascontiguousarray(f[:40, :60]) for f in clip("pan", 3)]
    timing = Timing(Fraction(12), Fraction(1, 12))
    remarks = write_video(str(tmp_path / "out.webm"), frames, timing, str(source))
    assert remarks and "sound" in remarks[0] and len(seconds(tmp_path / "out.webm")) == 3


def test_odd_sizes_and_ten_bits(tmp_path: Path) -> None:
    frames = [np.ascontiguousarray(f[:75, :101]) for f in clip("pan", 3)]
    write_video(str(tmp_path / "odd.mp4"), frames, Timing(Fraction(10), Fraction(1, 10)))
    assert [f.shape for f, _ in Video(str(tmp_path / "odd.mp4")).frames()] == [(75, 101, 3)] * 3
    deep = write(tmp_path / "deep.mp4", clip("pan", 3), "yuv420p10le")
    assert np.abs(next(Video(str(deep)).frames())[0].astype(int) - clip("pan", 1)[0]).mean() < 4


def test_a_broken_tail(tmp_path: Path) -> None:
    source = write(tmp_path / "in.mkv", clip("turn", 12))
    data = source.read_bytes()
    (tmp_path / "cut.mkv").write_bytes(data[: len(data) * 2 // 3])
    video = Video(str(tmp_path / "cut.mkv"))
    assert 1 <= len(list(video.frames())) < 12


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("none.mp4", None, "file-missing"),
        ("text.mp4", b"no video", "video-unreadable"),
        ("empty.mp4", b"", "video-unreadable"),
    ],
)
def test_what_is_no_video(tmp_path: Path, name: str, data: bytes | None, code: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(ScumbleError) as caught:
        list(Video(str(tmp_path / name)).frames())
    assert caught.value.code == code


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "sound.mp4"), "w") as out:
        heard = out.add_stream("aac", rate=44100)
        part = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        part.sample_rate = 44100
        out.mux(heard.encode(part))
        out.mux(heard.encode())
    with pytest.raises(ScumbleError, match="video-unreadable"):
        list(Video(str(tmp_path / "sound.mp4")).frames())
    with pytest.raises(ScumbleError, match="file-format"):
        write_video(str(tmp_path / "out.avi"), [], Timing(Fraction(5), Fraction(1, 5)))
