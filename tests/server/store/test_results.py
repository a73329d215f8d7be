"""Results are not answered out of the cache when what their styles look like has changed."""

from __future__ import annotations

from collections.abc import Callable

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
