"""Several real users on one machine: each has an engine of his own, and none comes near another's."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scumble.wire import Client, ScumbleError, read_connection
from scumble.wire.engine.processes import is_alive

from ..people import ROOT, Person, two_people
from ..running import Running, wait_until

pytestmark = [ROOT, pytest.mark.slow]
PRIVATE = 0o077


@pytest.fixture
def people() -> Iterator[tuple[Person, Person]]:
    with two_people() as both:
        yield both


def sessions(people: tuple[Person, Person]) -> None:
    """Runtime folders as a login makes them."""
    for person in people:
        folder = person.home.parents[1] / f"run-{person.uid}"
        folder.mkdir(mode=0o700)
        os.chown(folder, person.uid, person.uid)
        person.more["XDG_RUNTIME_DIR"] = str(folder)


def ours(person: Person) -> list[Path]:
    """All files and folders that belong to Scumble in a user's places."""
    places = [person.home, Path(person.more["TMPDIR"]), Path(person.more.get("XDG_RUNTIME_DIR", person.home))]
    found = [p for place in places for p in place.rglob("*") if p.lstat().st_uid == person.uid]
    return [p for p in found if "scumble" in str(p.relative_to(person.home.parents[1]))]


@pytest.mark.parametrize("session", [True, False], ids=["with a session", "without one"])
def test_two_users_paint_at_once_and_do_not_meet(people: tuple[Person, Person], session: bool) -> None:
    if session:
        sessions(people)
    for person in people:
        person.begin("arrive")
    (zoe, soren), (hers, his) = people, (person.answer()["is"] for person in people)
    assert hers["pid"] != his["pid"] and hers["file"] != his["file"]
    assert Path(f"/proc/{hers['pid']}").stat().st_uid == zoe.uid and str(zoe.home) in hers["log"]
    for person in people:
        person.begin("paint", 2)
    painted = [person.answer()["is"] for person in people]
    assert zoe.tell("jobs") == painted[0] and soren.tell("jobs") == painted[1]
    assert not set(painted[0]) & set(painted[1])
    assert soren.fail("look_for", painted[0][0]) == "job-unknown"
    assert soren.fail("read", hers["file"]) == "PermissionError"
    for person in people:
        assert [p for p in ours(person) if p.lstat().st_mode & PRIVATE] == [], "all is private"
    zoe.tell("leave"), soren.tell("leave")
    assert json.loads(soren.tell("scumble", "stop", "--json")["out"]) == {"state": "stopped"}
    assert json.loads(soren.tell("scumble", "stop", "--json")["out"]) == {"state": "none"}
    assert soren.fail("kill", hers["pid"], signal.SIGTERM) == "PermissionError"
    assert soren.processes() == [] and zoe.tell("found") == hers["pid"] and is_alive(hers["pid"])
    zoe.tell("scumble", "stop")
    assert zoe.processes() == []
    assert {p.name for p in ours(zoe) if p.parent == Path(hers["file"]).parent} == {"engine.lock"}


def test_an_address_without_its_token_opens_nothing(people: tuple[Person, Person]) -> None:
    """And what is designed: who was given the whole file by its user, or by root, gets in."""
    zoe, soren = people
    hers = zoe.tell("arrive")
    plain = json.loads(Path(hers["file"]).read_text())
    for token in ("guess", plain["token"][:-1], plain["token"].swapcase()):
        assert soren.fail("knock", plain["address"], token) == "engine-refused"
    assert soren.tell("knock", plain["address"], plain["token"]) == "let in"
    assert zoe.tell("paint")


def test_a_connection_file_that_root_copied_leads_nowhere(people: tuple[Person, Person]) -> None:
    """It is the other's by its owner and its mode; yet no engine of his own stands behind it."""
    zoe, soren = people
    hers = zoe.tell("arrive")
    his = Path(soren.tell("arrive")["file"])
    soren.tell("leave"), soren.tell("scumble", "stop")
    shutil.copy(hers["file"], his)
    os.chown(his, soren.uid, soren.uid)
    assert soren.tell("found") == 0
    assert json.loads(soren.tell("scumble", "stop", "--json")["out"]) == {"state": "none"}
    assert soren.tell("arrive")["pid"] in soren.processes() and soren.tell("paint")
    assert is_alive(hers["pid"]) and zoe.tell("paint")


