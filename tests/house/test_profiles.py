"""The plug-in in the user's Krita: the folders, the one key in its settings, and nothing else touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.profiles import FLATPAK, KritaHome, enable, enabled, krita_homes

ROOT = Path(__file__).parents[2]
LINE = "enable_scumble_krita=true"


def run(home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """`install.py --krita`'s own task, for a user whose home is `home`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "SCUMBLE_"))}
    env = {**kept, "HOME": str(home), "PYTHONPATH": str(ROOT / "engine"), **more}
    command = [sys.executable, "-m", "plugins.profiles", "krita"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=50)


def test_a_user_without_a_krita_yet_finds_it_there_later(tmp_path):
    home = tmp_path / "Jürgen"
    home.mkdir()
    done = run(home)
    assert (done.returncode, done.stderr) == (0, "")
    pykrita = home / ".local/share/krita/pykrita"
    assert (pykrita / "scumble_krita.desktop").is_file() and (pykrita / "scumble_krita.action").is_file()
    assert (pykrita / "scumble_krita/wire/msgpack/fallback.py").is_file()
    assert (home / ".config/kritarc").read_text() == f"[python]\n{LINE}\n"
    command = json.loads((home / ".local/share/scumble/engine-command.json").read_text())["command"]
    assert command == [sys.executable, "-m", "scumble.server"]
    assert str(pykrita) in done.stdout and "Restart Krita" in done.stdout
    assert run(home).returncode == 0  # again


def test_what_else_lies_there_stays(tmp_path):
    others = tmp_path / ".local/share/krita/pykrita/other/__init__.py"
    others.parent.mkdir(parents=True)
    others.write_text("theirs")
    settings = tmp_path / ".config/kritarc"
    settings.parent.mkdir()
    before = b"ResourceDirectory=\n[MainWindow]\nState=\xff\xfe==\n\n[python]\nenable_other=false\n\n[theme]\nTheme=x\n"
    settings.write_bytes(before)
    settings.chmod(0o600)
    assert run(tmp_path).returncode == 0
    after = settings.read_bytes()
    assert after == before.replace(b"[python]\n", b"[python]\n" + LINE.encode() + b"\n")
    assert others.read_text() == "theirs" and settings.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in settings.parent.iterdir()] == ["kritarc"]


def test_a_folder_that_cannot_be_written_is_named_without_a_traceback(tmp_path):
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local/share").write_text("a file in the way")
    done = run(tmp_path)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "could not be installed" in done.stderr and str(tmp_path / ".local/share") in done.stderr


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"[python]\n{LINE}\n"),
        ("[a]\nb=c", f"[a]\nb=c\n\n[python]\n{LINE}\n"),
        ("[a]\nb=c\n", f"[a]\nb=c\n\n[python]\n{LINE}\n"),
        (f"[python]\n{LINE}\n", f"[python]\n{LINE}\n"),
        ("[python]\nenable_scumble_krita=false\nx=1\n[z]\n", f"[python]\n{LINE}\nx=1\n[z]\n"),
        ("[python]", f"[python]\n{LINE}\n"),
        ("[z]\r\na=1\r\n[python]\r\nx=1\r\n", f"[z]\r\na=1\r\n[python]\r\n{LINE}\r\nx=1\r\n"),
        ("[other]\nenable_scumble_krita=false\n", f"[other]\nenable_scumble_krita=false\n\n[python]\n{LINE}\n"),
    ],
)
def test_the_key_is_set_and_the_rest_stays(before, after):
    assert enabled(before) == after == enabled(after)


def test_settings_that_are_a_link_stay_one(tmp_path):
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "dotfiles/kritarc").write_text("[a]\n")
    (tmp_path / "kritarc").symlink_to(tmp_path / "dotfiles/kritarc")
    enable(tmp_path / "kritarc")
    assert (tmp_path / "kritarc").is_symlink() and LINE in (tmp_path / "dotfiles/kritarc").read_text()


def test_every_system_has_its_folders(tmp_path):
    windows = krita_homes("win32", {"APPDATA": "/r", "LOCALAPPDATA": "/l"}, tmp_path)
    assert windows == [KritaHome(Path("/r/krita"), Path("/l/kritarc"))]
    (mac,) = krita_homes("darwin", {}, tmp_path)
    assert mac.resources == tmp_path / "Library/Application Support/krita"
    assert mac.kritarc == tmp_path / "Library/Preferences/kritarc"
    (plain,) = krita_homes("linux", {"XDG_DATA_HOME": "/d", "XDG_CONFIG_HOME": "relative"}, tmp_path)
    assert plain == KritaHome(Path("/d/krita"), tmp_path / ".config/kritarc")
    (tmp_path / FLATPAK).mkdir(parents=True)
    (boxed,) = krita_homes("linux", {}, tmp_path)
    assert boxed == KritaHome(tmp_path / FLATPAK / "data/krita", tmp_path / FLATPAK / "config/kritarc", True)
    (tmp_path / ".local/share/krita").mkdir(parents=True)
    assert [h.flatpak for h in krita_homes("linux", {}, tmp_path)] == [False, True]
