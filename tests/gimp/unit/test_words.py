"""Everything that the plug-in says has its Chinese, with the same fields in it."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

from .conftest import PLUGIN

PACKAGE = PLUGIN / "scumble_gimp"
OWN = json.loads((PACKAGE / "words/zh.json").read_text("utf-8"))
WIRE = json.loads((PACKAGE / "wire/words/zh.json").read_text("utf-8"))
ELSEWHERE = {"The new layer": "optionform.py"}  # said by way of a variable


def said(plugin: Any) -> dict[str, str]:
    """What `tr` is called with, by the module that says it."""
    found = dict(ELSEWHERE)
    for path in sorted(p for p in PACKAGE.rglob("*.py") if "wire" not in p.parts):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
                found.update({a.value: path.name for a in node.args[:1] if isinstance(a, ast.Constant)})
    for o in plugin("arguments").OUTPUT:
        found.update(dict.fromkeys((o.label, o.help, *o.choice_labels), "arguments.py"))
    return found


def test_nothing_is_left_out(plugin: Any) -> None:
    assert {text: module for text, module in said(plugin).items() if text not in OWN and text not in WIRE} == {}


def test_nothing_is_translated_that_nobody_says(plugin: Any) -> None:
    told = said(plugin)
    assert [text for text in OWN if text not in told] == []


def test_fields_are_the_same() -> None:
    for text, chinese in OWN.items():
        assert sorted(re.findall(r"\{\w*\}", chinese)) == sorted(re.findall(r"\{\w*\}", text)), text
        assert [k.lower() for k in re.findall("_([A-Za-z])", chinese)] == [
            k.lower() for k in re.findall("_([A-Za-z])", text)
        ], text


def test_no_two_buttons_of_the_status_have_one_key() -> None:
    labels = re.findall(r'tr\("([^"]*_[^"]*)"\)', (PACKAGE / "windows/statusdialog.py").read_text("utf-8"))
    keys = {label: re.findall("_(.)", label)[0].lower() for label in labels}
    assert keys.pop("Disconnec_t") == keys["S_top"]  # one button, for an engine there or here
    assert len(keys) == 5 and len(set(keys.values())) == len(keys)


def test_the_language_is_gimps(plugin: Any) -> None:
    texts = plugin("texts")
    try:
        texts.GLib.get_language_names.return_value = ["zh_CN", "zh", "en"]
        texts.speak()
        assert texts.tr("Transfer Again") == "再次迁移"
        assert texts.explain(ValueError("x")).startswith("Scumble 自身出了错")
        texts.GLib.get_language_names.return_value = ["C"]
        texts.speak()
        assert texts.tr("Transfer Again") == "Transfer Again"
    finally:
        texts.GLib.get_language_names.return_value = ["en_US", "en", "C"]
        texts.speak("en")
