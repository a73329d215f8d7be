"""Words in the user's language: all of them, with the same placeholders, and never an error of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scumble.wire import CASES, Recipe, ScumbleError
from scumble.wire.protocol.notes import Note
from scumble.wire.words import translation as words
from scumble.wire.words.translation import add_catalog, remedy, sentence, tr, use_language

from ...house.wording import OPTIONS, WIRE_CATALOG, catalog, faults, plugin_faults, said, wire_texts


@pytest.fixture(autouse=True)
def speech(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(words, "_speech", words._Speech())
    yield


@pytest.fixture
def chinese() -> None:
    use_language("zh_CN")


@pytest.mark.parametrize("o", OPTIONS, ids=lambda o: o.name)
def test_every_option_and_every_choice_has_a_label(o) -> None:
    assert o.label[0].isupper() and len(o.label) <= 24 and not o.label.endswith(".")
    assert len(o.choice_labels) == len(o.choices) == len(set(o.choice_labels))
    assert all(c and (c[0].isupper() or c[0].isdigit()) and len(c) <= 32 for c in o.choice_labels)
    assert not o.zero_label or (o.low == 0 and o.kind in ("int", "float"))


def test_labels_tell_options_apart() -> None:
    of_styles = (
        "weight",
        "stroke_size",
        "strength",
        "content_weight",
        "where",
        "picture_where",
    )  # declared for each of several places
    labels = [o.label for o in OPTIONS if o.name not in of_styles]
    assert len(labels) == len(set(labels))


def test_the_chinese_catalog_has_all_words_and_no_others() -> None:
    chinese = catalog(WIRE_CATALOG)
    assert faults(chinese, wire_texts()) == {}
    same = {k for k, v in chinese.items() if k == v}
    assert same == {"Adam", "L-BFGS"}
    assert not [v for v in chinese.values() if set(v) & set(",;?!") and "cuda" not in v]


@pytest.mark.parametrize("code", CASES)
def test_every_error_is_said_in_chinese(code: str, chinese: None) -> None:
    error = ScumbleError(code, name="绿", value=3, low=0, high=1, megapixels=120.4, limit=100.0, aspect=70.0)
    for text, english in ((sentence(error), error.sentence), (remedy(error), error.remedy)):
        assert text != english and any("\u4e00" <= c <= "\u9fff" for c in text) and "{" not in text


def test_values_fill_the_translation(chinese: None) -> None:
    with pytest.raises(ScumbleError) as e:
        Recipe({"strength": 3}).check()
    assert (sentence(e.value), remedy(e.value)) == ("“强度”的值 3 超出范围。", "请填写 0.0 到 1.0 之间的值。")
    with pytest.raises(ScumbleError) as e:
        Recipe({"seed": "x"}).check()
    assert sentence(e.value) == "“随机种子”的值 'x' 不符合要求，应为整数。"
    large = ScumbleError("picture-large", name="Fast", megapixels=120.4, limit=100.0)
    assert sentence(large) == "“Fast”有 120 百万像素；上限为 100 百万像素。"
    assert sentence(ScumbleError("mask-empty", name="selection")) == "蒙版“选区”没有选中任何像素。"
    damaged = ScumbleError("preset-unreadable", name="selection", reason="the file is damaged")
    assert sentence(damaged) == "“selection”不是可用的预设：文件已损坏。"


def test_notes_are_said_for_one_and_for_many(chinese: None) -> None:
    assert (
        sentence(Note("style-predicted", {"names": ["猫"]})) == "快速网络没有学过“猫”：将使用已学会的最相近风格的笔触。"
    )
    many = sentence(Note("style-predicted", {"names": ["a", "b", "c"]}))
    assert many == "快速网络没有学过“a”、“b”和“c”：将各自使用已学会的最相近风格的笔触。"
    assert "2048 像素" in sentence(Note("strokes-limited", {"size": 2048}))


@pytest.mark.parametrize("code", ["zh", "zh_CN", "zh-Hans", "zh-Hans-CN", "zh_SG.UTF-8", "ZH_cn@pinyin"])
def test_chinese_by_any_of_its_codes(code: str) -> None:
    use_language(code)
    assert tr("Strength") == "强度"


@pytest.mark.parametrize("code", ["en_US", "", "C", "POSIX", "zh_TW", "zh-Hant-HK", "xx", "../zh", "de_DE.UTF-8", "🎨"])
def test_what_is_unknown_is_english(code: str) -> None:
    use_language("zh")
    use_language(code)
    assert tr("Strength") == "Strength"
    error, note = ScumbleError("styles-missing"), Note("style-predicted", {"names": ["a", "b"]})
    assert (sentence(error), remedy(error)) == (error.sentence, error.remedy) and sentence(note) == note.sentence


def test_what_a_newer_engine_says_is_said_as_it_came(chinese: None) -> None:
    error = ScumbleError.from_plain({"code": "brand-new", "sentence": "So it is.", "remedy": "Do that."})
    assert (sentence(error), remedy(error)) == ("So it is.", "Do that.")
    note = Note.from_plain({"code": "brand-new", "sentence": "Mind this."})
    assert note is not None and sentence(note) == "Mind this."


def test_values_of_the_wrong_kind_are_no_second_error(chinese: None) -> None:
    error = ScumbleError.from_plain({"code": "picture-large", "values": {"megapixels": [], "name": None}})
    assert "百万像素" in sentence(error) and remedy(error)


def test_a_plug_ins_words_join_before_or_after_the_language(tmp_path: Path) -> None:
    for i, folder in enumerate((tmp_path / "a", tmp_path / "b")):
        folder.mkdir()
        (folder / "zh.json").write_text(json.dumps({f"Hello {i}": f"你好 {i}", "Size": f"大小 {i}"}), "utf-8")
    add_catalog(tmp_path / "a")
    use_language("zh_CN")
    add_catalog(tmp_path / "b")
    assert [tr(t) for t in ("Hello 0", "Hello 1", "Size", "Seed")] == ["你好 0", "你好 1", "大小 1", "随机种子"]
    use_language("en")
    assert tr("Hello 0") == "Hello 0"


@pytest.mark.parametrize("damage", [b"", b"\xff", b"[]", b'{"Seed": 5, "Size": ""}', b"[" * 99_999])
def test_a_damaged_catalog_leaves_the_others(tmp_path: Path, damage: bytes, chinese: None) -> None:
    (tmp_path / "zh.json").write_bytes(damage)
    add_catalog(tmp_path)
    add_catalog(tmp_path / "nowhere")
    assert (tr("Seed"), tr("Size")) == ("随机种子", "尺寸")


def test_the_texts_of_a_plug_in_are_found_and_compared(tmp_path: Path) -> None:
    (tmp_path / "wire").mkdir()
    (tmp_path / "wire" / "a.py").write_text('tr("not mine")')
    (tmp_path / "a.py").write_text(
        'x = tr("Paint" " it")\ny = texts.tr("On" if x else "Later {n}").format(n=1)\nz = tr(x)\n', "utf-8"
    )
    assert said(tmp_path) == {"Paint it", "On", "Later {n}"}
    (tmp_path / "zh.json").write_text(json.dumps({"Later {n}": "以后 {m}", "Old": "旧"}), "utf-8")
    assert plugin_faults(tmp_path, tmp_path / "zh.json") == {
        "missing": ["Paint it"],
        "superfluous": ["Old"],
        "other placeholders": ["Later {n}"],
    }
    (tmp_path / "a.py").write_text('tr(f"{x} made")')
    with pytest.raises(AssertionError, match=r"a\.py:1"):
        said(tmp_path)
