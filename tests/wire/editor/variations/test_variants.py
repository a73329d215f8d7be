"""What there is to choose from beside what is set."""

from __future__ import annotations

import pytest

from scumble.wire import REQUEST_OPTIONS, Recipe, StyleChoice
from scumble.wire.editor.variations.variants import COUNT, kinds, variants

from ...recipes import changed

SKY, WAVE, FACE = (StyleChoice(name=name) for name in ("starry-night", "great-wave", "mona"))
FAST = Recipe({"method": "fast"}, (SKY,))
SLOW = Recipe({}, (SKY,))
TITLES = {"starry-night": "The Starry Night", "great-wave": "The Great Wave"}


@pytest.mark.parametrize("kind", ["seeds", "settings", "walk"])
@pytest.mark.parametrize("recipe", [FAST, SLOW, changed(SLOW, strength=1.0, texture=0.0), changed(FAST, strength=0.0)])
def test_there_are_six_different_ones_that_can_be_run(recipe: Recipe, kind: str) -> None:
    found = variants(kind, recipe, 0, [WAVE], TITLES)
    assert len(found) == COUNT and len({str(v.recipe.to_plain()) for v in found}) == COUNT
    for variant in found:
        variant.recipe.check()
        assert variant.recipe != recipe and variant.words


@pytest.mark.parametrize("kind", ["seeds", "settings"])
def test_another_turn_brings_others_and_the_same_one_the_same(kind: str) -> None:
    first, second = (variants(kind, SLOW, turn, [], TITLES) for turn in (0, 1))
    assert first != second and first == variants(kind, SLOW, 0, [], TITLES)


def test_neighbours_touch_only_what_the_method_looks_at() -> None:
    for turn in range(5):
        for variant in variants("settings", FAST, turn, [], TITLES):
            assert all(REQUEST_OPTIONS[n].honoured_by("fast") for n in variant.recipe.options)
            assert variant.recipe.value("method") == "fast"


def test_a_walk_from_one_style_leads_to_another() -> None:
    found = variants("walk", SLOW, 0, [SKY, WAVE, FACE], TITLES)
    shares = [[s.weight for s in v.recipe.styles] for v in found]
    assert [s.name for s in found[0].recipe.styles] == ["starry-night", "great-wave"]
    assert shares[0] == [0.83, 0.17] and [s.name for s in found[-1].recipe.styles] == ["great-wave"]
    assert found[0].words == "The Starry Night 83 % · The Great Wave 17 %"
    assert variants("walk", SLOW, 1, [SKY, WAVE, FACE], TITLES)[0].recipe.styles[1].name == "mona"
    assert variants("walk", SLOW, 0, [SKY], TITLES) == []


def test_a_walk_goes_on_in_smaller_steps_and_leaves_a_third_style_alone() -> None:
    three = Recipe({}, tuple(StyleChoice(name=n, weight=w) for n, w in (("a", 0.4), ("b", 0.4), ("c", 0.2))))
    far, near = (variants("walk", three, turn, [], {}) for turn in (0, 2))
    assert [v.recipe.styles[-1].weight for v in far] == [pytest.approx(0.2)] * COUNT
    assert [s.name for s in far[0].recipe.styles] == ["a", "c"]
    spread = [max(w) - min(w) for w in ([v.recipe.styles[0].weight for v in group] for group in (far, near))]
    assert spread[1] < spread[0] / 3


def test_where_a_seed_hardly_shows_there_is_no_such_kind() -> None:
    assert [kind for kind, _ in kinds(FAST)] == ["settings", "walk"]
    assert [kind for kind, _ in kinds(SLOW)] == ["seeds", "settings", "walk"]
