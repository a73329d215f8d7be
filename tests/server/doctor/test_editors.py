"""The doctor on the editors: their plug-ins, whether they are of this version and switched on, and their logs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plugins.assemble import assemble
from scumble.cli import main
from scumble.server.doctor import editors as doctor_editors
from scumble.server.doctor import parts
from scumble.server.doctor.editors import Finding, look_at_editors
from scumble.server.version import VERSION

ON = "[python]\nenable_other=false\nenable_scumble_krita=true\n"
KRITAS = {
    "linux": (".local/share/krita", ".config/kritarc"),
    "flatpak": (".var/app/org.kde.krita/data/krita", ".var/app/org.kde.krita/config/kritarc"),
    "snap": ("snap/krita/current/.local/share/krita", "snap/krita/current/.config/kritarc"),
    "darwin": ("Library/Application Support/krita", "Library/Preferences/kritarc"),
    "win32": ("AppData/Roaming/krita", "AppData/Local/kritarc"),
}
GIMPS = {
    "linux": ".config/GIMP/3.0",
    "flatpak": ".var/app/org.gimp.GIMP/config/GIMP/3.2",
    "snap": "snap/gimp/current/.config/GIMP/3.0",
    "darwin": "Library/Application Support/GIMP/3.0",
    "win32": "AppData/Roaming/GIMP/3.0",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCUMBLE_LOGS", str(tmp_path / "logs"))
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def put(home: Path, system: str, version: str = VERSION, kritarc: str = ON) -> None:
    resources, settings = KRITAS[system]
    put_one(home / resources / "pykrita", "krita", version)
    write(home / settings, kritarc)
    put_one(home / GIMPS[system] / "plug-ins", "gimp", version)


def put_one(folder: Path, editor: str, version: str = VERSION) -> None:
    assemble(editor, folder)
    (path,) = (p for p in folder.rglob("version.py") if p.parent.name != "wire")
    path.write_text(f'"""…"""\n\nVERSION = "{version}"\n', "utf-8")


def look(home: Path, system: str = "linux", **environ: str) -> dict[str, Finding]:
    platform = system if system in ("darwin", "win32") else "linux"
    found = look_at_editors(platform, environ, home)
    assert all(f.ok or f.remedy for f in found)
    return {f.name: f for f in found}


@pytest.mark.parametrize("system", KRITAS)
def test_plugins_are_found_where_each_system_has_them(home: Path, system: str) -> None:
    put(home, system)
    found = look(home, system)
    assert all(f.ok and f.text.startswith(VERSION) and str(home) in f.text for f in found.values()), found


def test_the_plugins_as_they_are_installed_are_found(home: Path) -> None:
    assemble("krita", home / ".local/share/krita/pykrita")
    assemble("gimp", home / ".config/GIMP/3.0/plug-ins")
    write(home / ".config/kritarc", ON)
    assert [f.text.split(",")[0] for f in look(home).values()] == [VERSION, VERSION]


def test_another_version_needs_an_installation(home: Path) -> None:
    put(home, "linux", "0.0.1")
    for finding in look(home).values():
        assert not finding.ok and "0.0.1" in finding.text and VERSION in finding.text and "install.py" in finding.remedy


def test_an_incomplete_plugin_is_told(home: Path) -> None:
    put(home, "linux", 'x"\nOTHER = "')
    for path in (p for p in home.rglob("version.py")):
        path.write_text("nothing here\n")
    assert [f.ok for f in look(home).values()] == [False, False]
    for path in home.rglob("version.py"):
        path.unlink()
    assert all(not f.ok and "incomplete" in f.text for f in look(home).values())


@pytest.mark.parametrize("kritarc", ["", "[python]\nenable_scumble_krita=false\n", "enable_scumble_krita_2=true\n"])
def test_a_plugin_that_is_off_is_told(home: Path, kritarc: str) -> None:
    put(home, "linux", kritarc=kritarc)
    found = look(home)["Krita plug-in"]
    assert not found.ok and "not switched on" in found.text and "Python Plugin Manager" in found.remedy


def test_resources_that_the_user_moved_are_followed(home: Path) -> None:
    write(home / ".config/kritarc", f"ResourceDirectory={home / 'moved'}\n{ON}")
    put_one(home / "moved/pykrita", "krita")
    assert str(home / "moved") in look(home)["Krita plug-in"].text


def test_the_variables_of_a_system_are_followed(home: Path) -> None:
    put_one(home / "data/krita/pykrita", "krita")
    write(home / "config/kritarc", ON)
    put_one(home / "own/plug-ins", "gimp")
    environ = {"XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home / "config")}
    found = look(home, GIMP3_DIRECTORY=str(home / "own"), **environ)
    assert [f.text.split(",")[0] for f in found.values()] == [VERSION, VERSION]


def test_the_last_error_of_a_log_is_told(home: Path) -> None:
    lines = [
        "2026-11-20 10:00:00,123 ERROR ValueError: the first",
        "2026-11-20 10:00:01,123 ERROR ValueError: the last",
        "Traceback (most recent call last):",
        "ERROR not the log's own line",
        "2026-11-20 10:00:02,123 WARNING a locked layer",
    ]
    write(home / "logs/krita.log", "\n".join(lines))
    write(home / "logs/gimp.log", lines[-1])
    found = look(home)
    krita, gimp = found["Krita plug-in’s log"], found["GIMP plug-in’s log"]
    assert krita.ok and krita.text == "last error, 2026-11-20 10:00: ValueError: the last"
    assert gimp.text == "no errors"
    (home / "logs/krita.log").write_bytes(b"\xff\xfe" * 300_000 + b"\n" + lines[1].encode())
    assert "the last" in look(home)["Krita plug-in’s log"].text


def test_doctor_tells_of_them_as_json(home: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    for name in ("RUNTIME", "DATA", "CACHE"):
        monkeypatch.setenv(f"SCUMBLE_{name}", str(home / name.lower()))
    put(home, "linux", "0.0.1")
    monkeypatch.setattr(doctor_editors.Path, "home", lambda: home)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("scumble.server.doctor.doctor._torch", list)
    monkeypatch.setattr("sys.platform", "linux")
    assert main(["doctor", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert {c["name"] for c in report["checks"] if not c["ok"]} == {"Krita plug-in", "GIMP plug-in"}
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert said.count("✗") == 2 and said.count("Run: python install.py") == 2 and "Something needs attention" in said


def test_a_program_that_was_moved_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from scumble.server.doctor import doctor

    monkeypatch.setenv("SCUMBLE_ENGINE", json.dumps([str(home / "gone/python"), "-m", "scumble.server"]))
    (check,) = doctor.look_at_program()
    assert not check.ok and "gone" in check.text and "install.py" in check.remedy


def test_an_editor_that_is_not_there_is_not_asked_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(*programs: str) -> dict[str, str]:
        found = look_at_editors("linux", {}, home, lambda name: f"/usr/bin/{name}" if name in programs else None)
        assert all(f.ok for f in found)
        return {f.name.partition(" ")[0]: f.text for f in found}

    assert told() == {"Krita": "Krita was not found here", "GIMP": "GIMP was not found here"}
    (home / GIMPS["flatpak"]).mkdir(parents=True)
    said = told("krita")
    assert all(said[name] == "not installed; “python install.py” puts it there" for name in ("Krita", "GIMP"))
    monkeypatch.setenv("SCUMBLE_DATA", str(home / "data"))
    monkeypatch.setattr(parts, "__file__", str(home / "a/b/c/site-packages/scumble/server/doctor/parts.py"))
    assert "python install.py" not in told()["GIMP"] and "pip install" in parts.install()
    write(home / "data/engine-command.json", "{}")
    assert "python install.py" in told()["GIMP"] and "install.py" in parts.install()
