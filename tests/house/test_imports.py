"""The import rules that need more than a contract: what the engine's front loads, and what stands beside what."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
# The front lists models and styles; these load torch when a network is asked for, which only workers do.
LAZY = [
    ("scumble.features.registry", "scumble.features.vgg"),
    ("scumble.features.registry", "scumble.features.slim"),
    ("scumble.features.registry", "scumble.features.tensors"),
    ("scumble.features.weights", "scumble.features.vgg"),
    ("scumble.features.weights", "scumble.features.tensors"),
]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    found = grimp.build_graph(
        "scumble", include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )
    for importer, target in [*LAZY, ("scumble.features.registry", "torch")]:
        found.remove_import(importer=importer, imported=target)
    return found


def front(graph: grimp.ImportGraph) -> list[str]:
    """The server's modules, workers left out."""
    modules = sorted(m for m in graph.find_descendants("scumble.server") if m.split(".")[2] != "worker")
    assert len(modules) > 5
    return modules


@pytest.mark.parametrize("heavy", ["torch", "torchvision", "numpy", "PIL"])
def test_the_front_never_reaches(graph: grimp.ImportGraph, heavy: str) -> None:
    chains = {m: graph.find_shortest_chain(importer=m, imported=heavy) for m in front(graph)}
    assert {m: c for m, c in chains.items() if c} == {}


def test_the_search_for_chains_finds(graph: grimp.ImportGraph) -> None:
    assert graph.find_shortest_chain(importer="scumble.methods.run", imported="torch")


@pytest.mark.parametrize("module", ["scumble.server.front.front", "scumble.cli", "scumble.features.registry"])
def test_loading_it_does_not_load_torch(module: str) -> None:
    code = f"import sys, {module}; sys.exit(' '.join({{'torch', 'torchvision'}} & set(sys.modules)) or None)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT / "engine", stderr=subprocess.PIPE, timeout=50)
    assert (done.returncode, done.stderr) == (0, b"")
