"""A recipe: what a user chose, before there are pixels. Dialogs show it, presets and painted layers keep it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Mapping, Optional, Tuple

from ..protocol.blobs import Blobs
from ..protocol.errors import ScumbleError
from ..protocol.pixels import PictureRef, PixelFormat
from .fields import Readers, known, plain_fields, read_fields, read_list, type_error
from .request import MAX_STYLES, REQUEST_OPTIONS, Request
from .sources import Pixels, Sources
from .style import Style, numbers_of
from .stylechoice import CHOICE_OPTIONS, StyleChoice

__all__ = [
    "CHOICE_OPTIONS",
    "Pixels",
    "Recipe",
    "StyleChoice",
    "build_request",
    "layer_masks",
    "layer_parts",
    "layer_pictures",
    "outline",
]

OF_A_PICTURE = ("size",)  # options that are not carried to the next picture
NO_DIGEST = "0" * 64  # an estimate looks at the formats of pictures alone
FORMAT = 1  # of `to_plain`; a later `from_plain` reads the earlier formats too

Read = Callable[[StyleChoice], Pixels]  # of a layer


@dataclass(frozen=True)
class Recipe:
    """Options of a request by name, those at their default left out, and the chosen styles."""

    options: Mapping[str, Any] = field(default_factory=dict)
    styles: Tuple[StyleChoice, ...] = ()

    def __post_init__(self) -> None:
        kept = {k: tuple(v) if isinstance(v, list) else v for k, v in self.options.items()}
        defaults = {name: o.default for name, o in REQUEST_OPTIONS.items()}
        object.__setattr__(self, "options", {k: v for k, v in kept.items() if k not in defaults or v != defaults[k]})
        object.__setattr__(self, "styles", tuple(self.styles))

    def value(self, name: str) -> Any:
        """An option's value, or its default. Raises `option-unknown`."""
        return self.options.get(name, REQUEST_OPTIONS[known(name, REQUEST_OPTIONS)].default)

    def with_style(self, at: int, picked: StyleChoice) -> Recipe:
        """The recipe with the style that was picked in place `at`, or behind the last one."""
        styles = list(self.styles)
        styles[at : at + 1] = [styles[at].exchanged(picked) if at < len(styles) else picked]
        return Recipe(self.options, tuple(styles))

    def for_another_picture(self) -> Recipe:
        """The recipe without what belongs to one picture alone: its size, its layers as styles and as masks."""
        options = {k: v for k, v in self.options.items() if k not in OF_A_PICTURE}
        styles = [s.for_another_picture() for s in self.styles if s.source != "layer"]
        return Recipe(options, tuple(styles))

    def title(self, titles: Optional[Mapping[str, str]] = None) -> str:
        """The styles in words, such as “Starry Night + The Great Wave”; `titles` are the library's by name."""
        return " + ".join(filter(None, (s.title(titles or {}) for s in self.styles if s.weight > 0)))

    def check(self) -> None:
        """Raise `styles-missing`, `styles-many`, `weights-zero`, `mask-missing` or `option-…` unless it can be run."""
        _options(self.options)
        Request(styles=tuple(Style(weight=s.weight) for s in self.styles)).check_styles()
        for style in self.styles:
            style.check()

    def to_plain(self) -> Dict[str, Any]:
        """A dictionary that JSON can hold, with the version of its format."""
        options = {k: list(v) if isinstance(v, tuple) else v for k, v in self.options.items()}
        return {"version": FORMAT, "options": options, "styles": [plain_fields(s) for s in self.styles]}

    @classmethod
    def from_plain(cls, plain: object) -> Recipe:
        """The recipe that `to_plain` described. Raises `recipe-newer`, and `option-…` by name."""
        if isinstance(plain, Mapping):
            _version(plain.get("version", FORMAT))  # first: a newer format is told as such, not as unknown
        values = read_fields(cls, plain, _READERS, "recipe")
        values.pop("version", None)
        return cls(**values)


def layer_pictures(recipe: Recipe, read: Read) -> Dict[int, Pixels]:
    """The picture of each style that is a layer and counts, by the style's index. Raises what `read` raises."""
    return {i: read(s) for i, s in enumerate(recipe.styles) if s.source == "layer" and s.weight > 0}


def layer_masks(recipe: Recipe, read: Read) -> Dict[int, Pixels]:
    """The mask of each style that counts and is masked by a layer, by the style's index. Raises what `read` raises."""
    return {i: read(s) for i, s in enumerate(recipe.styles) if s.mask == "layer" and s.weight > 0}


def layer_parts(recipe: Recipe, read: Read) -> Dict[int, Pixels]:
    """The mask on the picture of each style that counts, where that mask is a layer, by the style's index.

    `read` reads it over the style where that is a layer itself, else over the whole canvas: that is stretched over the
    style's file. Raises what `read` raises.
    """
    return {i: read(s) for i, s in enumerate(recipe.styles) if s.part == "layer" and s.weight > 0}


def build_request(
    recipe: Recipe,
    content: Pixels,
    selection: Optional[Pixels],
    canvas: Tuple[int, int],
    pictures: Mapping[int, Pixels],
    masks: Mapping[int, Pixels],
    seen_whole: bool = False,
    parts: Optional[Mapping[int, Pixels]] = None,
) -> Tuple[Request, Blobs]:
    """The request of a recipe, and the data that travels with it.

    `pictures`, `masks` and `parts` (masks on the styles' own pictures, of any size) are those of layers, by the style's
    index; pictures and masks of files too, where they were read already.
    Selection and masks have one channel (u8 or u16) and lie over the content; those that were `seen_whole` may select
    nothing there. Styles of weight 0 stay out, as do options that the method does not look at. Raises what `check`
    raises, `layer-gone` for a picture or mask that is not given, `mask-size`, `mask-empty`, `file-missing`,
    `picture-unreadable` and `picture-truncated`.
    """
    recipe.check()
    sources = Sources(content, selection, pictures, masks, Blobs(), seen_whole, parts or {})
    styles = tuple(sources.style(i, choice) for i, choice in enumerate(recipe.styles) if choice.weight > 0)
    request = Request(
        **_options(recipe.options),
        styles=styles,
        canvas=canvas,
        content=sources.keep(content),
        selection=sources.over_content(selection, "selection") if selection else None,
    )
    return request.honoured(), sources.blobs


def outline(recipe: Recipe, size: Tuple[int, int], canvas: Tuple[int, int]) -> Request:
    """The request of a recipe without its pictures, for an estimate. Raises what `Recipe.check` does."""
    recipe.check()
    styles = tuple(Style(**numbers_of(s)) for s in recipe.styles if s.weight > 0)
    content = PictureRef(NO_DIGEST, PixelFormat(*size, 4))
    return Request(**_options(recipe.options), styles=styles, canvas=canvas, content=content).honoured()


def _options(plain: object) -> Dict[str, Any]:
    if not isinstance(plain, Mapping):
        raise type_error("options", type(plain).__name__, "a dictionary")
    return {known(k, REQUEST_OPTIONS): REQUEST_OPTIONS[k].check(v) for k, v in plain.items()}


def _styles(plain: object) -> Tuple[StyleChoice, ...]:
    if isinstance(plain, (list, tuple)) and len(plain) > MAX_STYLES:
        raise ScumbleError("styles-many", count=len(plain), most=MAX_STYLES)
    return read_list("styles", plain, StyleChoice.from_plain, "a list of styles")


def _version(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise type_error("version", repr(value), "a whole number")
    if value > FORMAT:
        raise ScumbleError("recipe-newer", version=value)
    return value


_READERS: Readers = {"version": _version, "options": _options, "styles": _styles}
