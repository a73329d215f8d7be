"""Where the engine computes, in words for an artist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from scumble.wire.words import translation as words
from scumble.wire.words.devices import first_device, ready_words


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(words, "_speech", words._Speech())
    yield


CARD = {"name": "cuda:0", "title": "NVIDIA GeForce RTX 4090", "memory": 1}


@pytest.mark.parametrize(
    ("devices", "said"),
    [
        ([{"name": "cpu"}], "Ready, on the processor"),  # named by the user; nobody has looked yet
        ([{"name": "cpu", "title": "CPU", "memory": 1}], "Ready, on the processor"),
        ([CARD, {"name": "cpu", "title": "CPU"}], "Ready, on NVIDIA GeForce RTX 4090"),
        ([{"name": "cuda:0"}], "Ready, on the graphics card"),
        ([{"name": "mps", "title": "MPS"}], "Ready, on the graphics card"),
        ([], "Ready"),
        (None, "Ready"),
        (["cpu"], "Ready"),
        ({"name": "cpu"}, "Ready"),
        ([{"title": "A"}], "Ready"),
    ],
)
def test_an_engine_that_answers_in_words(devices: Any, said: str) -> None:
    assert ready_words({"devices": devices}) == said
    assert ready_words({}) == "Ready"


def test_it_is_said_in_chinese() -> None:
    words.use_language("zh_CN")
    assert ready_words({"devices": [{"name": "cpu"}]}) == "就绪，使用处理器"
    assert ready_words({"devices": [CARD]}) == "就绪，使用 NVIDIA GeForce RTX 4090"


def test_a_title_is_never_endless() -> None:
    assert len(first_device({"devices": [{"name": "cuda:0", "title": "A" * 10_000}]})[1]) <= 80
