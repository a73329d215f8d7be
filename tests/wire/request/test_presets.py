"""Presets: kept whole and private, under any name, and damaged ones in nobody's way."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from scumble.cli import main
from scumble.wire import Recipe, ScumbleError, StyleChoice
from scumble.wire.request.presets import list_presets, load_last, load_preset, remove_preset, save_last, save_preset

from ..recipes import changed

RECIPE = Recipe({"method": "fast", "strength": 0.6}, (StyleChoice(name="starry-night", mask="selection", invert=True),))
OTHER = Recipe({"seed": 7}, (StyleChoice("file", "/home of ü/猫 \udcff.png", weight=0.3),))
NAMES = [
    "Sky",
    "sky",
    "CON",
    "nul.txt",
    "a/b\\c:d*e?",
    "..",
    ".",
    "夜空",
    "Ночь 2",
    "~tilde",
    "x" * 100,
    "“quoted”",
    "é 🎨",
]


@pytest.fixture(autouse=True)
def data(folders: Path, tmp_path: Path) -> Path:
    return tmp_path / "data"


def files(data: Path) -> list[Path]:
    return sorted((data / "presets").iterdir())


def code_of(call, *arguments) -> str:
    with pytest.raises(ScumbleError) as e:
        call(*arguments)
    return e.value.code


def test_presets_under_all_names_come_back(data: Path) -> None:
    for i, name in enumerate(NAMES):
        save_preset(name, changed(RECIPE, seed=i))
    assert list_presets() == sorted(NAMES, key=lambda n: (n.casefold(), n))
    assert [load_preset(name).value("seed") for name in NAMES] == list(range(len(NAMES)))
    names = [p.name for p in files(data)]
    assert len({n.lower() for n in names}) == len(NAMES)
    assert all(n.isascii() and set(n) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") and len(n) < 64 for n in names)
    for name in NAMES:
        remove_preset(name)
    assert list_presets() == [] and files(data) == []


def test_a_preset_is_replaced_and_what_it_holds_is_the_same() -> None:
    for recipe in (RECIPE, OTHER):
        save_preset(" Mine\n too ", recipe)
        assert load_preset("Mine too") == recipe
    assert list_presets() == ["Mine too"]


def test_a_name_is_the_same_composed_and_decomposed() -> None:
    save_preset("e\u0301tude", RECIPE)
    assert load_preset("\u00e9tude") == RECIPE and list_presets() == ["\u00e9tude"]


@pytest.mark.parametrize("name", ["", "   ", "\n\t", "\0", "x" * 101])
def test_what_is_no_name_is_refused(name: str) -> None:
    assert code_of(save_preset, name, RECIPE) == "preset-name"


def test_what_is_not_there_is_told_by_name() -> None:
    assert list_presets() == [] and load_last("krita") is None
    assert code_of(load_preset, "Sky") == code_of(remove_preset, "Sky") == "preset-missing"


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_files_are_the_users_alone_and_nothing_else_stays(data: Path) -> None:
    old = os.umask(0)
    try:
        save_preset("Sky", RECIPE)
        save_last("krita", RECIPE)
    finally:
        os.umask(old)
    assert [p.stat().st_mode & 0o777 for p in (*files(data), data / "last-krita.json")] == [0o600, 0o600]
    assert (data / "presets").stat().st_mode & 0o777 == 0o700 and len(files(data)) == 1


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", b"[1]", b"[" * 99_999, b'{"a": 1' + b"0" * 9999 + b"}"])
def test_a_damaged_file_is_named_when_asked_for_and_else_in_nobodys_way(data: Path, damage: bytes) -> None:
    save_preset("Sky", RECIPE)
    files(data)[0].write_bytes(damage)
    (data / "presets" / "folder.json").mkdir()
    save_preset("Sea", OTHER)
    assert list_presets() == ["Sea"] and load_preset("Sea") == OTHER
    with pytest.raises(ScumbleError) as e:
        load_preset("Sky")
    assert e.value.code == "preset-unreadable" and "Sky" in e.value.sentence
    save_preset("Sky", RECIPE)
    assert load_preset("Sky") == RECIPE
    next((data / "presets").glob("sky-*")).write_bytes(damage)
    remove_preset("Sky")
    assert code_of(load_preset, "Sky") == "preset-missing"


def test_what_a_newer_version_saved_is_listed_and_says_so(data: Path) -> None:
    save_preset("Sky", RECIPE)
    plain = json.loads(files(data)[0].read_text("utf-8"))
    plain["recipe"].update(version=99, brushes=3)
    files(data)[0].write_text(json.dumps(plain), "utf-8")
    assert list_presets() == ["Sky"] and code_of(load_preset, "Sky") == "recipe-newer"


def test_a_write_that_fails_leaves_the_old_preset(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_preset("Sky", RECIPE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert code_of(save_preset, "Sky", OTHER) == "file-write"
    save_last("krita", OTHER)
    assert load_preset("Sky") == RECIPE and len(files(data)) == 1 and load_last("krita") is None
    assert not list(data.glob("*.part"))


def test_each_editor_has_its_last_recipe(data: Path) -> None:
    save_last("krita", RECIPE)
    save_last("gimp", OTHER)
    assert (load_last("krita"), load_last("gimp"), list_presets()) == (RECIPE, OTHER, [])
    (data / "last-krita.json").write_text('{"recipe": {"options": {"seed": -1}}}', "utf-8")
    assert load_last("krita") is None


def test_a_preset_of_the_command_line_is_read_too(data: Path, tmp_path: Path) -> None:
    (data / "presets").mkdir(parents=True)
    path = data / "presets" / "Vorlage ü.json"
    words = ["stylize", "photo.png", "--style", "starry-night:0.7", "--style", f"{tmp_path}/wave.jpg:0.3:1.5"]
    assert main([*words, "--strength", "0.5", "--save-preset", str(path)]) == 0
    expected = (StyleChoice(name="starry-night", weight=0.7), StyleChoice("file", f"{tmp_path}/wave.jpg", "", 0.3, 1.5))
    assert list_presets() == ["Vorlage ü"]
    assert load_preset("Vorlage ü") == Recipe({"strength": 0.5}, expected)
    save_preset("Vorlage ü", RECIPE)
    assert load_preset("Vorlage ü") == RECIPE and len(files(data)) == 1
