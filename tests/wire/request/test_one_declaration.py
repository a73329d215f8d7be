"""A new option is declared in one place, and everything that goes by declarations has it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import plugins.assemble
import scumble

PACKAGE = Path(scumble.__file__).parent
PLACE = "    strength: float = option("
NEW = '    sheen: float = _expert(0.5, "How much it gleams.", "Sheen", low=0.0, high=1.0)\n'
PRESET = """
from {wire}.editor.forms import grouped
from {wire}.request.presets import load_preset, save_preset
from {wire}.request.recipe import Recipe
from {wire}.request.request import REQUEST_OPTIONS
from {wire}.request.stylechoice import StyleChoice
save_preset("Gleam", Recipe({{"sheen": 0.25}}, (StyleChoice("library", "scream"),)))
headings = [title for title, group in grouped(REQUEST_OPTIONS.values()) if "sheen" in [o.name for o in group]]
print(json.dumps([headings, load_preset("Gleam").value("sheen"), REQUEST_OPTIONS["sheen"].honoured_by("fast")]))
"""
ENGINE = """
from scumble.methods.run import run
from scumble.server.store.results import result_key
from scumble.wire import PictureRef, Request, ScumbleError, Style
plain, gleaming, quiet = Request(), Request(sheen=0.25), Request(preview_size=0)
keys = [result_key(r, "") for r in (plain, gleaming, quiet)]
try:
    run(Request(method="fast", sheen=0.25, styles=(Style("scream"),)), None, None, None)
except ScumbleError as e:
    refused = [e.code, e.sentence]
print(json.dumps([keys[0] != keys[1], keys[0] == keys[2], refused, gleaming.honoured() == gleaming]))
"""


def linked(folder: Path, target: Path) -> None:
    """A copy of a package as links, with one more option in it."""
    for path in sorted(folder.rglob("*")):
        place = target / path.relative_to(folder)
        if path.is_file() and "__pycache__" not in path.parts:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(path)
    declare(target / "wire")


def declare(wire: Path) -> None:
    """The one place."""
    declared = wire / "request" / "declarations.py"
    text = declared.read_text("utf-8")
    assert PLACE in text
    declared.unlink()
    declared.write_text(text.replace(PLACE, NEW + PLACE), "utf-8")


def told(code: str, folder: Path, data: Path) -> Any:
    """What `code` prints, by the packages of `folder`."""
    env = {**os.environ, "PYTHONPATH": str(folder), "SCUMBLE_DATA": str(data)}
    start = "import json, sys\nfrom pathlib import Path\n"
    done = subprocess.run([sys.executable, "-c", start + code], env=env, capture_output=True, text=True, timeout=50)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with the engine, which has one more option."""
    linked(PACKAGE, tmp_path / "engine" / "scumble")
    return tmp_path / "engine"


def test_the_command_line_has_it(package: Path, tmp_path: Path) -> None:
    help_text = told("from scumble.cli import main; main(['stylize', '--help'])", package, tmp_path)
    assert "--sheen X" in help_text and "How much it gleams. (0 to 1; default 0.5)" in " ".join(help_text.split())


def test_the_engine_keeps_it_in_the_key_and_a_method_that_has_no_use_for_it_refuses(
    package: Path, tmp_path: Path
) -> None:
    changes, same, refused, kept = json.loads(told(ENGINE, package, tmp_path))
    assert changes and same and kept
    assert refused == ["option-unhonoured", "The method “fast” has no use for “sheen”."]


@pytest.mark.parametrize("editor", sorted(plugins.assemble.PACKAGES))
def test_each_editors_forms_and_presets_have_it(editor: str, tmp_path: Path) -> None:
    plugins.assemble.assemble(editor, tmp_path / "plug-ins")
    home = tmp_path / "plug-ins" / plugins.assemble.PACKAGES[editor] / plugins.assemble.HOMES[editor]
    declare(home)
    headings, value, honoured = json.loads(told(PRESET.format(wire=home.name), home.parent, tmp_path))
    assert (headings, value, honoured) == (["Expert"], 0.25, False)
