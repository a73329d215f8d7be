"""The procedures' arguments, made from the declared options; and a recipe from what came in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple
from urllib.parse import urlparse
from urllib.request import url2pathname

from .gimplib import Gimp, GObject
from .texts import tr
from .wire.protocol.errors import ScumbleError
from .wire.request.choices import EVERYWHERE, PARTS, PLACES
from .wire.request.options import Option
from .wire.request.recipe import Recipe
from .wire.request.request import REQUEST_OPTIONS
from .wire.request.style import STYLE_NUMBERS, STYLE_OPTIONS
from .wire.request.stylechoice import CHOICE_OPTIONS, StyleChoice

STYLES = 4  # places for styles; a recipe of a dialog's may have more
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
FLAGS = GObject.ParamFlags.READWRITE

SELECTION_AS = Option(
    name="selection_as",
    kind="choice",
    default="mask",
    help="Whether the new layer gets the selection as a mask, or its pixels are cut out.",
    label="Selection becomes",
    choices=("mask", "alpha"),
    choice_labels=("A layer mask", "Transparency"),
)
CONVERT = Option(
    name="convert",
    kind="bool",
    default=False,
    help="Make an image in gray or indexed colours RGB, so that the new layer keeps its colours.",
    label="Convert to RGB",
)
FRAMES = Option(
    name="frames",
    kind="bool",
    default=False,
    help="Paint layers as the frames of an animation, from the bottom up and held together, so that paint does not "
    "flicker: those that are selected, or of one alone all of the image. They become a new group of layers.",
    label="Layers as frames",
)
KEYS = Option(
    name="keys",
    kind="text",
    default="",
    help="A group of layers in which some frames are painted by hand, each under its frame’s name. They stay as they "
    "are, and what is painted there moves along to the frames around them; where it is bare the style is painted.",
    label="Key frames",
    listed=True,
)
OUTPUT = (SELECTION_AS, CONVERT, FRAMES, KEYS)


@dataclass(frozen=True)
class Choices:
    """All that a user chooses: what to paint, and how it comes into the image."""

    recipe: Recipe
    selection_as: str = "mask"
    convert: bool = False
    frames: bool = False
    keys: str = ""  # the group that holds what was painted by hand of frames
    result: Any = None  # an `editing.Result` that is to be painted anew


def add_arguments(procedure: Any) -> None:
    """Declare every option, and four styles."""
    for i in range(1, STYLES + 1):
        _add_style(procedure, i)
    for o in (*REQUEST_OPTIONS.values(), *OUTPUT):
        _add_option(procedure, o, argument(o.name), tr(o.label))


def argument(name: str) -> str:
    """An option's name as GIMP wants it."""
    return name.replace("_", "-")


def choices_of(config: Any) -> Choices:
    """What came in the arguments. Raises `option-…` by the argument's name, `styles-missing`."""
    return Choices(recipe_of(config), *(_value(config, o, argument(o.name)) for o in OUTPUT))


def recipe_of(config: Any) -> Recipe:
    """The recipe that the arguments hold. Library styles are as they were written. Raises as `choices_of`."""
    options = {name: _value(config, o, argument(name)) for name, o in REQUEST_OPTIONS.items()}
    found = (_style_of(config, i) for i in range(1, STYLES + 1))
    recipe = Recipe(options, tuple(style for style in found if style is not None))
    recipe.check()
    return recipe


def write_choices(config: Any, choices: Choices) -> None:
    """Put everything into the arguments, where GIMP keeps it for the next time."""
    write_recipe(config, choices.recipe)
    for o in OUTPUT:
        config.set_property(argument(o.name), getattr(choices, o.name))


def write_recipe(config: Any, recipe: Recipe) -> None:
    """Put a recipe into the arguments; its first four styles."""
    for name, o in REQUEST_OPTIONS.items():
        value = recipe.value(name)
        config.set_property(argument(name), " ".join(value) if o.kind == "layers" else value)
    for i in range(1, STYLES + 1):
        _write_style(config, i, recipe.styles[i - 1] if i <= len(recipe.styles) else StyleChoice())


def drawable_of(identity: str) -> Optional[Any]:
    """A drawable by its number in GIMP; None where it is gone."""
    item = Gimp.Item.get_by_id(int(identity)) if identity.isdecimal() else None
    return item if item is not None and item.is_valid() and item.is_drawable() else None


def _value(config: Any, o: Option, name: str) -> Any:
    """The value of the argument `name`, checked: GIMP says nothing of values that it does not accept."""
    return replace(o, name=name).check(config.get_property(name))


def _add_option(procedure: Any, o: Option, name: str, nick: str) -> None:
    blurb = tr(o.help)
    if o.kind == "float":
        procedure.add_double_argument(name, nick, blurb, o.low, o.high, o.default, FLAGS)
    elif o.kind == "int":
        procedure.add_int_argument(name, nick, blurb, int(o.low or 0), int(o.high or 0), o.default, FLAGS)
    elif o.kind == "bool":
        procedure.add_boolean_argument(name, nick, blurb, o.default, FLAGS)
    elif o.kind == "choice":
        choice = Gimp.Choice.new()
        for number, (nick_of, label) in enumerate(zip(o.choices, o.choice_labels)):
            choice.add(nick_of, number, tr(label), "")
        procedure.add_choice_argument(name, nick, blurb, choice, o.default, FLAGS)
    else:
        text = " ".join(o.default) if o.kind == "layers" else o.default
        procedure.add_string_argument(name, nick, blurb, text, FLAGS)


