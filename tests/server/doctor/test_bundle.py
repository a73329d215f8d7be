"""The file for a report: it tells what is wrong and holds nothing that is private."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from scumble.cli import main
from scumble.server.doctor import scrub
from scumble.server.doctor.scrub import Scrubber
from scumble.wire.engine.connection import Connection, write_connection
from scumble.wire.engine.remote import write_private

USER, HOST = "adalove", "atelier-pc"
TOKEN = "wJalrXUtnFEMIK7MDENGbPxRfiCYzEXAMPLEKEYabcd"
KEY = "U>h^+T5Y#jh#3-.%2uX1CDEvM]4GPAS9Nx3D^Hy#"
PRIVATE = [
    "adalove",
    "atelier",
    "lovelace",
    TOKEN,
    KEY,
    "geheim",
    "Strand",
    "Kunden",
    "ACME",
    "Bob",
    "Meine Bilder",
    "192.0.2",
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a user whose name, machine and pictures are known."""
    home = tmp_path / USER
    home.mkdir()
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(home))
    for variable in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(variable, USER)
    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"SCUMBLE_{name}", str(home / ".local" / "share" / "scumble" / name.lower()))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "SCUMBLE_ENGINE", "SCUMBLE_ENGINE_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(scrub.platform, "node", lambda: f"{HOST}.fritz.box")
    monkeypatch.setattr(scrub.socket, "gethostname", lambda: HOST)
    monkeypatch.setattr(scrub, "_user_names", lambda: {USER, "Ada Lovelace", "Lovelace"})
    monkeypatch.setattr("scumble.server.doctor.doctor._torch", list)
    return home


def lines(home: Path) -> list[str]:
    """What logs hold, and worse."""
    return [
        "2026-11-20 10:00:00,123 INFO Scumble 0.1.0 in Krita 5.1.5",
        "2026-11-20 10:00:01,123 WARNING The layer “Porträt von Bob” is locked. Unlock it. [layer-locked]",
        f"2026-11-20 10:00:02,123 ERROR FileNotFoundError: [Errno 2] None: '{home}/Meine Bilder/geheim/Am Strand.png'",
        "Traceback (most recent call last):",
        f'  File "{home}/.local/share/krita/pykrita/scumble_krita/pictures/source.py", line 31, in read',
        '  File "/usr/lib/python3.11/json/__init__.py", line 3, in loads',
        f"ValueError: {home}/Meine Bilder/geheim/a.kra: Am Strand.JPEG, and Strand bei Nacht.xcf",
        "OSError: /library-geheim/x, /mnt/Kunden/ACME Vertrag/geheim/x and /media/adalove/stick",
        "2026-11-20 10:00:03,123 ERROR “strength” is 3.0, which is out of range. [option-range]",
        f"2026-11-20 10:00:04,123 INFO {HOST}: connected adalove@{HOST}.fritz.box to tcp://192.0.2.7:7777 (192.0.2.8)",
        f"2026-11-20 10:00:05,123 INFO token {TOKEN}, key {KEY}, digest {'ab' * 32}",
        f"2026-11-20 10:00:06,123 INFO C:\\Users\\{USER}\\Bilder\\geheim\\Bob.png, file://{home}/geheim/x.webp",
        "2026-11-20 10:00:07,123 WARNING There is no preset “Bob, hell”. Choose one from the list. [preset-missing]",
        f"2026-11-20 10:00:08,123 INFO wrote {home}/.local/share/scumble/data/presets/Bob hell.json",
        f"2026-11-20 10:00:09,123 INFO {home}/geheim/scumble/engine/scumble/server/front/front.py of ADALOVE",
        "2026-11-20 10:00:10,123 INFO “Bob.png” cannot be read as a picture: it is empty. [picture-unreadable]",
        "2026-11-20 10:00:11,123 INFO request {'name': 'geheim.png', \"path\": \"/srv/geheim/Projekt\"}",
    ]


