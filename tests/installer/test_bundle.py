"""The plug-ins as zip files: the same bytes each time, and such as the editors want."""

from __future__ import annotations

import importlib.util
import io
import os
import time
import zipfile
from pathlib import Path

import pytest

from installer.bundle import packed
from installer.disk import Content
from installer.editors.plugin import plugin_files
from installer.sources import source_files
from plugins.assemble import own_msgpack
from tests.editors.needs import require

IMPORTER = Path("/usr/share/krita/pykrita/plugin_importer/plugin_importer.py")


def archive(editor: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(packed(plugin_files(editor, own_msgpack()))))


def test_the_same_bytes_whenever_and_in_whatever_order(machine):
    files = plugin_files("gimp", own_msgpack())
    first = packed(files)
    time.sleep(0.01)
    assert packed(dict(reversed(files.items()))) == first
    assert packed({**files, "scumble/new.py": Content(b"")}) != first
    entries = archive("gimp").infolist()
    assert {e.date_time for e in entries} == {(1980, 1, 1, 0, 0, 0)} and {e.create_system for e in entries} == {3}
    assert [e.filename for e in entries] == sorted(e.filename for e in entries)


def test_gimps_may_be_started_and_has_its_folders_name(machine, tmp_path):
    found = {e.filename: e.external_attr >> 16 for e in archive("gimp").infolist()}
    assert found["scumble/scumble.py"] & 0o777 == 0o755 and found["scumble/scumble_gimp/__init__.py"] & 0o777 == 0o644
    assert {name.partition("/")[0] for name in found} == {"scumble"}
    assert not [n for n in found if n.endswith(".pyc") or "__pycache__" in n or "/." in n]


def test_kritas_own_importer_takes_it(machine, tmp_path):
    if not IMPORTER.is_file():
        require("Krita's importer is not installed")
    spec = importlib.util.spec_from_file_location("plugin_importer", IMPORTER)
    assert spec and spec.loader
    importer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(importer)
    file = tmp_path / "scumble.zip"
    files = plugin_files("krita", own_msgpack())
    file.write_bytes(packed(files))
    (tmp_path / "krita").mkdir()
    (plugin,) = importer.PluginImporter(str(file), str(tmp_path / "krita"), lambda _: True).import_all()
    assert plugin["name"] == "scumble_krita" and plugin["action"] == "scumble_krita.action"
    for name, content in files.items():
        folder = "actions" if name.endswith(".action") else "pykrita"
        assert (tmp_path / "krita" / folder / name).read_bytes() == content.data


def test_pack_writes_both(machine, tmp_path):
    assert machine.install("--pack", str(tmp_path / "out"), "--dry-run") == 0
    assert not (tmp_path / "out").exists()
    assert machine.install("--pack", str(tmp_path / "out")) == 0
    names = sorted(os.listdir(tmp_path / "out"))
    assert [n.rpartition("-")[0] for n in names] == ["scumble-gimp", "scumble-krita"]
    for name, package in zip(names, ("scumble", "scumble_krita"), strict=True):
        with zipfile.ZipFile(tmp_path / "out" / name) as made:
            assert made.read(f"{package}/scumble-sources.zip") == b"sources"
    before = {n: (tmp_path / "out" / n).stat().st_mtime_ns for n in names}
    machine.install("--pack", str(tmp_path / "out"))
    assert {n: (tmp_path / "out" / n).stat().st_mtime_ns for n in names} == before


def test_the_sources_are_all_that_installing_takes_and_no_more():
    files = source_files()
    parts = {"install.py", "installer/run.py", "plugins/assemble.py", "engine/scumble/wire/words/zh.json"}
    assert parts < set(files) and any(n.endswith("painter.safetensors") for n in files)
    assert not [
        n for n in files if "__pycache__" in n or "/." in n or n.startswith("tests") or "/scumble_gimp/wire" in n
    ]


@pytest.mark.parametrize("editor", ["krita", "gimp"])
def test_what_is_unpacked_is_what_is_installed(machine, editor, tmp_path):
    files = plugin_files(editor, own_msgpack())
    archive(editor).extractall(tmp_path)
    assert all((tmp_path / name).read_bytes() == content.data for name, content in files.items())
