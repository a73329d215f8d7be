"""What a slot raises is told and logged, and goes no further."""

from __future__ import annotations

import pytest

from .plugin import plugin_module

guard = plugin_module("guard")
errors = plugin_module("wire.protocol.errors")


@pytest.fixture
def told(monkeypatch):
    heard = []
    monkeypatch.setattr(guard, "_met", {})
    monkeypatch.setattr(guard, "_reporter", heard.append)
    return heard


def test_a_slot_that_fails_tells_and_returns_nothing(told):
    @guard.guarded
    def slot():
        raise ValueError("x")

    assert slot() is None
    assert [str(e) for e in told] == ["x"]


def test_a_slot_that_goes_well_returns_its_value(told):
    assert guard.guarded(lambda a, b=2: a + b)(1) == 3
    assert told == []


class Thing:
    heard: object = "nothing"

    @guard.guarded
    def without(self):
        self.heard = ()

    @guard.guarded
    def with_one(self, value):
        self.heard = value


def test_surplus_arguments_of_a_signal_are_left_out(told):
    thing = Thing()
    thing.without(True)  # as `clicked` does
    assert thing.heard == ()
    thing.with_one(5, 6)
    assert thing.heard == 5
    guard.guarded(thing.with_one)(7, 8, 9)
    assert thing.heard == 7
    assert told == []


def test_too_few_arguments_are_an_error_that_is_told(told):
    Thing().with_one()
    assert isinstance(told[0], TypeError)


def test_a_signal_calls_a_guarded_slot(told):
    qt = plugin_module("qt")

    class Sender(qt.QObject):
        went = qt.Signal(bool)

    sender, heard = Sender(), []
    sender.went.connect(guard.guarded(lambda: heard.append("called")))
    sender.went.emit(True)
    assert heard == ["called"] and told == []


def test_an_error_in_telling_goes_no_further(monkeypatch):
    def tell(error):
        raise RuntimeError("the window is gone")

    monkeypatch.setattr(guard, "_reporter", tell)
    assert guard.guarded(lambda: 1 / 0)() is None


def test_telling_does_not_tell_of_itself(monkeypatch):
    calls = []

    @guard.guarded
    def slot():
        raise ValueError

    def tell(error):
        calls.append(error)
        slot()

    monkeypatch.setattr(guard, "_reporter", tell)
    slot()
    assert len(calls) == 1


def test_the_log_has_the_traceback_of_what_is_our_fault_alone(told, tmp_path, monkeypatch):
    log = plugin_module("log")
    monkeypatch.setenv("SCUMBLE_LOGS", str(tmp_path))
    monkeypatch.setattr(log.logger, "handlers", [])
    log.start_log()
    guard.report(errors.ScumbleError("styles-missing"))
    assert "No style was chosen" in log.log_path().read_text() and "Traceback" not in log.log_path().read_text()
    guard.guarded(lambda: 1 / 0)()
    assert "ZeroDivisionError" in log.log_path().read_text() and "Traceback" in log.log_path().read_text()
    for handler in log.logger.handlers:
        handler.close()


def test_a_log_that_cannot_be_written_hurts_nobody(told, tmp_path, monkeypatch):
    log = plugin_module("log")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SCUMBLE_LOGS", str(tmp_path / "file" / "logs"))
    monkeypatch.setattr(log.logger, "handlers", [])
    log.start_log()
    assert log.log_path() is None
    guard.guarded(lambda: 1 / 0)()
    assert len(told) == 1


def test_a_fault_that_comes_again_and_again_is_told_once(told, monkeypatch):

    def slot(kind):
        raise kind("x")

    for _ in range(5):
        guard.guarded(slot)(ValueError)
    assert len(told) == 1
    guard.guarded(slot)(KeyError)  # another one is told
    for _ in range(2):
        guard.report(errors.ScumbleError("styles-missing"))  # what the user meets is told each time
    assert len(told) == 4
    monkeypatch.setattr(guard, "AGAIN", 0.0)
    guard.guarded(slot)(ValueError)
    assert len(told) == 5
