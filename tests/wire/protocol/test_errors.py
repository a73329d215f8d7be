"""Errors: a sentence and a remedy for each code, the same after the wire, and never a second error."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scumble.wire.protocol.errors import CASES, ScumbleError
from scumble.wire.protocol.messages import decode, encode

VALUES = {
    "low": 0.0,
    "high": 1.0,
    "megapixels": 99.6,
    "limit": 64.0,
    "aspect": 50.2,
}


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("code", CASES)
def test_each_case_is_a_sentence_and_a_remedy(code: str) -> None:
    case = CASES[code]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert case.sentence[0] in "“{" + string.ascii_uppercase and case.sentence.endswith((".", "}"))
    assert case.remedy[0].isupper()
    names = fields(case.sentence) | fields(case.remedy)
    error = ScumbleError(code, **{n: VALUES.get(n, f"<{n}>") for n in names})
    assert not set("{}") & set(error.sentence + error.remedy) and "?" not in error.sentence
    assert str(error) == f"{error.sentence} {error.remedy} [{code}]"


@pytest.mark.parametrize("code", CASES)
def test_an_error_is_the_same_after_the_wire_even_with_values_missing(code: str) -> None:
    error = ScumbleError(code)
    plain = decode(encode({"type": "error", "error": error.to_plain()})).header["error"]
    again = ScumbleError.from_plain(plain)
    assert (again.code, again.sentence, again.remedy, str(again)) == (code, error.sentence, error.remedy, str(error))


def test_an_unknown_code_of_a_newer_engine_keeps_its_words() -> None:
    error = ScumbleError.from_plain({"code": "brand-new", "sentence": "So it is.", "remedy": "Do that."})
    assert (error.code, error.sentence, error.remedy) == ("brand-new", "So it is.", "Do that.")


anything = st.none() | st.integers() | st.text() | st.lists(st.integers()) | st.dictionaries(st.text(), st.text())


@given(
    st.sampled_from([*CASES, "odd"]),
    anything,
    anything,
    anything | st.fixed_dictionaries({n: anything for n in ("code", "self", "megapixels", "name")}),
)
def test_no_error_from_the_wire_raises_another(code: str, sentence: object, remedy: object, values: object) -> None:
    plain = {"code": code, "sentence": sentence, "remedy": remedy, "values": values}
    error = ScumbleError.from_plain(plain)
    assert error.code == code and error.sentence == str(sentence)
    encode({"type": "error", "error": error.to_plain()})


def test_values_that_the_wire_cannot_hold_travel_as_text() -> None:
    error = ScumbleError("file-missing", name=ValueError("x"), big=2**64, huge=10**5000, most=2**64 - 1, yes=True)
    assert error.to_plain()["values"] == {"name": "x", "big": str(2**64), "huge": "?", "most": 2**64 - 1, "yes": True}
