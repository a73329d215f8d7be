"""What a run tells: progress while it goes on, a sentence when it does not."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest


def run(state: str, **more: Any) -> Any:
    fields = {"position": 0, "step": 0, "of": 0, "seconds_left": -1.0, "part": -1.0, "readying": False, "times": {}}
    return SimpleNamespace(state=state, **{**fields, **more})


@pytest.fixture
def gimp(plugin: Any) -> Any:
    library = plugin("model.statusbar").Gimp
    library.reset_mock()
    return library


def told(mock: Any) -> list[Any]:
    return [call.args[0] for call in mock.call_args_list]


def test_the_status_bar_tells_what_changes_once(plugin: Any, gimp: Any) -> None:
    link = SimpleNamespace(state="starting")
    bar = plugin("model.statusbar").StatusBar(link, 1)
    bar.waiting()
    bar.waiting()
    link.state = "ready"
    bar.waiting()
    job = run("queued", position=1)
    for state, more in (("queued", {}), ("queued", {}), ("running", {"step": 1, "of": 2}), ("done", {})):
        vars(job).update(state=state, **more)
        bar.watch(job)
    assert told(gimp.progress_set_text) == [
        "Starting the engine…", "Waiting, 1 before it", "Step 1 of 2", "Adding the layer…",
    ]  # fmt: skip
    assert told(gimp.progress_update) == [0.0, 0.5, 1.0]
    bar.end()
    gimp.progress_end.assert_called_once_with()


def test_of_several_layers_each_has_its_share(plugin: Any, gimp: Any) -> None:
    bar = plugin("model.statusbar").StatusBar(SimpleNamespace(state="ready"), 4)
    bar.watch(run("done"))
    bar.watch(run("running", step=1, of=2))
    assert told(gimp.progress_set_text)[-1] == "Layer 2 of 4: Step 1 of 2"
    assert told(gimp.progress_update) == [0.25, 0.375]


@pytest.fixture
def guard(plugin: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("SCUMBLE_LOGS", str(tmp_path))
    module, log = plugin("guard"), plugin("log")
    log.logger.handlers.clear()
    monkeypatch.setattr(module.GLib.Error, "new_literal", lambda quark, text, code: text, raising=False)
    yield module
    for handler in log.logger.handlers:
        handler.close()
    log.logger.handlers.clear()


def outcome(guard: Any, function: Any) -> tuple[Any, Any]:
    """Status and error that a procedure answers."""
    procedure = MagicMock()
    procedure.get_name.return_value = "scumble-test"
    guard.run_guarded(procedure, function)
    return procedure.new_return_values.call_args.args


def test_whatever_is_raised_becomes_one_sentence(guard: Any, plugin: Any, tmp_path: Path) -> None:
    error = plugin("wire.protocol.errors").ScumbleError

    def fail(what: Exception) -> Any:
        raise what

    status = guard.Status
    assert outcome(guard, lambda: []) == (status.SUCCESS, None)
    assert outcome(guard, lambda: fail(error("cancelled"))) == (status.CANCEL, None)
    missing = outcome(guard, lambda: fail(error("file-missing", name="a.png")))
    assert missing == (status.EXECUTION_ERROR, "There is no file “a.png”. Check the path. [file-missing]")
    _, text = outcome(guard, lambda: fail(KeyError("secret")))
    assert text.endswith(f"report it with {tmp_path / 'gimp.log'} [internal]") and "secret" not in text
    log = (tmp_path / "gimp.log").read_text("utf-8")
    assert "KeyError: 'secret'" in log and "Traceback" in log and "scumble-test: cancelled" in log


def test_a_log_that_cannot_be_written_is_no_reason_to_fail(
    guard: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SCUMBLE_LOGS", str(tmp_path / "file"))
    assert outcome(guard, lambda: []) == (guard.Status.SUCCESS, None)


def test_a_stopwatch_adds_its_parts_up(plugin: Any) -> None:
    watch = plugin("model.stopwatch").Stopwatch()
    watch.connected()
    seen: list[Any] = []
    look = watch.over(seen.append)
    now = watch._begun
    marks = {"begun": now + 1, "started": now + 1.5, "computed": now + 3.5, "fetched": now + 3.75}
    later = {name: at + 10 for name, at in marks.items()}
    first, second = run("done", times=marks), run("done", times=later)
    for job in (first, first, second):
        look(job)
    parts = watch.seconds()
    assert len(seen) == 3 and parts["send"] == pytest.approx(1.0) and parts["compute"] == pytest.approx(4.0)
    assert parts["fetch"] == pytest.approx(0.5) and watch.words().startswith("connect 0.0")


def test_a_note_is_told_once_while_gimp_is_open(plugin: Any, gimp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tell, kept = plugin("model.notes").tell_notes, []
    new = SimpleNamespace(new=lambda name, flags, data: SimpleNamespace(get_data=lambda: bytes(data)))
    monkeypatch.setattr(gimp, "Parasite", new)
    monkeypatch.setattr(gimp, "attach_parasite", kept.append)
    monkeypatch.setattr(gimp, "get_parasite", lambda name: kept[-1] if kept else None)
    tell([])
    tell(["Too little memory.", "Coarse."])
    tell(["Coarse.", "No picture."])
    tell(["Coarse."])
    assert told(gimp.message) == ["Too little memory. Coarse.", "No picture."]
    kept.append(SimpleNamespace(get_data=lambda: b"damaged"))
    tell(["Coarse."])
    assert told(gimp.message)[-1] == "Coarse."
