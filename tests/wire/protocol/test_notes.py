"""Notes: a sentence for each code, for one style and for several, the same after the wire; damage costs no result."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scumble.wire.protocol.events import Result, parse_event
from scumble.wire.protocol.messages import Message, decode, encode
from scumble.wire.protocol.notes import MAX_NOTES, NOTES, Note, read_notes
from scumble.wire.protocol.pixels import PictureRef, PixelFormat

PICTURE = PictureRef("0" * 64, PixelFormat(4, 3, 4), 5, -6)


def result(**fields: object) -> Message:
    return decode(encode({"type": "result", "job": "j", "picture": PICTURE.to_plain(), "steps": 3, **fields}))


def field_names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("code", NOTES)
def test_each_case_is_a_sentence_for_one_and_for_several(code: str) -> None:
    words = NOTES[code]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert ("names" in field_names(words.one)) == bool(words.many)
    assert not words.many or field_names(words.many) == field_names(words.one)
    for names in (["wave"], ["wave", "scream", "mine"]):
        fields = {n: names if n == "names" else 512 for n in field_names(words.one)}
        said = Note(code, fields).sentence
        assert said[0] in "“" + string.ascii_uppercase and said.endswith(".") and not set("{}?[]") & set(said)
        if words.many:
            assert (", ".join(f"“{n}”" for n in names[:-1]) + " and " if names[1:] else "") + f"“{names[-1]}”" in said


def test_one_and_several_are_said_in_good_english() -> None:
    one, two = (Note("style-predicted", {"names": n}).sentence for n in (["my-painting"], ["a", "b"]))
    untrained, similar = (
        "The fast networks were not trained on ",
        "gets the strokes of the most similar style they know.",
    )
    assert one == f"{untrained}“my-painting”: it {similar}"
    assert two == f"{untrained}“a” and “b”: each {similar}"
    assert "1024 px" in Note("strokes-limited", {"size": 1024}).sentence


@pytest.mark.parametrize("code", NOTES)
@pytest.mark.parametrize("fields", [{"names": ("a", "ü"), "size": 512}, {"names": ("a",)}, {}], ids=str)
def test_a_note_is_the_same_after_the_wire_even_with_fields_missing(code: str, fields: dict[str, object]) -> None:
    note = Note(code, fields)
    event = parse_event(result(notes=[note.to_plain()]))
    assert isinstance(event, Result) and event.notes == (note,)
    assert event.notes[0].sentence == note.sentence
    assert ("?" in note.sentence) == (not field_names(NOTES[code].one) <= set(fields))


def test_a_note_must_be_declared_unless_the_wire_brought_its_sentence() -> None:
    with pytest.raises(KeyError):
        Note("no-such-code")
    (note,) = read_notes([{"code": "brand-new", "sentence": "So it is.", "fields": {"n": 3}}])
    assert (note.code, note.sentence, note.fields) == ("brand-new", "So it is.", {"n": 3})
    assert Note.from_plain(note.to_plain()) == note and note.to_plain()["sentence"] == "So it is."


@pytest.mark.parametrize(
    "damaged",
    [None, 7, "text", [], {}, {"code": 3, "sentence": "x"}, {"code": "new"}, {"sentence": "x"}, {"code": ""}],
    ids=str,
)
def test_a_damaged_note_is_left_out_and_the_result_stands(damaged: object) -> None:
    good = Note("strokes-limited", {"size": 768})
    event = parse_event(result(notes=[damaged, good.to_plain(), damaged]))
    assert isinstance(event, Result) and event.notes == (good,) and event.steps == 3
    event = parse_event(result(notes=damaged))
    assert isinstance(event, Result) and event.notes == () and event.picture == PICTURE


def test_an_engine_without_notes_has_none_and_one_with_too_many_is_bounded() -> None:
    event = parse_event(result())
    assert isinstance(event, Result) and event.notes == ()
    many = [Note("strokes-limited", {"size": n}).to_plain() for n in range(MAX_NOTES + 5)]
    assert [n.fields["size"] for n in read_notes(many)] == list(range(MAX_NOTES))
    (note,) = read_notes([{"code": "x" * 5000, "sentence": "y" * 5000, "fields": {"names": ["z" * 5000] * 5000}}])
    assert len(str(note.to_plain())) < 100_000


scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=20)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
likely = st.fixed_dictionaries(
    {},
    optional={
        "code": st.sampled_from([*NOTES, "odd"]) | anything,
        "sentence": anything,
        "fields": st.dictionaries(st.sampled_from(["names", "size", "self", "code"]), anything) | anything,
    },
)


@given(st.lists(likely | anything, max_size=6) | anything)
def test_no_notes_from_the_wire_raise_or_cost_the_result(plain: object) -> None:
    event = parse_event(result(notes=plain))
    assert isinstance(event, Result)
    for note in event.notes:
        assert isinstance(note.sentence, str) and note.sentence
        encode({"type": "x", "note": note.to_plain()})
