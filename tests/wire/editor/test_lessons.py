"""Styles learned by a real engine, as a dialog follows them: to the end, paused over an engine's death, cancelled."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from scumble.wire import PixelFormat, ScumbleError, read_connection
from scumble.wire.editor.learning.lesson import Lesson, lengths, minutes_of, paintings, title_of
from scumble.wire.editor.learning.lessons import Lessons, Line, lines_in
from scumble.wire.editor.learning.told import deeds, learned_words, open_words, where_it_is
from scumble.wire.request.sources import Pixels
from scumble.wire.request.stylechoice import StyleChoice
from scumble.wire.request.training import tags_in

from ...server.running import FAST, ask
from ..ticking import Ticking, kill, kill_engine, use_folders

SLOW = pytest.mark.timeout(240)
FOREVER = 10**6  # steps
LAYER = StyleChoice("layer", "Ink", "7")


def picture(width: int = 96, height: int = 80) -> np.ndarray[Any, Any]:
    small = np.random.default_rng(3).integers(0, 255, (9, 12, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))


def read(choice: StyleChoice) -> Pixels:
    assert choice == LAYER
    rgba = np.dstack([picture(), np.full((80, 96), 255, np.uint8)])
    return Pixels(PixelFormat(96, 80, 4), rgba.tobytes())


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        use_folders(folder, patch)
        patch.setenv("HOME", str(folder))
        patch.setenv("OMP_NUM_THREADS", "1")
        words = [sys.executable, "-m", "scumble.server", *FAST, "--training-module", "quick_training"]
        patch.setenv("SCUMBLE_ENGINE", json.dumps(words))
        (folder / "Pictures").mkdir()
        Image.fromarray(picture(128, 128)).save(folder / "Pictures" / "a.png")
        yield folder
        kill_engine()


class Watching(Ticking):
    """A link, and the trainings that it tells of."""

    def __init__(self) -> None:
        super().__init__("pyzmq")
        self.learned: list[str] = []
        self.errors: list[str] = []
        self.told = 0
        self.lessons = Lessons(self.link, self._tell, lambda line: self.learned.append(line.name))
        self.lessons.watched = True
        self.link.start()

    def _tell(self) -> None:
        self.told += 1

    def tick(self) -> None:
        super().tick()
        self.lessons.tick()

    def begin(self, lesson: Lesson) -> None:
        begun: list[bool] = []
        count = len(self.errors)
        self.lessons.begin(*lesson.message(read), lambda: begun.append(True), self.fail)
        self.until(lambda: begun or len(self.errors) > count)

    def do(self, name: str, what: str) -> None:
        self.lessons.do(name, what, self.fail)

    def fail(self, error: ScumbleError) -> None:
        self.errors.append(error.code)

    def line(self, name: str) -> Line | None:
        return next((line for line in self.lessons.lines if line.name == name), None)

    def reaches(self, name: str, condition: Callable[[Line], bool], seconds: float = 90.0) -> Line:
        def holds() -> bool:
            found = self.line(name)
            assert found is None or found.state != "failed" or condition(found), found.error
            return found is not None and condition(found)

        self.until(holds, seconds)
        found = self.line(name)
        assert found is not None
        return found


@pytest.fixture
def watching() -> Iterator[Watching]:
    made = Watching()
    yield made
    made.link.close()
    assert made.faults == []


@SLOW
def test_it_is_learned_and_joins_the_library(watching: Watching, home: Path) -> None:
    watching.begin(Lesson("The Red Ink", LAYER, tags="Sea, ink，sea", steps=2))
    line = watching.reaches("the-red-ink", lambda line: line.state == "done")
    assert watching.errors == [] and watching.learned == ["the-red-ink"] and line.photographs > 0
    styles = {s["name"]: s for s in watching.answer("styles")["styles"]}
    assert styles["the-red-ink"]["title"] == "The Red Ink" and styles["the-red-ink"]["tags"] == ["sea", "ink"]
    watching.until(lambda: watching.lessons.sheets.get("the-red-ink", b"").startswith(b"\xff\xd8"))
    left = {p.name for p in (home / "data" / "training" / "the-red-ink").iterdir()}
    assert left <= {"lock", "log.jsonl", "sheet.png", "sheet.jpg"}
    watching.do("the-red-ink", "cancel")  # out of the list; the style stays
    watching.until(lambda: watching.line("the-red-ink") is None)
    watching.begin(Lesson("The Red ink", LAYER, steps=2))
    assert watching.errors == ["style-taken"]


@SLOW
def test_it_rests_is_paused_outlives_the_engine_and_is_cancelled(home: Path) -> None:
    first = Watching()
    first.begin(Lesson("Paused", LAYER, steps=FOREVER))
    first.reaches("paused", lambda line: line.what == "learning" and line.sheet > 0)
    run = first.run(ask(steps=400))
    first.reaches("paused", lambda line: line.resting)
    run.cancel()
    first.reaches("paused", lambda line: not line.resting)
    first.begin(Lesson("Paused", LAYER, steps=2))
    first.begin(Lesson("Next", LAYER, steps=FOREVER))
    assert first.errors == ["training-known"]
    first.reaches("next", lambda line: line.state == "queued")
    first.do("next", "cancel")
    first.do("paused", "pause")
    first.reaches("paused", lambda line: line.state == "paused")
    folder = home / "data" / "training" / "paused"
    assert (folder / "checkpoint.safetensors").is_file() and not (home / "data" / "training" / "next").exists()
    connection = read_connection()
    assert connection is not None
    first.link.close()
    kill(connection.pid)
    second = Watching()
    second.reaches("paused", lambda line: line.state == "paused")
    second.do("paused", "resume")
    second.reaches("paused", lambda line: line.what == "learning")
    second.do("paused", "cancel")
    second.until(lambda: second.line("paused") is None, 60)
    assert not folder.exists() and second.errors == []
    second.do("paused", "pause")
    second.until(lambda: second.errors == ["training-unknown"])
    second.link.close()


@SLOW
def test_what_cannot_be_learned_says_why(watching: Watching, home: Path, tmp_path: Path) -> None:
    (tmp_path / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n no picture")
    (tmp_path / "empty").mkdir()
    watching.begin(Lesson("Torn", StyleChoice("file", str(tmp_path / "torn.png")), steps=2))
    line = watching.reaches("torn", lambda line: line.state == "failed")
    assert line.error is not None and line.error.code == "picture-truncated" and "Torn" in line.error.sentence
    watching.begin(Lesson("Alone", LAYER, photographs=str(tmp_path / "empty"), steps=2))
    line = watching.reaches("alone", lambda line: line.state == "failed")
    assert line.error is not None and line.error.code == "contents-missing"
    assert deeds(line)[0][0] == "resume" and "empty" in where_it_is(line)
    for name in ("torn", "alone"):
        watching.do(name, "cancel")
    watching.until(lambda: not watching.lessons.lines)
    assert not (home / "data" / "training" / "torn").exists()


def test_a_form_that_is_not_whole_says_what_it_lacks(tmp_path: Path) -> None:
    def code(lesson: Lesson, reads: Callable[[StyleChoice], Pixels] = read) -> str:
        with pytest.raises(ScumbleError) as error:
            lesson.message(reads)
        return error.value.code

    tiny = Pixels(PixelFormat(40, 80, 4), bytes(40 * 80 * 4))
    assert code(Lesson(" ", LAYER)) == "style-untitled"
    assert code(Lesson("A", None)) == "painting-missing"
    assert code(Lesson("A", LAYER), lambda choice: tiny) == "painting-small"
    assert code(Lesson("A", StyleChoice("file", str(tmp_path / "none.png")))) == "file-missing"
    assert code(Lesson("x" * 201, LAYER)) == "option-type"


def test_an_older_engine_cannot_learn() -> None:
    class Old:
        state = "ready"
        info: dict[str, Any] = {"features": ["pause"]}  # noqa: RUF012

    errors: list[str] = []
    lessons = Lessons(Old(), lambda: None, lambda line: None)  # type: ignore[arg-type]
    lessons.begin({}, {}, lambda: None, lambda e: errors.append(e.code))
    assert errors == ["training-missing"]
    lessons.tick()  # asks nothing


def test_words() -> None:
    line = Line("a", "A", "running", "learning", 0.425, 100.0)
    assert where_it_is(line) == "Learning, 42 %, 2 min left" and open_words([line]) == "Learning, 42 %…"
    assert where_it_is(Line("a", "A", "running", "loading")) == "Getting ready…"
    assert where_it_is(Line("a", "A", "paused", part=0.5)) == "Paused at 50 %"
    assert where_it_is(Line("a", "A", "done", photographs=6)) == "Learned: it is in the library"
    assert "with a folder of them" in where_it_is(Line("a", "A", "done"))
    assert open_words([]) == "Learn a style…" and "“A”" in learned_words(line)
    assert [d for d, _, _ in deeds(line)] == ["pause", "cancel"] and deeds(Line("a", "A", "cancelling")) == []
    assert [minutes_of(value) for value, _ in lengths()] == [3.0, 15.0]


def test_what_can_be_learned_from() -> None:
    file = os.path.join("paintings", "great_wave-2.jpg")
    found = paintings([("7", "  Ink")], [file])
    assert found == [(StyleChoice("file", file), "great_wave-2.jpg"), (StyleChoice("layer", "Ink", "7"), "Layer: Ink")]
    assert [title_of(choice) for choice, _ in found] == ["great wave 2", ""]
    assert tags_in(" Sea, woodcut ,,sea") == ("sea", "woodcut")


@pytest.mark.parametrize("answer", [{}, {"trainings": 3}, {"trainings": ["x", {"title": "no name"}, None]}])
def test_what_is_no_training_is_passed_over(answer: dict[str, Any]) -> None:
    assert lines_in(answer) == []
    odd = {"training": "a", "part": "x", "seconds_left": None, "error": 3, "resting": 1}
    assert lines_in({"trainings": [odd]}) == [Line("a", "a", "")]
