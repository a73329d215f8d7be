"""The events of a job, typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Tuple, Union

from .errors import ScumbleError
from .messages import Message
from .notes import Note, read_notes
from .pixels import PictureRef, PixelFormat


@dataclass(frozen=True)
class Queued:
    """The job waits; `position` jobs are before it. `readying`: none runs either, its worker starts.

    `waits_for`: “jobs”, “preview” or “cancelled” (one that is soon over), “background” (one that makes room), “worker”
    (it loads what it paints with) or “process” (the system can start none just now).
    """

    job: str
    position: int
    readying: bool = False
    waits_for: str = ""


@dataclass(frozen=True)
class Started:
    """A worker has the job; it comes again, with a smaller plan, after a worker died.

    `seconds_left` as in `Progress`.
    """

    job: str
    device: str = ""
    model: str = ""
    plan: Any = None
    seconds_left: float = -1.0


@dataclass(frozen=True)
class Progress:
    """Step `step` of `of` at the size `scale`; `seconds_left` is below 0 where nothing is known."""

    job: str
    step: int
    of: int
    scale: str = ""
    losses: Dict[str, float] = field(default_factory=dict)
    seconds_left: float = -1.0


@dataclass(frozen=True)
class Fetching:
    """The weights of the network `name` are on their way to the engine: `done` of `total` bytes (0: unknown)."""

    job: str
    name: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Preparing:
    """What the job's worker does before the first step: “pictures”, “network” (it loads `name`) or “styles”."""

    job: str
    what: str
    name: str = ""


@dataclass(frozen=True)
class Preview:
    """A small picture of the computed region: 8-bit RGB, `format.nbytes` bytes."""

    job: str
    format: PixelFormat
    pixels: bytes


@dataclass(frozen=True)
class Paused:
    """The job rests until it is resumed; `Queued` and `Started` tell that it goes on."""

    job: str


@dataclass(frozen=True)
class Result:
    """The job ended well; fetch `picture` with `get`. `notes` are what the user should know all the same."""

    job: str
    picture: PictureRef
    seconds: float = 0.0
    steps: int = 0
    losses: Dict[str, float] = field(default_factory=dict)
    device: str = ""
    model: str = ""
    cached: bool = False
    notes: Tuple[Note, ...] = ()


@dataclass(frozen=True)
class Failed:
    """The job ended without a result; a cancelled one has the code `cancelled`."""

    job: str
    error: ScumbleError


Event = Union[Queued, Started, Fetching, Preparing, Progress, Preview, Paused, Result, Failed]


def parse_event(message: Message) -> Optional[Event]:
    """The event in a message; None for one of a kind this version does not know, or a damaged one that may be missed.

    A damaged `result` becomes a `Failed`: a job must have an end.
    """
    make = _MAKERS.get(message.type)
    job = str(message.header.get("job", ""))
    if make is None or not job:
        return None
    try:
        return make(job, message)
    except (ScumbleError, TypeError, ValueError, OverflowError) as e:
        if message.type != "result":
            return None
        return Failed(job, e if isinstance(e, ScumbleError) else ScumbleError("message-malformed", reason=str(e)))


def _queued(job: str, m: Message) -> Event:
    return Queued(job, int(m.header.get("position", 0)), m.header.get("readying") is True, str(m.header.get("for", "")))


def _started(job: str, m: Message) -> Event:
    h = m.header
    left = _left(h.get("seconds_left"))
    return Started(job, str(h.get("device", "")), str(h.get("model", "")), h.get("plan"), left)


def _progress(job: str, m: Message) -> Event:
    h = m.header
    scale, losses = str(h.get("scale", "")), _losses(h.get("losses"))
    return Progress(job, int(h["step"]), int(h["of"]), scale, losses, _left(h.get("seconds_left")))


def _fetching(job: str, m: Message) -> Event:
    return Fetching(job, str(m.header.get("name", "")), int(m.header.get("done", 0)), int(m.header.get("total", 0)))


def _preparing(job: str, m: Message) -> Event:
    return Preparing(job, str(m.header.get("what", "")), str(m.header.get("name", "")))


def _preview(job: str, m: Message) -> Event:
    form = PixelFormat.from_plain(m.header.get("format"))
    if len(m.raw) != 1 or len(m.raw[0]) != form.nbytes:
        raise ValueError("the preview's pixels do not fit its format")
    return Preview(job, form, bytes(m.raw[0]))


def _paused(job: str, m: Message) -> Event:
    return Paused(job)


def _result(job: str, m: Message) -> Event:
    h = m.header
    return Result(
        job,
        PictureRef.from_plain(h.get("picture")),
        float(h.get("seconds") or 0),
        int(h.get("steps") or 0),
        _losses(h.get("losses")),
        str(h.get("device", "")),
        str(h.get("model", "")),
        bool(h.get("cached", False)),
        read_notes(h.get("notes")),
    )


def _failed(job: str, m: Message) -> Event:
    error = m.header.get("error")
    return Failed(job, ScumbleError.from_plain(error if isinstance(error, Mapping) else {}))


def _left(value: Any) -> float:
    return -1.0 if value is None else float(value)


def _losses(value: object) -> Dict[str, float]:
    return {str(k): float(v) for k, v in value.items()} if isinstance(value, Mapping) else {}


_MAKERS = {
    "queued": _queued,
    "started": _started,
    "fetching": _fetching,
    "preparing": _preparing,
    "progress": _progress,
    "preview": _preview,
    "paused": _paused,
    "result": _result,
    "failed": _failed,
}
