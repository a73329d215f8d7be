"""The generators by name: where their weights lie, and what a list shows. No torch here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..features.models import read_digest
from ..wire.protocol.errors import ScumbleError

SHIPPED = Path(__file__).parent / "weights_data"
NETWORKS = {
    "painter": "Paints in one pass: the library's styles by learned codes, any other by its statistics; shipped.",
}


def list_networks() -> list[dict[str, Any]]:
    """The generators as plain dictionaries: name, kind, about, available, bytes, file. Loads nothing."""
    networks = []
    for name, about in NETWORKS.items():
        file = network_file(name)
        here = file.is_file()
        size = file.stat().st_size if here else 0
        networks.append(
            {"name": name, "kind": "generator", "about": about, "available": here, "bytes": size, "file": str(file)}
        )
    return networks


def check_network(name: str) -> None:
    """Raise `option-choice` unless there is a generator called `name`."""
    if name not in NETWORKS:
        raise ScumbleError("option-choice", name="network", value=str(name)[:60], choices=", ".join(NETWORKS))


def network_file(name: str) -> Path:
    """Where the weights of `name` are, or would be. Raises `option-choice`."""
    check_network(name)
    return SHIPPED / f"{name}.safetensors"


def network_digest(name: str) -> str:
    """The recorded SHA-256 of a generator's weights. Raises `option-choice`, `weights-damaged`."""
    return read_digest(network_file(name))
