"""What an engine takes up of an earlier one's trainings: whole orders and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scumble.server.trainings.training import read_training
from scumble.server.trainings.trainings import Trainings
from scumble.wire.engine.launch import OWNER

ORDER = {
    "name": "mine", "title": "Mine", "photographs": "", "device": "auto", "tags": [], "format": None, "wanted": True,
    "minutes": 3.0, "steps": 0, "size": 256, "batch": 4, "seed": 1, "part": 0.4,
}  # fmt: skip


def left(folder: Path, order: object) -> Path:
    (folder / "mine").mkdir()
    (folder / "mine" / "order.json").write_text(json.dumps(order), "utf-8")
    return folder / "mine"


def test_an_order_is_taken_up(tmp_path: Path) -> None:
    found = read_training(left(tmp_path, ORDER))
    assert found is not None and (found.state, found.part) == ("queued", 0.4)


@pytest.mark.parametrize("missing", [k for k in ORDER if k not in ("wanted", "part")])
def test_one_that_lacks_something_is_not(tmp_path: Path, missing: str) -> None:
    assert read_training(left(tmp_path, {k: v for k, v in ORDER.items() if k != missing})) is None


@pytest.mark.parametrize("order", [[], None, {**ORDER, "name": "other"}, {**ORDER, "seed": "1"}])
def test_what_is_no_order_is_not(tmp_path: Path, order: object) -> None:
    assert read_training(left(tmp_path, order)) is None


def test_an_engine_of_one_process_alone_leaves_them_to_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path))
    monkeypatch.delenv(OWNER, raising=False)
    (tmp_path / "training").mkdir()
    left(tmp_path / "training", ORDER)
    assert [t.name for t in Trainings("nothing", lambda: False)] == ["mine"]
    monkeypatch.setenv(OWNER, "1")
    assert list(Trainings("nothing", lambda: False)) == []
