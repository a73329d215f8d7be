"""Jobs: `submit`, `estimate`, `attach`, `cancel`, `pause`, `resume`, `forget`, `jobs`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...features.models import weights_mark
from ...styles.library import style_mark
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.messages import Message
from ...wire.protocol.pixels import MAX_SIDE
from ...wire.request.request import Request
from ..jobs import breaks
from ..jobs.jobs import Job
from ..limits import LONG_SECONDS
from ..store.results import result_key
from ..version import VERSION
from .checks import flag, malformed, text
from .clients import ConnectedClient, Outgoing
from .engine import Engine

SIZES = (4096, 3072, 2048, 1536, 1024, 768, 512)  # pixels, long side: what is offered in place of one that takes long


def submit(engine: Engine, client: ConnectedClient, message: Message) -> dict[str, Any]:
    """Queue a job, find the one with the same key, or answer from the cache of results."""
    key, outlive = text(message.header, "key"), flag(message.header, "outlive")
    request = _checked_request(engine, message.header.get("request"))
    name, background = text(message.header, "job", 16), flag(message.header, "background")
    job = engine.jobs.by_key(key)
    if job is not None and job.state == "done" and not all(map(engine.store.sound, job.pinned())):
        engine.jobs.forget(job)  # its picture is gone
        job = None
    if job is None:
        if engine.stopping:
            raise ScumbleError("engine-stopping")
        job = Job(request, result_key(request, _salt(engine, request)), key, outlive, background)
        engine.jobs.rename(job, name)
        _begin(engine, job)
    engine.watch(job, client)
    engine.scheduler.dispatch()
    return {"job": job.id, "position": max(0, job.position)}


def _checked_request(engine: Engine, plain: object) -> Request:
    """The request, with all its pictures in the store and as long as their formats say."""
    request = Request.from_plain(plain)
    request.check_styles()
    engine.devices.resolve(request.device)
    if request.content is None:
        raise malformed("the request has no content")
    for ref in request.pictures():
        size = engine.store.size(ref.digest)
        if ref.format is not None and ref.format.nbytes != size:
            reason = f"{size} bytes where {ref.format.nbytes} were expected"
            raise ScumbleError("picture-truncated", name="picture", reason=reason)
        engine.store.touch(ref.digest)
    return request


def _begin(engine: Engine, job: Job) -> None:
    """Answer a new job from the cache of results, or queue it. Raises `job-limit`."""
    known = engine.results.find(job.result_key)
    if known is not None:
        engine.store.touch(known["picture"]["digest"])
        job.state = "done"
        engine.jobs.add(job)
        engine.publish(job, {**known, "seconds": 0.0, "cached": True})
        return
    engine.jobs.check_room(job.background)
    engine.jobs.add(job)
    engine.jobs.enqueue(job)


def _salt(engine: Engine, request: Request) -> str:
    """What a result depends on besides its request: the engine, its networks, and what named styles stand for."""
    marks = [weights_mark(request.model), *(style_mark(s.name) for s in request.styles if s.picture is None)]
    return " ".join([VERSION, engine.settings.method_module, *engine.settings.extensions, *marks])


def estimate(engine: Engine, client: ConnectedClient, message: Message) -> dict[str, Any]:
    """What a request would take. Its pictures need not be here; of them the sizes alone count."""
    request = Request.from_plain(message.header.get("request"))
    request.check_styles()
    device = engine.devices.resolve(request.device)
    if request.content is None or request.content.format is None:
        raise malformed("the request has no content")
    expected = engine.scheduler.costs.expect(request, device)
    plain: dict[str, Any] = {"seconds": expected.seconds, "bytes": expected.bytes, "learnt": expected.learnt}
    if expected.seconds > LONG_SECONDS:
        plain["smaller"] = _smaller(engine, request, device)
    return plain


def _smaller(engine: Engine, request: Request, device: str) -> dict[str, Any] | None:
    """The largest usual size that takes less than `LONG_SECONDS`; None where none does."""
    form = request.content.raw if request.content else None
    most = min(request.size or MAX_SIDE, max(form.width, form.height) if form else 0)
    for size in (s for s in SIZES if s < most):
        seconds = engine.scheduler.costs.expect(replace(request, size=size), device).seconds
        if seconds <= LONG_SECONDS:
            return {"size": size, "seconds": seconds}
    return None


def attach(engine: Engine, client: ConnectedClient, message: Message) -> dict[str, Any]:
    """Send the job's events here from now on, the last ones at once."""
    job = engine.jobs.get(message.header.get("job"))
    engine.watch(job, client)
    return job.to_plain()


def cancel(engine: Engine, client: ConnectedClient, message: Message) -> dict[str, Any]:
    """Stop a job."""
    return {"state": engine.scheduler.cancel(engine.jobs.get(message.header.get("job")))}


def pause(engine: Engine, client: ConnectedClient, message: Message) -> dict[str, Any]:
    """Let a job rest."""
    return {"state": breaks.pause(engine.scheduler, engine.jobs.get(message.header.get("job")))}


def resume(engine: Engine, client: ConnectedClient, message: Message) -> dict[str, Any]:
    """Let a paused job go on when it is its turn."""
    return {"state": breaks.resume(engine.scheduler, engine.jobs.get(message.header.get("job")))}


def forget(engine: Engine, client: ConnectedClient, message: Message) -> dict[str, Any]:
    """Drop a finished job."""
    job = engine.jobs.get(message.header.get("job"))
    if not job.finished:
        raise malformed("the job has not ended; cancel it first")
    engine.jobs.forget(job)
    return {}


def jobs(engine: Engine, client: ConnectedClient, message: Message) -> Outgoing:
    """All jobs the engine remembers; looked at when the client can take them, for they may be many."""
    return lambda: ({"jobs": [j.to_plain() for j in engine.jobs]}, ())
