"""How large and how far a preview is painted: what the machine does while somebody waits for it."""

from __future__ import annotations

SIDE = 384  # pixels, long side of what is read
FAST_SIDES = (384, 320, 256, 192)  # at which the fast method paints: smaller where the machine is slow
REFINED = 1024  # pixels of a canvas's long side that the network paints, then it enlarges: so strokes are the result's
FINEST = 2048  # that are painted where strokes are finer, if that is all it takes: still a quick job
REFINED_SLOWLY = 512  # that a slow machine refines a preview by the fast method to
FLUENT = 0.22  # seconds of computing: with the way there and back still felt as at once

SIDES = (256, 192)  # at which all others paint
LOOKS = (5, 7, 12, 24, 40)  # their iterations for a first look
LOOK_SECONDS = 1.5  # that it may take
SLOW, SWIFT = 3.0, 1.0  # seconds of a first look, beyond which it is painted smaller, and within which larger again


class Pace:
    """Learns from each preview how the next is painted."""

    def __init__(self) -> None:
        self.fast_side, self.painting_side = FAST_SIDES[0], SIDES[0]
        self.iterations = LOOKS[1]  # of a first look
        self._late = {"fast": 0, "": 0}  # previews running that took long to compute, by the fast method and by others

    def side(self, method: str) -> int:
        """Pixels of the long side at which `method` paints the next preview."""
        return self.fast_side if method == "fast" else self.painting_side

    @property
    def refined_side(self) -> int:
        """Pixels of the long side to which a preview by the fast method is refined at most."""
        return FINEST if self.fast_side >= FAST_SIDES[1] else REFINED_SLOWLY

    def looks(self, close: bool) -> int:
        """The iterations of a first look; of a `close`-up, which has more pixels, no more than on a slow machine."""
        return LOOKS[0] if close else self.iterations

    def learn(self, method: str, seconds: float) -> None:
        """A first look has been computed in so many seconds; 0 says nothing, for then it was known before."""
        if method == "fast":
            self._learn_fast(seconds)
        elif seconds > 0:
            self._learn(seconds)

    def _learn_fast(self, seconds: float) -> None:
        """A machine that is slow twice running paints smaller, one that is fast larger."""
        at = FAST_SIDES.index(self.fast_side)
        if self._is_slow("fast", seconds > FLUENT) and at + 1 < len(FAST_SIDES):
            self.fast_side, self._late["fast"] = FAST_SIDES[at + 1], 0
        elif seconds < FLUENT / 3 and at:
            self.fast_side = FAST_SIDES[at - 1]

    def _learn(self, seconds: float) -> None:
        """Few sizes and few numbers of steps, so that going back to earlier settings finds what was painted then."""
        at = LOOKS.index(self.iterations)
        if self._is_slow("", seconds > 1.5 * LOOK_SECONDS):
            self._late[""] = 0
            self.iterations = LOOKS[max(0, at - 1)]
            if seconds > SLOW:
                self.painting_side = SIDES[1]
        elif seconds < LOOK_SECONDS / 2:
            self.iterations = LOOKS[min(len(LOOKS) - 1, at + 1)]
        if seconds < SWIFT:
            self.painting_side = SIDES[0]

    def _is_slow(self, kind: str, late: bool) -> bool:
        """Whether it is so twice running: the first one of all waits until networks are loaded."""
        self._late[kind] = self._late[kind] + 1 if late else 0
        return self._late[kind] > 1
