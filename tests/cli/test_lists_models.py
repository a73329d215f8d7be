"""`scumble models`: encoders and generators in one list, each with what brings its weights."""

from __future__ import annotations

import json

import pytest

from scumble.cli import main
from scumble.networks import models


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """A package without generators, and folders of the test's own."""
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(models, "SHIPPED", tmp_path)
    return tmp_path


def table(capsys):
    """The lines of the table by name."""
    assert main(["models"]) == 0
    return {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}


def test_the_table_tells_kind_and_state(shipped, capsys):
    lines = table(capsys)
    assert lines["slim"].split()[1:3] == ["encoder", "here"]
    assert "encoder" in lines["vgg19"] and "scumble models fetch vgg19" in lines["vgg19"]
    assert lines["painter"].split()[1:5] == ["generator", "not", "in", "this"]
    assert "fetch" not in lines["painter"]
    (shipped / "painter.safetensors").write_bytes(b"123")
    assert table(capsys)["painter"].split()[1:3] == ["generator", "here"]


def test_json_has_all_of_it(shipped, capsys):
    missing = {m["name"]: m for m in models.list_networks()}["painter"]
    assert (missing["available"], missing["bytes"], missing["kind"]) == (False, 0, "generator")
    (shipped / "painter.safetensors").write_bytes(b"123")
    assert main(["models", "--json"]) == 0
    found = {m["name"]: m for m in json.loads(capsys.readouterr().out)}
    assert (found["painter"]["available"], found["painter"]["bytes"]) == (True, 3)
    assert found["painter"]["file"] == str(shipped / "painter.safetensors")


def test_there_are_no_other_generators():
    assert [m["name"] for m in models.list_networks()] == list(models.NETWORKS)
    from scumble.wire.protocol.errors import ScumbleError

    for ask in (models.check_network, models.network_file):
        with pytest.raises(ScumbleError) as e:
            ask("../slim")
        assert e.value.code == "option-choice" and "painter" in e.value.remedy
