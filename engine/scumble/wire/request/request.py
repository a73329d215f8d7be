"""The request: one typed object that describes a run completely.

The engine, the command line, the plug-ins, presets and the settings stored in a result layer all speak it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from typing import Any, Dict, Iterator, List, Optional, Tuple

from ..protocol.errors import ScumbleError
from ..protocol.pixels import PictureRef
from .declarations import RequestOptions
from .fields import Readers, plain_fields, read_fields, read_list, read_size
from .frame import Frame
from .options import Option, declared_options
from .style import Style, read_picture

MAX_STYLES = 16


@dataclass(frozen=True)
class Request(RequestOptions):
    """What to do: the method, its options, the styles and the pictures."""

    styles: Tuple[Style, ...] = ()
    canvas: Tuple[int, int] = (0, 0)  # the whole picture's width and height: the measure of stroke sizes
    content: Optional[PictureRef] = None
    selection: Optional[PictureRef] = None
    frame: Optional[Frame] = None  # where it is one of several in their order

    def to_plain(self) -> Dict[str, Any]:
        """A plain dictionary for the wire, a preset or a layer's settings; options at their default are left out."""
        return plain_fields(self)

    @classmethod
    def from_plain(cls, plain: object) -> Request:
        """The request that `to_plain` described; unknown or out-of-range values are refused by name."""
        return cls(**read_fields(cls, plain, _READERS, "request"))

    def pictures(self) -> List[PictureRef]:
        """Every picture that the request refers to, whichever field holds it."""
        return list(_refs(self))

    @property
    def quick(self) -> bool:
        """Whether a small content is soon painted, as the options declare; never by a method that is not declared."""
        declared = REQUEST_OPTIONS["method"]
        if self.method not in declared.choices:
            return False
        mine = [o for o in REQUEST_OPTIONS.values() if o is not declared and o.honoured_by(self.method)]
        return declared.is_quick(self.method) or all(o.is_quick(getattr(self, o.name)) for o in mine)

    def honoured(self) -> Request:
        """The request without options that would change the picture if only the method looked at them."""
        return replace(self, **{o.name: o.default for o in self._idle()})

    def check_method(self) -> None:
        """Raise `option-unhonoured` where `honoured` would leave something out."""
        for o in self._idle():
            raise ScumbleError("option-unhonoured", name=o.name, method=self.method)

    def _idle(self) -> List[Option]:
        looked_past = [o for o in REQUEST_OPTIONS.values() if o.picture and not o.honoured_by(self.method)]
        return [o for o in looked_past if getattr(self, o.name) != o.default]

    def check_styles(self) -> None:
        """Raise `styles-missing`, `styles-many` or `weights-zero` unless some style can be painted."""
        if not self.styles:
            raise ScumbleError("styles-missing")
        if len(self.styles) > MAX_STYLES:
            raise ScumbleError("styles-many", count=len(self.styles), most=MAX_STYLES)
        if not any(s.weight > 0 for s in self.styles):
            raise ScumbleError("weights-zero")


REQUEST_OPTIONS: Dict[str, Option] = {o.name: o for o in declared_options(Request)}


def _refs(value: object) -> Iterator[PictureRef]:
    if isinstance(value, PictureRef):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _refs(getattr(value, field.name))
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _refs(one)


def _styles(value: object) -> Tuple[Style, ...]:
    if isinstance(value, (list, tuple)) and len(value) > MAX_STYLES:
        raise ScumbleError("styles-many", count=len(value), most=MAX_STYLES)
    return read_list("styles", value, Style.from_plain, "a list of styles")


_canvas = partial(read_size, "canvas")
_READERS: Readers = {
    "styles": _styles,
    "canvas": _canvas,
    "content": read_picture,
    "selection": read_picture,
    "frame": Frame.from_plain,
}
