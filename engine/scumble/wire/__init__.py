"""What both sides speak: the request, errors, messages, blobs, the client and starting the engine.

The standard library and msgpack are all it needs. The plug-ins carry a copy of this folder under a name of their own,
so it imports from itself by relative names alone.
"""

from __future__ import annotations

from .client.client import Client
from .client.session import Task
from .editor.link import Link
from .editor.preview.requests import preview_request
from .editor.run import Run
from .engine.connection import Connection, read_connection
from .protocol.blobs import Blobs
from .protocol.errors import CASES, ScumbleError
from .protocol.events import Event, Failed, Paused, Preview, Progress, Queued, Result, Started
from .protocol.messages import PROTOCOL
from .protocol.pixels import PictureRef, PixelFormat, digest_of
from .request.options import Option
from .request.recipe import Recipe, build_request
from .request.request import REQUEST_OPTIONS, Request
from .request.sources import Pixels
from .request.style import STYLE_OPTIONS, Style
from .request.stylechoice import CHOICE_OPTIONS, StyleChoice

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
    "Paused",
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
]
