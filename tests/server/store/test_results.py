"""Results are not answered out of the cache when what their styles look like has changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from scumble.picture import Picture, save_file
from scumble.wire import Result

from ..running import Running, ask, submit, wait_for_end


def test_another_picture_of_a_style_is_another_result(start: Callable[..., Running]) -> None:
    running = start()
    client, a = running.client(), ask(how="scream", seed=11)

    def cached() -> bool:
        _, end = wait_for_end(client, submit(client, a))
        assert isinstance(end, Result)
        return end.cached

    assert [cached(), cached()] == [False, True]
    folder = running.folder / "data" / "pictures"
    folder.mkdir(parents=True)
    for side in (50, 60):
        save_file(folder / "scream.png", Picture(np.full((side, side, 3), side, np.uint8)))
        assert [cached(), cached()] == [False, True]
    (folder / "scream.png").unlink()
    assert cached(), "the first one is true again"


def test_what_was_painted_smaller_for_want_of_memory_is_painted_anew(start: Callable[..., Running]) -> None:
    client = start().client()
    for how, again in (("note", True), ("small", False)):
        ends = [wait_for_end(client, submit(client, ask(how=how, seed=11)))[1] for _ in range(2)]
        assert [isinstance(end, Result) and end.cached for end in ends] == [False, again]


def record(folder: Path, painter: str) -> None:
    """A style of the user's, learned anew or first."""
    plain = {"name": "mine", "title": "Mine", "artist": "", "year": None, "licence": "", "tags": [], "kind": "code"}
    files = {"card.safetensors": "1" * 64, "painter.safetensors": painter * 64}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "style.json").write_text(json.dumps({**plain, "encoder": "2" * 64, "network": "3" * 64, "files": files}))


def test_a_style_learned_anew_or_removed_is_another_result(start: Callable[..., Running]) -> None:
    running = start()
    client, a = running.client(), ask(how="mine", seed=12)
    folder = running.folder / "data" / "styles" / "mine"

    def cached() -> bool:
        _, end = wait_for_end(client, submit(client, a))
        assert isinstance(end, Result)
        return end.cached

    record(folder, "4")
    assert [cached(), cached()] == [False, True]
    record(folder, "5")
    assert [cached(), cached()] == [False, True]
    shutil.rmtree(folder)
    assert not cached(), "and what there is none of any more is not answered with what there was"
