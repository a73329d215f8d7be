"""What Krita gets of the plug-in: menu entries, a docker, an end; and an excuse where it cannot run."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from .plugin import plugin_module
from .studio_parts import FakeLink, application

boots = plugin_module("boot")
extensions = plugin_module("extension")
guard = plugin_module("guard")
history = plugin_module("wire.editor.jobs.history")
studios = plugin_module("model.studio")
texts = plugin_module("texts")
words = plugin_module("wire.words.translation")
PLUGIN = boots.HERE.parent
ENTRIES = {"scumble_style_transfer": "Scumble: Style Transfer…", "scumble_repeat": "Scumble: Repeat Last"}


@pytest.fixture
def studio(tmp_path, monkeypatch):
    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"SCUMBLE_{name}", str(tmp_path / name))
    application()
    made = studios.Studio(FakeLink(), history.History(tmp_path))
    monkeypatch.setattr(studios, "_studio", [made])
    yield made
    made.close()


def started(app):
    """The plug-in's extension, as Krita sets it up."""
    app.extensions_added.clear()
    boots.boot()
    (extension,) = app.extensions_added
    extension.setup()
    extension.createActions(app.activeWindow())
    return extension


def test_the_filter_menu_gets_two_entries(krita_app, studio):
    started(krita_app)
    window = krita_app.activeWindow()
    assert window.menus == dict.fromkeys(ENTRIES, "filter")
    assert {n: krita_app.action(n).text() for n in ENTRIES} == ENTRIES


def test_entries_do_what_they_say(krita_app, studio, monkeypatch):
    did = []
    monkeypatch.setattr(studio, "open_dialog", lambda *a: did.append(("dialog", a)))
    monkeypatch.setattr(studio, "repeat_last", lambda *a: did.append(("repeat", a)))
    started(krita_app)
    for name in ENTRIES:
        krita_app.action(name).trigger()  # brings “checked”, which is no recipe
    assert did == [("dialog", ()), ("repeat", ())]


def test_without_a_picture_an_entry_says_so(krita_app, studio):
    started(krita_app)
    krita_app.action("scumble_style_transfer").trigger()
    assert studio.message.startswith("No picture is open")


def test_a_message_is_floated_over_the_picture(krita_app, studio):
    started(krita_app)
    krita_app.activeWindow().addView(krita_app.createDocument(8, 6, "test", "RGBA", "U8", "", 300.0))
    krita_app.action("scumble_repeat").trigger()
    (shown,) = krita_app.activeWindow().messages
    assert shown.replace("\n", " ") == studio.message and "No style" in shown
    assert max(map(len, shown.splitlines())) <= 64


def test_a_message_in_chinese_is_broken_where_it_is_wide():
    lines = plugin_module("model.canvas").wrapped("引擎未安装或无法启动" * 8).splitlines()
    assert len(lines) == 3 and max(map(len, lines)) == 32


def test_the_engine_is_let_go_when_krita_ends(krita_app, studio):
    started(krita_app)
    krita_app.notifier().applicationClosing.emit()
    assert studio.link.did[-1] == "close"


def test_entries_are_translated(krita_app, studio, monkeypatch):
    monkeypatch.setattr(texts, "krita_language", lambda: "zh_CN")
    try:
        started(krita_app)
        assert krita_app.action("scumble_repeat").text() == "Scumble：重复上次"
    finally:
        words.use_language("en")


def test_it_comes_with_its_docker(krita_app, studio):
    started(krita_app)
    assert len(krita_app.factories) == 1


def test_without_its_docker_the_entries_work_all_the_same(krita_app, studio, monkeypatch):
    monkeypatch.setitem(sys.modules, "scumble_krita.docker.docker", None)
    started(krita_app)
    assert krita_app.factories == [] and set(krita_app.activeWindow().menus) == set(ENTRIES)


def excuse(app):
    app.extensions_added.clear()
    boots.boot()
    (extension,) = app.extensions_added
    assert isinstance(extension, boots.Excuse)
    extension.setup()
    extension.createActions(app.activeWindow())
    return extension


def test_without_wire_there_is_an_entry_that_explains(krita_app, tmp_path, monkeypatch, qt):
    monkeypatch.setattr(boots, "HERE", tmp_path)
    extension = excuse(krita_app)
    assert "incomplete" in extension.reason and "install.py" in extension.reason
    assert list(krita_app.activeWindow().menus) == ["scumble_obstacle"]
    krita_app.action("scumble_obstacle").trigger()
    assert extension.box.isVisible() and extension.box.text() == extension.reason and not extension.box.isModal()
    extension.box.close()


@pytest.mark.parametrize(
    ("version", "runs"), [("4.4.8", False), ("5.0.0", True), ("5.3.4-beta1", True), ("6.0.1", True)]
)
def test_an_old_krita_is_named(version, runs, krita_app):
    krita_app.reset(version)
    assert (boots.obstacle() == "") == runs


def test_an_old_python_is_named(krita_app, monkeypatch):
    monkeypatch.setattr(boots.sys, "version_info", (3, 7, 9))
    assert "Python 3.8" in boots.obstacle()


def test_what_fails_while_loading_is_explained_and_logged(krita_app, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "scumble_krita.extension", None)
    extension = excuse(krita_app)
    assert extension.reason == boots.DAMAGED and "Error" not in extension.reason


def test_the_action_file_names_the_entries_and_shortcuts_of_their_own():
    root = ET.parse(PLUGIN / "scumble_krita.action").getroot()
    found = {a.get("name"): a for a in root.iter("Action")}
    assert {n: a.findtext("text") for n, a in found.items()} == ENTRIES
    assert {a.findtext("activationFlags") for a in found.values()} == {"1"}
    assert [a.findtext("shortcut") for a in found.values()] == ["Ctrl+Alt+Y", "Ctrl+Alt+Shift+Y"]


def test_the_desktop_file_names_the_library_and_the_manual():
    lines = (PLUGIN / "scumble_krita.desktop").read_text("utf-8").splitlines()
    plain = dict(line.split("=", 1) for line in lines if "=" in line)
    assert plain["X-KDE-Library"] == "scumble_krita" and (boots.HERE / plain["X-Krita-Manual"]).is_file()


def test_the_manual_is_whole_and_small():
    text = (boots.HERE / "Manual.html").read_text("utf-8")
    open_tags = []

    class Check(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag not in ("meta", "br"):
                open_tags.append(tag)

        def handle_endtag(self, tag):
            assert open_tags.pop() == tag

    Check().feed(text)
    assert open_tags == [] and len(text) < 10_000
    for entry in ENTRIES.values():
        assert entry in text
