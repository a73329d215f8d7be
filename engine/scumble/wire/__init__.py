"""What both sides speak: the request, errors, messages, blobs, the client and starting the engine.

The standard library and msgpack are all it needs. The plug-ins carry a copy of this folder under a name of their own,
so it imports from itself by relative names alone.
"""

from __future__ import annotations

from .blobs import Blobs
from .client import Client
from .connection import Connection, read_connection
from .errors import CASES, ScumbleError
from .events import Event, Failed, Preview, Progress, Queued, Result, Started
from .launch import write_engine_command
from .link import Link
from .looks import preview_request
from .messages import PROTOCOL
from .options import Option
from .pixels import PictureRef, PixelFormat, digest_of
from .recipe import CHOICE_OPTIONS, Pixels, Recipe, StyleChoice, build_request
from .request import REQUEST_OPTIONS, STYLE_OPTIONS, Request, Style
from .runs import Run
from .tasks import Task

__all__ = [
    "CASES",
    "CHOICE_OPTIONS",
    "PROTOCOL",
    "REQUEST_OPTIONS",
    "STYLE_OPTIONS",
    "Blobs",
    "Client",
    "Connection",
    "Event",
    "Failed",
    "Link",
    "Option",
    "PictureRef",
    "PixelFormat",
    "Pixels",
    "Preview",
    "Progress",
    "Queued",
    "Recipe",
    "Request",
    "Result",
    "Run",
    "ScumbleError",
    "Started",
    "Style",
    "StyleChoice",
    "Task",
    "build_request",
    "digest_of",
    "preview_request",
    "read_connection",
    "write_engine_command",
]
