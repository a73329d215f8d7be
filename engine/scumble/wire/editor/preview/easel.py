"""What previews are painted over, and what an editor does for them."""

from __future__ import annotations

from typing import Any, Callable, Mapping, NamedTuple, Optional, Protocol, Tuple

from ...editor.run import Run
from ...protocol.errors import ScumbleError
from ...protocol.events import Preview
from ...protocol.messages import Buffer
from ...request.request import Request
from ...request.sources import Pixels
from ...request.stylechoice import StyleChoice

LEAST = 16  # pixels, the least long side that is asked for


class Small(NamedTuple):
    """What is painted over: a small content, what is selected of it, and the canvas, scaled as they are.

    A close-up holds a part in its own pixels; `whole` is the long side of all that OK reads then, and 0 otherwise.
    `own` is the long side of what OK reads where that can be read finer, and 0 where it cannot.
    """

    content: Pixels
    selection: Optional[Pixels]
    canvas: Tuple[int, int]
    whole: int = 0
    own: int = 0

    @property
    def long_side(self) -> int:
        """Of the content."""
        return max(self.content.format.width, self.content.format.height)

    def side(self, method: int, size: int) -> int:
        """At which long side this is painted: the `method`'s for previews, or a close-up's own.

        Where OK paints at `size` and enlarges (0: it does not), a close-up does so too.
        """
        if not self.whole:
            return method
        own = self.long_side
        return max(LEAST, round(own * size / self.whole)) if 0 < size < self.whole else own


class Easel(Protocol):
    """What an editor does for its previews."""

    def send(self, request: Request, blobs: Mapping[str, Buffer], on_change: Callable[[Run], None]) -> Run:
        """Hand a request to the engine."""

    def read_finer(self, side: int) -> Small:
        """What was put, with a long side of at most `side` pixels. Raises what reading raises."""

    def read_picture(self, style: StyleChoice, over: Small) -> Pixels:
        """The picture of a style that is a layer, as small as what is painted `over`. Raises what reading raises."""

    def read_mask(self, style: StyleChoice, over: Small) -> Pixels:
        """The mask of a style over that content. Raises what reading raises."""

    def read_part(self, style: StyleChoice, over: Small) -> Pixels:
        """The mask on a style's own picture, as small: over that where it is a layer, else over the whole canvas.

        Raises what reading raises.
        """

    def compose(self, run: Run, over: Small) -> Any:
        """The picture that is shown of a run that is done, laid over what it was painted from."""

    def compose_live(self, preview: Preview) -> Any:
        """The picture that is shown of a run under way, whose live picture lies over the whole small content."""

    def take(self, picture: Any) -> None:
        """Show it."""

    def fail(self, error: ScumbleError) -> None:
        """There is none, and why."""

    def set_busy(self, busy: bool) -> None:
        """Whether one is on its way."""

    def say(self, text: str) -> None:
        """What there is to be said of the picture; mostly nothing."""

    def call_later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call this once, after so many seconds."""
