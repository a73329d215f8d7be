"""What the engine finds in a photograph, such as its sky, as a layer: a mask that can be painted on further."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional, Protocol, Tuple

from ..protocol.errors import ScumbleError
from ..protocol.messages import Buffer
from ..request.choices import PLACES
from ..request.geometry import Box
from ..request.recipe import Recipe, build_request
from ..request.request import Request
from ..request.sources import Pixels
from ..request.stylechoice import StyleChoice
from ..words.translation import tr
from .masks import alpha_bytes, mask_name
from .run import Run

ANY_STYLE = "starry-night"  # nothing is painted: the alpha of what comes back is the mask


class Asker(Protocol):
    """What an editor does for it."""

    def send(self, request: Request, blobs: Mapping[str, Buffer], on_change: Callable[[Run], None]) -> Any:
        """Hand a request to the engine."""

    def read(self) -> Tuple[Pixels, Tuple[int, int]]:
        """All of the layer that is painted, whatever is selected, and the canvas's size. Raises what reading does."""

    def make(self, name: str, alpha: bytes, box: Box) -> Tuple[str, str]:
        """A white layer of this coverage, 8 bits a pixel over `box`, that is chosen then; its identity and name."""

    def made(self, row: Any, identity: str, name: str) -> None:
        """It is there: `row`'s mask from now on."""

    def say(self, text: str) -> None:
        """Where it is."""

    def fail(self, error: BaseException) -> None:
        """There is none, and why."""


class PlaceLayers:
    """Asks for one place at a time, and makes it a layer when it comes; a second wish takes the place of the first."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._run: Optional[Run] = None

    @property
    def busy(self) -> bool:
        """Whether one is looked for."""
        return self._run is not None

    def ask(self, row: Any, place: str) -> None:
        """Make `place` (a key of `PLACES`) a layer, and the mask of `row`."""
        self.stop()
        try:
            content, canvas = self._asker.read()
            request, blobs = build_request(place_recipe(place), content, None, canvas, {}, {})
        except ScumbleError as e:
            return self._asker.fail(e)
        self._asker.say(tr("Looking for it: {place}…").format(place=tr(PLACES[place])))
        self._run = self._asker.send(request, blobs, lambda run: self._on_change(run, row, place))

    def stop(self) -> None:
        """It is not wanted any more."""
        run, self._run = self._run, None
        if run is not None:
            run.cancel()

    def _on_change(self, run: Run, row: Any, place: str) -> None:
        if run is not self._run or not run.ended:
            return
        self._run = None
        if run.state == "done" and run.picture is not None:
            self._deliver(run, row, place)
        else:
            self._asker.say("")
            if run.error is not None and run.state == "failed":
                self._asker.fail(run.error)

    def _deliver(self, run: Run, row: Any, place: str) -> None:
        ref = run.picture
        assert ref is not None
        box = Box(ref.x, ref.y, ref.raw.width, ref.raw.height)
        try:
            alpha = alpha_bytes(run.pixels, ref.raw.depth)
            identity, name = self._asker.make(mask_name(tr(PLACES[place])), alpha, box)
        except ScumbleError as e:
            self._asker.say("")
            return self._asker.fail(e)
        self._asker.say("")
        self._asker.made(row, identity, name)


def hint_words() -> str:
    """What is said under the mask of a style that was made a layer."""
    return tr("Paint white to add to it, erase to take away.")


def place_recipe(place: str) -> Recipe:
    """What asks the engine for a place, as `scumble mask` does."""
    return Recipe({"method": "fast", "strength": 0.0, "where": place}, (StyleChoice(name=ANY_STYLE),))


def white(alpha: bytes) -> bytes:
    """White RGBA pixels of 8 bits with this coverage."""
    out = bytearray(b"\xff" * (4 * len(alpha)))
    out[3::4] = alpha
    return bytes(out)
