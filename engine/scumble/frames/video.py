"""Videos: frames out of them one by one, and into a new one, with the sound of the first (PyAV)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from ..wire.protocol.errors import ScumbleError

Bytes = NDArray[np.uint8]
SUFFIXES = (".mp4", ".mkv", ".mov", ".webm", ".avi", ".m4v", ".mpg", ".mpeg", ".ts", ".gif")
WRITTEN = {".mp4": "libx264", ".mkv": "libx264", ".mov": "libx264", ".m4v": "libx264", ".webm": "libvpx-vp9"}
OPTIONS = {"libx264": {"crf": "16", "preset": "medium"}, "libvpx-vp9": {"crf": "24", "b": "0"}}
USUAL_RATE = Fraction(25)


def is_video(path: str) -> bool:
    """Whether a name is a video's."""
    return Path(path).suffix.lower() in SUFFIXES


@dataclass(frozen=True)
class Timing:
    """When frames are shown: `rate` frames a second, or each at its own time (in units of `base`, from 0)."""

    rate: Fraction
    base: Fraction
    times: tuple[int, ...] = ()


class Video:
    """A video that is read. `remarks` are what is to be said of it, after its frames were read."""

    def __init__(self, path: str) -> None:
        self.path, self.remarks = path, list[str]()
        self._size: tuple[int, int] = (0, 0)

    def frames(self, skip: int = 0) -> Iterator[tuple[Bytes, int]]:
        """Each frame H×W×3 in 8-bit sRGB, after the first `skip`, with its time in units of `timing().base`.

        Frames of another size than the first are scaled to it. A broken tail ends it, with a remark. Raises
        `video-unreadable`, `files-none`.
        """
        count = 0
        with _opened(self.path) as container:
            stream = _stream(container, self.path)
            first: int | None = None
            try:
                for frame in container.decode(stream):
                    first = (frame.pts or 0) if first is None else first
                    self._size = self._size if any(self._size) else (frame.width, frame.height)
                    count += 1
                    if count > skip:
                        at = (frame.pts - first) if frame.pts is not None else count - 1
                        yield self._pixels(frame), at
            except av.error.FFmpegError as e:
                if not count:
                    raise ScumbleError("video-unreadable", name=Path(self.path).name, reason=_words(e)) from e
                self.remarks.append(f"“{Path(self.path).name}” is damaged after frame {count}; the rest is left out.")
        if not count:
            raise ScumbleError("files-none", name=self.path)

    def timing(self) -> Timing:
        """The rate that the file tells, and the unit of its times."""
        with _opened(self.path) as container:
            stream = _stream(container, self.path)
            rate = stream.average_rate or stream.guessed_rate or USUAL_RATE
            return Timing(Fraction(rate), Fraction(stream.time_base or 1 / rate))

    def count(self) -> int:
        """Frames, as the file tells; 0 where it does not."""
        with _opened(self.path) as container:
            return int(_stream(container, self.path).frames or 0)

    def _pixels(self, frame: Any) -> Bytes:
        width, height = self._size
        if (frame.width, frame.height) != self._size:
            frame = frame.reformat(width, height)
        return np.ascontiguousarray(frame.to_ndarray(format="rgb24"))


def write_video(path: str, frames: Iterable[Bytes], timing: Timing, sound: str = "") -> list[str]:
    """A video of frames H×W×3, with the sound of the file `sound` if it has one; what is to be said of it.

    Raises `file-write`, `file-format`.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in WRITTEN:
        raise ScumbleError("file-format", name=path, reason="no such video is written", choices=", ".join(WRITTEN))
    part = Path(path).with_name(f"{Path(path).stem}.part{suffix}")
    try:
        with contextlib.ExitStack() as stack:
            out = stack.enter_context(av.open(str(part), "w"))
            heard = stack.enter_context(av.open(sound)) if sound else None
            remarks = _written(out, frames, timing, WRITTEN[suffix], heard)
        part.replace(path)
        return remarks
    except (OSError, av.error.FFmpegError) as e:
        raise ScumbleError("file-write", name=path, reason=_words(e)) from e
    finally:
        part.unlink(missing_ok=True)


def _written(out: Any, frames: Iterable[Bytes], timing: Timing, codec: str, heard: Any) -> list[str]:
    remarks: list[str] = []
    stream = out.add_stream(codec, rate=timing.rate, options=OPTIONS[codec])
    copied = None
    if heard is not None and heard.streams.audio:
        try:
            copied = out.add_stream_from_template(heard.streams.audio[0])
        except (ValueError, av.error.FFmpegError):
            remarks.append("The sound does not go into this kind of file and is left out.")
    for number, pixels in enumerate(frames):
        if not number:
            height, width = pixels.shape[:2]
            stream.width, stream.height = width, height
            stream.pix_fmt = "yuv420p" if width % 2 == height % 2 == 0 else "yuv444p"  # chroma in pairs needs pairs
            stream.time_base = stream.codec_context.time_base = timing.base if timing.times else 1 / timing.rate
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts = timing.times[number] if number < len(timing.times) else number
        frame.time_base = stream.codec_context.time_base
        out.mux(stream.encode(frame))
    out.mux(stream.encode())
    if copied is not None:
        for packet in heard.demux(heard.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = copied
                out.mux(packet)
    return remarks


@contextlib.contextmanager
def _opened(path: str) -> Iterator[Any]:
    """A container that is read. Raises `file-missing`, `video-unreadable`."""
    try:
        container = av.open(path)
    except (FileNotFoundError, av.error.FileNotFoundError):
        raise ScumbleError("file-missing", name=path) from None
    except (OSError, ValueError, av.error.FFmpegError) as e:
        raise ScumbleError("video-unreadable", name=Path(path).name, reason=_words(e)) from e
    with container:
        yield container


def _stream(container: Any, path: str) -> Any:
    if not container.streams.video:
        raise ScumbleError("video-unreadable", name=Path(path).name, reason="there are no pictures in it")
    return container.streams.video[0]


def _words(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text)[:1].lower() + str(text)[1:150]
