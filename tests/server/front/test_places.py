"""Where an engine lives: odd home folders, other users, other namespaces of processes, and folders that are damaged."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scumble.server import commands
from scumble.wire import Client, ScumbleError, read_connection
from scumble.wire.engine import connection as connection_module
from scumble.wire.engine.folders import runtime_folder
from scumble.wire.engine.processes import is_alive, is_locked, namespace

from ..running import FAST, HERE, PACKAGE, Running, ask, environment, launch, wait_until

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX's own")
ROOT = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root gives files away")
STRANGER = 12345
CLIENT = """
import sys
from scumble.wire import Client
from tests.server.running import ask
client = Client.connect_or_start("test")
a = ask()
_, pixels, _ = client.run(a.request, a.blobs)
assert len(pixels) == 12 * 8 * 4
print(client.info["pid"], client.info["log"].encode("utf-8", "surrogateescape").hex())
client.shutdown(now="--end" in sys.argv) if "--end" in sys.argv else client.close()
"""


def bare_environment(home: os.PathLike[str], **more: str) -> dict[str, str]:
    """A user's, whose folders are where the platform has them."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SCUMBLE_", "XDG_", "LC_", "LANG"))}
    words = [sys.executable, "-m", "scumble.server", *FAST]
    paths = os.pathsep.join([str(PACKAGE), str(HERE), str(HERE.parents[1])])
    engine = {"SCUMBLE_ENGINE": json.dumps(words), "SCUMBLE_KEEP_ENV": "1", "PYTHONPATH": paths}
    return {**kept, **engine, "HOME": os.fspath(home), "TMPDIR": os.fspath(home), "OMP_NUM_THREADS": "1", **more}


@POSIX
@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
@pytest.mark.parametrize("name", ["Zoë's  Müller $x 空", b"M\xfcller"], ids=["unicode", "latin-1"])
def test_a_home_with_any_name_will_do(tmp_path: Path, name: str | bytes, locale: str) -> None:
    home = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), os.fsencode(name))))
    home.mkdir()
    env = bare_environment(home, LC_ALL=locale)
    done = subprocess.run([sys.executable, "-c", CLIENT, "--end"], env=env, capture_output=True, text=True, timeout=50)
    assert done.returncode == 0, done.stderr
    pid, log = done.stdout.split()
    assert isinstance(name, bytes) or os.fsencode(home) in bytes.fromhex(log)  # texts on the wire are UTF-8
    assert (home / ".local/state/scumble/engine-start.log").is_file()
    wait_until(lambda: not is_alive(int(pid)))
    assert not list(home.rglob("engine.json*")) and (home / ".cache/scumble/blobs").is_dir()
    assert not list((home / ".cache/scumble/partial").iterdir())


@POSIX
def test_the_installed_engine_may_lie_in_a_folder_with_any_name(tmp_path: Path) -> None:
    home = tmp_path / "Büro Ordner"
    program = home / "mein Python"
    home.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    program.chmod(0o755)
    env = bare_environment(home)
    del env["SCUMBLE_ENGINE"]
    words = [str(program), "-m", "scumble.server", *FAST]
    code = f"from tests.server.running import note_command; note_command({words!r})"
    subprocess.run([sys.executable, "-c", code], env=env, check=True)
    done = subprocess.run([sys.executable, "-c", CLIENT, "--end"], env=env, capture_output=True, text=True, timeout=50)
    assert done.returncode == 0, done.stderr
    wait_until(lambda: not is_alive(int(done.stdout.split()[0])))


@POSIX
@ROOT
def test_another_users_things_are_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger was first in the temporary folder: neither his folder nor his file is taken for ours."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o777)
    (runtime / "engine.json").write_text('{"address": "tcp://127.0.0.1:1", "token": "t", "pid": 1}')
    (runtime / "engine.json").chmod(0o600)
    os.chown(runtime / "engine.json", STRANGER, STRANGER)
    monkeypatch.setenv("SCUMBLE_RUNTIME", str(runtime))
    for given in (runtime / "engine.json", runtime):
        os.chown(given, STRANGER, STRANGER)
        with pytest.raises(ScumbleError) as e:
            Client.connect_or_start("test")
        assert e.value.code == "folder-unsafe"
    process = launch(tmp_path, FAST)
    _, words = process.communicate(timeout=20)
    assert process.returncode == 1 and "[folder-unsafe]" in words and "Traceback" not in words