def _add_style(procedure: Any, i: int) -> None:
    def nick(what: str) -> str:
        return tr("Style {n}: {what}").format(n=i, what=what)

    name = f"style-{i}"
    about = tr("A style of the library, by name or title, or the path of a picture.")
    procedure.add_string_argument(name, tr("Style {n}").format(n=i), about, "", FLAGS)
    about = tr("A layer or channel that is the style’s picture instead.")
    procedure.add_drawable_argument(f"{name}-layer", nick(tr("Layer")), about, True, FLAGS)
    for option in STYLE_NUMBERS:
        o = CHOICE_OPTIONS[option]
        _add_option(procedure, o, f"{name}-{argument(option)}", nick(tr(o.label)))
    about = tr("A layer or channel: the style applies where it is light, or painted on nothing.")
    procedure.add_drawable_argument(f"{name}-mask", nick(tr("Mask")), about, True, FLAGS)
    _add_option(procedure, STYLE_OPTIONS["where"], f"{name}-where", nick(tr(STYLE_OPTIONS["where"].label)))
    about = tr("What of the style’s own picture is taken: a word as for “where”, or the path of a mask of its size.")
    procedure.add_string_argument(f"{name}-from", nick(tr("From")), about, EVERYWHERE, FLAGS)
    about = tr("A layer or channel instead: over a style that is a layer, or stretched over a file.")
    procedure.add_drawable_argument(f"{name}-from-layer", nick(tr("From a layer")), about, True, FLAGS)
    about = tr("The style applies inside the selection alone; with “invert” around it.")
    procedure.add_boolean_argument(f"{name}-in-selection", nick(tr("In the selection")), about, False, FLAGS)
    _add_option(procedure, CHOICE_OPTIONS["invert"], f"{name}-invert", nick(tr(CHOICE_OPTIONS["invert"].label)))


def _style_of(config: Any, i: int) -> Optional[StyleChoice]:
    """The style in place `i`; None where none was given."""

    def value(name: str) -> Any:
        return config.get_property(f"style-{i}{name}")

    text, layer, mask = (value("") or "").strip(), value("-layer"), value("-mask")
    if not text and layer is None:
        return None
    numbers = {n: _value(config, CHOICE_OPTIONS[n], f"style-{i}-{argument(n)}") for n in STYLE_NUMBERS}
    fields: Dict[str, Any] = {**numbers, "invert": bool(value("-invert"))}
    if mask is not None:
        fields.update(mask="layer", mask_name=_name(mask), mask_layer=str(mask.get_id()))
    elif value("-in-selection"):
        fields["mask"] = "selection"
    elif value("-where") in PLACES:
        fields["mask"] = value("-where")
    fields.update(_part_of((value("-from") or "").strip(), value("-from-layer")))
    if layer is not None:
        return StyleChoice("layer", _name(layer), str(layer.get_id()), **fields)
    return StyleChoice(*style_source(text), **fields)


def _part_of(text: str, layer: Any) -> Dict[str, str]:
    """What of a style's own picture is taken, as fields of a `StyleChoice`."""
    if layer is not None:
        return {"part": "layer", "part_name": _name(layer), "part_layer": str(layer.get_id())}
    if not text or text in PARTS:
        return {"part": text or EVERYWHERE}
    return {"part": "file", "part_name": style_source(text)[1]}


def style_source(text: str) -> Tuple[str, str]:
    """“file” and its path, or “library” and what was written."""
    if text.startswith("file:"):
        return "file", url2pathname(urlparse(text).path)
    path = Path(text).expanduser()
    is_path = "/" in text or "\\" in text or path.suffix.lower() in PICTURES
    return ("file", str(path)) if is_path else ("library", text)


def _name(drawable: Any) -> str:
    if not drawable.is_valid():
        raise ScumbleError("layer-changed")
    return str(drawable.get_name())


def _write_style(config: Any, i: int, style: StyleChoice) -> None:
    values: List[Tuple[str, Any]] = [
        ("", "" if style.source == "layer" else style.name),
        ("-layer", drawable_of(style.layer) if style.source == "layer" else None),
        ("-mask", drawable_of(style.mask_layer) if style.mask == "layer" else None),
        ("-in-selection", style.mask == "selection"),
        ("-where", style.mask if style.mask in PLACES else EVERYWHERE),
        ("-invert", style.invert),
        ("-from", style.part_name if style.part == "file" else EVERYWHERE if style.part == "layer" else style.part),
        ("-from-layer", drawable_of(style.part_layer) if style.part == "layer" else None),
        *((f"-{argument(name)}", getattr(style, name)) for name in STYLE_NUMBERS),
    ]
    for name, value in values:
        config.set_property(f"style-{i}{name}", value)
