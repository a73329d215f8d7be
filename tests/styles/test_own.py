"""The user's own styles: in the library beside the shipped ones, and harmless where they are damaged."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from scumble.features.registry import load_encoder, weights_digest
from scumble.styles import library, own
from scumble.styles.card import load_card
from scumble.styles.library import find_style, list_styles, own_style_file, remove_style
from scumble.wire.protocol.errors import ScumbleError

from .conftest import Make


def names() -> list[str]:
    return [s["name"] for s in list_styles()]


def code_of(call: Any, *args: Any) -> str:
    with pytest.raises(ScumbleError) as error:
        call(*args)
    return error.value.code


def test_it_joins_the_library(own_styles: Path, make_own: Make) -> None:
    shipped = list_styles()
    folder = make_own()
    assert list_styles()[:-1] == shipped and not any(s["own"] for s in shipped)
    last = list_styles()[-1]
    assert (last["name"], last["title"], last["year"], last["own"]) == ("my-wave", "My Wave", 2024, True)
    assert set(last) == set(shipped[0])
    found = find_style("my-wave")
    assert found["own"] and Path(found["file"]) == folder / "card.safetensors"
    assert own_style_file("my-wave") == (folder / "painter.safetensors", "code", "2" * 64, "")
    assert own_style_file("scream") is None and own_style_file("nobody") is None


def test_its_card_is_used(make_own: Make) -> None:
    make_own()
    moments = load_card("my-wave", weights_digest("slim")).moments(load_encoder("slim"), 300, ["conv3_1"])
    assert moments["conv3_1"].isfinite().all() and float(moments["conv3_1"].norm()) > 0


def test_it_can_be_removed(own_styles: Path, make_own: Make) -> None:
    make_own("one"), make_own("two")
    remove_style("one")
    assert names()[-1] == "two" and "one" not in names() and [p.name for p in own_styles.iterdir()] == ["two"]
    assert code_of(remove_style, "one") == "style-unknown"
    assert code_of(remove_style, "scream") == "style-shipped" and "scream" in names()
    assert code_of(remove_style, "../styles/two") == "style-unknown" and "two" in names()


def test_what_it_stands_for_has_a_mark_of_its_own(own_styles: Path, make_own: Make) -> None:
    """Another under the same name, by any of its files; and none any more."""
    marks = []
    for files in ({}, {"files": {"card.safetensors": "3" * 64, "painter.safetensors": "1" * 64}}):
        make_own(**files)
        marks.append(library.style_mark("my-wave"))
        shutil.rmtree(own_styles / "my-wave")
    make_own(files={"card.safetensors": "3" * 64, "painter.safetensors": "4" * 64})
    marks.append(library.style_mark("my-wave"))
    (own_styles / "my-wave" / "picture.png").write_bytes(b"a painting")
    marks.append(library.style_mark("my-wave"))
    remove_style("my-wave")
    assert len({*marks, library.style_mark("my-wave"), library.style_mark("scream")}) == 6


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", '{"styles": {"a": {}}, "encoder": ""}', "[" * 100_000])
def test_a_damaged_index_of_the_shipped_ones_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    (tmp_path / "index.json").write_text(damage)
    monkeypatch.setattr(library, "CARDS", tmp_path)
    library._index.cache_clear()
    try:
        assert code_of(list_styles) == code_of(find_style, "scream") == "weights-damaged"
        (tmp_path / "index.json").unlink()
        assert code_of(list_styles) == "weights-damaged"
    finally:
        monkeypatch.undo()
        library._index.cache_clear()


def test_unknown_names_are_near_those_of_the_user(make_own: Make) -> None:
    make_own("purple-rain")
    with pytest.raises(ScumbleError, match="purple-rain"):
        find_style("purple-rian")


def test_a_shipped_style_of_that_name_counts(make_own: Make) -> None:
    make_own("scream")
    assert names().count("scream") == 1 and not find_style("scream")["own"] and own_style_file("scream") is None


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "other"},
        {"title": 3},
        {"title": "\ud800"},
        {"title": "x" * 9999},
        {"artist": None},
        {"year": "old"},
        {"year": True},
        {"tags": "sea"},
        {"tags": [1]},
        {"kind": "spell"},
        {"network": "x"},
        {"encoder": None},
        {"files": {}},
        {"files": ["card.safetensors"]},
        {"files": {"card.safetensors": "1" * 64, "../../x": "1" * 64}},
        {"account": "x" * 70000},
    ],
)
def test_a_damaged_record_is_left_out_and_says_why(make_own: Make, changed: dict[str, Any]) -> None:
    make_own("good"), make_own("bad", **changed)
    assert "good" in names() and "bad" not in names()
    for call in (find_style, own_style_file):
        assert code_of(call, "bad") == "style-damaged"
    remove_style("bad")
    assert code_of(find_style, "bad") == "style-unknown"


@pytest.mark.parametrize("text", ["", "null", "[1]", "{", "[" * 5000, "\0", '{"name": "\\ud800"}'])
def test_nonsense_in_place_of_a_record(make_own: Make, text: str) -> None:
    (make_own("bad") / "style.json").write_text(text)
    assert "bad" not in names() and code_of(find_style, "bad") == "style-damaged"


def test_odd_things_in_the_folder(own_styles: Path, make_own: Make) -> None:
    make_own("good")
    for odd in (".good.part", "UPPER", "a b", "empty", "-x"):
        (own_styles / odd).mkdir()
    (own_styles / "file").write_bytes(b"x")
    (own_styles / "deep" / "style.json").mkdir(parents=True)
    (own_styles / "loop").symlink_to(own_styles / "loop")
    assert [n for n in names() if n not in library.shipped_names()] == ["good"]


def test_no_folder_for_data_means_no_own_styles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "file"))
    assert set(names()) == set(library.shipped_names()) and own_style_file("x") is None


@pytest.mark.parametrize("how", ["gone", "changed", "not tensors", "few tensors"])
def test_a_damaged_card_is_refused(make_own: Make, how: str) -> None:
    folder = make_own()
    card = folder / "card.safetensors"
    if how == "gone":
        card.unlink()
    elif how == "changed":
        card.write_bytes(card.read_bytes() + b"x")
    else:
        from safetensors.torch import save

        data = b"nonsense" if how == "not tensors" else save({"mean": torch.zeros(3)})
        card.write_bytes(data)
        record = json.loads((folder / "style.json").read_text())
        record["files"]["card.safetensors"] = hashlib.sha256(data).hexdigest()
        (folder / "style.json").write_text(json.dumps(record))
    assert code_of(load_card, "my-wave", weights_digest("slim")) == "style-damaged"


def test_a_card_of_other_weights_is_refused(make_own: Make) -> None:
    make_own()
    assert code_of(load_card, "my-wave", "0" * 64) == "style-damaged"


JPEG = b"\xff\xd8\xff\xe0"


def test_its_thumbnail_is_listed_when_asked_for_and_goes_with_it(make_own: Make) -> None:
    folder = make_own()
    assert "thumbnail" not in list_styles(thumbnails=True)[-1]
    (folder / "thumbnail.jpg").write_bytes(JPEG)
    assert list_styles(thumbnails=True)[-1]["thumbnail"] == JPEG and "thumbnail" not in list_styles()[-1]
    remove_style("my-wave")
    assert not folder.exists()


@pytest.mark.parametrize("data", [b"", b"GIF89a", JPEG * 4000, None])
def test_what_is_no_thumbnail_is_left_out(make_own: Make, data: bytes | None) -> None:
    file = make_own() / "thumbnail.jpg"
    file.mkdir() if data is None else file.write_bytes(data)
    last = list_styles(thumbnails=True)[-1]
    assert last["name"] == "my-wave" and "thumbnail" not in last


@pytest.mark.parametrize("name", ["", "-a", "a-", "A", "a b", "ä", "../a", "a/b", "con", "com1", "a" * 49, ".a", "a\n"])
def test_names_that_cannot_be(name: str) -> None:
    assert code_of(own.check_style_name, name) == "style-name"


def test_names_that_can_be() -> None:
    for name in ("a", "my-wave-2", "a" * 48, "console"):
        own.check_style_name(name)
