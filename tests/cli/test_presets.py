"""Presets cross between the command line and the editors, both ways; old ones open."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import plugins.assemble
from scumble.cli import main
from scumble.cli.painting import prepare
from scumble.cli.pictures import typed_style
from scumble.cli.presets import load_preset
from scumble.picture import Picture, save_file
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request import presets
from scumble.wire.request.recipe import Recipe, build_request
from scumble.wire.request.sources import Pixels
from scumble.wire.request.stylechoice import StyleChoice

from ..wire.request.test_one_declaration import told

SKY = StyleChoice("library", "starry-night", weight=0.7, stroke_size=2.0)
OPENS = """
from {wire}.request.presets import list_presets, load_preset
print(json.dumps([list_presets(), load_preset("Evening sky").to_plain()]))
"""
SAVES = """
from {wire}.request.presets import save_preset
from {wire}.request.recipe import Recipe
save_preset("Evening sky", Recipe.from_plain({plain!r}))
print("[]")
"""
EDITORS = sorted(plugins.assemble.PACKAGES)


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
    assert load_preset("Evening sky") == recipe
    assert main(["stylize", photo, "--preset", "Evening sky", "--save-preset", "again.json"]) == 0
    assert load_preset("again.json") == recipe


def in_editor(editor: str, program: str, folder: Path, **values: object) -> object:
    """What a program gives that runs beside a plug-in's own copy of wire."""
    home = folder / "plug-ins" / plugins.assemble.PACKAGES[editor] / plugins.assemble.HOMES[editor]
    if not home.exists():
        plugins.assemble.assemble(editor, folder / "plug-ins")
    return json.loads(told(program.format(wire=home.name, **values), home.parent, folder / "data"))


@pytest.mark.parametrize("editor", EDITORS)
def test_what_the_command_line_saved_opens_in_each_editor(editor: str, photo: str, tmp_path: Path) -> None:
    words = ["--strength", "0.5", "--style", "starry-night:0.7:2", "--style", photo]
    assert main(["stylize", photo, *words, "--save-preset", "Evening sky"]) == 0
    expected = Recipe({"strength": 0.5}, (SKY, StyleChoice("file", str(tmp_path / photo))))
    assert in_editor(editor, OPENS, tmp_path) == [["Evening sky"], expected.to_plain()]


@pytest.mark.parametrize("editor", EDITORS)
def test_what_an_editor_saved_opens_on_the_command_line_and_in_the_other(
    editor: str, photo: str, tmp_path: Path
) -> None:
    mine = replace(SKY, mask="selection", invert=True, strength=0.5)
    its = (
        StyleChoice("file", str(Path(photo)), part="sky"),
        StyleChoice("file", "x.png", part="file", part_name="half.png"),
    )
    recipe = Recipe({"method": "fast", "style_layers": ("conv1_1:2",)}, (mine, *its))
    assert in_editor(editor, SAVES, tmp_path, plain=recipe.to_plain()) == []
    assert load_preset("Evening sky") == recipe
    for other in EDITORS:
        assert in_editor(other, OPENS, tmp_path) == [["Evening sky"], recipe.to_plain()]


@pytest.mark.parametrize("editor", EDITORS)
def test_presets_of_the_first_versions_open_everywhere(editor: str, photo: str, tmp_path: Path) -> None:
    """As files: an editor's recipe, and a request that the command line kept under its file's name."""
    folder = tmp_path / "data" / "presets"
    folder.mkdir(parents=True)
    style = {"name": "scream", "weight": 2.0}
    recipe = {"version": 1, "options": {"strength": 0.25}, "styles": [{**style, "mask": "selection"}]}
    of_editor, of_request = folder / "evening-sky-0b5cbbba.json", folder / "Evening sky.json"
    masked = StyleChoice(name="scream", weight=2.0, mask="selection")
    for path, plain, choice in [
        (of_editor, {"name": "Evening sky", "recipe": recipe}, masked),
        (of_request, {"strength": 0.25, "styles": [style]}, replace(masked, mask="none")),
    ]:
        path.write_text(json.dumps(plain))
        expected = Recipe({"strength": 0.25}, (choice,))
        assert load_preset("Evening sky") == expected
        assert in_editor(editor, OPENS, tmp_path) == [["Evening sky"], expected.to_plain()]
        path.unlink()


