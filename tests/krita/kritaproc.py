"""A real Krita under test: a home of its own, our plug-in and the tests' bridge in it, and Python run inside."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import textwrap
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from plugins.assemble import assemble

from ..editors.display import Box, Display
from ..editors.process import EditorProcess

HERE = Path(__file__).parent
PLUGINS = ("scumble_krita", "scumble_bridge")
START_SECONDS = 90.0
PATH = "/usr/bin:/bin:/usr/sbin:/sbin"  # another python3 before the system's, and Krita takes that one's modules
UNSET = ("XDG_", "PYTHON", "DBUS_", "QT_", "SCUMBLE_", "KDE")

TIDY = """
import sys
_studio = sys.modules["scumble_krita.model.studio"].studio()
for _widget in QtWidgets.QApplication.topLevelWidgets():
    if isinstance(_widget, QtWidgets.QDialog) and _widget.isVisible():
        _widget.reject()
_studio.cancel_all()
for _job in list(_studio.jobs):
    _studio.dismiss(_job)
_studio.history.clear()
_studio.say("")
"""
CLOSE = """
for _document in Krita.instance().documents():
    _document.setModified(False)
    _document.setBatchmode(True)
    _document.close()
"""
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


class KritaProcess(EditorProcess):
    """One Krita. `cmd` may name another: ("chroot", TREE, "krita").

    Code runs in its GUI thread, where `Krita`, `Selection`, `QtCore`, `QtGui`, `QtWidgets` are there. Of Qt's values
    QByteArray comes as bytes, a QRect as x, y, width, height. `forgive` is for uncaught exceptions, and for words of
    Krita's about plug-ins.
    """

    display: Display

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
        begun = time.monotonic()
        self.launch(self.command, seconds, self.env, self.home)
        self.run("", seconds=max(1.0, begun + seconds - time.monotonic()))
        return self

    def soon(self, code: str) -> None:
        """Execute statements from Krita's event loop and return at once: for what opens a modal dialog."""
        later = f"exec(compile({textwrap.dedent(code)!r}, '<test>', 'exec'), globals())"
        self.run(f"QtCore.QTimer.singleShot(0, lambda: {later})")

    def settle(self, seconds: float = 0.4) -> None:
        """Leave the event loop alone: Krita 5.1 and 5.2 crash when a layer goes right after layers were changed."""
        time.sleep(seconds)
        self.run("")

    def tidy(self) -> None:
        """Put away what a test before may have left: dialogs, jobs, the history and documents."""
        self.run(TIDY)
        if self.get("Krita.instance().documents() != []"):
            self.settle()
            self.run(CLOSE)
            self.wait("Krita.instance().activeDocument() is None")
            self.settle()

    def new_document(self, width: int = 64, height: int = 48, model: str = "RGBA", depth: str = "U8") -> None:
        """A new document with a view; it becomes the active one."""
        create = f"Krita.instance().createDocument({width}, {height}, 'test', '{model}', '{depth}', '', 300.0)"
        self.run(f"document = {create}\nKrita.instance().activeWindow().addView(document)\ndocument.waitForDone()")
        self.wait("Krita.instance().activeDocument() is not None and document.activeNode() is not None")
        self.settle()

    def fill_screen(self) -> None:
        """Make Krita's window as large as the screen."""
        self.run("_w = Krita.instance().activeWindow().qwindow()\n_w.setGeometry(_w.screen().geometry())")

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

    def quit(self, seconds: float = 0.0) -> int:
        """End it as a user does, documents thrown away; the exit code, 0 where all is well."""
        assert self.process is not None
        if self.process.poll() is None:
            self.exceptions()
            self.run(QUIT)
        return self.wait_for_end(seconds)

    def show_where(self) -> None:
        """The bridge writes down where it hangs."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGUSR1)
        time.sleep(0.5)

    def finish(self) -> None:
        """What must hold when a test ends: it quits with 0, and nothing was left uncaught unless `forgive` is set."""
        super().finish()
        found = self.exceptions()
        assert not found or self.forgive, "\n".join(found)

    def memory(self) -> int:
        """Resident memory in MiB."""
        assert self.process is not None
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) >> 10


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
