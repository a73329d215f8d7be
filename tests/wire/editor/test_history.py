"""Results are kept in files, bounded, across processes, and never break anything."""

from __future__ import annotations

import json
import os

import pytest

from scumble.wire.editor.jobs import history
from scumble.wire.protocol import errors, pixels
from scumble.wire.request import recipe as recipes

RECIPE = recipes.Recipe({"strength": 0.5}, (recipes.StyleChoice(name="starry-night"),))


def ref_of(data: bytes, width: int, height: int):
    return pixels.PictureRef(pixels.digest_of(data), pixels.PixelFormat(width, height, 4), 3, 4)


def add(kept, title="Starry Night", side=8, value=7):
    data = bytes([value]) * (side * side * 4)
    return kept.add(title, RECIPE, "sea.kra", ref_of(data, side, side), data, b"a PNG")


def test_an_entry_has_what_was_kept(tmp_path):
    kept = history.History(tmp_path)
    entry = add(kept)
    assert kept.entries == [entry]
    assert entry.pixels() == bytes([7]) * 256
    assert (entry.title, entry.document_name, entry.recipe) == ("Starry Night", "sea.kra", RECIPE)


def test_the_next_process_has_them_too_newest_first(tmp_path):
    kept = history.History(tmp_path)
    add(kept, "first", value=1)
    add(kept, "second", value=2)
    later = history.History(tmp_path).entries
    assert [e.title for e in later] == ["second", "first"]
    assert later[0].pixels()[:1] == b"\x02" and later[0].recipe == RECIPE
    assert (later[0].ref.x, later[0].ref.y) == (3, 4)
    assert later[0].thumbnail == b"a PNG"


def test_a_name_is_a_folder_of_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SCUMBLE_CACHE", str(tmp_path))
    assert add(history.History("krita-history")).file.parent == tmp_path / "krita-history"


def test_it_is_bounded_in_number(tmp_path):
    kept = history.History(tmp_path, most=3)
    for i in range(5):
        add(kept, str(i))
    assert [e.title for e in kept.entries] == ["4", "3", "2"]
    assert len(list(tmp_path.iterdir())) == 9


def test_it_is_bounded_in_bytes(tmp_path):
    kept = history.History(tmp_path, most_bytes=600)  # two pictures of 256 bytes
    for i in range(4):
        add(kept, str(i))
    assert [e.title for e in kept.entries] == ["3", "2"]
    assert add(kept, "too large", side=13) is None
    assert [e.title for e in kept.entries] == ["3", "2"]


def test_what_is_removed_leaves_no_file(tmp_path):
    kept = history.History(tmp_path)
    first, second = add(kept, "a"), add(kept, "b")
    kept.remove(first)
    assert kept.entries == [second]
    kept.clear()
    assert kept.entries == [] and list(tmp_path.iterdir()) == []


def test_pixels_that_are_gone_or_cut_are_said_by_name(tmp_path):
    entry = add(history.History(tmp_path))
    entry.file.write_bytes(b"short")
    with pytest.raises(errors.ScumbleError) as cut:
        entry.pixels()
    entry.file.unlink()
    with pytest.raises(errors.ScumbleError) as gone:
        entry.pixels()
    assert (cut.value.code, gone.value.code) == ("picture-truncated", "file-missing")


@pytest.mark.parametrize("damage", ["{", "[]", "{}", '{"recipe": 3}', '"x"', None])
def test_damaged_entries_are_left_out_and_go(tmp_path, damage):
    kept = history.History(tmp_path)
    bad = add(kept, "bad")
    good = add(kept, "good")
    if damage is None:
        bad.file.with_suffix(".json").unlink()
    else:
        bad.file.with_suffix(".json").write_text(damage)
    os.utime(bad.file, (1, 1))
    later = history.History(tmp_path)
    assert [e.title for e in later.entries] == ["good"]
    assert {p.stem for p in tmp_path.iterdir()} == {good.file.stem}


def test_an_entry_of_a_newer_version_is_left_out(tmp_path):
    entry = add(history.History(tmp_path))
    meta = entry.file.with_suffix(".json")
    plain = json.loads(meta.read_text())
    plain["recipe"]["version"] = 99
    meta.write_text(json.dumps(plain))
    assert history.History(tmp_path).entries == []
    assert entry.file.exists()  # too young to be rubbish: another process may be writing it


def test_a_folder_that_cannot_be_used_is_no_error(tmp_path):
    (tmp_path / "file").write_text("")
    kept = history.History(tmp_path / "file" / "history")
    assert kept.entries == []
    assert add(kept) is None and kept.entries == []


def test_nothing_half_written_stays(tmp_path, monkeypatch):
    kept = history.History(tmp_path)

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(history.os, "replace", fail)
    assert add(kept) is None
    assert list(tmp_path.iterdir()) == []


def test_what_another_process_painted_is_seen_when_it_is_looked_for(tmp_path):
    here, there = history.History(tmp_path), history.History(tmp_path)
    assert here.entries == []
    add(there)
    assert here.entries == []
    here.read_again()
    assert [e.title for e in here.entries] == [e.title for e in there.entries] and len(here.entries) == 1
