"""The request: one typed object that describes a run completely.

The engine, the command line, the plug-ins, presets and the settings stored in a result layer all speak it. Every
option is declared here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Dict, Mapping, Optional, Tuple

from .errors import ScumbleError
from .options import Option, declared_options, option
from .pixels import PictureRef

MAX_STYLES = 16
STYLE_LAYERS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")


@dataclass(frozen=True)
class Style:
    """One style of a request: a library entry (`name`) or a picture, with weight, stroke size and mask.

    `name` alone means an entry of the library; with `picture` it is only what the user calls the picture. A mask has
    one channel and lies on the canvas like the content.
    """

    name: str = option("", "Library entry, or what the picture is called.", kind="text", basic=True)
    weight: float = option(1.0, "Share of this style; shares are relative.", low=0.0, high=100.0, basic=True)
    stroke_size: float = option(
        1.0, "Size of strokes relative to the picture.", low=0.25, high=4.0, unit="×", basic=True
    )
    picture: Optional[PictureRef] = None
    mask: Optional[PictureRef] = None


@dataclass(frozen=True)
class Request:
    """What to do: the method, its options, the styles and the pictures."""

    method: str = option(
        "optimize",
        "How the picture is computed: step by step for this picture alone, or at once by a trained network (fast).",
        choices=("optimize", "fast"),
        basic=True,
    )
    strength: float = option(1.0, "How far to go from the content (0) to the style (1).", low=0.0, high=1.0, basic=True)
    colors: str = option(
        "style",
        "Whose colours: the style's; the content's by keeping its chroma (luminance); the content's by recolouring the "
        "style (palette: mean and covariance; histogram).",
        choices=("style", "luminance", "palette", "histogram"),
        basic=True,
    )
    seed: int = option(0, "Same seed, same picture.", low=0, high=2**31 - 1, basic=True)
    size: int = option(
        0,
        "Long side at which the selection is computed; 0 is the picture's own.",
        low=0,
        high=16384,
        unit="px",
        basic=True,
    )
    model: str = option("slim", "Perceptual network of optimize.", choices=("slim", "vgg19", "vgg16"))
    content_weight: float = option(1.0, "Weight of the content loss.", low=0.0, high=1000.0)
    style_weight: float = option(1.0, "Weight of the style loss.", low=0.0, high=1000.0)
    tv_weight: float = option(1.0, "Weight of the total variation (smoothness).", low=0.0, high=1000.0)
    content_layers: Tuple[str, ...] = option(
        ("conv4_2",), "Layers of the content loss, as name or name:weight.", kind="layers"
    )
    style_layers: Tuple[str, ...] = option(
        STYLE_LAYERS, "Layers of the style loss, as name or name:weight.", kind="layers"
    )
    normalisation: str = option(
        "relative",
        "Unit of the losses: relative to the target's energy, as in Gatys et al. 2016, or as in Johnson et al. 2016.",
        choices=("relative", "gatys", "johnson"),
    )
    optimizer: str = option("adam", "Optimizer of the picture.", choices=("adam", "lbfgs"))
    learning_rate: float = option(0.03, "Step of Adam, in units of the picture's range.", low=1e-4, high=1.0)
    iterations: int = option(40, "Steps at a scale of 512 px and more; coarser scales take more.", low=0, high=20000)
    start: str = option("content", "What the optimization starts from.", choices=("content", "noise", "style"))
    min_size: int = option(128, "Long side of the coarsest scale.", low=32, high=4096, unit="px")
    scale_factor: float = option(2.0, "Growth from one scale to the next.", low=1.1, high=4.0, unit="×")
    clip: float = option(
        5.0, "Largest gradient norm relative to its running mean; 0 turns clipping off.", low=0.0, high=1e6
    )
    averaging: float = option(
        0.95, "Decay of the moving average of the iterates; 0 turns it off.", low=0.0, high=0.9999
    )
    precision: str = option("auto", "Number format of the network.", choices=("auto", "fp32", "bf16", "fp16"))
    checkpointing: str = option("auto", "Trade time for memory in the backward pass.", choices=("auto", "on", "off"))
    margin: float = option(0.125, "Context around the selection, as a share of its long side.", low=0.0, high=1.0)
    preview_size: int = option(256, "Long side of preview pictures; 0 turns them off.", low=0, high=1024, unit="px")
    preview_seconds: float = option(1.0, "Least time between previews.", low=0.1, high=3600.0, unit="s")
    device: str = option("auto", "Where to compute: auto, cpu, cuda, cuda:1, mps and the like.", kind="text")
    styles: Tuple[Style, ...] = ()
    canvas: Tuple[int, int] = (0, 0)  # the whole picture's width and height: the measure of stroke sizes
    content: Optional[PictureRef] = None
    selection: Optional[PictureRef] = None

    def to_plain(self) -> Dict[str, Any]:
        """A plain dictionary for the wire, a preset or a layer's settings; options at their default are left out."""
        return _to_plain(self)

    @classmethod
    def from_plain(cls, plain: object) -> Request:
        """The request that `to_plain` described; unknown or out-of-range values are refused by name."""
        values = _checked(cls, plain)
        return cls(**values)

    def check_styles(self) -> None:
        """Raise `styles-missing`, `styles-many` or `weights-zero` unless some style can be painted."""
        if not self.styles:
            raise ScumbleError("styles-missing")
        if len(self.styles) > MAX_STYLES:
            raise ScumbleError("styles-many", count=len(self.styles), most=MAX_STYLES)
        if not any(s.weight > 0 for s in self.styles):
            raise ScumbleError("weights-zero")


