"""What the engine answers to each message. A handler returns the reply's fields, or what will make them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...methods import method_names
from ...methods.listing import list_models
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.messages import PROTOCOL, Message
from ..limits import ALONE_SECONDS, LIMITS, MOST_ALONE
from ..logs import log_path
from ..version import VERSION
from . import handlers_blobs, handlers_jobs, handlers_styles, handlers_trainings
from .checks import flag, seconds, text, whole
from .clients import ConnectedClient, Outgoing
from .engine import Engine

PACKAGE = str(Path(__file__).resolve().parents[2])
Answer = dict[str, Any] | Outgoing
Handler = Callable[[Engine, ConnectedClient, Message], Answer]

FEATURES = [
    "attach",
    "background",
    "beside",
    "cache",
    "estimate",
    "frames",
    "key",
    "keys",
    "outlive",
    "pause",
    "preview",
    "train",
]


def hello(engine: Engine, client: ConnectedClient, message: Message) -> Answer:
    """Greet. Raises `protocol-version`."""
    theirs = whole(message.header, "protocol")
    text(message.header, "client")
    if theirs != PROTOCOL:
        raise ScumbleError("protocol-version", engine=PROTOCOL, client=theirs)
    client.patience = seconds(message.header, "patience", MOST_ALONE, ALONE_SECONDS)
    client.greeted = True
    return {
        "protocol": PROTOCOL,
        "version": VERSION,
        "pid": os.getpid(),
        "devices": engine.devices.found,
        "models": list_models(),
        "methods": list(method_names()),
        "features": FEATURES,
        "limits": LIMITS,
        "log": str(log_path()),
        "package": PACKAGE,
    }


def ping(engine: Engine, client: ConnectedClient, message: Message) -> Answer:
    """A sign of life."""
    return {}


def status(engine: Engine, client: ConnectedClient, message: Message) -> Answer:
    """How the engine is."""
    return engine.status()


def models(engine: Engine, client: ConnectedClient, message: Message) -> Answer:
    """The models, and which of them are on this machine."""
    return {"models": list_models()}


def shutdown(engine: Engine, client: ConnectedClient, message: Message) -> Answer:
    """End with the last job, or at once."""
    engine.shut_down(flag(message.header, "now"))
    return {}


def retire(engine: Engine, client: ConnectedClient, message: Message) -> Answer:
    """Make room for the engine of a newer installation, if that is asked for and nothing is left to do."""
    return {"retiring": engine.retire(text(message.header, "version"))}


BEFORE_HELLO = ("hello", "retire")
HANDLERS: dict[str, Handler] = {
    "hello": hello,
    "ping": ping,
    "have": handlers_blobs.have,
    "put": handlers_blobs.put,
    "get": handlers_blobs.get,
    "submit": handlers_jobs.submit,
    "estimate": handlers_jobs.estimate,
    "attach": handlers_jobs.attach,
    "cancel": handlers_jobs.cancel,
    "pause": handlers_jobs.pause,
    "resume": handlers_jobs.resume,
    "forget": handlers_jobs.forget,
    "jobs": handlers_jobs.jobs,
    "styles": handlers_styles.styles,
    "train": handlers_trainings.train,
    "trainings": handlers_trainings.trainings,
    "training": handlers_trainings.training,
    "sheet": handlers_trainings.sheet,
    "models": models,
    "status": status,
    "shutdown": shutdown,
    "retire": retire,
}
