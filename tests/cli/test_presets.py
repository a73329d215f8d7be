"""Presets cross between the command line and the editors, both ways; old ones open."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import plugins.assemble
from scumble.cli import main
from scumble.cli.painting import prepare
from scumble.cli.presets import load_preset
from scumble.cli.stylespec import StyleSpec
from scumble.picture import Picture, save_file
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request import presets
from scumble.wire.request.recipe import Recipe
from scumble.wire.request.stylechoice import StyleChoice

from ..wire.request.test_one_declaration import told

SKY = StyleChoice("library", "starry-night", weight=0.7, stroke_size=2.0)
EDITOR = """
from {wire}.request.presets import list_presets, load_preset
print(json.dumps([list_presets(), load_preset("Evening sky").to_plain()]))
"""


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A picture of 12×10 whose left half is selected by a mask beside it."""
    monkeypatch.chdir(tmp_path)
    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"SCUMBLE_{name}", str(tmp_path / name.lower()))
    save_file("photo.png", Picture(np.full((10, 12, 3), 90, np.uint8)))
    half = np.zeros((10, 12, 1), np.uint8)
    half[:, :6] = 255
    save_file("half.png", Picture(half))
    return "photo.png"


def code_of(place: str) -> str:
    with pytest.raises(ScumbleError) as e:
        load_preset(place)
    return e.value.code


def test_what_an_editor_saved_opens_on_the_command_line(photo: str) -> None:
    recipe = Recipe({"strength": 0.5, "style_layers": ("conv1_1:2",)}, (SKY, StyleChoice("file", str(Path(photo)))))
    presets.save_preset("Evening sky", recipe)
    options, styles = load_preset("Evening sky")
    assert options == {"strength": 0.5, "style_layers": ["conv1_1:2"]}
    assert styles == [StyleSpec("starry-night", 0.7, 2.0), StyleSpec(photo)]
    assert main(["stylize", photo, "--preset", "Evening sky", "--save-preset", "again.json"]) == 0
    assert load_preset("again.json") == (options, styles)


@pytest.mark.parametrize("editor", sorted(plugins.assemble.PACKAGES))
def test_what_the_command_line_saved_opens_in_each_editor(editor: str, photo: str, tmp_path: Path) -> None:
    words = ["--strength", "0.5", "--style", "starry-night:0.7:2", "--style", photo]
    assert main(["stylize", photo, *words, "--save-preset", "Evening sky"]) == 0
    plugins.assemble.assemble(editor, tmp_path / "plug-ins")
    home = tmp_path / "plug-ins" / plugins.assemble.PACKAGES[editor] / plugins.assemble.HOMES[editor]
    names, plain = json.loads(told(EDITOR.format(wire=home.name), home.parent, tmp_path / "data"))
    assert names == ["Evening sky"]
    assert Recipe.from_plain(plain) == Recipe({"strength": 0.5}, (SKY, StyleChoice("file", str(tmp_path / photo))))


def test_layers_of_an_editors_picture_are_refused_by_name(photo: str) -> None:
    presets.save_preset("A", Recipe({}, (StyleChoice("layer", "Sky", "{1}"),)))
    presets.save_preset(
        "B", Recipe({}, (StyleChoice("library", "scream", mask="layer", mask_name="M", mask_layer="{2}"),))
    )
    assert code_of("A") == code_of("B") == "layer-gone" and code_of("C") == "preset-missing"
    presets.save_preset("D", Recipe({}, (SKY, StyleChoice("layer", "Sky", "{1}", weight=0.0))))
    assert load_preset("D")[1] == [StyleSpec("starry-night", 0.7, 2.0)]


def test_a_style_may_apply_where_the_picture_is_selected_or_not(photo: str) -> None:
    inside = StyleChoice("library", "scream", mask="selection")
    presets.save_preset(
        "Both", Recipe({}, (inside, StyleChoice("library", "starry-night", mask="selection", invert=True)))
    )
    _, styles = load_preset("Both")
    job = prepare(photo, "half.png", {"margin": 1.0}, styles)
    masks = [np.frombuffer(job.blobs[s.mask.digest], np.uint8).reshape(10, 12) for s in job.request.styles if s.mask]
    assert (masks[0][:, :6] == 255).all() and (masks[0][:, 6:] == 0).all() and (masks[1] == 255 - masks[0]).all()
    assert prepare(photo, None, {}, styles[:1]).request.styles[0].mask is None
    with pytest.raises(ScumbleError, match="mask-empty"):
        prepare(photo, None, {}, styles)


def test_presets_of_earlier_versions_open_in_both(photo: str, tmp_path: Path) -> None:
    plain = {"strength": 0.25, "styles": [{"name": "scream", "weight": 2.0}, {"name": "photo.png"}]}
    folder = tmp_path / "data" / "presets"
    folder.mkdir(parents=True)
    for path in (Path("old.json"), folder / "old.json"):
        path.write_text(json.dumps(plain))
    expected = ({"strength": 0.25}, [StyleSpec("scream", 2.0), StyleSpec("photo.png")])
    assert load_preset("old.json") == load_preset("old") == expected
    assert presets.load_preset("old").options == {"strength": 0.25}
