"""A real GIMP 3 under test, in the tree: a home of its own, our plug-in in it, and Python run inside."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from plugins.assemble import assemble

from ..editors.display import Display
from ..editors.process import EditorProcess
from ..editors.tree import enter

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROFILES = ".config/GIMP"
GIMPRC = '(config-version "{}.4")\n(check-updates no)\n(show-welcome-dialog no)\n'
START_SECONDS = 60.0


def version_in(tree: Path) -> str:
    """The tree's GIMP, such as 3.0 or 3.2: its programs and its profile are named by it."""
    return next(p.name for p in tree.glob("usr/bin/gimp-3.*")).removeprefix("gimp-")


class GimpProcess(EditorProcess):
    """One GIMP: without windows, or with them on `display`.

    Code runs in a plug-in process of its own, where `Gimp`, `Gegl`, `Gio`, `GLib`, `GObject` are there.
    """

    wait_seconds = 40.0

    def __init__(
        self,
        tree: Path,
        profile: Path | None = None,
        env: Mapping[str, str] | None = None,
        display: Display | None = None,
        folders: Sequence[Path] = (),
    ) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="gimp-"))
        self.display = display
        self.tree, self.folders = tree, [self.home, ROOT, *folders]
        self.env = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            "NO_AT_BRIDGE": "1",
            "SCUMBLE_BRIDGE": str(self.home / "bridge.sock"),
            **({"DISPLAY": display.name} if display else {}),
            **(env or {}),
        }
        self.log = self.home / "gimp.log"
        if profile is not None:
            shutil.copytree(profile / ".config", self.home / ".config")
        self.version = version_in(tree)
        self.plugins = self.home / PROFILES / self.version / "plug-ins"
        self.plugins.mkdir(parents=True, exist_ok=True)
        if not (self.plugins.parent / "gimprc").exists():
            (self.plugins.parent / "gimprc").write_text(GIMPRC.format(self.version))
        assemble("gimp", self.plugins)

    def words(self, bridge: Path) -> list[str]:
        """GIMP's own command line, with the bridge to run."""
        program = ["gimp-3", "--no-splash"] if self.display else ["gimp-console-3", "-i"]
        batch = f"exec(compile(open({str(bridge)!r}).read(), 'bridge.py', 'exec'))"
        return [*program, "-d", "--quit", "--batch-interpreter", "python-fu-eval", "-b", batch]

    def command(self) -> list[str]:
        """How it is started in the tree."""
        words = ["env", "-i", *(f"{k}={v}" for k, v in self.env.items()), *self.words(HERE / "bridge.py")]
        return enter(self.tree, words, [f for f in dict.fromkeys(self.folders) if f.exists()])

    def start(self, seconds: float = START_SECONDS) -> GimpProcess:
        """Start it and wait until it answers."""
        self.launch(self.command(), seconds)
        return self

    def wait_for_window(self, title: str, seconds: float = 40.0) -> int:
        """The window whose title holds `title`, once it is there."""
        assert self.display is not None
        end = time.monotonic() + seconds
        while not (found := self.display.windows(title)):
            assert time.monotonic() < end, f"no window “{title}” in {seconds} s\n{self.log_tail()}"
            time.sleep(0.05)
        return found[-1]

    def quit(self, seconds: float = 0.0) -> int:
        """Hang up, upon which it ends; the exit code, 0 where all is well."""
        self.hang_up()
        return self.wait_for_end(seconds)

    def finish(self) -> None:
        """It quits with 0, unless the test broke it."""
        if not self.forgive:
            super().finish()