@POSIX
@ROOT
def test_two_users_have_two_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.delenv("SCUMBLE_RUNTIME", raising=False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    mine = runtime_folder()
    assert stat.S_IMODE(mine.stat().st_mode) == 0o700
    monkeypatch.setattr("scumble.wire.engine.folders._uid", lambda: STRANGER)
    with pytest.raises(ScumbleError):  # it is made by us, who are not he
        runtime_folder()
    assert {p.name for p in tmp_path.iterdir()} == {mine.name, f"scumble-{STRANGER}"}


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Callable[[Running], None]:
    """This process looks at an engine from another namespace, where its number means nothing."""

    def go(engine: Running) -> None:
        for name, value in environment(engine.folder).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(connection_module, "namespace", lambda: "pid:[1]")
        monkeypatch.setattr(connection_module, "is_alive", lambda pid: pytest.fail("a number that means nothing here"))
        monkeypatch.setattr(commands, "is_alive", lambda pid: pytest.fail("a number that means nothing here"))
        monkeypatch.setattr(os, "kill", lambda *a: pytest.fail("the wrong process"))

    return go


namespaces = pytest.mark.skipif(not namespace(), reason="no namespaces of processes here")


@namespaces
def test_from_another_namespace_the_lock_tells_whether_an_engine_lives(
    start: Callable[..., Running], elsewhere: Callable[[Running], None]
) -> None:
    engine = start()
    elsewhere(engine)
    assert (read_connection() or pytest.fail("none")).pid == engine.process.pid
    for _ in range(20):  # looking does not disturb
        read_connection()
    assert commands.status()["pid"] == engine.process.pid
    assert commands.stop() == {"state": "stopped"}
    assert engine.ended() == 0


@namespaces
def test_from_another_namespace_a_crashed_engine_is_stale(
    start: Callable[..., Running], elsewhere: Callable[[Running], None]
) -> None:
    engine = start()
    engine.process.kill()
    engine.process.wait()
    elsewhere(engine)
    assert (engine.folder / "runtime/engine.json").exists() and read_connection() is None
    assert commands.stop() == {"state": "none"} and commands.status() == {"running": False}


def unshared() -> list[str]:
    """What runs a program in a namespace of its own; empty where that is not allowed."""
    words = ["unshare", "--pid", "--fork", "--mount-proc"]
    if not shutil.which("unshare"):
        return []
    return words if subprocess.run([*words, "true"], capture_output=True).returncode == 0 else []


@namespaces
def test_a_client_in_a_real_namespace_of_its_own_uses_the_engine(start: Callable[..., Running]) -> None:
    words = unshared()
    if not words:
        pytest.skip("may not make namespaces")
    engine = start()
    env = {**environment(engine.folder), **{k: v for k, v in bare_environment("/").items() if k == "PYTHONPATH"}}
    env["SCUMBLE_ENGINE"] = "/nowhere/engine"
    command = [*words, sys.executable, "-c", CLIENT]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=50)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) == engine.process.pid


@POSIX
def test_a_connection_file_that_is_lost_or_damaged_comes_back(start: Callable[..., Running]) -> None:
    engine = start()
    runtime = engine.folder / "runtime"
    before = engine.connection
    for harm in (
        lambda: (runtime / "engine.json").unlink(),
        lambda: (runtime / "engine.json").write_text("{"),
        lambda: (runtime / "engine.json").chmod(0o644),
        lambda: shutil.rmtree(runtime),
    ):
        harm()

        def restored() -> bool:
            try:
                return read_connection(runtime) == before
            except ScumbleError:
                return False

        wait_until(restored, what="the file's return")
    assert is_locked(runtime / "engine.lock"), "also a lock that was removed"
    second = launch(engine.folder, FAST)
    _, words = second.communicate(timeout=20)
    assert second.returncode == 3 and "[engine-running]" in words
    assert engine.process.poll() is None


@POSIX
def test_an_engine_whose_place_another_took_ends(start: Callable[..., Running]) -> None:
    engine = start()
    runtime = engine.folder / "runtime"
    engine.process.send_signal(signal.SIGSTOP)
    shutil.rmtree(runtime)
    second = start(folder=engine.folder)
    engine.process.send_signal(signal.SIGCONT)
    assert engine.ended(20) == 0
    assert second.connection.pid == second.process.pid
    with second.client() as client:
        a = ask()
        client.run(a.request, a.blobs)


@POSIX
def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(connection_module.json, "dump", full)
    with pytest.raises(ScumbleError) as e:
        connection_module.write_connection(connection_module.Connection("tcp://127.0.0.1:1", token="t"), tmp_path)
    assert e.value.code == "file-write" and "No space left" in e.value.sentence and list(tmp_path.iterdir()) == []


@POSIX
def test_why_an_engine_could_not_start_is_its_own_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not that it is to be installed: it said what is wrong, and what to do."""
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SCUMBLE_ENGINE", json.dumps([sys.executable, "-m", "scumble.server", *FAST]))
    monkeypatch.setenv("SCUMBLE_KEEP_ENV", "1")
    (tmp_path / "cache").mkdir(mode=0o700)
    (tmp_path / "cache" / "partial").write_text("a file where a folder should be")
    with pytest.raises(ScumbleError) as e:
        Client.connect_or_start("test")
    assert e.value.code == "file-write" and str(e.value.values["name"]).endswith("partial")
    assert "install.py" not in str(e.value) and e.value.sentence.startswith("“") and e.value.remedy
