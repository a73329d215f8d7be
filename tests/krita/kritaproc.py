"""A real Krita under test: a home of its own, our plug-in and the tests' bridge in it, and Python run inside."""

from __future__ import annotations

import base64
import inspect
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import textwrap
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from plugins.assemble import assemble

from ..editors.display import Box, Display

HERE = Path(__file__).parent
PLUGINS = ("scumble_krita", "scumble_bridge")
START_SECONDS = 90.0
WAIT_SECONDS = 20.0
PATH = "/usr/bin:/bin:/usr/sbin:/sbin"  # another python3 before the system's, and Krita takes that one's modules
UNSET = ("XDG_", "PYTHON", "DBUS_", "QT_", "SCUMBLE_", "KDE")

QUIT = """
def _quit():
    for document in Krita.instance().documents():
        document.setModified(False)
        document.setBatchmode(True)
        document.close()
    for window in Krita.instance().windows():
        window.qwindow().close()
    QtWidgets.QApplication.instance().quit()
QtCore.QTimer.singleShot(0, _quit)
"""


class KritaError(Exception):
    """What a snippet raised in Krita: its traceback."""


class KritaGone(Exception):
    """Krita ended while it was asked, or does not answer."""


class KritaProcess:
    """One Krita, from `start` to `quit` or `kill`. `cmd` may name another: ("chroot", TREE, "krita")."""

    def __init__(
        self,
        display: Display,
        profile: Path | None = None,
        arguments: Sequence[object] = (),
        env: Mapping[str, str] | None = None,
        cmd: Sequence[str] = ("krita",),
    ) -> None:
        # Sockets lie in it, and their paths may have 107 characters: so not in pytest's long folders.
        self.home = Path(tempfile.mkdtemp(prefix="krita-"))
        self.display = display
        self.command = [*cmd, "--nosplash", *map(str, arguments)]
        self.env = self._environment(env or {})
        self.log = self.home / "krita.log"
        self.seen: list[str] = []  # exceptions that nobody caught, fetched before it ended
        self.process: subprocess.Popen[bytes] | None = None
        self.forgive = False  # whether uncaught exceptions and words of Krita's about plug-ins are what the test wants
        if profile is not None:
            copy_profile(profile, self.home)
        install_plugins(self.home)

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        folders = {"XDG_RUNTIME_DIR": self.home / "run", "TMPDIR": self.home / "tmp"}
        for folder in folders.values():
            folder.mkdir(mode=0o700, exist_ok=True)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(UNSET)}
        own = {
            "PATH": PATH,
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "DISPLAY": self.display.name,
        }
        bridge = {"SCUMBLE_BRIDGE": str(self.home / "bridge.sock")}
        return {**kept, **own, **bridge, **{k: str(v) for k, v in folders.items()}, **more}

    def start(self, seconds: float = START_SECONDS) -> KritaProcess:
        """Start it and wait until its event loop answers."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command, env=self.env, cwd=self.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        end = time.monotonic() + seconds
        while True:
            try:
                self.socket = socket.socket(socket.AF_UNIX)
                self.socket.connect(self.env["SCUMBLE_BRIDGE"])
                break
            except OSError:
                self.socket.close()
                if self.process.poll() is not None or time.monotonic() > end:
                    raise KritaGone(f"it did not start ({self.process.poll()}):\n{self.log_tail()}") from None
                time.sleep(0.05)
        self.answers = self.socket.makefile("rb")
        self.run("", seconds=max(1.0, end - time.monotonic()))
        return self

    def run(self, code: str, seconds: float = WAIT_SECONDS) -> None:
        """Execute statements in Krita's GUI thread; `Krita`, `Selection`, `QtCore`, `QtGui`, `QtWidgets` are there.

        Names stay for later calls. Raises `KritaError` with the traceback, `KritaGone`.
        """
        self._ask({"code": textwrap.dedent(code)}, seconds)

    def get(self, expression: str, seconds: float = WAIT_SECONDS) -> Any:
        """The value of an expression; bytes and QByteArray come as bytes, a QRect as x, y, width, height."""
        return self._ask({"code": f"def _get(): return ({expression})", "call": "_get", "arguments": []}, seconds)

    def call(self, function: Callable[..., Any], *arguments: Any, seconds: float = WAIT_SECONDS) -> Any:
        """What `function` returns when it is called in Krita. Its source is sent: it may use nothing around it."""
        code = textwrap.dedent(inspect.getsource(function))
        return self._ask({"code": code, "call": function.__name__, "arguments": arguments}, seconds)

    def soon(self, code: str) -> None:
        """Execute statements from Krita's event loop and return at once: for what opens a modal dialog."""
        later = f"exec(compile({textwrap.dedent(code)!r}, '<test>', 'exec'), globals())"
        self.run(f"QtCore.QTimer.singleShot(0, lambda: {later})")

    def wait(self, expression: str, seconds: float = WAIT_SECONDS) -> Any:
        """The value of an expression, once it is true; its exceptions are raised."""
        end = time.monotonic() + seconds
        while not (value := self.get(expression)):
            if time.monotonic() > end:
                raise AssertionError(f"{expression} did not become true in {seconds} s; the log:\n{self.log_tail()}")
            time.sleep(0.03)
        return value

    def settle(self, seconds: float = 0.4) -> None:
        """Leave the event loop alone: Krita 5.1 and 5.2 crash when a layer goes right after layers were changed."""
        time.sleep(seconds)
        self.run("")

    def new_document(self, width: int = 64, height: int = 48, model: str = "RGBA", depth: str = "U8") -> None:
        """A new document with a view; it becomes the active one."""
        create = f"Krita.instance().createDocument({width}, {height}, 'test', '{model}', '{depth}', '', 300.0)"
        self.run(f"document = {create}\nKrita.instance().activeWindow().addView(document)\ndocument.waitForDone()")
        self.wait("Krita.instance().activeDocument() is not None and document.activeNode() is not None")
        self.settle()

    def fill_screen(self) -> None:
        """Make Krita's window as large as the screen."""
        self.run("_w = Krita.instance().activeWindow().qwindow()\n_w.setGeometry(_w.screen().geometry())")

    def screenshot(self, path: Path | None = None, box: Box | None = None) -> Path:
        """The screen as a PNG."""
        return self.display.screenshot(path or self.home / "screen.png", box)

    def box_of(self, widget: str) -> Box:
        """Where a widget, given as an expression, is on the screen."""
        self.run(f"_w = {widget}\n_p = _w.mapToGlobal(QtCore.QPoint(0, 0))")
        x, y, width, height = self.get("[_p.x(), _p.y(), _w.width(), _w.height()]")
        return x, y, width, height

    def click_widget(self, widget: str) -> None:
        """Click the middle of a widget with the mouse."""
        x, y, width, height = self.box_of(widget)
        self.display.click(x + width // 2, y + height // 2)

    def click_menu(self, menu: str, text: str) -> None:
        """Click an entry of a menu of the menu bar with the mouse, as a user does; `menu` is its object's name."""
        bar = "Krita.instance().activeWindow().qwindow().menuBar()"
        self.run(f"_bar = {bar}\n_menu = next(a.menu() for a in _bar.actions() if a.menu().objectName() == {menu!r})")
        self.run("_r = _bar.actionGeometry(_menu.menuAction()).center()\n_p = _bar.mapToGlobal(_r)")
        self.display.click(*self.get("_p"))
        self.wait("_menu.isVisible()")
        self.run(f"_a = next(a for a in _menu.actions() if a.text().replace('&', '') == {text!r})")
        self.display.click(*self.get("_menu.mapToGlobal(_menu.actionGeometry(_a).center())"))

    def exceptions(self) -> list[str]:
        """Tracebacks that nobody caught, and what Krita says of plug-ins in its log; empty where all is well."""
        if self.process is not None and self.process.poll() is None:
            self.seen = list(self.get("EXCEPTIONS"))
        return [*self.seen, *(line for line in self.log_text().splitlines() if "krita.scripting" in line)]

    def quit(self, seconds: float = WAIT_SECONDS) -> int:
        """End it as a user does, documents thrown away; the exit code, 0 where all is well."""
        assert self.process is not None
        if self.process.poll() is None:
            self.exceptions()
            self.run(QUIT)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.kill(self.process.pid, signal.SIGUSR1)  # the bridge writes down where it hangs
            time.sleep(0.5)
            raise KritaGone(f"it did not end in {seconds} s:\n{self.log_tail()}") from None

    def finish(self) -> None:
        """What must hold when a test ends: it quits with 0, and nothing was left uncaught unless `forgive` is set."""
        if self.process is not None and self.process.returncode is None:
            code = self.quit()
            assert code == 0, f"Krita ended with {code}:\n{self.log_tail()}"
        found = self.exceptions()
        assert not found or self.forgive, "\n".join(found)

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if hasattr(self, "answers"):
            self.answers.close()
            self.socket.close()

    def remove(self) -> None:
        """Kill it and remove its home."""
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def log_text(self) -> str:
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def log_tail(self) -> str:
        return "\n".join(self.log_text().splitlines()[-30:])

    def memory(self) -> int:
        """Resident memory in MiB."""
        assert self.process is not None
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) >> 10

    def _ask(self, request: dict[str, Any], seconds: float) -> Any:
        assert self.process is not None, "it was not started"
        try:
            self.socket.settimeout(seconds)
            self.socket.sendall(json.dumps(request, default=_plain).encode() + b"\n")
            line = self.answers.readline()
        except TimeoutError:
            os.kill(self.process.pid, signal.SIGUSR1)
            time.sleep(0.5)
            raise KritaGone(f"no answer in {seconds} s to {request['code']}\n{self.log_tail()}") from None
        except OSError:
            line = b""
        if not line:
            raise KritaGone(f"it ended ({self.process.wait(5)}) at {request['code']}\n{self.log_tail()}")
        answer = json.loads(line, object_hook=_unplain)
        if "error" in answer:
            raise KritaError(answer["error"])
        return answer["value"]


