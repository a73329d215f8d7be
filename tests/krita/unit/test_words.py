"""Everything that the plug-in says has its Chinese, with the same fields in it."""

from __future__ import annotations

import ast
import json
import re

import pytest

from .plugin import plugin_module

texts = plugin_module("texts")
words = plugin_module("wire.words.translation")
nodes = plugin_module("pictures.nodes")
PLUGIN = texts.WORDS.parent


def said() -> dict[str, str]:
    """What `tr` is called with, by the module that says it."""
    found = dict.fromkeys(nodes.KINDS.values(), "nodes.py")
    for path in sorted(p for p in PLUGIN.rglob("*.py") if "wire" not in p.parts):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
                found.update({a.value: path.name for a in node.args[:1] if isinstance(a, ast.Constant)})
    return found


OWN = json.loads((texts.WORDS / "zh.json").read_text("utf-8"))
WIRE = json.loads((PLUGIN / "wire" / "words" / "zh.json").read_text("utf-8"))
SAID = said()


def test_nothing_is_left_out():
    assert {text: module for text, module in SAID.items() if text not in OWN and text not in WIRE} == {}


def test_nothing_is_translated_that_nobody_says():
    assert [text for text in OWN if text not in SAID] == []


@pytest.mark.parametrize("text", OWN)
def test_fields_are_the_same(text):
    assert sorted(re.findall(r"\{\w*\}", OWN[text])) == sorted(re.findall(r"\{\w*\}", text))


@pytest.mark.parametrize(
    ("chosen", "system", "ui", "language"),
    [
        ("zh_CN", "en_US", ["en-US"], "zh_CN"),  # chosen in Krita
        (
            "en_US",
            "en_US",
            ["zh-Hans-CN", "en-US"],
            "zh-Hans-CN",
        ),  # the system's
        ("de_DE", "de_DE", [], "de_DE"),
    ],
)
def test_the_language_is_kritas(chosen, system, ui, language, monkeypatch):
    class Locale:
        def __init__(self, name=chosen):
            self._name = name

        @staticmethod
        def system():
            return Locale(system)

        def name(self):
            return self._name

        def uiLanguages(self):
            return ui

    monkeypatch.setattr(texts, "QLocale", Locale)
    assert texts.krita_language() == language


def test_it_is_said_in_chinese():
    try:
        texts.speak("zh_CN")
        assert texts.tr("Starting…") == "正在启动…"
        assert "日志" not in texts.tr("Off") and texts.explain(ValueError("x")).startswith("Scumble 自身出了错")
    finally:
        texts.speak("en")
