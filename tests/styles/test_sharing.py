"""A style as one file: what was written comes back; what is no style is refused before anything is kept."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save

from scumble.cli import main
from scumble.styles.library import list_styles
from scumble.styles.sharing import LARGEST, export_style, import_style, rename_style, tag_style
from scumble.wire.protocol.errors import ScumbleError

from .conftest import Make


@pytest.fixture
def wave(make_own: Make) -> Path:
    """A whole style, with weights, thumbnail and painting."""
    painter = save({"code": np.ones(3, np.float32)})
    folder = make_own("my-wave")
    record = json.loads((folder / "style.json").read_text("utf-8"))
    record["files"]["painter.safetensors"] = hashlib.sha256(painter).hexdigest()
    (folder / "style.json").write_text(json.dumps(record), "utf-8")
    (folder / "painter.safetensors").write_bytes(painter)
    (folder / "painter.json").write_text(json.dumps({"sha256": hashlib.sha256(painter).hexdigest()}))
    Image.new("RGB", (40, 30), "navy").save(folder / "picture.jpg")
    Image.new("RGB", (96, 96), "navy").save(folder / "thumbnail.jpg")
    return folder


def code_of(call: Any, *args: Any) -> str:
    with pytest.raises(ScumbleError) as error:
        call(*args)
    return error.value.code


def own() -> dict[str, dict[str, Any]]:
    return {s["name"]: s for s in list_styles() if s["own"]}


def content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != "style.json"}


def test_what_was_written_comes_back(wave: Path, tmp_path: Path) -> None:
    file = export_style("my-wave", tmp_path)
    assert file.name == "my-wave.scumble-style"
    assert code_of(export_style, "my-wave", file) == "file-there"
    assert import_style(file, "other") == "other"
    assert content(wave.with_name("other")) == content(wave) and own()["other"]["title"] == "My Wave"
    assert code_of(import_style, file) == "style-taken" and import_style(file, "", True) == "my-wave"
    assert sorted(p.name for p in wave.parent.iterdir()) == ["my-wave", "other"]


def changed(file: Path, name: str, data: bytes | None, twice: bool = False) -> Path:
    """The file with one of its parts replaced, or without it."""
    made = file.with_name("changed")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
        for _ in range(0 if data is None else 2 if twice else 1):
            new.writestr(name, data or b"")
    return made


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("style.json", b"{"),
        ("style.json", b"[]"),
        ("style.json", b'{"name": "../../evil"}'),
        ("style.json", None),
        ("card.safetensors", b"\x80\x04pickled"),
        ("painter.safetensors", b""),
        ("painter.json", b"[]"),
        ("picture.jpg", b"no picture"),
        ("thumbnail.jpg", b"no picture"),
        ("../escape.txt", b"x"),
        ("painter.py", b"x"),
        ("thumbnail.jpg", bytes(LARGEST["thumbnail.jpg"] + 1)),
        ("picture.png", bytes((16 << 20) + 1)),  # some kilobytes, packed
    ],
)
def test_what_is_no_style_is_refused_and_nothing_is_kept(
    wave: Path, tmp_path: Path, name: str, data: bytes | None
) -> None:
    bad = changed(export_style("my-wave", tmp_path), name, data)
    assert code_of(import_style, bad, "new") == "style-file"
    assert [p.name for p in wave.parent.iterdir()] == ["my-wave"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["changed", "data", "my-wave.scumble-style"]


def test_files_that_are_no_archives(own_styles: Path, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no style")
    assert code_of(import_style, tmp_path / "text") == "style-file"
    assert code_of(import_style, tmp_path / "nowhere") == "file-missing"
    assert code_of(import_style, tmp_path) == "style-file"


def test_it_is_renamed_and_tagged(wave: Path) -> None:
    before = content(wave)
    assert tag_style("my-wave", ["Storm  sea", "blue"], []) == ["sea", "storm sea", "blue"]
    assert tag_style("my-wave", remove=["SEA"]) == ["storm sea", "blue"]
    rename_style("my-wave", "your-wave", "Your Wave")
    assert list(own()) == ["your-wave"] and own()["your-wave"]["title"] == "Your Wave"
    assert own()["your-wave"]["tags"] == ["storm sea", "blue"] and content(wave.with_name("your-wave")) == before
    rename_style("your-wave", "your-wave", "Ours")
    assert own()["your-wave"]["title"] == "Ours"


def test_what_ships_is_not_touched(wave: Path, tmp_path: Path) -> None:
    assert code_of(export_style, "scream", tmp_path) == "style-shipped"
    assert code_of(tag_style, "scream", ["x"]) == "style-shipped"
    assert code_of(rename_style, "my-wave", "scream") == "style-taken"
    assert code_of(rename_style, "my-wave", "Not A Name") == "style-name"
    assert code_of(rename_style, "nobody", "x") == "style-unknown"


def test_as_typed(wave: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "w.scumble-style")
    assert main(["styles", "export", "my-wave", file]) == 0 and capsys.readouterr().out.strip() == file
    assert main(["styles", "import", file, "--name", "again"]) == 0 and capsys.readouterr().out.strip() == "again"
    assert main(["styles", "tag", "again", "night"]) == 0 and capsys.readouterr().out.strip() == "sea, night"
    assert main(["styles", "rename", "again", "third", "--title", "Third"]) == 0
    assert main(["styles", "import", file]) == 1 and "[style-taken]" in capsys.readouterr().err
