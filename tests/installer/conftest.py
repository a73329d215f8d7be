"""A machine that is made up: its folders, its programs, and an engine's environment without pip and network.

machine                 a home named `Zoë Müller 画家` on Linux with nothing in it; `.add("…/krita/")` makes things
machine.install("--editor", "krita")        install.py's own work there; the exit code
machine.tree()                              every file with its content, mode and time
machine.kill_at(n)                          the n-th change of the disk does not happen any more: `Killed`
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from installer import bundle, commands, environment, run, targets
from installer.disk import Disk
from installer.system import System
from plugins import assemble

from .wheel import wheel

ROOT = Path(__file__).parents[2]
NAME = "Zoë Müller 画家"


class Killed(BaseException):
    """The installer's process ended here."""


class CountingDisk(Disk):
    """A disk that counts its steps together with those of the environment."""

    def __init__(self, machine: Machine, dry: bool) -> None:
        super().__init__(dry)
        self.machine = machine

    def step(self, what: str) -> None:
        self.machine.step(what)


class Machine:
    """A user's machine under a folder."""

    def __init__(self, root: Path, parser: object) -> None:
        self.root, self.home = root, root / "home" / NAME
        self.home.mkdir(parents=True)
        self.platform = "linux"
        self.own = {"XDG_RUNTIME_DIR": str(root / "run")}
        (root / "run").mkdir()
        self.environ: dict[str, str] = {}
        self.programs: dict[str, str] = {}  # by name: what it prints
        self.parser = parser
        self.steps: list[str] = []
        self.stop_at = 0
        self.ran: list[str] = []
        self.asked: list[str] = []
        self.out_of_reach: set[str] = set()
        self.well = True

    @property
    def system(self) -> System:
        return System(
            self.platform,
            {**self.own, **self.environ},
            self.home,
            self.root,
            self._which,
            lambda c: self.programs.get(c[0], ""),
            "x86_64",
        )

    def _which(self, name: str) -> str | None:
        return f"/usr/bin/{name}" if name in self.programs else None

    def add(self, *names: str, text: str = "") -> None:
        """Make files, or folders whose names end in “/”, in the home folder or, with a leading “/”, for all users."""
        for name in names:
            path = self.root / name[1:] if name.startswith("/") else self.home / name
            if name.endswith("/"):
                path.mkdir(parents=True, exist_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)

    def install(self, *words: str) -> int:
        args = self.parser().parse_args(words)  # type: ignore[operator]
        return run.carry_out(args, self.system, CountingDisk(self, args.dry_run))

    def kill_at(self, number: int) -> None:
        self.steps, self.stop_at = [], number

    def step(self, what: str) -> None:
        self.steps.append(what)
        if len(self.steps) == self.stop_at:
            raise Killed(what)

    def tree(self, folder: Path | None = None) -> dict[str, tuple[bytes, int, int]]:
        found = {}
        for path in sorted((folder or self.home).rglob("*")):
            data = b"" if path.is_dir() else path.read_bytes()
            status = path.lstat()
            moment = 0 if path.is_dir() else status.st_mtime_ns
            found[str(path.relative_to(self.home))] = (data, status.st_mode, moment)
        return found

    def contents(self) -> dict[str, bytes]:
        """Files and what is in them, times and folders aside."""
        return {name: data for name, (data, mode, _) in self.tree().items() if mode & 0o100000}

    @property
    def data(self) -> Path:
        return self.home / ".local/share/scumble"

    @property
    def packages(self) -> Path:
        return self.data / "engine/lib/python3.12/site-packages"

    # What stands in for venv, pip and the engine: each writes in steps, so that it can be killed between two.

    def make_venv(self, folder: Path, offline: Path | None = None) -> None:
        self.step("rmtree the environment")
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("bin/python", "lib/python3.12/site-packages/pip-25.dist-info/RECORD"):
            self.step(f"venv writes {name}")
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("")

    def run_pip(self, python: Path, words: Sequence[str], cwd: Path) -> tuple[int, str]:
        self.asked.append(" ".join(words))
        if any(word in self.out_of_reach for word in words):
            return 1, "ERROR: Could not find a version that satisfies the requirement torch"
        if words[0] == "install":
            for name in ("msgpack", "torch", "scumble"):
                self._unpack(python.parent.parent / "lib/python3.12/site-packages", name)
        return 0, ""

    def _unpack(self, packages: Path, name: str) -> None:
        record = packages / f"{name}-1.dist-info"
        if record.is_dir():
            return  # pip: requirement already satisfied
        files = ["__init__.py", "exceptions.py", "ext.py", "fallback.py"] if name == "msgpack" else ["__init__.py"]
        record.mkdir(parents=True)  # first, so that a killed pip leaves what the next takes for installed
        for file in files:
            self.step(f"pip writes {name}/{file}")
            (packages / name).mkdir(exist_ok=True)
            (packages / name / file).write_text(f"# {name}")
        self.step(f"pip writes the record of {name}")
        lines = [f"{name}/{file},sha256=x,{len(name) + 2}\n" for file in files]
        (record / "RECORD").write_text("".join(lines) + f"{record.name}/RECORD,,\n")

    def run_quietly(self, command: Sequence[str], seconds: float = 60) -> int:
        self.ran.append(" ".join(map(str, command[1:])))
        python = Path(command[0])
        wants_pip = "import sys, pip" in self.ran[-1]
        well = python.exists() and not (
            wants_pip and not list(python.parents[1].glob("lib/*/site-packages/pip-*/RECORD"))
        )
        return 0 if well else 1


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins without this machine's settings of pip, of Python and of proxies."""
    for name in os.environ:
        if name.startswith(("PIP_", "PYTHON")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")


@pytest.fixture
def hostile_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which pip may have no torch from 9 on, and is led to a folder with another one."""
    astray, files = tmp_path / "astray", tmp_path / "config/pip"
    wheel(astray, "torch", "99.0", "wrong\n")
    files.mkdir(parents=True)
    (files / "constraints.txt").write_text("torch<9\n")
    settings = {
        "constraint": (files / "constraints.txt").as_uri(),
        "find-links": str(astray),
        "target": str(tmp_path / "t"),
    }
    lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
    for name in ("pip.conf", "pip.ini"):
        (files / name).write_text(f"[global]\n{lines}")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(files / "pip.conf"))
    for name in ("XDG_CONFIG_DIRS", "XDG_CONFIG_HOME"):  # for all users, and for this one
        monkeypatch.setenv(name, str(files.parent))
    for name, value in settings.items():
        monkeypatch.setenv("PIP_" + name.upper().replace("-", "_"), value)
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("PYTHONPATH", str(astray))


@pytest.fixture(scope="session")
def environment_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with pip, made as the installer makes one."""
    made = tmp_path_factory.mktemp("environment") / "made"
    environment.make_venv(made)
    return made


@pytest.fixture
def copied_environment(environment_of_all: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The installer makes its environments by copying that one: each of its own takes seconds."""

    def make(folder: Path, offline: Path | None = None) -> None:
        shutil.copytree(environment_of_all, folder, symlinks=True)

    monkeypatch.setattr(environment, "make_venv", make)


@pytest.fixture(scope="session")
def install() -> ModuleType:
    """install.py itself."""
    spec = importlib.util.spec_from_file_location("install", ROOT / "install.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plug-ins' sources, as they are now: somebody may be working on them."""
    copy = tmp_path_factory.mktemp("sources")
    left_out = shutil.ignore_patterns("__pycache__", "wire", "typings")
    shutil.copytree(assemble.PLUGINS, copy / "plugins", ignore=left_out)
    shutil.copytree(assemble.WIRE, copy / "wire", ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture
def machine(install: ModuleType, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path, install.make_parser)
    monkeypatch.setattr(assemble, "PLUGINS", sources / "plugins")
    monkeypatch.setattr(assemble, "WIRE", sources / "wire")
    monkeypatch.setattr(targets, "package_digest", lambda: "today")
    monkeypatch.setattr(bundle, "packed_sources", lambda: b"sources")
    for name in ("SCUMBLE_TORCH_INDEX", "SCUMBLE_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(environment, "make_venv", made.make_venv)
    monkeypatch.setattr(commands, "run_pip", made.run_pip)
    monkeypatch.setattr(commands, "run_quietly", made.run_quietly)
    monkeypatch.setattr(commands, "run", lambda command, cwd, **more: made.run_quietly(command))
    monkeypatch.setattr(run, "try_out", lambda python, plugins: made.well)
    return made
