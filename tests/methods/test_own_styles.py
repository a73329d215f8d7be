"""Styles of the user's own by the fast method: a code for the shipped network, or a network of its own."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from scumble.features import tensors
from scumble.features.registry import weights_digest
from scumble.methods.base import Outcome
from scumble.networks.models import network_digest, network_file
from scumble.networks.painter import unload_painters
from scumble.styles.library import CARDS
from scumble.styles.own import PICTURE
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .conftest import Store
from .test_fast import go, photo


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path))
    unload_painters()
    return tmp_path / "styles"


def add(
    library: Path,
    name: str,
    kind: str,
    state: dict[str, torch.Tensor],
    network: str = "",
    like: str = "scream",
    **more: str,
) -> None:
    """A user's style with the card and the picture of a shipped one: its colours are those."""
    folder = library / name
    folder.mkdir(parents=True)
    shutil.copy(CARDS / f"{like}.safetensors", folder / "card.safetensors")
    shutil.copy(CARDS / f"{like}.swatch.jpg", folder / f"{PICTURE}.jpg")
    tensors.store(folder / "painter.safetensors", state)
    record: dict[str, Any] = {
        **{"name": name, "title": name, "artist": "", "year": None, "licence": "", "tags": [], "kind": kind},
        **{"encoder": weights_digest("slim"), "network": network or network_digest("painter")},
        **more,
        "files": {f: digest(folder / f) for f in ("card.safetensors", "painter.safetensors")},
    }
    (folder / "style.json").write_text(json.dumps(record))


def code(name: str, like: str) -> dict[str, torch.Tensor]:
    state = load_file(network_file("painter"))
    return {f"{kind}.{name}": state[f"{kind}.{like}"] for kind in ("code", "vivid")}


def painted(store: Store, *names: str) -> Outcome:
    styles = tuple(Style(n) for n in names)
    return go(Request(method="fast", content=store.put(photo(64)), styles=styles), store)


def network(like: str = "") -> dict[str, torch.Tensor]:
    """The weights that all share, with what a style adds to them."""
    state = load_file(network_file("painter"))
    shared = {k: v for k, v in state.items() if k.startswith("net.")}
    return {k: v + state[f"own.{like}.{k[len('net.') :]}"] if like else v for k, v in shared.items()}


def test_a_code_is_painted_as_it_was_learned(store: Store, library: Path) -> None:
    """In the weights that all share, as by a network that is nothing else."""
    add(library, "mine", "code", code("mine", "the-kiss"), like="the-kiss")
    add(library, "twin", "network", network() | code("twin", "the-kiss"), like="the-kiss")
    done = painted(store, "mine")
    assert done.notes == () and np.array_equal(done.layer.data, painted(store, "twin").layer.data)
    assert not np.array_equal(done.layer.data, painted(store, "the-kiss").layer.data)


def test_a_code_is_painted_with_the_weights_of_the_style_it_began_from(store: Store, library: Path) -> None:
    add(library, "mine", "code", code("mine", "the-kiss"), like="the-kiss", base="the-kiss")
    done = painted(store, "mine")
    assert done.notes == () and np.array_equal(done.layer.data, painted(store, "the-kiss").layer.data)
    add(library, "odd", "code", code("odd", "the-kiss"), like="the-kiss", base="no style")
    add(library, "plain", "code", code("plain", "the-kiss"), like="the-kiss")
    assert np.array_equal(painted(store, "odd").layer.data, painted(store, "plain").layer.data)


def test_a_code_of_another_network_is_not_used(store: Store, library: Path) -> None:
    """Its card still tells its statistics."""
    add(library, "old", "code", code("old", "the-kiss"), network="0" * 64)
    done = painted(store, "old")
    assert [n.code for n in done.notes] == ["style-predicted"]
    assert not np.array_equal(done.layer.data, painted(store, "the-kiss").layer.data)


def test_a_network_of_its_own_paints_alone_but_not_in_mixtures(store: Store, library: Path) -> None:
    add(library, "alone", "network", network("water-lilies") | code("alone", "water-lilies"), like="water-lilies")
    done = painted(store, "alone")
    apart = done.layer.data.astype(int) - painted(store, "water-lilies").layer.data
    assert done.notes == () and np.abs(apart).mean() < 0.5, "but for the rounding of weights"
    mixed = painted(store, "alone", "scream")
    assert [n.code for n in mixed.notes] == ["style-network"] and "alone" in mixed.notes[0].sentence


@pytest.mark.parametrize("state", [{"code.bad": torch.zeros(2, 3)}, {"code.other": torch.zeros(3, 3968)}])
def test_a_damaged_code_is_refused_by_name(store: Store, library: Path, state: dict[str, torch.Tensor]) -> None:
    add(library, "bad", "code", state)
    with pytest.raises(ScumbleError, match=r"painter\.safetensors") as caught:
        painted(store, "bad")
    assert caught.value.code == "weights-damaged"
