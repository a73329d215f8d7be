"""The procedures in a real GIMP: what they are called, what they take, what they give back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scumble.wire.request.options import Option
from scumble.wire.request.request import REQUEST_OPTIONS
from scumble.wire.request.style import STYLE_NUMBERS, STYLE_OPTIONS

from ..editors.engine import SLOW, EngineHome
from .callers import REPEAT, TRANSFER, call, calling, style_file
from .gimpproc import GimpProcess

ENGINE = SLOW

TYPES = {"float": "gdouble", "int": "gint", "bool": "gboolean"}
ENTRY = "(lambda p: [p.get_menu_label(), p.get_menu_paths()])(Gimp.get_pdb().lookup_procedure({!r}))"
MENU = "<Image>/Filters/Scumble"
CHINESE = {"LANGUAGE": "zh_CN", "LC_ALL": "C.UTF-8"}


def test_entries_stand_in_their_menus(shared_gimp: GimpProcess) -> None:
    gimp, python = shared_gimp, "<Image>/Filters/Development/Python-Fu"
    assert gimp.get(ENTRY.format(TRANSFER)) == ["Style Transfer…", [MENU, python]]
    assert gimp.get(ENTRY.format(REPEAT)) == ["Transfer Again", [MENU]]
    assert gimp.get(ENTRY.format("scumble-engine-status")) == ["View Engine…", [MENU]]
    for name in (TRANSFER, REPEAT):
        procedure = f"Gimp.get_pdb().lookup_procedure({name!r})"
        assert gimp.get(f"{procedure}.get_image_types()") == "*"
        assert gimp.get(f"{procedure}.get_blurb()").startswith("Paint the layer")


def check_argument(found: dict[str, Any], o: Option) -> None:
    assert found["type"] == TYPES.get(o.kind, "gchararray") and found["blurb"] == o.help, o.name
    default = " ".join(o.default) if o.kind == "layers" else o.default
    assert found["default_value"] == pytest.approx(default) if o.kind == "float" else found["default_value"] == default
    if o.kind in ("float", "int"):
        assert (found["minimum"], found["maximum"]) == (o.low, o.high), o.name
    if o.choices:
        assert found["choices"] == dict(zip(o.choices, o.choice_labels, strict=True))


def test_every_option_is_a_typed_argument(shared_gimp: GimpProcess) -> None:
    gimp = calling(shared_gimp)
    specs = gimp.get(f"specs({TRANSFER!r})")
    for o in REQUEST_OPTIONS.values():
        name = o.name.replace("_", "-")
        check_argument(specs[name], o)
        assert specs[name]["nick"] == o.label
    for i in (1, 2, 3, 4):
        assert specs[f"style-{i}"]["type"] == "gchararray"
        assert {specs[f"style-{i}-{n}"]["type"] for n in ("layer", "mask")} == {"GimpDrawable"}
        for n in STYLE_NUMBERS:
            check_argument(specs[f"style-{i}-{n.replace('_', '-')}"], STYLE_OPTIONS[n])
    assert list(specs["selection-as"]["choices"]) == ["mask", "alpha"]
    assert {specs[name]["type"] for name in ("convert", "frames")} == {"gboolean"}
    assert specs["keys"]["type"] == "gchararray", "a group, by its name"
    assert "style-5" not in specs and len(specs) == 3 + len(REQUEST_OPTIONS) + 4 * (len(STYLE_NUMBERS) + 8) + 4


def test_names_are_in_the_language_of_gimp(make_gimp: Callable[..., GimpProcess]) -> None:
    gimp = calling(make_gimp(env=CHINESE))
    label, _ = gimp.get(ENTRY.format(TRANSFER))
    assert label != "Style Transfer…" and not label.isascii()
    specs = gimp.get(f"specs({TRANSFER!r})")
    for name in ("strength", "colors", "style-1", "style-2-layer", "selection-as", "convert"):
        assert any("一" <= c <= "鿿" for c in specs[name]["nick"]), specs[name]
        assert any("一" <= c <= "鿿" for c in specs[name]["blurb"]), specs[name]
    assert any("一" <= c <= "鿿" for c in specs["colors"]["choices"]["style"])
    status, told = call(gimp)
    assert status == "execution-error" and told.endswith("[styles-missing]") and not told.isascii()


def test_layers_come_back_and_can_be_painted_once_more(shared_gimp: GimpProcess, tmp_path: Path) -> None:
    gimp = calling(shared_gimp)
    style = style_file(tmp_path)
    gimp.run("image = new_image(layers=2)")
    status, made = call(gimp, style_1=style, iterations=2, selection_as="alpha")
    assert (status, made) == ("success", ["obey", "obey #1"])
    assert gimp.get("names()") == ["obey", "layer 1", "obey #1", "layer 0"]
    assert gimp.get("[pixel(l) for l in image.get_layers()[::2]]") == [[215, 164, 95, 255], [215, 165, 95, 255]]
    gimp.run("image = new_image()")
    assert call(gimp, REPEAT) == ("success", ["obey"])
    assert gimp.get("names()") == ["obey", "layer 0"]
    settings = "json.loads(bytes(image.get_layers()[0].get_parasite('scumble-settings').get_data()).rstrip(bytes(1)))"
    assert gimp.get(settings)["options"] == {"iterations": 2}
    gimp.run("last = Gimp.RunMode.WITH_LAST_VALS; image = new_image()")
    assert gimp.get(f"call({TRANSFER!r}, mode=last)") == ["success", ["obey"]]


def test_layers_and_the_selection_serve_as_style_and_mask(shared_gimp: GimpProcess, tmp_path: Path) -> None:
    gimp = calling(shared_gimp)
    gimp.run("image = new_image(layers=3); a, b, c = image.get_layers()")
    gimp.run(f"options = dict(style_1_layer=a, style_1_mask=b, style_2={style_file(tmp_path)!r}, style_2_invert=True)")
    gimp.run("image.select_rectangle(Gimp.ChannelOps.REPLACE, 8, 8, 30, 20)")
    expression = f"call({TRANSFER!r}, [c], iterations=1, style_2_in_selection=True, style_2_weight=3.0, **options)"
    assert gimp.get(expression) == ["success", ["layer 2 + obey"]]
    settings = "json.loads(bytes(image.get_layers()[2].get_parasite('scumble-settings').get_data()).rstrip(bytes(1)))"
    first, second = gimp.get(settings)["styles"]
    assert (first["source"], first["name"], first["mask"], first["mask_name"]) == (
        "layer", "layer 2", "layer", "layer 1",
    )  # fmt: skip
    assert (second["source"], second["weight"], second["mask"], second["invert"]) == ("file", 3.0, "selection", True)
    assert gimp.get("image.get_layers()[2].get_mask() is not None")


def test_a_script_reads_how_the_engine_is(gimp: GimpProcess, engine_home: EngineHome) -> None:
    calling(gimp)
    text = gimp.get("status()")
    assert text.startswith("Engine: Off.") and str(engine_home.folder / "logs" / "gimp.log") in text
    assert engine_home.connection() is None, "nothing is started"
    engine_home.start()
    text = gimp.get("status()")
    pid = engine_home.processes()
    assert text.startswith(("Engine: Ready.", "Engine: At work.")) and "engine.log" in text
    assert any(f"process {p}" in text for p in pid)


def test_nothing_but_gimps_own_python_is_needed(shared_gimp: GimpProcess, tmp_path: Path) -> None:
    gimp = calling(shared_gimp)
    modules = ("zmq", "msgpack", "numpy", "PIL", "torch", "scumble")
    assert gimp.get(f"[__import__('importlib.util').util.find_spec(name) for name in {modules}]") == [None] * 6
    assert call(gimp, style_1=style_file(tmp_path), iterations=1) == ("success", ["obey"])
