"""A real install.py with a real environment, really killed: at moments of its work, and at changes of the disk."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from installer import targets
from installer.health import site_packages
from tests.editors.needs import EDITOR_SECONDS

from .wheel import wheel

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL"),
    pytest.mark.timeout(EDITOR_SECONDS),  # environments are made
]
ROOT = Path(__file__).parents[2]
KRITA, GIMP, KRITARC = ".local/share/krita/pykrita", ".config/GIMP/3.0/plug-ins", ".config/kritarc"
MANY = 500  # files of a package that pip unpacks for a while
SCUMBLE = """
import pathlib, sys
if "stylize" in sys.argv:
    pathlib.Path(sys.argv[sys.argv.index("-o") + 1]).write_text("painted")
print("All is well.")
"""
AT_STEP = """
import os, signal, sys
root, wanted, *options = sys.argv[1:]
sys.path.insert(0, root)
from installer.disk import Disk
import install
Disk.step = lambda self, what: what == wanted and os.kill(os.getpid(), signal.SIGKILL)
sys.exit(install.main(options))
"""


class Home:
    """A user with a Krita and a GIMP, and a folder of wheels in which a stand-in is the engine."""

    def __init__(self, root: Path) -> None:
        self.root, self.home, self.wheels = root, root / "Zoë Müller 画家", root / "wheels"
        self.data = self.home / ".local/share/scumble"
        self.engine = self.data / "engine"
        for folder in (KRITA, GIMP):
            (self.home / folder / "other").mkdir(parents=True)
            (self.home / folder / "other/own.py").write_text("theirs")
        (self.home / KRITARC).write_text("[a]\nb=c\n")
        stems = ("exceptions", "ext", "fallback")
        wheel(self.wheels, "msgpack", "1.1", "", **dict.fromkeys(stems, "pass\n"))
        wheel(self.wheels, "many", "1.0", "", **{f"file_{n}": f"N = {n}\n" for n in range(MANY)})
        wheel(self.wheels, "scumble", targets.version(), "", "msgpack", "many", __main__=SCUMBLE)

    def start(self, *program: str) -> subprocess.Popen[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "SCUMBLE_", "GIMP3"))}
        env = {**kept, "HOME": str(self.home), "SCUMBLE_RUNTIME": str(self.root / "run")}
        command = [sys.executable, *(program or [str(ROOT / "install.py")]), "--offline", str(self.wheels)]
        with (self.root / "said.txt").open("a") as log:
            return subprocess.Popen(command, env=env, stdout=log, stderr=log, text=True, start_new_session=True)

    def finish(self, *program: str) -> int:
        return self.start(*program).wait(timeout=EDITOR_SECONDS)

    def kill_when(self, moment: Callable[[], object], everything: bool = True) -> None:
        """Kill install.py, and all that it started, as soon as something is there."""
        process = self.start()
        while not moment():
            if process.poll() is not None:
                pytest.fail(f"it ended before: {self.said}")
            time.sleep(0.001)
        os.killpg(process.pid, signal.SIGKILL) if everything else process.kill()
        assert process.wait() == -signal.SIGKILL

    @property
    def said(self) -> str:
        return (self.root / "said.txt").read_text()

    def contents(self) -> dict[str, bytes]:
        """All files, but for what Python compiles."""
        found = (p for p in self.home.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
        return {p.relative_to(self.home).as_posix(): p.read_bytes() for p in found}

    def unpacked(self, least: int) -> bool:
        return len(list((site_packages(self.engine) / "many").glob("*.py"))) >= least


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.mark.slow
def test_killed_at_one_moment_after_the_other_it_gets_there(home):
    """Each run meets what the last left, and is killed a little later; the last is let be."""
    for moment in (
        lambda: (home.data / "install.lock").exists(),
        lambda: (home.engine / "bin").exists(),
        lambda: (site_packages(home.engine) / "pip").exists(),
        lambda: (home.engine / "scumble-stamp").exists(),
        lambda: home.unpacked(MANY // 3),
        lambda: (home.home / KRITA / "scumble_krita").exists(),
    ):
        home.kill_when(moment)
        assert (home.home / KRITARC).read_text().startswith("[a]\nb=c\n")
    assert home.finish() == 0, home.said
    assert home.unpacked(MANY + 1)
    first = home.contents()
    assert not [
        name for name in first if "scumble-" in name.rpartition("/")[2] and "stamp" not in name and "/." in name
    ]
    assert {f"{KRITA}/scumble_krita/boot.py", f"{GIMP}/scumble/scumble.py", f"{KRITA}/other/own.py"} <= set(first)
    assert "enable_scumble_krita=true" in (home.home / KRITARC).read_text()
    assert not (home.data / "install.lock").exists()
    assert home.finish() == 0 and home.contents() == first  # and a second time nothing changes
    assert "Traceback" not in home.said


@pytest.mark.slow
def test_pip_outliving_its_installer_is_waited_for(home):
    """Killed alone, the installer leaves pip at work, and the next run must not write beside it."""
    home.kill_when(lambda: home.unpacked(1), everything=False)
    codes = [home.finish()]
    while codes[-1] == 1 and "another run of install.py is at work" in home.said and len(codes) < 100:
        codes.append(home.finish())
    assert codes[-1] == 0, home.said
    assert home.unpacked(MANY + 1) and "Traceback" not in home.said


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("installed"))
    assert home.finish() == 0, home.said
    return home


def age(home: Home) -> None:
    """Older plug-ins in place of today's, and Krita's settings without them."""
    for name in (f"{KRITA}/scumble_krita", f"{GIMP}/scumble"):
        shutil.rmtree(home.home / name)
        (home.home / name).mkdir()
        (home.home / name / "old.py").write_text("older")
    (home.home / KRITARC).write_text("[a]\nb=c\n")
    (home.data / "engine-command.json").unlink()


# Of the changes that an update makes: the command, the first file of a plug-in, one in the middle, those about the
# places of the old and the new, Krita's settings.
WORDS = (
    "write {data}/engine-command.json.scumble-part",
    "rename {data}/engine-command.json.scumble-part",
    "write {krita}/.scumble_krita.scumble-new/wire/editor/link.py",
    "rename {krita}/scumble_krita",
    "rename {krita}/.scumble_krita.scumble-new",
    "remove {krita}/.scumble_krita.scumble-old",
    "rename {kritarc}.scumble-part",
    "rename {gimp}/.scumble.scumble-new",
)


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words.replace("{", "").replace("}", ""))
def test_killed_at_a_change_of_the_disk_the_next_run_completes(installed, words):
    want = installed.contents()
    age(installed)
    places = {"krita": KRITA, "gimp": GIMP, "kritarc": KRITARC, "data": ".local/share/scumble"}
    step = words.format(**{name: installed.home / place for name, place in places.items()})
    assert installed.finish("-c", AT_STEP, str(ROOT), step) == -signal.SIGKILL, installed.said
    assert installed.contents() != want
    kept = installed.contents()
    assert kept[KRITARC].startswith(b"[a]\nb=c\n") and kept[f"{KRITA}/other/own.py"] == b"theirs"
    assert installed.finish() == 0, installed.said
    assert installed.contents() == want
    assert not [p for p in installed.home.rglob("*scumble-*") if p.name.endswith(("-new", "-old", "-part"))]
