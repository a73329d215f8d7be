"""An engine on another machine: by keys, by a tunnel, and what is said when it is not there or does not want us."""

from __future__ import annotations

import dataclasses
import json
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq

from scumble.cli import main
from scumble.server import commands, keys
from scumble.wire import Client, Connection, Link, Result, ScumbleError
from scumble.wire.engine import launch
from scumble.wire.engine.connection import read_connection
from scumble.wire.engine.remote import forget_remote, remote_connection, set_remote, write_private

from ...wire.ticking import Ticking
from ..running import Running, ask, submit, wait_for_end
from ..tunnel import Tunnel

pytestmark = pytest.mark.skipif(not zmq.has("curve"), reason="this libzmq has no CURVE")
FOLDERS = ("runtime", "data", "cache", "logs")


def stand_in(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """This process is on the machine whose folders are there."""
    for name in FOLDERS:
        patch.setenv(f"SCUMBLE_{name.upper()}", str(folder / name))


@pytest.fixture
def near(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The machine of the client; an engine started there would be a fault."""
    stand_in(tmp_path / "near", monkeypatch)
    monkeypatch.delenv("SCUMBLE_ENGINE_FILE", raising=False)
    monkeypatch.setattr(launch, "_Detached", lambda *a, **k: pytest.fail("started an engine"))
    return tmp_path / "near"


@pytest.fixture(scope="module")
def far(start: Callable[..., Running], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The machine of the engine, whose keys were made there."""
    folder = tmp_path_factory.mktemp("far")
    with pytest.MonkeyPatch.context() as patch:
        stand_in(folder, patch)
        keys.admit("first", "tcp://127.0.0.1:1")
    yield start("--listen", "tcp://0.0.0.0:*", folder=folder)


def invited(far: Running, file: Path, name: str = "ada") -> Path:
    """The file that the far machine makes for a client."""
    address = f"tcp://localhost:{far.connection.address.rpartition(':')[2]}"
    with pytest.MonkeyPatch.context() as patch:
        stand_in(far.folder, patch)
        assert main(["keys", address, "--name", name, "-o", str(file)]) == 0
    return file


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(ScumbleError) as e:
        call()
    assert "{" not in e.value.sentence + e.value.remedy
    return e.value.code


def test_a_client_with_keys_paints_on_the_far_engine(far: Running, near: Path, tmp_path: Path, capsys) -> None:
    file = invited(far, tmp_path / "ada.json")
    assert main(["remote", "set", str(file)]) == 0
    assert main(["remote", "show"]) == 0
    assert "localhost" in capsys.readouterr().out
    with Client.connect_or_start("test") as client:
        assert client.info["pid"] == far.process.pid
        a = ask()
        _, pixels, _ = client.run(a.request, a.blobs)
        assert len(pixels) == 12 * 8 * 4
    report = commands.status()
    assert report["remote"] and report["pid"] == far.process.pid and "another machine" in commands.render_status(report)
    assert main(["remote", "forget"]) == 0 and commands.status() == {"running": False}
    assert read_connection() is None


def test_clients_of_the_far_machine_itself_get_in(far: Running) -> None:
    with far.client() as client:
        assert client.status()["pid"] == far.process.pid


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_keys_are_for_the_user_alone(far: Running, tmp_path: Path) -> None:
    file = invited(far, tmp_path / "mode.json", "mode")
    folder = far.folder / "data" / "keys"
    files = [file, *(p for p in folder.rglob("*") if p.is_file())]
    assert len(files) >= 3 and {p.stat().st_mode & 0o777 for p in files} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_who_was_not_let_in_is_refused(far: Running, near: Path, tmp_path: Path) -> None:
    file = invited(far, tmp_path / "eve.json", "eve")
    set_remote(file)
    Client.connect_or_start("test").close()
    (far.folder / "data/keys/clients/eve.key").unlink()
    assert code_of(lambda: Client.connect_or_start("test")) == "remote-refused"
    plain = json.loads(file.read_text())
    write_private(file, json.dumps({**plain, "client_key": "", "client_secret": ""}))
    set_remote(file)
    assert code_of(lambda: Client.connect_or_start("test")) == "remote-refused"
    assert far.process.poll() is None


def test_another_engines_key_is_refused(far: Running, near: Path, tmp_path: Path) -> None:
    plain = json.loads(invited(far, tmp_path / "mix.json", "mix").read_text())
    public, _ = zmq.curve_keypair()
    write_private(tmp_path / "mix.json", json.dumps({**plain, "server_key": public.decode()}))
    set_remote(tmp_path / "mix.json")
    assert code_of(lambda: Client.connect_or_start("test")) in ("remote-refused", "remote-unreachable")


def test_without_pyzmq_it_names_the_tunnel(far: Running, near: Path, tmp_path: Path) -> None:
    set_remote(invited(far, tmp_path / "pure.json", "pure"))
    with pytest.raises(ScumbleError) as e:
        Client.connect_or_start("test", prefer="pure")
    assert e.value.code == "curve-missing" and "remote.md" in e.value.remedy


@pytest.mark.parametrize("prefer", ["pure", "pyzmq"])
def test_the_recipe_of_the_tunnel(
    start: Callable[..., Running], near: Path, tmp_path: Path, prefer: str, capsys
) -> None:
    """As docs/remote.md tells it: a loopback port there, its connection file copied, a port of ours in front of it."""
    far = start("--listen", "tcp://127.0.0.1:*")
    tunnel = Tunnel(int(far.connection.address.rpartition(":")[2]))
    copied = tmp_path / "engine.json"
    copied.write_bytes((far.folder / "runtime/engine.json").read_bytes())
    copied.chmod(0o644)
    assert main(["remote", "set", str(copied), "--address", f"tcp://127.0.0.1:{tunnel.port}"]) == 0
    assert ("Others can read" in capsys.readouterr().out) == (sys.platform != "win32")
    with Client.connect_or_start("test", prefer=prefer) as client:
        a = ask(size=(700, 500))
        _, pixels, _ = client.run(a.request, a.blobs)
        assert len(pixels) == 700 * 500 * 4 and tunnel.opened == 1
    tunnel.close()
    assert code_of(lambda: Client.connect_or_start("test", prefer=prefer)) == "remote-unreachable"


def test_an_engine_that_is_not_there_is_told_and_none_is_started(near: Path, tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    nobody = Connection(f"tcp://127.0.0.1:{port}", token="t", version="0.0.1")
    write_private(tmp_path / "gone.json", json.dumps(nobody.to_plain()))
    set_remote(tmp_path / "gone.json")
    assert code_of(lambda: Client.connect_or_start("test")) == "remote-unreachable"
    assert code_of(commands.status) == "remote-unreachable" and commands.stop() == {"state": "none"}
    link = Link("test", "1")
    run = link.run(ask().request, {}, lambda run: None)
    while not run.ended:
        link.tick()
    assert run.error is not None and run.error.code == "remote-unreachable" and link.error is run.error
    assert forget_remote() and not forget_remote() and remote_connection() is None


def test_a_silent_port_is_not_waited_for_long(near: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scumble.wire.transport.connect.CONNECT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = Connection(f"tcp://127.0.0.1:{silent.getsockname()[1]}", token="t")
        write_private(tmp_path / "mute.json", json.dumps(mute.to_plain()))
        set_remote(tmp_path / "mute.json")
        assert code_of(lambda: Client.connect_or_start("test")) == "remote-unreachable"


def test_the_variable_goes_before_and_must_name_a_file(near: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    one, two = Connection("tcp://127.0.0.1:1", token="one"), Connection("tcp://127.0.0.1:2", token="two")
    for name, connection in (("one", one), ("two", two)):
        write_private(tmp_path / name, json.dumps(dataclasses.replace(connection, pid=4711).to_plain()))
    set_remote(tmp_path / "one")
    monkeypatch.setenv("SCUMBLE_ENGINE_FILE", str(tmp_path / "two"))
    assert remote_connection() == two
    assert main(["remote", "forget"]) == 0 and "SCUMBLE_ENGINE_FILE" in capsys.readouterr().out
    monkeypatch.setenv("SCUMBLE_ENGINE_FILE", str(tmp_path / "three"))
    assert code_of(remote_connection) == "remote-unreadable"
    if sys.platform != "win32":
        (tmp_path / "two").chmod(0o644)
        monkeypatch.setenv("SCUMBLE_ENGINE_FILE", str(tmp_path / "two"))
        assert code_of(remote_connection) == "folder-unsafe"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"address": "tcp://127.0.0.1:1"}', '{"token": 5}'])
def test_a_file_that_describes_no_engine_is_named(near: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "file").write_text(content)
    assert code_of(lambda: set_remote(tmp_path / "file")) == "remote-unreadable"
    assert code_of(lambda: set_remote(tmp_path / "none")) == "file-missing"
    assert remote_connection() is None
    write_private(near / "data" / "remote.json", content)
    assert code_of(remote_connection) == "remote-unreadable"
    assert code_of(lambda: Client.connect_or_start("test")) == "remote-unreadable"


def test_a_token_is_not_sent_over_the_network(near: Path, tmp_path: Path) -> None:
    write_private(tmp_path / "file", json.dumps(Connection("tcp://192.0.2.7:5000", token="t").to_plain()))
    assert code_of(lambda: set_remote(tmp_path / "file")) == "address-refused"


@pytest.mark.parametrize("name", ["", "../x", "a b", "ä", "-x", "x" * 49])
def test_names_of_clients_are_checked(near: Path, name: str) -> None:
    assert code_of(lambda: keys.admit(name, "tcp://127.0.0.1:1")) == "keys-name"
    assert code_of(lambda: keys.dismiss(name)) == "keys-unknown"


def test_clients_are_listed_and_dismissed(near: Path, capsys, tmp_path: Path) -> None:
    assert main(["keys", "--list"]) == 0 and "Nobody" in capsys.readouterr().out
    for name in ("b", "a"):
        assert main(["keys", "tcp://box:7777", "--name", name, "-o", str(tmp_path / name)]) == 0
    first, second = (json.loads((tmp_path / n).read_text()) for n in ("a", "b"))
    assert first["server_key"] == second["server_key"] and first["client_key"] != second["client_key"]
    assert main(["keys", "--remove", "a"]) == 0
    capsys.readouterr()
    assert main(["keys", "--list", "--json"]) == 0 and json.loads(capsys.readouterr().out) == ["b"]
    assert main(["keys", "nonsense"]) == 1 and main(["keys", "tcp://box:*"]) == 1
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch)
    keys.admit("a", "tcp://box:1")
    keys.server_file().chmod(0o640)
    assert code_of(lambda: keys.admit("b", "tcp://box:1")) == "keys-unreadable"
    done = commands.serve(dataclasses.replace(commands.Settings(), address="tcp://0.0.0.0:*"))
    assert done == commands.EXIT_CODES["keys-unreadable"]


@pytest.mark.parametrize("now", [False, True])
def test_a_plugin_does_not_end_the_far_engine(far: Running, near: Path, tmp_path: Path, now: bool) -> None:
    """It lets go of it: its own jobs end as they would, those of others go on."""
    set_remote(invited(far, tmp_path / "link.json", f"link{now}"))
    with far.client() as other:
        theirs = submit(other, ask(steps=100))
        link = Ticking("pyzmq")
        mine = link.run(ask(steps=3000 if now else 5), outlive=True)
        link.until(lambda: mine.job)
        assert link.link.remote
        link.link.shutdown(now)
        link.until(lambda: link.link.state == "off")
        assert mine.state == ("cancelled" if now else "done") and link.link.error is None
        assert isinstance(wait_for_end(other, theirs)[1], Result)
        states = {line["job"]: line["state"] for line in other.jobs()}
        assert not now or states[mine.job] in ("cancelled", "cancelling", "failed")
        assert far.process.poll() is None and other.status()["state"] != "stopping"
        link.link.start()
        link.until(lambda: link.link.state == "ready")
        link.link.close()


def test_an_engine_that_others_count_on_does_not_end_idle() -> None:
    import argparse

    from scumble.server.__main__ import add_arguments, settings_from

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert settings_from(parser.parse_args([])).idle_minutes == 30
    assert settings_from(parser.parse_args(["--listen", "tcp://127.0.0.1:7777"])).idle_minutes == float("inf")
    words = ["--listen", "tcp://0.0.0.0:1", "--idle-minutes", "5"]
    assert settings_from(parser.parse_args(words)).idle_minutes == 5


def test_a_job_survives_a_tunnel_that_breaks(start: Callable[..., Running], near: Path, tmp_path: Path) -> None:
    far = start("--listen", "tcp://127.0.0.1:*")
    port = int(far.connection.address.rpartition(":")[2])
    tunnel = Tunnel(port)
    copied = tmp_path / "engine.json"
    write_private(copied, (far.folder / "runtime/engine.json").read_text())
    set_remote(copied, f"tcp://127.0.0.1:{tunnel.port}")
    with Client.connect_or_start("test") as client:
        job = submit(client, ask(steps=60))
        again = Tunnel(port)
        set_remote(copied, f"tcp://127.0.0.1:{again.port}")
        tunnel.close()
        assert isinstance(wait_for_end(client, job)[1], Result) and again.opened == 1
    again.close()
