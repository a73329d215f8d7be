"""The doctor on systems that are broken in one way each: it names the fault in plain words, with what to do."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.assemble import assemble
from scumble.cli import main
from scumble.features import models
from scumble.networks import models as networks
from scumble.server.doctor import editors as doctor_editors
from scumble.server.doctor.doctor import render_doctor
from scumble.styles import library
from scumble.wire.engine.connection import Connection, write_connection
from scumble.wire.engine.folders import data_folder, log_folder
from scumble.wire.engine.remote import write_private

from ..running import Running, environment, note_command

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX's own")
ON = "[python]\nenable_scumble_krita=true\n"
KRITA = ".local/share/krita/pykrita"
GIMP = ".config/GIMP/3.0/plug-ins"


@dataclasses.dataclass
class Patient:
    """A system that is to be looked at."""

    home: Path
    patch: pytest.MonkeyPatch
    read: Callable[[], str]

    def look(self) -> dict[str, dict[str, object]]:
        """The findings by their names. What is said as text and as JSON is the same, and plain."""
        self.read()
        code = main(["doctor", "--json"])
        report = json.loads(self.read())
        assert code == (0 if report["ok"] else 1)
        text = render_doctor(report)
        for check in report["checks"]:
            assert f"{check['name']}: {check['text']}" in text and check["remedy"] in text
            assert check["ok"] or (check["remedy"] and check["text"])
        for word in ("Traceback", "Errno", "Error:", "Exception", "None", "{"):
            assert word not in text, text
        return {c["name"]: c for c in report["checks"]}

    def wrong(self, *words: str) -> dict[str, object]:
        """The one thing that is wrong, in whose finding these words are."""
        found = [c for c in self.look().values() if not c["ok"]]
        assert len(found) == 1, found
        said = f"{found[0]['name']}: {found[0]['text']} {found[0]['remedy']}"
        assert all(word in said for word in words), said
        return found[0]


@pytest.fixture
def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> Patient:
    home = tmp_path / "home"
    home.mkdir()
    for name, value in {**environment(tmp_path), "HOME": str(home)}.items():
        monkeypatch.setenv(name, value)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "GIMP3_DIRECTORY", "SCUMBLE_ENGINE", "SCUMBLE_ENGINE_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(doctor_editors.Path, "home", lambda: home)
    monkeypatch.setattr("scumble.server.doctor.doctor._torch", list)  # tests of it put it back
    monkeypatch.setattr("sys.platform", "linux" if sys.platform != "win32" else "win32")
    return Patient(home, monkeypatch, lambda: capsys.readouterr().out)


def test_a_sound_system_is_sound(patient: Patient) -> None:
    found = patient.look()
    assert all(c["ok"] and not c["remedy"] for c in found.values())
    assert found["Engine"]["text"] == "not running; it starts when it is needed"


# the engine


def test_a_file_of_a_dead_engine_is_no_engine(patient: Patient) -> None:
    process = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    write_connection(Connection("tcp://127.0.0.1:9", token="t", pid=int(process.stdout)))
    assert "not running" in str(patient.look()["Engine"]["text"])


@POSIX
def test_nor_is_one_whose_number_another_process_has_by_now(patient: Patient, start: Callable[..., Running]) -> None:
    engine = start()
    patient.patch.setenv("SCUMBLE_RUNTIME", str(engine.folder / "runtime"))
    told = engine.connection
    engine.process.kill()
    engine.process.wait()
    write_connection(dataclasses.replace(told, pid=os.getpid()))
    assert "not running" in str(patient.look()["Engine"]["text"])
    assert main(["stop"]) == 0 and "No engine was running" in patient.read()


def test_a_token_that_is_not_the_engines(patient: Patient, start: Callable[..., Running]) -> None:
    engine = start()
    patient.patch.setenv("SCUMBLE_RUNTIME", str(engine.folder / "runtime"))
    told = engine.connection
    write_connection(dataclasses.replace(told, token="wrong"))
    found = patient.look()["Engine"]
    if found["ok"]:
        pytest.skip("the engine was faster: it writes its file anew")
    assert "refused" in str(found["text"]) and "scumble stop" in str(found["remedy"])


def test_a_remote_engine_out_of_reach(patient: Patient) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{unused.getsockname()[1]}"
    write_private(data_folder() / "remote.json", json.dumps(Connection(address, token="t").to_plain()))
    patient.wrong("Engine", address, "scumble remote forget")


def test_a_choice_of_a_remote_engine_that_cannot_be_read(patient: Patient) -> None:
    write_private(data_folder() / "remote.json", "{")
    said = str(patient.wrong("Engine", "remote.json", "scumble remote forget")["text"])
    assert said.endswith("does not describe an engine: not JSON.")


def test_the_engines_last_error_is_told(patient: Patient) -> None:
    (log_folder() / "engine.log").write_text("2026-11-20 10:00:00,123 ERROR scumble.front: a handler failed\n")
    found = patient.look()["Engine’s log"]
    assert found["ok"] and "a handler failed" in str(found["text"]) and "--bundle" in str(found["remedy"])


# what it starts


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["/gone/python", "-m", "scumble.server"], "“/gone/python” is not there"),
        ([sys.executable, "-c", "import no_such_package"], "No module named 'no_such_package'"),
        ([sys.executable, "-c", "import sys; sys.exit('Python 3.10 or newer is needed')"], "3.10 or newer"),
        ([sys.executable, "-c", "import os; os.abort()"], "it crashed"),
    ],
    ids=["gone", "half installed", "other Python", "crashes"],
)
def test_an_engine_that_cannot_be_started(patient: Patient, words: list[str], said: str) -> None:
    note_command(words)
    patient.wrong("Engine’s program", said, "install.py")


def test_a_note_of_what_to_start_that_cannot_be_read(patient: Patient) -> None:
    note_command(["x"]).write_text("{")
    patient.wrong("Engine’s program", "engine-command.json", "install.py")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise ModuleNotFoundError(\"No module named 'torch'\")", "cannot be loaded: No module named 'torch'"),
        ("raise OSError('libcudart.so.12: cannot open shared object file')", "libcudart.so.12"),
        ("import os; os.kill(os.getpid(), 11)", "crashed (signal 11)"),
    ],
    ids=["none", "broken", "crashes"],
)
def test_a_torch_that_cannot_be_loaded(patient: Patient, tmp_path: Path, code: str, said: str) -> None:
    from scumble.server.doctor import doctor

    (tmp_path / "torch.py").write_text(code)
    patient.patch.undo()
    for name, value in {**environment(tmp_path), "HOME": str(patient.home)}.items():
        patient.patch.setenv(name, value)
    patient.patch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ["PYTHONPATH"]]))
    (finding,) = doctor._torch()
    assert not finding.ok and said in finding.text and "Error" not in finding.text and finding.remedy


# weights and styles


@pytest.fixture
def shipped(patient: Patient, tmp_path: Path) -> dict[str, Path]:
    """Copies of what is shipped, to be harmed."""
    copies = {}
    for module, name in ((models, "SHIPPED"), (networks, "SHIPPED"), (library, "CARDS")):
        copy = tmp_path / module.__name__
        shutil.copytree(getattr(module, name), copy)
        patient.patch.setattr(module, name, copy)
        copies[module.__name__.split(".")[1]] = copy
    library._index.cache_clear()
    return copies


@pytest.fixture(autouse=True)
def _index_of_its_own():
    yield
    library._index.cache_clear()


def truncate(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def test_shipped_weights_that_are_damaged(patient: Patient, shipped: dict[str, Path]) -> None:
    truncate(shipped["features"] / "slim.safetensors")
    patient.wrong("Model slim", "damaged", "install.py")


def test_weights_whose_digest_is_lost(patient: Patient, shipped: dict[str, Path]) -> None:
    (shipped["networks"] / "painter.json").write_text("{")
    patient.wrong("Model painter", "damaged", "install.py")


def test_weights_that_are_missing(patient: Patient, shipped: dict[str, Path]) -> None:
    (shipped["networks"] / "painter.safetensors").unlink()
    patient.wrong("Models", "missing: painter", "install.py")


def test_fetched_weights_that_are_damaged(patient: Patient) -> None:
    folder = data_folder() / "weights"
    folder.mkdir()
    (folder / "vgg19.safetensors").write_bytes(b"half")
    (folder / "vgg19.json").write_text('{"sha256": "00"}')
    patient.wrong("Model vgg19", str(folder / "vgg19.safetensors"), "scumble models fetch vgg19")


@pytest.mark.parametrize("harm", ["index", "no index", "card", "no card"])
def test_a_library_that_is_damaged(patient: Patient, shipped: dict[str, Path], harm: str) -> None:
    cards = shipped["styles"]
    if harm == "card":
        truncate(cards / "starry-night.safetensors")
    elif harm == "no card":
        (cards / "starry-night.safetensors").unlink()
    elif harm == "index":
        truncate(cards / "index.json")
    else:
        (cards / "index.json").unlink()
    patient.wrong("Style library", "starry-night" if "card" in harm else "list", "damaged", "install.py")


def test_a_style_of_the_users_own_that_is_damaged(patient: Patient) -> None:
    folder = data_folder() / "styles" / "my-style"
    folder.mkdir(parents=True)
    (folder / "style.json").write_text("{")
    patient.wrong("my-style", "scumble styles remove my-style")


# folders, disk, clock


@POSIX
def test_a_data_folder_that_cannot_be_written(patient: Patient) -> None:
    folder = data_folder()
    folder.chmod(0o500)
    try:
        if os.access(folder, os.W_OK):  # root writes everywhere but where nobody can
            folder.chmod(0o700)
            patient.patch.setattr(Path, "write_bytes", refused)
            found = [c for n, c in patient.look().items() if not c["ok"]]
            assert len(found) == 4 and all("Permission denied" in str(c["text"]) for c in found)
            return
        patient.wrong("Data folder", str(folder), "Permission denied", "Allow yourself")
    finally:
        folder.chmod(0o700)


@POSIX
def test_a_data_folder_that_others_can_write_in(patient: Patient) -> None:
    data_folder().chmod(0o777)
    patient.wrong("Data folder", "others can write", "chmod 700")


def refused(path: Path, data: bytes) -> int:
    raise PermissionError(13, "Permission denied", str(path))


@pytest.fixture
def small_disk(tmp_path: Path):
    """A disk of a megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "none", str(place)]
    if not shutil.which("mount") or subprocess.run(mounted, capture_output=True).returncode:
        pytest.skip("may not mount a disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@POSIX
def test_a_disk_that_is_full(patient: Patient, small_disk: Path) -> None:
    patient.patch.setenv("SCUMBLE_CACHE", str(small_disk / "cache"))
    assert "0.0 GB free" in str(patient.wrong("Cache folder", "Free some space")["text"])
    with contextlib.suppress(OSError), (small_disk / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    patient.wrong("Cache folder", "full", "Free some space")


def test_a_clock_that_is_off(patient: Patient) -> None:
    patient.patch.setattr(time, "time", lambda: 1e9)
    patient.wrong("Clock", "before Scumble was installed", "Set date and time")


# the editors


@pytest.fixture
def installed(patient: Patient) -> Patient:
    """With both plug-ins, as they are installed."""
    assemble("krita", patient.home / KRITA)
    assemble("gimp", patient.home / GIMP)
    (patient.home / ".config/kritarc").write_text(ON)
    assert [c["ok"] for n, c in patient.look().items() if "plug-in" in n] == [True, True]
    return patient


def test_an_older_plugin(installed: Patient) -> None:
    for path in installed.home.rglob("scumble_krita/version.py"):
        path.write_text('VERSION = "0.0.1"\n')
    installed.wrong("Krita plug-in", "0.0.1 where", "install.py")


@pytest.mark.parametrize(
    "gone",
    ["scumble_krita.desktop", "scumble_krita/wire/editor/link.py", "scumble_krita/wire", "scumble_krita/version.py"],
)
def test_a_plugin_that_was_copied_by_half(installed: Patient, gone: str) -> None:
    path = installed.home / KRITA / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    installed.wrong("Krita plug-in", "incomplete", "install.py")


def test_a_plugin_whose_file_was_cut_off(installed: Patient) -> None:
    path = installed.home / GIMP / "scumble/scumble_gimp/procedures.py"
    path.write_text("def half(:\n")
    installed.wrong("GIMP plug-in", "scumble_gimp/procedures.py is damaged", "install.py")


@POSIX
def test_a_plugin_that_may_not_be_run(installed: Patient) -> None:
    program = installed.home / GIMP / "scumble/scumble.py"
    program.chmod(stat.S_IRUSR)
    installed.wrong("GIMP plug-in", "may not be run", "install.py")


def test_a_plugin_that_was_switched_off(installed: Patient) -> None:
    (installed.home / ".config/kritarc").write_text(ON.replace("true", "false"))
    installed.wrong("Krita plug-in", "not switched on", "Python Plugin Manager")


def test_a_plugin_that_met_an_error(installed: Patient) -> None:
    (log_folder() / "krita.log").write_text("2026-11-20 10:00:00,123 ERROR the layer has gone\n")
    found = installed.look()["Krita plug-in’s log"]
    assert found["ok"] and "the layer has gone" in str(found["text"]) and "--bundle" in str(found["remedy"])
