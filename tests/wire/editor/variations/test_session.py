"""Six pictures, one after another; given up at once; on from one of them. The editor is made up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from scumble.wire import PixelFormat, Pixels, Recipe, ScumbleError, StyleChoice
from scumble.wire.editor import run as runs
from scumble.wire.editor.preview.easel import Small
from scumble.wire.editor.variations.session import Session
from scumble.wire.editor.variations.variants import COUNT, Variant

from ..preview.test_previews import Easel, done

SKY = Recipe({}, (StyleChoice(name="starry-night"),))
FORM = PixelFormat(16, 12, 4)
SMALL = Small(Pixels(FORM, b"\xff" * FORM.nbytes), None, (16, 12))


class Shelf:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.shown: Sequence[Variant] = ()
        self.hung: dict[int, Any] = {}
        self.failed: list[str] = []
        self.at: list[int | None] = []

    def put(self, shown: Sequence[Variant]) -> None:
        self.shown, self.hung = shown, {}

    def hang(self, at: int, picture: Any) -> None:
        self.hung[at] = picture

    def fail(self, at: int, error: ScumbleError) -> None:
        self.failed.append(error.code)

    def work_on(self, at: int | None) -> None:
        self.at.append(at)


class Scene:
    def __init__(self) -> None:
        self.easel, self.shelf = Easel(), Shelf()
        self.session = Session(self.easel, self.shelf, lambda: [StyleChoice(name="great-wave")], dict)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_six_are_painted_one_after_another_as_quick_jobs(scene: Scene) -> None:
    scene.session.begin(SKY, SMALL)
    for count in range(1, COUNT + 1):
        assert len(scene.easel.runs) == count and scene.shelf.at[-1] == count - 1
        assert scene.easel.runs[-1].request.quick
        done(scene.easel.runs[-1])
    assert sorted(scene.shelf.hung) == list(range(COUNT)) and scene.shelf.at[-1] is None
    assert scene.session.painting.settled and scene.session.pictures == scene.shelf.hung
    assert len({run.request.seed for run in scene.easel.runs}) == COUNT


def test_who_leaves_gives_them_up_at_once(scene: Scene) -> None:
    scene.session.begin(SKY, SMALL)
    done(scene.easel.runs[0])
    scene.session.stop()
    assert scene.easel.runs[1].state == "cancelled" and scene.session.painting.settled
    scene.easel.runs[1].on_change(scene.easel.runs[1])
    assert len(scene.easel.runs) == 2


def test_another_kind_and_other_six_begin_anew(scene: Scene) -> None:
    scene.session.begin(SKY, SMALL)
    first = list(scene.shelf.shown)
    scene.session.others()
    assert scene.easel.runs[0].state == "cancelled" and list(scene.shelf.shown) != first
    scene.session.turn_to("walk")
    assert [s.name for s in scene.shelf.shown[0].recipe.styles] == ["starry-night", "great-wave"]


def test_one_walks_on_from_one_of_them(scene: Scene) -> None:
    scene.session.begin(SKY, SMALL)
    scene.session.turn_to("settings")
    chosen = scene.shelf.shown[2].recipe
    scene.session.walk_on(2)
    assert chosen not in [v.recipe for v in scene.shelf.shown]
    again = Session(Easel(), Shelf(), list, dict)
    again.kind = "settings"
    again.begin(chosen, SMALL)
    assert again.shown == scene.session.shown


def test_one_that_fails_does_not_stop_the_others_but_a_lost_engine_does(scene: Scene) -> None:
    scene.session.begin(SKY, SMALL)
    for code in ("memory", "engine-lost"):
        run = scene.easel.runs[-1]
        runs.fail(run, ScumbleError(code, log=""))
        run.on_change(run)
    assert scene.shelf.failed == ["memory", "engine-lost"]
    assert len(scene.easel.runs) == 2 and scene.session.painting.settled


def test_over_nothing_nothing_is_painted(scene: Scene) -> None:
    scene.session.begin(SKY, None)
    assert scene.easel.runs == [] and len(scene.shelf.shown) == COUNT
