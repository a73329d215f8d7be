"""The platform's folders, and that they are the user's alone."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from scumble.wire.engine import folders
from scumble.wire.protocol.errors import ScumbleError

pwd = pytest.importorskip("pwd") if sys.platform != "win32" else None

HOME = Path("/home/ada")
posix = pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")


@pytest.mark.parametrize(
    ("kind", "platform", "environ", "expected"),
    [
        ("data", "linux", {}, ".local/share/scumble"),
        ("cache", "linux", {}, ".cache/scumble"),
        ("logs", "linux", {}, ".local/state/scumble"),
        ("data", "linux", {"XDG_DATA_HOME": "/data"}, "/data/scumble"),
        ("cache", "linux", {"XDG_CACHE_HOME": "relative"}, ".cache/scumble"),
        ("data", "darwin", {}, "Library/Application Support/scumble"),
        ("logs", "darwin", {}, "Library/Logs/scumble"),
        ("cache", "win32", {}, "AppData/Local/scumble/cache"),
        ("data", "win32", {"LOCALAPPDATA": "/local"}, "/local/scumble/data"),
    ],
)
def test_each_platform_has_its_places(kind: str, platform: str, environ: dict[str, str], expected: str) -> None:
    assert folders.default_folder(kind, platform, environ, HOME) == HOME / expected


@posix
def test_the_runtime_folder_follows_the_platform(tmp_path: Path) -> None:
    runtime = folders.default_runtime
    assert runtime("linux", {"XDG_RUNTIME_DIR": str(tmp_path)}, HOME) == tmp_path / "scumble"
    for missing in ({}, {"XDG_RUNTIME_DIR": "relative"}, {"XDG_RUNTIME_DIR": str(tmp_path / "gone")}):
        names = [runtime("linux", missing, home).name for home in (Path("~").expanduser(), HOME, HOME / "other")]
        assert len(set(names)) == 3 and all(n.startswith(f"scumble-{os.getuid()}-") for n in names[1:])
        usual = os.path.realpath(pwd.getpwuid(os.getuid()).pw_dir)
        assert runtime("linux", missing, Path(usual)).name == f"scumble-{os.getuid()}"
    assert runtime("darwin", {}, HOME) == HOME / "Library/Caches/scumble/run"
    assert runtime("win32", {"LOCALAPPDATA": "/local"}, HOME) == Path("/local/scumble/run")


@posix
@pytest.mark.parametrize(
    ("variable", "folder"),
    [
        ("SCUMBLE_RUNTIME", folders.runtime_folder),
        ("SCUMBLE_DATA", folders.data_folder),
        ("SCUMBLE_CACHE", folders.cache_folder),
        ("SCUMBLE_LOGS", folders.log_folder),
    ],
)
def test_a_new_folder_is_the_users_alone(variable: str, folder, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "new" / "ünïcode folder"))
    old = os.umask(0)
    try:
        made = folder()
    finally:
        os.umask(old)
    assert made == tmp_path / "new" / "ünïcode folder"
    assert made.stat().st_mode & 0o777 == 0o700


@posix
def test_an_open_runtime_folder_is_closed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("SCUMBLE_RUNTIME", str(tmp_path / "run"))
    (tmp_path / "run").mkdir()
    (tmp_path / "run").chmod(0o777)
    assert folders.runtime_folder().stat().st_mode & 0o777 == 0o700


@posix
def test_a_planted_link_or_another_users_folder_is_refused(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setenv("SCUMBLE_RUNTIME", str(tmp_path / "run"))
    with pytest.raises(ScumbleError) as e:
        folders.runtime_folder()
    assert e.value.code == "folder-unsafe"
    monkeypatch.setenv("SCUMBLE_RUNTIME", str(tmp_path / "elsewhere"))
    monkeypatch.setattr(folders, "_uid", lambda: os.getuid() + 1)
    with pytest.raises(ScumbleError) as e:
        folders.runtime_folder()
    assert e.value.code == "folder-unsafe"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(ScumbleError) as e:
        folders.data_folder()
    assert e.value.code == "file-write" and "file" in e.value.sentence
