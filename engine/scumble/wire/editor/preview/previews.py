"""Live previews: a first look at what OK will paint, refined while nothing is changed. The newest recipe wins."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import Dict, Mapping, NamedTuple, Optional, Tuple

from ...editor.run import Run
from ...protocol.errors import ScumbleError
from ...protocol.events import Preview
from ...protocol.messages import Buffer
from ...request.recipe import Recipe
from ...request.request import REQUEST_OPTIONS, Request
from ...request.sources import Pixels
from ...words.translation import tr
from .easel import Easel, Small
from .finer import Finer, finer_side
from .pace import Pace
from .requests import first_look, is_substituted, preview_request
from .smalllayers import SmallLayers

PAUSE = 1.0  # seconds without a change, after which a first look is refined
FORMED = 0.25  # of the steps, before which a live picture shows little but the content
MARGIN = REQUEST_OPTIONS["margin"].default  # with which editors read what is painted over

_Asked = Tuple[Request, Mapping[str, Buffer], Small]  # what is sent, and what it is painted over


class _Wanted(NamedTuple):
    """What is to be seen in the end: the request of the refined picture, its data, and what is said of it.

    By the fast method the request is a first look's; it is refined to `finer` pixels, which are read when that begins.
    """

    request: Request
    blobs: Mapping[str, Buffer]
    words: str
    live: bool  # whether live pictures lie over the whole content
    recipe: Recipe
    small: Small  # what it is painted over at first
    finer: int  # 0: nothing finer is to be read

    def is_as(self, other: Optional[_Wanted]) -> bool:
        return other is not None and self._kind() == other._kind()

    def _kind(self) -> Tuple[Request, str]:
        """The fast method's size follows the machine's pace; that alone makes nothing new."""
        sized = self.request.method != "fast" or bool(self.small.whole)
        return self.request if sized else replace(self.request, size=self.recipe.value("size")), self.words


class Previews:
    """Asks for previews and brings them to an easel.

    A first look by the fast method is there in a moment, so it may end before the newest recipe follows; all else is
    given up for that at once.
    """

    def __init__(self, easel: Easel) -> None:
        self.run: Optional[Run] = None  # the one on its way
        self.pace = Pace()
        self.seconds = 0.0  # that the last first look took, from asking to the picture
        self._easel = easel
        self._small: Optional[Small] = None
        self._layers, self._finer = SmallLayers(easel), Finer(easel)
        self._over: Optional[Small] = None  # what the run on its way is painted over
        self._asked = 0.0
        self._next: Optional[Recipe] = None
        self._wanted: Optional[_Wanted] = None
        self._live: Optional[Preview] = None  # the live picture that was shown last
        self._refining = False  # whether the run is to replace a first look, or waits for its time
        self._refined: Dict[Request, Request] = {}  # by what they are at any size: those that the engine knows

    @property
    def settled(self) -> bool:
        """Whether what is shown will stay."""
        return self.run is None and self._next is None and not self._refining

    def put(self, small: Optional[Small]) -> None:
        """Paint over this from now on; nothing is painted over None. Layers are read anew."""
        self._small = small
        self._layers.forget()
        self._finer.forget()
        if small is None:
            self.stop()  # what is on its way is of something that is gone

    def show(self, recipe: Recipe) -> None:
        """Paint this, in place of what is on its way; nothing happens where that is the same, or there already."""
        self._next = recipe
        if self.run is None or self.run.request.method != "fast" or self._refining:
            self._begin()

    def stop(self) -> None:
        """Nothing more is wanted."""
        self._next = self._wanted = None
        if self._give_up():
            self._easel.set_busy(False)

    def _give_up(self) -> bool:
        """End the run on its way; whether there was one."""
        run, self.run, self._refining = self.run, None, False
        if run is not None:
            run.cancel()
        return run is not None

    def _begin(self) -> None:
        """Ask for the newest, if there is something to paint over."""
        recipe, self._next = self._next, None
        if recipe is None or self._small is None:
            return
        try:
            wanted = self._want(recipe, self._small)
        except ScumbleError as e:
            self.stop()
            return self._easel.fail(e)
        if wanted.is_as(self._wanted):
            return
        self._give_up()
        self._wanted = wanted
        known = wanted.request in self._refined.values()
        steps = self.pace.looks(bool(self._small.whole))
        request = wanted.request if known else first_look(wanted.request, steps)
        self._send(request, wanted.blobs, wanted.small, wanted.words)

    def _want(self, recipe: Recipe, small: Small) -> _Wanted:
        side = small.side(self.pace.side(recipe.value("method")), recipe.value("size"))
        data = (small.content, small.selection, small.canvas)
        request, blobs = preview_request(recipe, *data, *self._layers.read(recipe, small), side)
        if request.method != "fast" and not small.whole:  # at its size of before, so that it is there at once
            request = self._refined.get(replace(request, size=0), request)
        words = tr("Preview by the built-in network") if is_substituted(recipe) else ""
        whole = small.selection is None or recipe.value("margin") == MARGIN
        live = request.method != "fast" and whole and _is_opaque(small.content)
        finer = finer_side(recipe, small, side, self.pace.refined_side)
        return _Wanted(request, blobs, words, live, recipe, small, finer)

    def _send(self, request: Request, blobs: Mapping[str, Buffer], over: Small, words: str) -> None:
        self._asked, self._live, self._over = time.perf_counter(), None, over
        self._easel.say(words)
        self._easel.set_busy(True)
        self.run = self._easel.send(request, blobs, self._on_change)

    def _on_change(self, run: Run) -> None:
        if run is not self.run:
            return
        if not run.ended:
            return self._show_live(run)
        self.run = None
        if run.state == "done":
            self._deliver(run)
        else:
            self._wanted, self._refining = None, False
            if run.state == "failed" and self._next is None and run.error is not None:
                self._easel.fail(run.error)
        if self._next is not None:
            self._begin()
        if self.run is None:
            self._easel.set_busy(False)

    def _show_live(self, run: Run) -> None:
        """The newest live picture, once there is something to be seen in it."""
        preview, wanted = run.preview, self._wanted
        if preview is None or preview is self._live or wanted is None or not wanted.live:
            return
        self._live = preview
        if run.step > FORMED * run.of:
            self._easel.take(self._easel.compose_live(preview))

    def _deliver(self, run: Run) -> None:
        assert self._over is not None  # it was sent
        picture, wanted, refined = self._easel.compose(run, self._over), self._wanted, self._refining
        if not refined:
            self.seconds = time.perf_counter() - self._asked
            if self._small is not None and not self._small.whole:
                self.pace.learn(run.request.method, run.times["computed"] - run.times["started"])
        self._easel.take(picture)
        if wanted is None:
            return
        self._refining = not refined and (wanted.finer > 0 or run.request != wanted.request)
        if self._refining:
            self._easel.call_later(PAUSE, partial(self._refine, wanted))
        else:
            self._refined[replace(run.request, size=0)] = run.request
            self._easel.say(wanted.words)

    def _refine(self, wanted: _Wanted) -> None:
        """Nothing was changed for a while: paint the first look's picture as it was asked for."""
        if not self._refining or self.run is not None or self._wanted is not wanted:
            return
        asked = self._read_finer(wanted) if wanted.finer else (wanted.request, wanted.blobs, wanted.small)
        self._refining = asked is not None
        if asked is not None:
            self._send(*asked, tr("Refining…"))

    def _read_finer(self, wanted: _Wanted) -> Optional[_Asked]:
        """What the fast method's first look is refined by; None where the source is another by now."""
        if self._small != wanted.small:  # the dialog is about to ask for that
            return None
        try:
            return self._finer.request(wanted.recipe, wanted.finer)
        except ScumbleError:  # it stays as it is: who reads the source anew is told why
            return None


def _is_opaque(content: Pixels) -> bool:
    form = content.format
    return form.channels == 3 or (form.depth == "u8" and form.channels == 4 and min(content.data[3::4]) == 255)