REQUEST_OPTIONS: Dict[str, Option] = {o.name: o for o in declared_options(Request)}
STYLE_OPTIONS: Dict[str, Option] = {o.name: o for o in declared_options(Style)}


def _to_plain(obj: Any) -> Dict[str, Any]:
    plain: Dict[str, Any] = {}
    for f in fields(obj):
        value = getattr(obj, f.name)
        if value == f.default:
            continue
        if f.name == "styles":
            plain[f.name] = [_to_plain(s) for s in value]
        elif isinstance(value, PictureRef):
            plain[f.name] = value.to_plain()
        else:
            plain[f.name] = list(value) if isinstance(value, tuple) else value
    return plain


def _checked(cls: type, plain: object) -> Dict[str, Any]:
    """The values of a plain dictionary, each checked against its declaration."""
    if not isinstance(plain, Mapping):
        raise ScumbleError(
            "option-type", name=cls.__name__.lower(), value=type(plain).__name__, expected="a dictionary"
        )
    options = REQUEST_OPTIONS if cls is Request else STYLE_OPTIONS
    known = {f.name for f in fields(cls)}
    values: Dict[str, Any] = {}
    for name, value in plain.items():
        if name not in known:
            raise ScumbleError("option-unknown", name=str(name)[:60], known=", ".join(sorted(known)))
        if name in options:
            values[name] = options[name].check(value)
        elif name == "styles":
            values[name] = _styles(value)
        elif name == "canvas":
            values[name] = _canvas(value)
        else:
            values[name] = None if value is None else PictureRef.from_plain(value)
    return values


def _styles(value: object) -> Tuple[Style, ...]:
    if not isinstance(value, (list, tuple)):
        raise ScumbleError("option-type", name="styles", value=type(value).__name__, expected="a list of styles")
    if len(value) > MAX_STYLES:
        raise ScumbleError("styles-many", count=len(value), most=MAX_STYLES)
    return tuple(Style(**_checked(Style, s)) for s in value)


def _canvas(value: object) -> Tuple[int, int]:
    if (
        not isinstance(value, (list, tuple))
        or len(value) != 2
        or not all(isinstance(v, int) and not isinstance(v, bool) and 0 <= v < 1 << 31 for v in value)
    ):
        raise ScumbleError("option-type", name="canvas", value=repr(value)[:60], expected="width and height")
    return int(value[0]), int(value[1])
