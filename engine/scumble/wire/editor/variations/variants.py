"""What there is to choose from beside what is set: other seeds, settings next to it, a walk to another style."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ...request.options import Option
from ...request.recipe import Recipe
from ...request.request import REQUEST_OPTIONS
from ...request.stylechoice import CHOICE_OPTIONS, StyleChoice
from ...words.translation import tr
from ..shares import percentages
from ..styles.chooser import row_title

COUNT = 6
NEIGHBOURS = ("strength", "texture", "repaint", "content_weight")  # numbers whose neighbours are worth a look
STEPS = (0.2, 0.4)  # of a number's range, nearest and farthest
STROKES = (0.5, 0.7, 1.4, 2.0)  # times as large
WALKED = 0.5  # of the way that is left, once more on a walk between the same two styles

Titles = Mapping[str, str]


class Variant(NamedTuple):
    """A recipe, and in few words what is its own."""

    recipe: Recipe
    words: str


def kinds(recipe: Recipe) -> List[Tuple[str, str]]:
    """The ways there are, with their labels. There are no seeds with *fast*: they change grain alone."""
    ways = [("settings", tr("Settings")), ("walk", tr("Between two styles"))]
    return ways if recipe.value("method") == "fast" else [("seeds", tr("Seeds")), *ways]


def variants(kind: str, recipe: Recipe, turn: int, others: Sequence[StyleChoice], titles: Titles) -> List[Variant]:
    """Up to six variants of a kind; another `turn` brings others, the same one the same.

    `others` are styles that a walk can lead to, the likeliest first. Empty where there is nothing to choose from.
    """
    if kind == "seeds":
        return _seeds(recipe, turn)
    return _neighbours(recipe, turn) if kind == "settings" else _walk(recipe, turn, others, titles)


def _seeds(recipe: Recipe, turn: int) -> List[Variant]:
    draw = random.Random(f"{recipe.value('seed')} {turn}")
    seeds = draw.sample(range(1, 10000), COUNT)
    return [Variant(_with(recipe, seed=seed), tr("Seed {n}").format(n=seed)) for seed in seeds]


# settings

Change = Callable[[random.Random, Recipe], Optional[Variant]]


def _neighbours(recipe: Recipe, turn: int) -> List[Variant]:
    """Each changes one thing, the last two two things, and no two are the same."""
    draw = random.Random(f"{recipe.to_plain()} {turn}")
    found: Dict[str, Variant] = {}
    numbers = [n for n in NEIGHBOURS if REQUEST_OPTIONS[n].honoured_by(recipe.value("method"))]
    changes: List[Change] = [_strokes, _colours, *map(_number, numbers)]
    draw.shuffle(changes)
    for i in range(8 * COUNT):
        made = changes[i % len(changes)](draw, recipe)
        if made is not None and len(found) >= COUNT - 2:
            more = draw.choice(changes)(draw, made.recipe)
            made = Variant(more.recipe, f"{made.words} · {more.words}") if more is not None else made
        if made is not None and made.recipe != recipe and _is_new(made, found):
            found[made.words] = made
        if len(found) == COUNT:
            break
    return list(found.values())


def _is_new(made: Variant, found: Mapping[str, Variant]) -> bool:
    parts = made.words.split(" · ")
    twice = len({p.split(" ")[0] for p in parts}) < len(parts)  # the same thing changed twice
    return not twice and all(made.recipe != other.recipe for other in found.values())


def _number(name: str) -> Change:
    option = REQUEST_OPTIONS[name]

    def change(draw: random.Random, recipe: Recipe) -> Optional[Variant]:
        value = _moved(draw, option, float(recipe.value(name)))
        return Variant(_with(recipe, **{name: value}), f"{tr(option.label)} {_amount(option, value)}")

    return change


def _moved(draw: random.Random, option: Option, value: float) -> float:
    low, high = float(option.low or 0.0), float(option.high if option.high is not None else 1.0)
    if high > 1:  # a weight: by its ratio
        return float(f"{min(high, max(low, (value or 1.0) * draw.choice((0.33, 0.5, 2.0, 3.0)))):.2g}")
    step = draw.uniform(*STEPS) * draw.choice((-1, 1))
    moved = value + step if low <= value + step <= high else value - step
    return round(min(high, max(low, moved)), 2)


def _amount(option: Option, value: float) -> str:
    whole = option.high is not None and option.high <= 1
    return f"{100 * value:.0f} %" if whole else f"{value:g}"


def _strokes(draw: random.Random, recipe: Recipe) -> Optional[Variant]:
    option, by = CHOICE_OPTIONS["stroke_size"], draw.choice(STROKES)
    low, high = float(option.low or 0.1), float(option.high or 10.0)
    if not recipe.styles:
        return None
    sizes = [float(f"{min(high, max(low, by * s.stroke_size)):.2g}") for s in recipe.styles]
    styles = tuple(replace(s, stroke_size=size) for s, size in zip(recipe.styles, sizes))
    return Variant(Recipe(recipe.options, styles), f"{tr(option.label)} {styles[0].stroke_size:g}")


def _colours(draw: random.Random, recipe: Recipe) -> Optional[Variant]:
    option = REQUEST_OPTIONS["colors"]
    now = recipe.value("colors")
    value = draw.choice([c for c in option.choices if c != now])
    label = option.choice_labels[option.choices.index(value)]
    return Variant(_with(recipe, colors=value), tr(label))


def _with(recipe: Recipe, **values: object) -> Recipe:
    return Recipe({**recipe.options, **values}, recipe.styles)


# a walk


def _walk(recipe: Recipe, turn: int, others: Sequence[StyleChoice], titles: Titles) -> List[Variant]:
    """From the recipe's first style to its second, or to one of the others."""
    styles = [s for s in recipe.styles if s.weight > 0]
    if not styles:
        return []
    first, rest = styles[0], styles[2:]
    begin, end = 0.0, 1.0
    if len(styles) > 1:
        second = styles[1]
        at, half = second.weight / (first.weight + second.weight), WALKED ** (turn + 1) / 2
        begin, end = (0.0, 1.0) if not turn else (max(0.0, at - half), min(1.0, at + half))
    else:
        strange = [s for s in others if not s.is_same_style(first)]
        if not strange:
            return []
        picked = strange[turn % len(strange)]
        second = replace(first.exchanged(picked), weight=first.weight)
    together = first.weight + (second.weight if len(styles) > 1 else 0.0)
    made = []
    for i in range(COUNT):
        share = begin + (end - begin) * (i / (COUNT - 1) if len(styles) > 1 else (i + 1) / COUNT)
        made.append(_mixed(recipe, (first, second), (1 - share, share), together, rest, titles))
    return made


def _mixed(
    recipe: Recipe,
    pair: Tuple[StyleChoice, StyleChoice],
    shares: Tuple[float, float],
    together: float,
    rest: Sequence[StyleChoice],
    titles: Titles,
) -> Variant:
    weights = percentages([shares[0] * together, shares[1] * together, *(s.weight for s in rest)])
    styles = tuple(replace(s, weight=w) for s, w in zip((*pair, *rest), weights))
    told = [f"{row_title(s, titles)} {100 * w:.0f} %" for s, w in zip(pair, weights) if w > 0]
    return Variant(Recipe(recipe.options, tuple(s for s in styles if s.weight > 0)), " · ".join(told))
