"""Which frames of an animated layer are painted: the one that shows, all, or those of a range of time."""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Sequence, Tuple

from ...words.translation import tr


class Span(NamedTuple):
    """A choice: what it is called, and the times of its frames; none for the one that shows."""

    kind: str  # “one”, “all”, “range”, or “same” as before
    label: str
    times: Tuple[int, ...] = ()


def spans(times: Sequence[int], first: int, last: int) -> List[Span]:
    """What there is to choose of a layer with key frames at `times`, in the range `first` to `last`.

    Nothing where it does not move. The range is left out where it is all there is.
    """
    if len(times) < 2:
        return []
    found = [Span("one", tr("This one")), _all(times)]
    inside = shown_in(times, first, last)
    if inside != tuple(times):
        words = tr("From {first} to {last} on the timeline ({n})").format(first=first, last=last, n=len(inside))
        found.append(Span("range", words, inside))
    return found


def spans_again(painted: Sequence[int], whole: bool, times: Sequence[int], first: int, last: int) -> List[Span]:
    """What there is to choose where the frames at `painted`, the `whole` layer or not, are painted again.

    `times` are the key frames that there are now. The first choice is those of before, as far as they are there.
    """
    if not times:
        return []
    found = [span for span in spans(times, first, last) if span.kind != "one"] or [_all(times)]
    again = tuple(t for t in painted if t in times)
    if whole or again in ((), tuple(times)):
        return found
    return [Span("same", tr("The same as before ({n})").format(n=len(again)), again), *found]


def _all(times: Sequence[int]) -> Span:
    return Span("all", tr("All of the layer ({n})").format(n=len(times)), tuple(times))


def shown_in(times: Sequence[int], first: int, last: int) -> Tuple[int, ...]:
    """The key frames that show from `first` to `last`: the one that is held when it begins is among them."""
    before = [t for t in times if t <= first][-1:]
    return tuple(sorted({*before, *(t for t in times if first <= t <= last)}))


def frames_by_hand(chosen: Sequence[int], times: Sequence[int], keys: Sequence[int]) -> Dict[int, int]:
    """Which of the `chosen` frames, by their numbers from 0, were painted by hand, and at which of the times `keys`.

    A key belongs to the frame that shows at its time, of a layer with key frames at `times`; of several the first.
    """
    found: Dict[int, int] = {}
    for key in sorted(keys):
        showing = [t for t in times if t <= key][-1:]
        if showing and showing[0] in chosen:
            found.setdefault(list(chosen).index(showing[0]), key)
    return found


def frames_label() -> str:
    """What the choice is called."""
    return tr("Frames")


def frames_help() -> str:
    """What the choice is for."""
    return tr(
        "Several frames are painted in their order and held together, so that paint does not flicker. They become a "
        "new animated layer."
    )


def keys_label() -> str:
    """What the choice of frames that were painted by hand is called."""
    return tr("Key frames")


def no_keys() -> str:
    """What it says where there are none."""
    return tr("None by hand")


def keys_help() -> str:
    """What the choice is for."""
    return tr(
        "A layer on which some of these frames are painted by hand. They stay as they are, and what is painted there "
        "moves along to the frames around them; where it is bare the style is painted."
    )
