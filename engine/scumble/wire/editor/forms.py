"""What a form of the declared options needs, in any editor: their names, headings and widgets."""

from __future__ import annotations

from pathlib import PurePath
from typing import Dict, Iterable, List, Sequence, Tuple

from ..request.choices import PARTS, PLACES
from ..request.options import Option
from ..request.stylechoice import CHOICE_OPTIONS
from ..words.translation import tr

EXPERT = "Expert"  # the heading of what artists need not know
BIG = ("strength",)  # what an artist turns most
SWITCHED = 2  # so many choices lie side by side
SEED_FROM = 1e9  # a whole number that may be as large is a seed: nothing to drag
SEEDS = 99999  # that a form draws from

Mask = Tuple[str, str, str]  # kind, the layer's name, its identity
Layers = Sequence[Tuple[str, str]]  # identity, indented name
Choices = Tuple[List[Tuple[str, Mask]], int]
PAINT: Mask = ("paint", "", "")
MAKE_LAYER: Mask = ("make layer", "", "")
SEPARATOR: Mask = ("", "", "")


def label_of(option: Option) -> str:
    """What a form calls an option, in the user's language."""
    return tr(option.label or option.name)


def labelled(option: Option) -> List[Tuple[str, str]]:
    """The choices, each with what a form calls it."""
    labels = option.choice_labels or option.choices
    return [(choice, tr(labels[i])) for i, choice in enumerate(option.choices)]


def grouped(options: Iterable[Option]) -> List[Tuple[str, List[Option]]]:
    """Options under the headings that they declare, in their order; then those that declare none, then the experts'."""
    groups: Dict[str, List[Option]] = {}
    for option in options:
        groups.setdefault(option.group, []).append(option)
    rest, expert = groups.pop("", []), groups.pop(EXPERT, [])
    return [
        *((tr(title), group) for title, group in groups.items()),
        *([(tr("While it paints"), rest)] if rest else []),
        *([(tr(EXPERT), expert)] if expert else []),
    ]


def kind_of(option: Option) -> str:
    """The widget that an option wants: “listed”, “switch”, “combo”, “seed”, “number”, “check”, “text” or “names”."""
    if option.listed:
        return "listed"
    if option.kind == "choice":
        return "switch" if len(option.choices) <= SWITCHED else "combo"
    if option.kind == "int" and (option.high or 0) >= SEED_FROM:
        return "seed"
    return {"float": "number", "int": "number", "bool": "check", "layers": "names"}.get(option.kind, "text")


def matches(option: Option, words: str) -> bool:
    """Whether each word is found in what the option is called or does."""
    return has_words(words, f"{label_of(option)} {tr(option.help)} {option.name}")


def has_words(words: str, text: str) -> bool:
    """Whether each of the words is found in a text, whatever their case."""
    folded = text.casefold()
    return all(w in folded for w in words.casefold().split())


def mask_choices(layers: Layers, chosen: Mask) -> Choices:
    """What can be a style's mask, each with what a form calls it, and the place of the chosen one.

    `layers` are (identity, indented name). A chosen layer that is not among them comes last. `SEPARATOR` is a line, and
    `PAINT` asks for a new layer to paint one on, `MAKE_LAYER` for one of the place that is chosen.
    """
    found = [(label, (kind, "", "")) for kind, label in labelled(CHOICE_OPTIONS["mask"]) if kind != "layer"]
    if chosen[0] in PLACES and layers:
        found.append((tr("Make “{place}” a layer").format(place=tr(PLACES[chosen[0]])), MAKE_LAYER))
    found += [(tr("Paint a mask…"), PAINT), ("", SEPARATOR)] if layers else []
    return _with_layers(found, layers, chosen)


def part_choices(layers: Layers, chosen: Mask) -> Choices:
    """What can be taken of a style's own picture, as `mask_choices` says what can be its mask; a mask file of the
    command line's comes last where it is chosen."""
    found = [(label, (kind, "", "")) for kind, label in labelled(CHOICE_OPTIONS["part"]) if kind in PARTS]
    return _with_layers([*found, ("", SEPARATOR)] if layers else found, layers, chosen)


def _with_layers(before: Sequence[Tuple[str, Mask]], layers: Layers, chosen: Mask) -> Choices:
    found = [*before, *((name, ("layer", name.strip(), identity)) for identity, name in layers)]
    places = [i for i, (_, mask) in enumerate(found) if (mask[0], mask[2]) == (chosen[0], chosen[2])]
    if not places and chosen[0] == "file":
        found.append((PurePath(chosen[1]).name, chosen))
    elif not places:
        found.append((tr("{name} (not in this picture)").format(name=chosen[1]), chosen))
    return found, places[0] if places else len(found) - 1
