"""What `scumble stylize` says of a run that went well."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from scumble.cli import main, stylize
from scumble.picture import Picture, save_file
from scumble.wire.protocol.events import Result
from scumble.wire.protocol.notes import Note

NOTES = (Note("style-predicted", {"names": ["photo.png"]}), Note("strokes-limited", {"size": 512}))
WORDS = ["stylize", "photo.png", "--style", "photo.png", "-o", "out.png"]


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a command whose engine returns a layer with two notes; what it said."""
    monkeypatch.chdir(tmp_path)
    save_file("photo.png", Picture(np.full((10, 12, 3), 90, np.uint8)))
    layer = Picture(np.full((10, 12, 4), 255, np.uint8))
    result = Result("j", layer.ref(), 0.5, 1, {}, "cpu", "painter", notes=NOTES)
    monkeypatch.setattr(stylize, "_through_engine", lambda job, quiet: (layer, result))

    def command(*words):
        assert main([*WORDS, *words]) == 0
        assert Path("out.png").exists()
        return capsys.readouterr()

    return command


def test_each_note_is_a_line_on_stderr(run):
    said = run()
    assert said.err.splitlines() == [f"scumble: {n.sentence}" for n in NOTES]
    assert said.out.count("\n") == 1 and "on cpu" in said.out


def test_notes_are_in_the_account(run):
    said = run("--json")
    assert json.loads(said.out)["notes"] == [n.to_plain() for n in NOTES]
    assert len(said.err.splitlines()) == 2


def test_quiet_is_quiet(run):
    said = run("--quiet")
    assert (said.out, said.err) == ("", "")
    assert len(json.loads(run("--quiet", "--json").out)["notes"]) == 2