def install_plugins(home: Path) -> None:
    """Our plug-in, put together anew, and the bridge, both switched on."""
    pykrita = home / ".local/share/krita/pykrita"
    pykrita.mkdir(parents=True, exist_ok=True)
    assemble("krita", pykrita)
    shutil.copytree(HERE / "bridge", pykrita, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    kritarc = home / ".config/kritarc"
    if not kritarc.exists():  # Krita keeps the keys of one that it knows
        kritarc.parent.mkdir(exist_ok=True)
        kritarc.write_text("[python]\n" + "".join(f"enable_{name}=true\n" for name in PLUGINS))


def copy_profile(profile: Path, home: Path) -> None:
    """A warmed home, without what belongs to the process that warmed it."""
    for name in (".local", ".config", ".cache"):
        if (profile / name).exists():
            shutil.copytree(profile / name, home / name, symlinks=True, dirs_exist_ok=True, copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str) -> None:
    """Bundles are large and never written to, so they are linked."""
    try:
        if source.endswith(".bundle"):
            return os.link(source, target)
    except OSError:  # the other side is another disk
        pass
    shutil.copy2(source, target)


def _plain(thing: object) -> object:
    if isinstance(thing, (bytes, bytearray)):
        return {"bytes": base64.b64encode(thing).decode()}
    raise TypeError(f"{type(thing).__name__} cannot travel")


def _unplain(thing: dict[str, Any]) -> Any:
    return base64.b64decode(thing["bytes"]) if set(thing) == {"bytes"} else thing
