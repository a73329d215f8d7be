"""Runs inside GIMP, as a batch for python-fu-eval: executes what a test sends, in a plug-in process of its own.

One line of JSON a request, one an answer. Code runs in one namespace; `call` names a function in it to be called with
`arguments`, whose value is the answer.
"""

import base64
import json
import os
import socket
import traceback

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Gegl", "0.4")
from gi.repository import Gegl, Gimp, Gio, GLib, GObject  # noqa: E402

SPACE = {"Gimp": Gimp, "Gegl": Gegl, "Gio": Gio, "GLib": GLib, "GObject": GObject, "json": json, "os": os}


def plain(thing):
    """What JSON cannot hold: bytes as bytes, the rest as its text."""
    return {"bytes": base64.b64encode(thing).decode()} if isinstance(thing, (bytes, bytearray)) else repr(thing)


def unplain(thing):
    """The inverse of `plain` for bytes."""
    return base64.b64decode(thing["bytes"]) if set(thing) == {"bytes"} else thing


def answer(request):
    """Execute a request; its value, or its traceback."""
    try:
        exec(compile(request["code"], "<test>", "exec"), SPACE)
        value = SPACE[request["call"]](*request["arguments"]) if "call" in request else None
        return json.dumps({"value": value}, default=plain)
    except BaseException:
        return json.dumps({"error": traceback.format_exc()})


def serve():
    """Answer until the test hangs up."""
    Gegl.init(None)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.environ["SCUMBLE_BRIDGE"])
        listener.listen(1)
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines:
            for line in lines:
                connection.sendall(answer(json.loads(line, object_hook=unplain)).encode() + b"\n")


serve()