def test_root_has_an_engine_of_its_own(
    people: tuple[Person, Person], start: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    zoe, _ = people
    hers = zoe.tell("arrive")
    roots = start()
    monkeypatch.setenv("SCUMBLE_RUNTIME", str(Path(hers["file"]).parent))
    with pytest.raises(ScumbleError) as e:  # root might read it, and leaves it alone
        Client.connect_or_start("test")
    assert e.value.code == "folder-unsafe"
    with pytest.raises(ScumbleError):
        read_connection()
    assert {hers["pid"], roots.process.pid} == {zoe.tell("found"), roots.client().info["pid"]}


def occupied_by(soren: Person, place: Path, zoe: Person, how: str) -> None:
    """Somebody was at the user's place in the temporary folder first."""
    trap = place.parent / "trap"
    trap.mkdir()
    os.chown(trap, soren.uid, soren.uid)
    if how == "folder":
        place.mkdir()
        place.chmod(0o777)
        (place / "engine.json").write_text('{"address": "tcp://127.0.0.1:1", "token": "t", "pid": 1}')
        os.chown(place / "engine.json", soren.uid, soren.uid)
    elif how == "file":
        place.write_text("")
    else:
        place.symlink_to(trap if how == "link" else zoe.home)
    os.chown(place, soren.uid, soren.uid, follow_symlinks=False)


@pytest.mark.parametrize("how", ["folder", "file", "link", "link to her home"])
def test_a_place_that_another_took_beforehand_is_avoided(people: tuple[Person, Person], how: str) -> None:
    zoe, soren = people
    shared = Path(zoe.more["TMPDIR"])
    place = shared / f"scumble-{zoe.uid}"
    occupied_by(soren, place, zoe, how)
    before = sorted(p.name for p in place.iterdir()) if place.is_dir() else []
    hers = zoe.tell("arrive")
    folder = Path(hers["file"]).parent
    assert folder == zoe.home / ".cache/scumble/run" and stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list((shared / "trap").iterdir()) == [] and is_alive(hers["pid"])
    if how != "link to her home":
        assert (sorted(p.name for p in place.iterdir()) if place.is_dir() else []) == before
    os.rename(place, shared / "gone")  # he lets go of it: she finds her engine still, within seconds
    wait_until(lambda: zoe.tell("found") == hers["pid"])
    zoe.tell("scumble", "stop")
    wait_until(lambda: zoe.processes() == [])


def test_another_users_session_is_not_used(people: tuple[Person, Person]) -> None:
    """As after “su”: the variable still names the folder of whoever logged in."""
    sessions(people)
    zoe, soren = people
    soren.more["XDG_RUNTIME_DIR"] = zoe.more["XDG_RUNTIME_DIR"]
    hers, his = zoe.tell("arrive"), soren.tell("arrive")
    assert hers["pid"] != his["pid"]
    assert Path(his["file"]).parent == Path(soren.more["TMPDIR"]) / f"scumble-{soren.uid}"


def test_the_file_for_a_report_tells_nothing_of_who_sent_it(people: tuple[Person, Person]) -> None:
    """Looked for in all that is in it, unpacked and as it is."""
    zoe, _ = people
    hers = zoe.tell("arrive")
    log = zoe.home / ".local/state/scumble/krita.log"
    log.write_text(f"2026-11-20 10:00:00,123 ERROR {zoe.home}/Bilder/Mutter am Meer.kra by Zoë Müller 画家 is locked\n")
    os.chown(log, zoe.uid, zoe.uid)
    file = zoe.home / "report.zip"
    assert zoe.tell("scumble", "doctor", "--bundle", str(file))["code"] == 0
    with zipfile.ZipFile(file) as bundle:
        parts = [bundle.read(name) for name in bundle.namelist()]
        names = bundle.namelist()
    assert {"logs/engine-start.log", "logs/krita.log", "report.txt"} <= set(names)
    plain = json.loads(Path(hers["file"]).read_text())
    private = [str(zoe.home), zoe.home.name, "Müller", "画家", plain["token"], "Mutter", "Meer"]
    texts = b"\n".join([*parts, *(name.encode() for name in names)]).lower()
    everything = texts + file.read_bytes().lower()
    host = re.escape(socket.gethostname().lower().encode())
    assert not re.search(rb"\b" + host + rb"\b", texts)  # as a word: packed bytes hold any two letters by chance
    assert [word for word in private if word.lower().encode() in everything] == []
    assert [word for word in private if json.dumps(word)[1:-1].lower().encode() in everything] == []


@pytest.mark.parametrize("place", [".local/share", ".cache", ".local/state", "run"])
def test_what_was_once_started_with_sudo_is_told(people: tuple[Person, Person], place: str) -> None:
    """A folder of hers is root's by now: every command names it, and none breaks."""
    zoe, _ = people
    folder = zoe.home / place / "scumble"
    folder.mkdir(parents=True)
    folder.chmod(0o700)
    for parent in folder.relative_to(zoe.home).parents:
        os.chown(zoe.home / parent, zoe.uid, zoe.uid)
    if place == "run":
        zoe.more["SCUMBLE_RUNTIME"] = str(folder)
    zoe.begin("arrive")
    said = zoe.answer()
    assert str(folder) in said["says"] and "another user" in said["says"]
    assert said["error"] in ("file-write", "folder-unsafe") and "install.py" not in said["says"]
    for words in (["status"], ["doctor"], ["stop"], ["models"], ["remote", "show"]):
        done = zoe.tell("scumble", *words)
        said = done["out"] + done["error"]
        assert "Errno" not in said and "Traceback" not in said
        assert done["code"] == (1 if words == ["doctor"] else done["code"])
        assert done["code"] == 0 or (str(folder) in said and "another user" in said), said
