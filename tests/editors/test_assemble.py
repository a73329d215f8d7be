"""A plug-in put together: whole, and free of what leads out of its folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.assemble import PLUGINS, assemble

WIRES = {"krita": "scumble_krita", "gimp": "scumble/scumble_gimp"}  # the folders that hold `wire`
LOOK = """
import sys
sys.path.insert(0, sys.argv[1])
import wire.editor.link, wire.request.recipe
print(wire.__file__, [name for name in sys.modules if name.startswith(("scumble", "numpy"))])
"""


@pytest.mark.parametrize("editor", ["krita", "gimp"])
def test_a_plugin_is_whole_and_stands_alone(editor: str, tmp_path: Path) -> None:
    written = assemble(editor, tmp_path)
    assert written and all(path.is_file() for path in written)
    assert not [path for path in tmp_path.rglob("*") if path.is_symlink() or "__pycache__" in path.parts]
    sources = {p.relative_to(PLUGINS / editor) for p in (PLUGINS / editor).rglob("*.py") if "wire" not in p.parts}
    assert sources <= {path.relative_to(tmp_path) for path in written}
    home = tmp_path / WIRES[editor]
    command = [sys.executable, "-I", "-S", "-c", LOOK, str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.split() == [str(home / "wire" / "__init__.py"), "[]"]


def test_gimp_may_start_it(tmp_path: Path) -> None:
    assemble("gimp", tmp_path)
    assert os.access(tmp_path / "scumble" / "scumble.py", os.X_OK)


def test_an_older_plugin_goes_and_a_linked_folder_stays(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.txt").write_text("kept")
    plugins = tmp_path / "plug-ins"
    (plugins / "other").mkdir(parents=True)
    (plugins / "scumble").symlink_to(elsewhere)
    assemble("gimp", plugins)
    (plugins / "scumble" / "old.py").write_text("")
    assemble("gimp", plugins)
    assert (elsewhere / "mine.txt").read_text() == "kept" and (plugins / "other").is_dir()
    assert not (plugins / "scumble" / "old.py").exists()
