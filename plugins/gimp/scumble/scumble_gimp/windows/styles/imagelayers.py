"""The image as the dialog sees it: its layers and channels, small pictures of them, what painted the chosen one."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence, Tuple

from ...arguments import drawable_of
from ...gimplib import Gimp
from ...pictures import settings
from ...pictures.editing import Result, result_among
from ...pictures.masklayers import add_mask_layer, hide_mask_layer
from ...pictures.source import layer_of, read_layer, read_whole
from ...texts import tr
from ...wire.protocol.errors import ScumbleError
from ...wire.request.geometry import Box
from ...wire.request.recipe import Recipe
from ...wire.request.sources import Pixels
from ...wire.request.stylechoice import StyleChoice

INDENT = "    "
LEARNED = 2048  # pixels of a layer's long side that a style is learned from

Entries = List[Tuple[str, str]]


class ImageLayers:
    """What can be a style, and what can be a mask, as (identity, indented name), top first."""

    def __init__(self, image: Any, drawables: Sequence[Any]) -> None:
        self._image, self._drawables = image, drawables
        self.entries: Entries = []
        self.masks: Entries = []

    def refresh(self) -> None:
        """Look at the image anew: layers come and go."""
        there = self._image.is_valid()
        self.entries = _tree(self._image.get_layers(), 0) if there else []
        self.masks = [*_channels(self._image), *self.entries] if there else []

    def picture(self, identity: str, side: int) -> Optional[Any]:
        """A small picture of a layer or channel, at least `side` on its short side where it is so large."""
        drawable = drawable_of(identity)
        if drawable is None:
            return None
        width, height = drawable.get_width(), drawable.get_height()
        scale = min(1.0, side / max(1, min(width, height)))
        across, down = (min(1024, max(1, round(n * scale))) for n in (width, height))
        return drawable.get_thumbnail(across, down, Gimp.PixbufTransparency.KEEP_ALPHA)

    def active(self) -> str:
        """The layer that is painted, by its identity; empty where there is none."""
        for drawable in self._drawables:
            if drawable.is_valid():
                try:
                    return str(layer_of(drawable).get_id())
                except ScumbleError:  # a channel
                    return ""
        return ""

    def pixels(self, choice: StyleChoice) -> Pixels:
        """A layer, to learn from. Raises `layer-gone`, `layer-empty`, `layer-changed`, `picture-large`."""
        drawable = drawable_of(choice.layer)
        if drawable is None:
            raise ScumbleError("layer-gone", name=choice.name)
        return read_layer(drawable, LEARNED if max(drawable.get_width(), drawable.get_height()) > LEARNED else 0)

    def photograph(self, result: Optional[Result] = None) -> Tuple[Pixels, Tuple[int, int]]:
        """All of the layer that is painted, whatever is selected, and the canvas's size. Raises as `sources_of`."""
        source = read_whole(self._image, self._drawables if result is None else [result.source])
        return source.content, source.canvas

    def new_mask(self, name: str, alpha: bytes = b"", box: Optional[Box] = None) -> Tuple[str, str]:
        """A new layer to paint a mask on, above the one that is painted; its identity and its name.

        With `alpha` over `box` it is white there, of this coverage. Raises `document-closed`, `layer-changed`,
        `layer-missing`, `editor-refused`.
        """
        made = add_mask_layer(self._image, self._drawables, name, alpha, box)
        self.refresh()
        return str(made.get_id()), made.get_name()

    def put_away(self, recipe: Recipe) -> None:
        """Hide the layers that masks were painted on for this: they lie over what was painted."""
        for style in recipe.styles:
            for kind, layer in ((style.mask, style.mask_layer), (style.part, style.part_layer)):
                if kind == "layer":
                    hide_mask_layer(drawable_of(layer))

    def result(self) -> Optional[Result]:
        """The layer as a result that can be painted anew; None where it is none, or several are chosen."""
        return result_among(self._image, self._drawables) if self._image.is_valid() else None

    def stored(self) -> Optional[Recipe]:
        """The settings that painted the layer; None where it was not painted by us."""
        for drawable in self._drawables:
            try:
                return settings.stored(layer_of(drawable)) if drawable.is_valid() else None
            except ScumbleError:
                return None
        return None


def _tree(layers: Sequence[Any], depth: int) -> Entries:
    found: Entries = []
    for layer in layers:
        found.append((str(layer.get_id()), INDENT * depth + layer.get_name()))
        if layer.is_group():
            found += _tree(layer.get_children(), depth + 1)
    return found


def _channels(image: Any) -> Entries:
    about = tr("{name} (channel)")
    return [(str(c.get_id()), about.format(name=c.get_name())) for c in image.get_channels()]
