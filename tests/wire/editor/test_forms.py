"""What a form of the declared options goes by."""

from __future__ import annotations

from scumble.wire.editor.forms import (
    MAKE_LAYER,
    SEPARATOR,
    grouped,
    kind_of,
    label_of,
    labelled,
    mask_choices,
    matches,
    part_choices,
)
from scumble.wire.request.declarations import PLACES
from scumble.wire.request.options import Option
from scumble.wire.request.request import REQUEST_OPTIONS

REST = "While it paints"


def test_each_option_is_in_one_group() -> None:
    groups = grouped(REQUEST_OPTIONS.values())
    names = [o.name for _, group in groups for o in group]
    assert sorted(names) == sorted(REQUEST_OPTIONS)
    assert [title for title, _ in groups] == ["Balance", "Engine", REST, "Expert"]


def test_an_option_that_no_heading_claims_comes_last() -> None:
    new = Option("new_one", "bool", False, "Something new.")
    assert grouped([new, REQUEST_OPTIONS["iterations"]])[-1] == (REST, [new])
    assert label_of(new) == "new_one"


def test_what_a_method_looks_at_is_declared() -> None:
    seen = {o.name for o in REQUEST_OPTIONS.values() if o.honoured_by("fast")}
    assert seen == {
        *("method", "strength", "colors", "seed", "texture", "size", "margin", "precision", "device"),
        *("content_weight", "where", "keep_faces", "photorealistic", "seamless"),
    }  # fmt: skip
    assert all(o.honoured_by("optimize") for o in REQUEST_OPTIONS.values())


def test_options_are_found_by_any_of_their_words() -> None:
    steps = REQUEST_OPTIONS["iterations"]
    assert matches(steps, "STEPS scale") and matches(steps, "iter") and matches(steps, "")
    assert not matches(steps, "steps colour")


def test_choices_have_their_labels() -> None:
    assert labelled(REQUEST_OPTIONS["method"])[1] == ("fast", "Fast")
    assert labelled(Option("x", "choice", "a", "", choices=("a", "b"))) == [("a", "a"), ("b", "b")]


def test_each_option_has_its_widget() -> None:
    kinds = {name: kind_of(o) for name, o in REQUEST_OPTIONS.items()}
    assert {kinds[n] for n in ("strength", "iterations", "size")} == {"number"}
    assert [kinds[n] for n in ("method", "colors", "seed", "style_layers")] == ["switch", "combo", "seed", "names"]
    assert kind_of(Option("x", "bool", False, "")) == "check" and kind_of(Option("x", "text", "", "")) == "text"


def test_what_can_be_a_mask() -> None:
    layers = [("7", "Group"), ("8", "    Sky")]
    choices, at = mask_choices(layers, ("layer", "Sky", "8"))
    labels = [label for label, _ in choices]
    assert labels[0] == "None" and labels[-3:] == ["", "Group", "    Sky"]
    assert {"The selection", "The subject", "The sky"} <= set(labels)
    assert choices[-3][1] == SEPARATOR and choices[at][1] == ("layer", "Sky", "8")
    chosen = mask_choices(layers, ("selection", "", ""))[1]
    assert labels[chosen] == "The selection"


def test_a_place_that_is_chosen_can_be_made_a_layer() -> None:
    layers = [("7", "Group")]
    for kind, label in PLACES.items():
        choices, at = mask_choices(layers, (kind, "", ""))
        assert choices[at][0] == label and (f"Make “{label}” a layer", MAKE_LAYER) in choices
    for chosen in (("none", "", ""), ("selection", "", ""), ("layer", "Group", "7")):
        assert MAKE_LAYER not in [mask for _, mask in mask_choices(layers, chosen)[0]]


def test_a_mask_that_is_gone_is_still_shown() -> None:
    choices, at = mask_choices([], ("layer", "Sky", "8"))
    assert choices[at] == ("Sky (not in this picture)", ("layer", "Sky", "8")) and at == len(choices) - 1
    assert [label for label, _ in choices][0 :: len(choices) - 1] == ["None", "Sky (not in this picture)"]


def test_what_can_be_taken_of_a_styles_picture() -> None:
    layers = [("7", "Group"), ("8", "    Sky")]
    choices, at = part_choices(layers, ("sky", "", ""))
    labels = [label for label, _ in choices]
    assert labels == ["The whole picture", *PLACES.values(), "", "Group", "    Sky"] and labels[at] == "The sky"
    assert [label for label, _ in part_choices([], ("all", "", ""))[0]] == labels[: len(PLACES) + 1]
    choices, at = part_choices(layers, ("file", "masks/clouds.png", ""))
    assert choices[at] == ("clouds.png", ("file", "masks/clouds.png", "")) and at == len(choices) - 1
    choices, at = part_choices([], ("layer", "Sky", "8"))
    assert choices[at] == ("Sky (not in this picture)", ("layer", "Sky", "8"))