def test_nothing_private_is_in_it_and_what_helps_is(home: Path, tmp_path: Path, capsys) -> None:
    write_connection(Connection("tcp://127.0.0.1:1", token=TOKEN, pid=os.getpid()))
    shared = home / ".local/share/scumble"
    remote = Connection("tcp://192.0.2.7:7777", server_key=KEY, client_key=KEY, client_secret=KEY)
    (shared / "data").mkdir(parents=True, exist_ok=True)
    write_private(shared / "data/remote.json", json.dumps(remote.to_plain()))
    (shared / "logs").mkdir(exist_ok=True)
    for name in ("engine.log", "engine.log.1", "engine-start.log", "krita.log", "gimp.log"):
        (shared / "logs" / name).write_text("\n".join(lines(home)), "utf-8")
    (shared / "logs/notes.txt").write_text("not a log")
    (shared / "data/remote.json").unlink()  # else the doctor knocks there for some seconds
    out = tmp_path / "report.zip"
    assert main(["doctor", "--bundle", str(out)]) in (0, 1)
    said = capsys.readouterr().out
    assert str(out) in said and "look through it" in said
    with zipfile.ZipFile(out) as bundle:
        names = set(bundle.namelist())
        texts = {n: bundle.read(n).decode("utf-8") for n in names}
    assert names == {
        *("WHAT.txt", "report.txt", "report.json", "facts.json"),
        *(f"logs/{n}" for n in ("engine.log", "engine.log.1", "engine-start.log", "krita.log", "gimp.log")),
    }
    everything = "\n".join([*texts.values(), *names]).lower()
    known = [p for p in PRIVATE if p != KEY] + [str(home)]
    assert [p for p in known if p.lower() in everything] == []
    log = texts["logs/krita.log"]
    for kept in (
        "2026-11-20 10:00:01,123 WARNING The layer “",
        "is locked. Unlock it. [layer-locked]",
        'File "~/.local/share/krita/pykrita/scumble_krita/pictures/source.py", line 31, in read',
        'File "/usr/lib/python3.11/json/__init__.py", line 3',
        "“strength” is 3.0, which is out of range. [option-range]",
        "FileNotFoundError: [Errno 2] None: 'PICTURE-",
        "/scumble/engine/scumble/server/front/front.py of USER",
        "Scumble 0.1.0 in Krita 5.1.5",
    ):
        assert kept in log, (kept, log)
    facts = json.loads(texts["facts.json"])
    assert facts["scumble"] and facts["packages"]["pyzmq"] and "SCUMBLE_LOGS" in facts["variables"]
    assert json.loads(texts["report.json"])["checks"]


def scrubber(home: str = f"/home/{USER}", secrets: tuple[str, ...] = ()) -> Scrubber:
    return Scrubber(Path(home), {"adalove", "Lovelace"}, {HOST}, secrets)


def test_every_line_alone_is_clean(home: Path) -> None:
    private = Scrubber.of_this_user([TOKEN, KEY])
    for line in lines(home):
        clean = private.text(line)
        assert [p for p in PRIVATE if p.lower() in clean.lower()] == [], clean
        assert private.text(clean).count("\n") == 0


def test_the_same_thing_has_the_same_name(home: Path) -> None:
    s = scrubber()
    text = s.text("“Bob” and “Eve”, then “Bob”; a.png: b.png: a.png")
    bob, eve, again = (part.split("”")[0] for part in text.split("“")[1:])
    assert bob == again != eve
    pictures = [p.strip() for p in text.split(";")[1].split(":")]
    assert pictures[0] == pictures[2] != pictures[1] and all(p.endswith(".png") for p in pictures)


@pytest.mark.parametrize(
    "text",
    [
        "“starry-night” at “conv4_1”, 512×384",
        "engine: ready NVIDIA H200",
        "tcp://127.0.0.1:41234, 10:00:00, torch 2.8.0+cu128, libcudart.so.12",
        'File "/usr/lib/python3/dist-packages/zmq/sugar/socket.py", line 31',
        "job 3f2a: out of memory. Trying again with plan 1.",
        "worker 4711 on cuda:0 died: ended by SIGKILL, exit code -9",
    ],
)
def test_what_helps_stays(text: str) -> None:
    assert scrubber().text(text).replace("NAME-1", "conv4_1") == text


def test_data_is_scrubbed_in_all_depths() -> None:
    plain = {f"/home/{USER}/x": ["adalove", {"a": ("at atelier-pc", 5, None, True)}]}
    assert scrubber().plain(plain) == {"PATH-1": ["USER", {"a": ["at HOST", 5, None, True]}]}


def test_a_short_home_or_none_takes_nothing_else_away() -> None:
    assert scrubber("/").text("a / b at /usr/lib/x") == "a / b at /usr/lib/x"
    assert Scrubber(Path("/none"), {""}, {""}, {""}).text("well: 5 of 7") == "well: 5 of 7"


def test_a_secret_that_cannot_be_taken_out_costs_its_line() -> None:
    assert TOKEN not in scrubber(secrets=(TOKEN,)).text(f"x{TOKEN}y") and "\n" in scrubber().text("a\nb")


def test_a_folder_that_cannot_be_written_is_named(home: Path, tmp_path: Path, capsys) -> None:
    assert main(["doctor", "--bundle", str(tmp_path / "none" / "x.zip")]) == 1
    error = capsys.readouterr().err
    assert "[file-write]" in error and "Traceback" not in error


def test_a_long_log_is_cut_at_a_line(home: Path, tmp_path: Path) -> None:
    logs = home / ".local/share/scumble/logs"
    logs.mkdir(parents=True)
    (logs / "engine.log").write_text("".join(f"2026-11-20 10:00:00,000 INFO line {n}\n" for n in range(40_000)))
    main(["doctor", "--bundle", str(tmp_path / "x.zip")])
    with zipfile.ZipFile(tmp_path / "x.zip") as bundle:
        text = bundle.read("logs/engine.log").decode()
    assert text.startswith("2026-11-20") and text.endswith("line 39999\n") and len(text) <= 1 << 19
