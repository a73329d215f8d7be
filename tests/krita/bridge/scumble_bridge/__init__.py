"""For tests alone: runs the Python that a test sends, in Krita's GUI thread.

It listens on the socket that $SCUMBLE_BRIDGE names and does nothing without it. A request is a line of JSON
{"code": …, "call": …, "arguments": […]}: `code` is executed in one lasting namespace, then the function `call` of it is
called. The answer is a line of JSON {"value": …} or {"error": …}; bytes travel as {"bytes": base64}.
"""

import base64
import faulthandler
import importlib
import json
import os
import signal
import socket
import sys
import traceback

import krita

PATH = os.environ.get("SCUMBLE_BRIDGE", "")
QT = "PyQt6" if krita.qVersion().startswith("6") else "PyQt5"
SPACE = {"krita": krita, "Krita": krita.Krita, "Selection": krita.Selection, "__name__": "bridge"}
EXCEPTIONS = []  # what no one caught
_import = importlib.import_module
QtCore = _import(f"{QT}.QtCore")


def record(kind, value, trace):
    """Keep an exception that nobody caught; Krita would show a dialog that waits for a click."""
    EXCEPTIONS.append("".join(traceback.format_exception(kind, value, trace)))


def plain(thing):
    """What JSON has no word for."""
    if isinstance(thing, (bytes, bytearray, QtCore.QByteArray)):
        return {"bytes": base64.b64encode(bytes(thing)).decode()}
    if isinstance(thing, (QtCore.QRect, QtCore.QRectF)):
        return [thing.x(), thing.y(), thing.width(), thing.height()]
    if isinstance(thing, (QtCore.QPoint, QtCore.QPointF)):
        return [thing.x(), thing.y()]
    return repr(thing)


def unplain(thing):
    """The bytes in what JSON gave."""
    return base64.b64decode(thing["bytes"]) if set(thing) == {"bytes"} else thing


def answer(line):
    """Do what a request asks; the answer as a line."""
    try:
        request = json.loads(line, object_hook=unplain)
        exec(compile(request["code"], "<test>", "exec"), SPACE)
        value = SPACE[request["call"]](*request["arguments"]) if request.get("call") else None
        reply = json.dumps({"value": value}, default=plain)
    except BaseException:
        reply = json.dumps({"error": traceback.format_exc()})
    return reply.encode() + b"\n"


class Bridge(krita.Extension):
    """Listens for tests."""

    def __init__(self, parent):
        super().__init__(parent)
        self.connections = {}

    def setup(self):
        sys.excepthook = record
        SPACE.update({n: _import(f"{QT}.{n}") for n in ("QtCore", "QtGui", "QtWidgets")}, EXCEPTIONS=EXCEPTIONS)
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(PATH)
        self.server.listen(4)
        self.notifier = QtCore.QSocketNotifier(self.server.fileno(), QtCore.QSocketNotifier.Type.Read)
        self.notifier.activated.connect(self.accept)

    def createActions(self, window):
        SPACE["window"] = window

    def accept(self, *_):
        connection, _address = self.server.accept()
        notifier = QtCore.QSocketNotifier(connection.fileno(), QtCore.QSocketNotifier.Type.Read)
        self.connections[connection] = notifier
        pending = bytearray()
        notifier.activated.connect(lambda *_: self.read(connection, pending))

    def read(self, connection, pending):
        data = connection.recv(1 << 20)
        if not data:
            self.connections.pop(connection).setEnabled(False)
            connection.close()
            return
        pending += data
        while b"\n" in pending:
            line, _, rest = bytes(pending).partition(b"\n")
            pending[:] = rest
            reply = answer(line)
            try:
                connection.sendall(reply)
            except OSError:  # the test gave up on it
                return


if PATH:
    faulthandler.register(signal.SIGUSR1)
    krita.Krita.instance().addExtension(Bridge(krita.Krita.instance()))
