"""What sources say to a user, and whether a catalog has the words for it: for the tests of wire and of the plug-ins."""

from __future__ import annotations

import ast
import json
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from scumble.wire import CASES, CHOICE_OPTIONS, REQUEST_OPTIONS, STYLE_OPTIONS
from scumble.wire.editor.learning.lesson import FORM
from scumble.wire.protocol.notes import NOTES
from scumble.wire.words import translation as wire_words

OPTIONS = [*REQUEST_OPTIONS.values(), *STYLE_OPTIONS.values(), *CHOICE_OPTIONS.values(), *FORM]
WIRE = Path(wire_words.__file__).parents[1]
WIRE_CATALOG = WIRE / "words" / "zh.json"


def said(folder: Path) -> set[str]:
    """The literals in the `tr("…")` calls of the Python files under `folder`, a plug-in's copy of wire left out.

    A text made at run time (an f-string, a sum) has no translation, so it fails the test.
    """
    found: set[str] = set()
    for path in sorted(folder.rglob("*.py")):
        if "wire" in path.relative_to(folder).parts:
            continue
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and _is_tr(node.func) and node.args:
                found |= set(_literals(node.args[0], f"{path.name}:{node.lineno}"))
    return found


def wire_texts() -> set[str]:
    """Everything that wire says to a user."""
    texts = {t for o in OPTIONS for t in (o.label, o.help, o.zero_label, o.group, *o.choice_labels)}
    texts |= {o.unit for o in OPTIONS if o.unit.isalpha()}
    texts |= {t for case in CASES.values() for t in case} | {t for note in NOTES.values() for t in note}
    return (texts | {*wire_words.THINGS, *wire_words.PHRASES} | said(WIRE)) - {""}


def catalog(file: Path) -> dict[str, str]:
    """A catalog as it is; a key that stands twice fails the test."""
    pairs: list[tuple[str, str]] = json.loads(file.read_text("utf-8"), object_pairs_hook=list)
    twice = [k for k, n in Counter(k for k, _ in pairs).items() if n > 1]
    assert not twice, twice
    return dict(pairs)


def faults(words: dict[str, str], texts: set[str], known: set[str] = frozenset()) -> dict[str, list[str]]:  # type: ignore[assignment]
    """What is wrong with a catalog for `texts`; of `known`, another catalog's, it need not translate any again."""
    found = {
        "missing": texts - set(words) - known,
        "superfluous": set(words) - texts,
        "other placeholders": {k for k, v in words.items() if placeholders(k) != placeholders(v)},
        "other spaces": {k for k, v in words.items() if (k.strip() == k) != (v.strip() == v) and k.strip(", and")},
        "empty": {k for k, v in words.items() if not v.strip()},
    }
    return {what: sorted(which) for what, which in found.items() if which}


def plugin_faults(folder: Path, file: Path) -> dict[str, list[str]]:
    """What is wrong with a plug-in's catalog for the sources in `folder`; wire's own words it may use."""
    return faults(catalog(file), said(folder), set(catalog(WIRE_CATALOG)))


def placeholders(text: str) -> Counter[tuple[str, str]]:
    """The fields of a template with their formats."""
    return Counter((name, spec or "") for _, name, spec, _ in string.Formatter().parse(text) if name is not None)


def _is_tr(called: ast.expr) -> bool:
    return (called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")) == "tr"


def _literals(node: ast.expr, place: str) -> Iterator[str]:
    """The texts that an argument can be; none for a variable, which holds a text declared elsewhere."""
    if isinstance(node, ast.Constant):
        assert isinstance(node.value, str), place
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body, place)
        yield from _literals(node.orelse, place)
    else:
        assert not isinstance(node, (ast.JoinedStr, ast.BinOp)), f"{place}: a text made at run time"
