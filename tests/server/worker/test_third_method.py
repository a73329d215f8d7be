"""A third method, registered by an extension, paints through a real engine; and other engines do not know it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from scumble.wire import Result, ScumbleError

from ..running import Running, ask, submit, wait_for_end


def test_a_registered_method_paints(start: Callable[..., Running]) -> None:
    client = start(method=["--extension", "negative_extension", "--device", "cpu"]).client()
    assert client.info["methods"] == ["optimize", "fast", "negative"]
    a = ask(how="scream", size=(80, 72), method="negative")
    _, end = wait_for_end(client, submit(client, a), 60)
    assert isinstance(end, Result), end
    assert (end.model, end.losses, end.steps) == ("pencil", {"regret": 0.5}, 1)
    layer = np.frombuffer(client.get(end.picture.digest), np.uint8).reshape(72, 80, 4)
    assert np.array_equal(layer[..., :3], 255 - a.pixels) and (layer[..., 3] == 255).all()


def test_without_the_extension_it_is_no_choice(engine: Running) -> None:
    client = engine.client()
    assert client.info["methods"] == ["optimize", "fast"]
    with pytest.raises(ScumbleError) as error:
        submit(client, ask(method="negative"))
    assert error.value.code == "option-choice" and "negative" in error.value.sentence
