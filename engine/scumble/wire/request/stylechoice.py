"""A style as a user chose it, before there are pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Callable, Dict, Mapping

from ..protocol.errors import ScumbleError
from .choices import EVERYWHERE, OPPOSITES, PARTS, PLACES
from .fields import plain_fields, read_fields, type_error
from .options import Option, declared_options, option, same_option
from .style import Style

MAX_NAME = 4096  # characters of a path


@dataclass(frozen=True)
class StyleChoice:
    """A chosen style: where it comes from, its share, the size of its strokes, how far it goes and where it
    applies.

    `name` is a library entry's name, a file's path or a layer's name; `layer` and `mask_layer` are layers' identities
    in their document. On the command line a mask's layer is a file, and both its name and identity are the path. With
    `invert` the mask holds the other way round. `part` says what of the style's own picture is taken: a place, a mask
    file of its size, whose path is `part_name`, or a layer, which is stretched over it.
    """

    source: str = option(
        "library",
        "Where the style comes from.",
        "Style from",
        choices={"library": "The library", "file": "A picture file", "layer": "A layer"},
    )
    name: str = ""
    layer: str = ""
    weight: float = same_option(Style, "weight")
    stroke_size: float = same_option(Style, "stroke_size")
    mask: str = option(
        "none",
        "Where the style applies.",
        "Mask",
        choices={"none": "None", **PLACES, "selection": "The selection", "layer": "A layer"},
    )
    mask_name: str = ""
    mask_layer: str = ""
    invert: bool = option(False, "The style applies where the mask does not select.", "Invert the mask")
    strength: float = same_option(Style, "strength")
    content_weight: float = same_option(Style, "content_weight")
    part: str = option(
        EVERYWHERE,
        "What of the style's own picture is taken: all of it, what the engine finds there, or what a layer selects, "
        "which is stretched over a picture file.",
        "From",
        choices={**PARTS, "file": "A mask file", "layer": "A layer"},
    )
    part_name: str = ""
    part_layer: str = ""

    @property
    def where(self) -> str:
        """What the engine is to find as its mask, as `Style.where` says it."""
        if self.mask not in PLACES:
            return EVERYWHERE
        return OPPOSITES[self.mask] if self.invert else self.mask

    def title(self, titles: Mapping[str, str]) -> str:
        """The style in words: a library entry's title, a file's name without its ending, or the layer's name."""
        if self.source == "library":
            return titles.get(self.name, self.name)
        return PurePath(self.name).stem if self.source == "file" else self.name

    def exchanged(self, picked: StyleChoice) -> StyleChoice:
        """The choice with the style that was picked, and the part of it; share, strokes and mask stay."""
        own = ("source", "name", "layer", "part", "part_name", "part_layer")
        return replace(self, **{name: getattr(picked, name) for name in own})

    def for_another_picture(self) -> StyleChoice:
        """The choice without masks that are layers: they belong to one picture alone."""
        kept = self
        if self.mask == "layer":
            kept = replace(kept, mask="none", mask_name="", mask_layer="", invert=False)
        return replace(kept, part=EVERYWHERE, part_name="", part_layer="") if self.part == "layer" else kept

    def is_same_style(self, other: StyleChoice) -> bool:
        """Whether it is the same style, whatever its share, strokes and mask."""
        mine, its = (s.layer if s.source == "layer" else s.name for s in (self, other))
        return self.source == other.source and mine == its

    def check(self) -> None:
        """Raise `styles-missing`, `mask-missing` for what is not chosen yet, `option-…` for what is out of range, and
        `style-no-part`."""
        StyleChoice.from_plain(plain_fields(self))
        if self.weight > 0 and not (self.layer if self.source == "layer" else self.name):
            raise ScumbleError("styles-missing")
        if self.part != EVERYWHERE and self.source == "library":
            raise ScumbleError("style-no-part", name=self.name)
        if self.weight > 0 and self.part == "layer" and not self.part_layer:
            raise ScumbleError("mask-missing", name=self.title({}))
        if self.weight > 0 and self.mask == "layer" and not self.mask_layer:
            raise ScumbleError("mask-missing", name=self.title({}))

    @classmethod
    def from_plain(cls, plain: object) -> StyleChoice:
        """The choice that a recipe's plain form holds. Raises `option-…` by name."""
        if isinstance(plain, dict) and "picture_mask" in plain:  # what a part that a file tells was once called
            plain = dict(plain)
            name = plain.pop("picture_mask")
            plain = {"part": "file", "part_name": name, **plain} if name else plain
        return cls(**read_fields(cls, plain, _READERS, "style"))


def source_of(name: str) -> str:
    """Where a style comes from that was only named: “file” where that looks like a path, else “library”."""
    return "file" if "/" in name or "\\" in name or PurePath(name).suffix else "library"


CHOICE_OPTIONS: Dict[str, Option] = {o.name: o for o in declared_options(StyleChoice)}


def _text(name: str) -> Callable[[object], Any]:
    def read(value: object) -> str:
        if not isinstance(value, str) or len(value) > MAX_NAME:
            raise type_error(name, repr(value), f"a text of at most {MAX_NAME} characters")
        return value

    return read


_READERS = {name: _text(name) for name in ("name", "layer", "mask_name", "mask_layer", "part_name", "part_layer")}
