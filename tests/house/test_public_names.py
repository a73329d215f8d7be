"""The public names of each package, pinned: `python tests/house/test_public_names.py` writes them down anew."""

from __future__ import annotations

import ast
import json
from pathlib import Path

ENGINE = Path(__file__).parents[2] / "engine" / "scumble"
PINNED = Path(__file__).with_name("public_names.json")
# What others build on: each package's own names, and these modules.
SEAMS = (
    "scumble.features.registry",
    "scumble.features.weights",
    "scumble.methods.base",
    "scumble.methods.run",
    "scumble.server.commands",
    "scumble.styles.library",
    "scumble.wire.client.client",
    "scumble.wire.protocol.errors",
    "scumble.wire.engine.folders",
    "scumble.wire.request.geometry",
    "scumble.wire.request.options",
    "scumble.wire.protocol.pixels",
    "scumble.wire.request.declarations",
    "scumble.wire.request.request",
    "scumble.wire.request.style",
)


def public_names(module: Path) -> list[str]:
    """What a module offers: its `__all__`, else the classes, functions and constants it defines itself."""
    body = ast.parse(module.read_bytes()).body
    names: set[str] = set()
    for node in body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            names.add(node.name)
        for target in _targets(node):
            if target == "__all__":
                assert isinstance(node, ast.Assign)
                return sorted(ast.literal_eval(node.value))
            names.add(target)
    return sorted(n for n in names if not n.startswith("_"))


def _targets(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [t.id for t in targets if isinstance(t, ast.Name)]


def current() -> dict[str, list[str]]:
    """Public names of packages and seams."""
    found = {}
    for path in sorted(ENGINE.rglob("*.py")):
        module = ".".join(path.relative_to(ENGINE.parent).with_suffix("").parts)
        if module.endswith(".__init__") or module in SEAMS:
            found[module.removesuffix(".__init__")] = public_names(path)
    return found


def test_public_names_are_those_decided_on():
    assert current() == json.loads(PINNED.read_text("utf-8"))


def test_what_a_package_offers_is_there():
    import importlib

    for module, names in current().items():
        loaded = importlib.import_module(module)
        assert [n for n in names if not hasattr(loaded, n)] == [], module


if __name__ == "__main__":
    PINNED.write_text(json.dumps(current(), indent=1) + "\n", "utf-8")
