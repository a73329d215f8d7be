"""A place becomes a layer: what is asked of the engine, what is made of its answer, and what may go wrong between."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from scumble.wire import ScumbleError
from scumble.wire.editor.places import PlaceLayers, hint_words, white
from scumble.wire.protocol.pixels import PictureRef, PixelFormat
from scumble.wire.request.geometry import Box
from scumble.wire.request.sources import Pixels

CONTENT = Pixels(PixelFormat(2, 1, 4), bytes((9, 9, 9, 255)) * 2, 3, 4)


class Editor:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.layers: list[Any] = []
        self.masks: list[Any] = []
        self.said: list[str] = []
        self.failed: list[Any] = []
        self.refuses: ScumbleError | None = None

    def send(self, request: Any, blobs: Any, on_change: Any) -> Any:
        run = SimpleNamespace(request=request, state="running", ended=False, error=None, picture=None, cancelled=0)
        run.cancel = lambda: setattr(run, "cancelled", 1)
        self.sent.append((run, on_change))
        return run

    def read(self) -> Any:
        if self.refuses:
            raise self.refuses
        return CONTENT, (10, 10)

    def make(self, name: str, alpha: bytes, box: Box) -> tuple[str, str]:
        if self.refuses:
            raise self.refuses
        self.layers.append((name, alpha, box))
        return "id", name

    def made(self, row: Any, identity: str, name: str) -> None:
        self.masks.append((row, identity, name))

    def say(self, text: str) -> None:
        self.said.append(text)

    def fail(self, error: BaseException) -> None:
        self.failed.append(error)

    def answer(self, at: int, state: str = "done", error: Any = None) -> None:
        run, on_change = self.sent[at]
        form = PixelFormat(2, 1, 4, "u16")
        run.state, run.ended, run.error = state, True, error
        run.picture = PictureRef("0" * 64, form, 3, 4) if state == "done" else None
        run.pixels = bytes((1, 2) * 3) + b"\xff\xff" + bytes((1, 2) * 3) + b"\x00\x40"
        on_change(run)


@pytest.fixture
def editor() -> Editor:
    return Editor()


def test_all_of_the_photograph_is_asked_about_and_the_answer_is_a_layer(editor: Editor) -> None:
    places = PlaceLayers(editor)
    places.ask("row", "sky")
    (run, _), *more = editor.sent
    assert not more and places.busy and editor.said == ["Looking for it: The sky…"]
    assert (run.request.where, run.request.selection, run.request.strength) == ("sky", None, 0.0)
    editor.answer(0)
    assert editor.layers == [("Mask: The sky", b"\xff\x40", Box(3, 4, 2, 1))]
    assert editor.masks == [("row", "id", "Mask: The sky")] and editor.said[-1] == "" and not places.busy


def test_a_second_wish_takes_the_place_of_the_first(editor: Editor) -> None:
    places = PlaceLayers(editor)
    places.ask("row", "sky")
    places.ask("other", "subject")
    assert editor.sent[0][0].cancelled
    editor.answer(0)
    assert editor.layers == []
    editor.answer(1)
    assert editor.masks == [("other", "id", "Mask: The subject")]


def test_what_goes_wrong_is_told_and_nothing_is_made(editor: Editor) -> None:
    places = PlaceLayers(editor)
    missing = ScumbleError("place-missing", name="faces")
    places.ask("row", "faces")
    editor.answer(0, "failed", missing)
    assert editor.failed == [missing] and editor.layers == [] and editor.said[-1] == "" and not places.busy
    places.ask("row", "sky")
    editor.refuses = ScumbleError("layer-changed")
    editor.answer(1)
    assert editor.failed[-1] is editor.refuses and editor.masks == [] and not places.busy
    places.ask("row", "sky")
    assert editor.failed[-1] is editor.refuses and len(editor.sent) == 2 and not places.busy


def test_the_layer_is_white_as_far_as_the_place_goes() -> None:
    assert white(b"\x00\x80") == b"\xff\xff\xff\x00\xff\xff\xff\x80"
    assert "white" in hint_words()
