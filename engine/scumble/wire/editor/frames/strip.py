"""Three of the chosen frames side by side, painted small with what is set: whether it suits more than one of them."""

from __future__ import annotations

from functools import partial
from typing import Any, List, Optional, Protocol, Sequence, Tuple

from ...protocol.errors import ScumbleError
from ...request.recipe import Recipe
from ...request.sources import Pixels
from ...words.translation import tr
from ..preview.easel import Easel, Small
from ..variations.painting import Painting

WAIT = 0.6  # seconds without a change before they are painted: the preview comes first


class FramesEasel(Easel, Protocol):
    """What an editor does for it beside previews."""

    def small(self) -> Optional[Small]:
        """What previews are painted over; None where that is nothing."""

    def read_frame(self, frame: Any) -> Pixels:
        """What is on a frame there, in the size of `small`. Raises what reading raises."""

    def compose_frame(self, content: Pixels) -> Any:
        """The picture that is shown of a frame that is not painted yet."""


class Shelf(Protocol):
    """Where the pictures stand side by side."""

    def put(self, shown: Sequence[Tuple[str, Any]]) -> None:
        """Words and the unpainted picture of each; nothing hides the shelf."""

    def hang(self, at: int, picture: Any) -> None:
        """The painted picture of one."""

    def work_on(self, at: Optional[int]) -> None:
        """Which is painted now; None when all are done."""


class Strip:
    """Reads frames by an `easel` and shows them, then what comes of them, on a `shelf`."""

    def __init__(self, easel: FramesEasel, shelf: Shelf) -> None:
        self._easel, self._shelf = easel, shelf
        self._painting = Painting(easel, self)
        self._chosen: Sequence[Tuple[int, Any]] = ()  # frames by their numbers, from 0, that are being read
        self._read: List[Tuple[int, Small]] = []  # those that have been
        self._found: List[Tuple[int, Small]] = []  # what is shown, by the frames' numbers
        self._places: List[int] = []  # of what is painted, on the shelf: nothing is painted on a bare frame
        self._recipe: Optional[Recipe] = None  # what is painted, or will be in a moment
        self._turn, self._due, self._begun = 0, False, False

    @property
    def settled(self) -> bool:
        """Whether what is shown will stay."""
        return not (self._found or self._chosen) or (self._begun and self._painting.settled)

    def choose(self, frames: Sequence[Any]) -> None:
        """Show three of these, as they are now; there is nothing to be shown of less than two."""
        self._give_up()
        self._chosen, self._read = [(n, frames[n]) for n in three_of(len(frames))] if len(frames) > 1 else (), []
        if self._chosen:
            self._read_soon()
        else:
            self._take([])

    def _read_soon(self) -> None:
        """One in each turn of the editor's: a large frame may take a fifth of a second."""
        self._easel.call_later(0.0, partial(self._read_next, self._chosen))

    def _read_next(self, chosen: Sequence[Tuple[int, Any]]) -> None:
        if chosen is not self._chosen:
            return
        (number, frame), small = chosen[len(self._read)], self._easel.small()
        try:
            content = self._easel.read_frame(frame) if small is not None else None
        except ScumbleError:  # gone meanwhile, say: the preview tells of that
            content = None
        if small is None or content is None:
            return self._take([])
        self._read.append((number, small._replace(content=content)))
        if len(self._read) < len(chosen):
            self._read_soon()
        else:
            self._take(self._read)

    def _take(self, found: List[Tuple[int, Small]]) -> None:
        self._chosen = ()
        if found != self._found:  # else what was painted over the same may stay until it is painted anew
            self._found, words = found, tr("Frame {n}")
            self._shelf.put([(words.format(n=n + 1), self._easel.compose_frame(s.content)) for n, s in found])
        if self._due:
            self._begin(self._turn)

    def show(self, recipe: Recipe) -> None:
        """Paint this in a moment, in place of what is on its way."""
        if (self._found or self._chosen) and recipe != self._recipe:
            self._give_up()
            self._recipe = recipe
            self._easel.call_later(WAIT, partial(self._begin, self._turn))

    def stop(self) -> None:
        """Nothing more is wanted."""
        self._chosen = ()
        self._give_up()

    def _give_up(self) -> None:
        """What is painted, or will be in a moment, is not wanted any more."""
        self._turn, self._recipe, self._due, self._begun = self._turn + 1, None, False, False
        self._painting.stop()

    def _begin(self, turn: int) -> None:
        if turn != self._turn or self._recipe is None:
            return
        self._due, self._begun = bool(self._chosen), not self._chosen
        if self._begun:
            self._places = [at for at, (_, small) in enumerate(self._found) if _shows(small.content)]
            self._painting.begin([(self._recipe, self._found[at][1]) for at in self._places])

    # what `Painting` tells

    def hang(self, at: int, picture: Any) -> None:
        self._shelf.hang(self._places[at], picture)

    def fail(self, at: int, error: ScumbleError) -> None:
        """The preview, which is asked for the same, says why."""

    def work_on(self, at: Optional[int]) -> None:
        self._shelf.work_on(self._places[at] if at is not None else None)


def three_of(count: int) -> List[int]:
    """The first, the middle and the last of so many, by their numbers from 0; of two, both."""
    return sorted({0, (count - 1) // 2, count - 1}) if count else []


def strip_help() -> str:
    """What the pictures are."""
    return tr("The first, the middle and the last of the frames, painted small.")


def _shows(content: Pixels) -> bool:
    return content.format.channels == 3 or max(content.data[3::4]) > 0
