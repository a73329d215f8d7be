"""One road to a request: whatever people use builds it from a recipe, and by no constructor of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLIENTS = (
    "engine/scumble/cli",
    "engine/scumble/gateway",
    "engine/scumble/wire/editor",
    "plugins/krita",
    "plugins/gimp",
)
MADE = ("Request", "Style")


def makes(source: str) -> Iterator[int]:
    """The lines that make a request, or a style of one, field by field."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MADE:
            yield node.lineno


@pytest.mark.parametrize("folder", CLIENTS)
def test_clients_ask_by_a_recipe(folder: str) -> None:
    files = [
        p
        for p in (ROOT / folder).rglob("*.py")
        if not p.is_symlink() and "wire" not in p.relative_to(ROOT / folder).parts
    ]
    assert files
    assert [f"{p.relative_to(ROOT)}:{line}" for p in files for line in makes(p.read_text("utf-8"))] == []


def test_the_search_for_other_roads_finds() -> None:
    assert list(makes("a = 1\nb = Request(styles=(Style('scream'),))\nc = Request.from_plain({})")) == [2, 2]
