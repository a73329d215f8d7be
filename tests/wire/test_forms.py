"""What a form of the declared options goes by."""

from __future__ import annotations

from scumble.wire.forms import HEADINGS, REST, grouped, label_of, labelled, looked_at, matches
from scumble.wire.options import Option
from scumble.wire.request import REQUEST_OPTIONS


def test_each_option_is_in_one_group() -> None:
    groups = grouped(REQUEST_OPTIONS.values())
    names = [o.name for _, group in groups for o in group]
    assert sorted(names) == sorted(REQUEST_OPTIONS)
    assert [title for title, _ in groups] == [*(title for title, _ in HEADINGS), REST]


def test_an_option_that_no_heading_claims_comes_last() -> None:
    new = Option("new_one", "bool", False, "Something new.")
    assert grouped([new, REQUEST_OPTIONS["iterations"]])[-1] == (REST, [new])
    assert label_of(new) == "new_one"


def test_what_the_fast_method_looks_at_is_declared() -> None:
    seen = looked_at("fast")
    assert seen is not None and seen < set(REQUEST_OPTIONS) and "strength" in seen and "iterations" not in seen
    assert looked_at("optimize") is None


def test_options_are_found_by_any_of_their_words() -> None:
    steps = REQUEST_OPTIONS["iterations"]
    assert matches(steps, "STEPS scale") and matches(steps, "iter") and matches(steps, "")
    assert not matches(steps, "steps colour")


def test_choices_have_their_labels() -> None:
    assert labelled(REQUEST_OPTIONS["method"])[1] == ("fast", "Fast")
    assert labelled(Option("x", "choice", "a", "", choices=("a", "b"))) == [("a", "a"), ("b", "b")]
