"""Objectives are found by name, and may paint with the styles' own pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from scumble.methods.base import Outcome, Plan
from scumble.methods.optimize import register_objective
from scumble.methods.run import run
from scumble.picture import Picture, save_file
from scumble.styles.pictures import add_picture
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .conftest import Recorder, Store, scene

register_objective("mean", f"{__name__.rpartition('.')[0]}.mean_objective:paint")
RED, BLUE = (200, 30, 10), (10, 40, 220)


def flat(color: tuple[int, int, int], height: int = 60, width: int = 90) -> NDArray[np.uint8]:
    return np.full((height, width, 3), color, np.uint8)


def go(store: Store, *styles: Style) -> Outcome:
    request = Request(content=store.put(scene(70, 80)), styles=styles, objective="mean")
    return run(Request.from_plain(request.to_plain()), store.load, Recorder(), Plan())


def mean_of(outcome: Outcome) -> NDArray[np.float64]:
    return np.asarray(outcome.layer.data[..., :3].mean((0, 1)))


@pytest.mark.parametrize("color", [RED, BLUE])
def test_the_result_depends_on_the_pixels(store: Store, color: tuple[int, int, int]) -> None:
    outcome = go(store, Style("mine", picture=store.put(flat(color))))
    assert np.abs(mean_of(outcome) - color).max() <= 1
    assert outcome.notes == () and outcome.model == "slim"


def test_a_style_without_a_picture_is_noted_until_the_user_gives_one(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("scumble.styles.library.CARDS", _without_swatches(tmp_path))
    before = go(store, Style("scream"), Style("mine", picture=store.put(flat(RED))))
    (note,) = before.notes
    assert note.code == "style-no-picture" and "“scream”: it is" in note.sentence
    save_file(tmp_path / "mine.png", Picture(flat(BLUE)))
    add_picture("scream", tmp_path / "mine.png")
    after = go(store, Style("scream"))
    assert np.abs(mean_of(after) - BLUE).max() <= 3 and after.notes == ()


def test_an_unknown_objective_is_refused(store: Store) -> None:
    with pytest.raises(ScumbleError) as error:
        Request.from_plain({"objective": "beauty"})
    assert error.value.code == "option-choice" and "gram" in error.value.remedy


def _without_swatches(folder: Path) -> Path:
    """The shipped index alone: as if no style came with a swatch."""
    from scumble.styles.card import CARDS

    (folder / "cards").mkdir()
    (folder / "cards" / "index.json").write_bytes((CARDS / "index.json").read_bytes())
    return folder / "cards"