def test_files_that_lie_beside_their_preset_are_found(
    photo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["stylize", photo, "--style", f"{photo},from=half.png", "--save-preset", "mine.json"]) == 0
    monkeypatch.chdir("/")
    (style,) = load_preset(str(tmp_path / "mine.json")).styles
    assert (style.name, style.part_name) == (str(tmp_path / photo), str(tmp_path / "half.png"))


def test_layers_of_an_editors_picture_are_refused_by_name(photo: str) -> None:
    presets.save_preset("A", Recipe({}, (StyleChoice("layer", "Sky", "{1}"),)))
    presets.save_preset(
        "B", Recipe({}, (StyleChoice("library", "scream", mask="layer", mask_name="M", mask_layer="{2}"),))
    )
    assert code_of("A") == code_of("B") == "layer-gone" and code_of("C") == "preset-missing"
    part = StyleChoice("file", photo, part="layer", part_name="M", part_layer="{2}")
    presets.save_preset("E", Recipe({}, (part,)))
    assert code_of("E") == "layer-gone"
    presets.save_preset("D", Recipe({}, (SKY, StyleChoice("layer", "Sky", "{1}", weight=0.0))))
    (style,) = prepare(photo, None, load_preset("D")).request.styles
    assert (style.name, style.weight, style.stroke_size) == ("starry-night", 0.7, 2.0)


def test_a_style_may_apply_where_the_picture_is_selected_or_not(photo: str) -> None:
    inside = StyleChoice("library", "scream", mask="selection")
    presets.save_preset(
        "Both", Recipe({}, (inside, StyleChoice("library", "starry-night", mask="selection", invert=True)))
    )
    styles = load_preset("Both").styles
    job = prepare(photo, "half.png", Recipe({"margin": 1.0}, styles))
    masks = [np.frombuffer(job.blobs[s.mask.digest], np.uint8).reshape(10, 12) for s in job.request.styles if s.mask]
    assert (masks[0][:, :6] == 255).all() and (masks[0][:, 6:] == 0).all() and (masks[1] == 255 - masks[0]).all()
    assert prepare(photo, None, Recipe({}, styles[:1])).request.styles[0].mask is None
    with pytest.raises(ScumbleError, match="mask-empty"):
        prepare(photo, None, Recipe({}, styles))


def test_presets_of_earlier_versions_open_in_both(photo: str, tmp_path: Path) -> None:
    plain = {"strength": 0.25, "styles": [{"name": "scream", "weight": 2.0}, {"name": "photo.png"}]}
    folder = tmp_path / "data" / "presets"
    folder.mkdir(parents=True)
    for path in (Path("old.json"), folder / "old.json"):
        path.write_text(json.dumps(plain))
    expected = Recipe({"strength": 0.25}, (StyleChoice(name="scream", weight=2.0), StyleChoice("file", "photo.png")))
    assert load_preset("old.json") == load_preset("old") == presets.load_preset("old") == expected


def test_the_command_line_asks_what_an_editor_asks(photo: str) -> None:
    """One road: the same choices over the same pixels are the same request, to the digest of each picture."""
    recipe = Recipe({"strength": 0.5, "method": "fast"}, (replace(SKY, mask="selection"), StyleChoice(name="scream")))
    job = prepare(photo, "half.png", recipe)
    box = job.request.content
    assert box is not None and job.request.selection is not None
    pixels = lambda ref: Pixels(ref.raw, bytes(job.blobs[ref.digest]), ref.x, ref.y)  # noqa: E731
    asked, blobs = build_request(recipe, pixels(box), pixels(job.request.selection), (12, 10), {}, {})
    assert asked == job.request and set(blobs) == set(job.blobs)


def test_a_mask_file_may_select_nothing_of_the_part_that_travels(photo: str) -> None:
    """It was looked at whole; the other styles are painted there."""
    right = np.full((10, 12, 1), 255, np.uint8)
    right[:, :6] = 0
    save_file("right.png", Picture(right))
    styles = (typed_style("scream@right.png"), typed_style("starry-night@half.png"))
    job = prepare(photo, "half.png", Recipe({"margin": 0.0}, styles))
    assert [s.mask is not None for s in job.request.styles] == [True, True]
