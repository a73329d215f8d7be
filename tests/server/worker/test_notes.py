"""Notes of a method reach the client, also out of the cache; and what the engine says of its models."""

from __future__ import annotations

from pathlib import Path

import pytest

from scumble.methods.table import METHODS
from scumble.networks import models
from scumble.server.doctor.parts import look_at_models
from scumble.wire import Result, Started
from scumble.wire.protocol.notes import MAX_NOTES, Note

from ..running import Running, ask, submit, wait_for_end


def test_notes_arrive_and_are_kept_with_a_cached_result(engine: Running) -> None:
    client, a = engine.client(), ask(how="note", seed=4)
    for cached in (False, True):
        _, end = wait_for_end(client, submit(client, a))
        assert isinstance(end, Result) and end.cached is cached
        assert end.notes == (Note("style-predicted", {"names": ("a", "ü")}),) * MAX_NOTES, "no more than that"
        assert "“a” and “ü”" in end.notes[0].sentence
    _, end = wait_for_end(client, submit(client, ask()))
    assert isinstance(end, Result) and end.notes == ()


def test_a_start_names_the_network_that_is_asked_for(engine: Running) -> None:
    client = engine.client()
    for options, model in (({"model": "vgg19"}, "vgg19"), ({"method": "fast"}, "fast")):
        events, _ = wait_for_end(client, submit(client, ask(**options)))
        assert [e.model for e in events if isinstance(e, Started)] == [model]


def test_encoders_and_generators_are_told_apart(engine: Running) -> None:
    client = engine.client()
    listed = client.models()
    assert listed == client.info["models"]
    kinds = {m["name"]: m["kind"] for m in listed}
    assert kinds == {
        **dict.fromkeys(("slim", "vgg19", "vgg16"), "encoder"),
        **dict.fromkeys(models.NETWORKS, "generator"),
        "people": "finder",
    }
    assert all(set(m) == {"name", "kind", "about", "available", "bytes", "file"} for m in listed)


def test_the_doctor_misses_generators_where_a_method_needs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(models, "SHIPPED", tmp_path)
    monkeypatch.setattr(METHODS, "_places", {"optimize": ""})
    (models_here,) = look_at_models()
    assert models_here.ok and "painter" not in models_here.text and "fetched when used: vgg19" in models_here.text
    monkeypatch.setattr(METHODS, "_places", {"optimize": "", "fast": ""})
    (models_here,) = look_at_models()
    assert not models_here.ok and "missing: painter" in models_here.text
    for name in models.NETWORKS:
        models.network_file(name).write_bytes(b"weights")
    models_here, *damaged = look_at_models()
    assert models_here.ok and "painter" in models_here.text and "missing" not in models_here.text
    assert [d.name for d in damaged] == [f"Model {name}" for name in models.NETWORKS]
