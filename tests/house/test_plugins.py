"""What the plug-ins keep to: an editor's Python holds the standard library, the editor's own module and no more."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.assemble import PACKAGES

ROOT = Path(__file__).parents[2]
WIRE = ROOT / "engine/scumble/wire"
OWN = {"krita": {"krita"}, "gimp": {"gi", "scumble_gimp"}}  # what each editor's plug-in may import by its full name
OLDEST = (3, 8)  # Krita 5.0 and 5.1 as their makers built them; GIMP 3 brings a newer one
# Runs on 3.9 or later alone, though 3.8 can read it.
NEW_NAMES = {"removeprefix", "removesuffix", "bit_count", "pairwise", "cache", "is_relative_to", "with_stem", "lcm"}
GENERIC = {"list", "dict", "tuple", "set", "frozenset", "type"}


def sources(editor: str) -> list[Path]:
    """The plug-in's own files, as text editors see them; wire is looked at by itself."""
    found = [p for p in sorted((ROOT / "plugins" / editor).rglob("*.py")) if "wire" not in p.parts]
    return [p for p in found if "typings" not in p.parts]


def strangers(tree: ast.AST, allowed: set[str]) -> set[str]:
    """What is imported by a full name, also inside functions and by import_module, and is not allowed."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__"):
            found |= {text.partition(".")[0] for text in _texts(node)}
    return found - allowed - set(sys.stdlib_module_names)


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _texts(call: ast.Call) -> list[str]:
    """The beginnings of the texts that a call is given."""
    return [n.value for a in call.args for n in ast.walk(a) if _is_name(n)]


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value[:1].isalpha()


def too_new(tree: ast.AST) -> list[str]:
    """What an older Python reads and then stumbles over: evaluated `list[int]`, `a | b` of types, newer functions."""
    annotations = {id(n) for a in _annotations(tree) for n in ast.walk(a)}
    found = []
    for node in ast.walk(tree):
        if id(node) in annotations:
            continue
        generic = isinstance(node, ast.Subscript) and getattr(node.value, "id", "") in GENERIC
        if generic or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr) and _is_none_or_type(node)):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
        elif isinstance(node, ast.Attribute) and node.attr in NEW_NAMES:
            found.append(f"{node.lineno}: {node.attr}")
        elif isinstance(node, ast.Call) and _called(node) == "zip" and node.keywords:
            found.append(f"{node.lineno}: zip(strict)")
    return found


def _annotations(tree: ast.AST) -> Iterator[ast.expr]:
    """With `from __future__ import annotations` these are never evaluated."""
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if getattr(node, name, None) is not None:
                yield getattr(node, name)


def _is_none_or_type(node: ast.BinOp) -> bool:
    sides = (node.left, node.right)
    return any(
        (isinstance(s, ast.Constant) and s.value is None)
        or (isinstance(s, ast.Name) and (s.id in GENERIC or s.id in ("int", "str", "float", "bytes", "bool")))
        for s in sides
    )


def missing(tree: ast.AST, folder: Path, home: Path) -> list[str]:
    """Relative imports in a file of `folder` that lead nowhere, or out of the plug-in's package `home`."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        package = folder.joinpath(*[".."] * (node.level - 1)).resolve()
        for name in [node.module] if node.module else [alias.name for alias in node.names]:
            target = package.joinpath(*(name or "").split("."))
            there = target.with_suffix(".py").is_file() or (target / "__init__.py").is_file()
            if not there or not package.is_relative_to(home):
                found.append("." * node.level + str(name))
    return found


@pytest.mark.parametrize("editor", sorted(PACKAGES))
def test_plugins_import_their_editor_and_the_standard_library_alone(editor):
    found = {}
    for path in sources(editor):
        allowed = OWN[editor] | ({"PyQt", "pykrita"} if path.name == "qt.py" else set())
        if strange := strangers(ast.parse(path.read_bytes()), allowed):
            found[path.name] = strange
    assert found == {} and sources(editor)


@pytest.mark.parametrize("editor", sorted(PACKAGES))
def test_relative_imports_lead_somewhere(editor):
    packages = {p for p in sources(editor) if (p.parent / "__init__.py").is_file()}
    home = ROOT / "plugins" / editor / PACKAGES[editor]
    lost = {p.name: m for p in packages if (m := missing(ast.parse(p.read_bytes()), p.parent, home))}
    assert lost == {}


FLOORS: dict[tuple[str, str], set[str]] = {  # what each part of a plug-in may import of the others
    ("krita", "pictures"): set(),
    ("krita", "model"): {"pictures"},
    ("krita", "docker"): {"pictures", "model"},
    ("krita", "dialog"): {"pictures", "model"},
    ("gimp", "pictures"): set(),
    ("gimp", "model"): {"pictures"},
    ("gimp", "windows"): {"pictures", "model"},
}


@pytest.mark.parametrize(("editor", "part"), FLOORS)
def test_parts_import_only_those_below(editor, part):
    found = set()
    paths = [p for p in sources(editor) if part in p.relative_to(ROOT).parts[:-1]]
    for path in paths:
        up = len(path.parts) - path.parts.index(part)  # as many dots lead to the plug-in's own folder
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.level == up:
                found |= {(node.module or "").partition(".")[0]} & {p for _, p in FLOORS}
    assert paths and found <= FLOORS[editor, part]


@pytest.mark.parametrize("path", [p for e in PACKAGES for p in sources(e)] + sorted(WIRE.rglob("*.py")), ids=str)
def test_everything_runs_on_the_oldest_python(path):
    text = path.read_text("utf-8")
    tree = ast.parse(text, feature_version=OLDEST)
    assert "from __future__ import annotations" in text or not list(_annotations(tree))
    assert too_new(tree) == []


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("def f():\n import numpy", "numpy"),
        ("from torch.nn import Module", "torch"),
        ("import_module('PyQt5.QtCore')", "PyQt5"),
        ("importlib.import_module(f'PyQt{5}.QtGui')", "PyQt"),
        ("from scumble.wire import Client", "scumble"),
    ],
)
def test_the_search_for_strangers_finds(code, what):
    assert strangers(ast.parse(code), {"krita"}) == {what}


@pytest.mark.parametrize(
    "code", ["X = list[int]", "Y = Union[None | int, str]", "s.removeprefix('a')", "zip(a, b, strict=True)"]
)
def test_the_search_for_what_is_too_new_finds(code):
    assert len(too_new(ast.parse(code))) == 1
    assert too_new(ast.parse("def f(x: list[int] | None) -> dict[str, int]: return x[0] | y")) == []


def test_the_search_for_lost_imports_finds():
    package = ROOT / "plugins/krita/scumble_krita"
    assert missing(ast.parse("from .wire import x\nfrom . import wire\nfrom .nowhere import y"), package, package) == [
        ".nowhere"
    ]
    assert missing(ast.parse("from ..nowhere import y\nfrom .. import assemble"), package, package)
