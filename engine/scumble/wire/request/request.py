"""The request: one typed object that describes a run completely.

The engine, the command line, the plug-ins, presets and the settings stored in a result layer all speak it. Every
option is declared here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Dict, Optional, Tuple

from ..protocol.errors import ScumbleError
from ..protocol.pixels import PictureRef
from .fields import Readers, plain_fields, read_fields, read_list, read_size
from .options import Option, declared_options, option

MAX_STYLES = 16
STYLE_LAYERS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")


@dataclass(frozen=True)
class Style:
    """One style of a request: a library entry (`name`) or a picture, with weight, stroke size and mask.

    `name` alone means an entry of the library; with `picture` it is only what the user calls the picture. A mask has
    one channel and lies on the canvas like the content.
    """

    name: str = option("", "Library entry, or what the picture is called.", "Style", kind="text", basic=True)
    weight: float = option(1.0, "Share of this style; shares are relative.", "Share", low=0.0, high=100.0, basic=True)
    stroke_size: float = option(
        1.0, "Size of strokes relative to the picture.", "Stroke size", low=0.25, high=4.0, unit="×", basic=True
    )
    picture: Optional[PictureRef] = None
    mask: Optional[PictureRef] = None


@dataclass(frozen=True)
class Request:
    """What to do: the method, its options, the styles and the pictures."""

    method: str = option(
        "optimize",
        "How the picture is computed: step by step for this picture alone, or at once by a trained network (fast).",
        "Method",
        choices={"optimize": "Optimize (slow, finest)", "fast": "Fast"},
        basic=True,
    )
    strength: float = option(
        1.0, "How far to go from the content (0) to the style (1).", "Strength", low=0.0, high=1.0, basic=True
    )
    colors: str = option(
        "style",
        "Whose colours: the style's; the content's by keeping its chroma (luminance); the content's by recolouring the "
        "style (palette: mean and covariance; histogram).",
        "Colours",
        choices={
            "style": "Of the style",
            "luminance": "Keep the layer's (luminance)",
            "palette": "Match the layer's (palette)",
            "histogram": "Match the layer's (histogram)",
        },
        basic=True,
    )
    seed: int = option(0, "Same seed, same picture.", "Seed", low=0, high=2**31 - 1, basic=True)
    size: int = option(
        0,
        "Long side at which the selection is computed; 0 is the picture's own.",
        "Size",
        low=0,
        high=16384,
        unit="px",
        basic=True,
        zero_label="Full size",
    )
    repaint: float = option(
        1.0,
        "How much of the result is painted over with the style's own paint (optimize, neighbours).",
        "Paint over",
        low=0.0,
        high=1.0,
        basic=True,
    )
    texture: float = option(
        0.5,
        "How much of the style's large texture, such as swirls, flat areas get (optimize, neighbours).",
        "Texture in flat areas",
        low=0.0,
        high=1.0,
        basic=True,
    )
    objective: str = option(
        "neighbours",
        "What optimize strives for: that every place looks like one in the style's picture (neighbours, Kolkin et al. "
        "2022); that the style's statistics in the network's layers are met (gram; covariance; sliced, Heitz et al. "
        "2021); or that every patch of a layer looks like one of the style's (patches, Li & Wand 2016).",
        "Objective",
        choices={
            "neighbours": "Neighbours, then paint",
            "gram": "Gram matrices (Gatys 2016)",
            "covariance": "Mean and covariance",
            "sliced": "Sliced Wasserstein (Heitz 2021)",
            "patches": "Patches (Li & Wand 2016)",
        },
    )
    model: str = option(
        "slim",
        "Perceptual network of optimize.",
        "Network",
        choices={"slim": "Slim (built in)", "vgg19": "VGG19 (download)", "vgg16": "VGG16 (download)"},
    )
    content_weight: float = option(1.0, "Weight of the content loss.", "Content weight", low=0.0, high=1000.0)
    style_weight: float = option(1.0, "Weight of the style loss.", "Style weight", low=0.0, high=1000.0)
    tv_weight: float = option(1.0, "Weight of the total variation (smoothness).", "Smoothness", low=0.0, high=1000.0)
    content_layers: Tuple[str, ...] = option(
        ("conv4_2",), "Layers of the content loss, as name or name:weight.", "Network layers: content", kind="layers"
    )
    style_layers: Tuple[str, ...] = option(
        STYLE_LAYERS, "Layers of the style loss, as name or name:weight.", "Network layers: style", kind="layers"
    )
    normalisation: str = option(
        "relative",
        "Unit of the losses: relative to the target's energy, as in Gatys et al. 2016, or as in Johnson et al. 2016 "
        "(gram; the other objectives are relative).",
        "Loss units",
        choices={"relative": "Relative", "gatys": "Gatys et al. 2016", "johnson": "Johnson et al. 2016"},
    )
    optimizer: str = option(
        "adam", "Optimizer of the picture.", "Optimizer", choices={"adam": "Adam", "lbfgs": "L-BFGS"}
    )
    learning_rate: float = option(
        0.0,
        "Step of Adam, in units of the picture's range; 0 is the objective's own.",
        "Learning rate",
        low=0.0,
        high=1.0,
        zero_label="Automatic",
    )
    iterations: int = option(
        40,
        "Steps at a scale of 512 px and more with gram; other scales and objectives in proportion.",
        "Steps",
        low=0,
        high=20000,
    )
    start: str = option(
        "content",
        "What the optimization starts from.",
        "Start from",
        choices={"content": "The layer", "noise": "Noise", "style": "The style"},
    )
    min_size: int = option(
        0,
        "Long side of the coarsest scale; 0 is the objective's own.",
        "Smallest size",
        low=0,
        high=4096,
        unit="px",
        zero_label="Automatic",
    )
    scale_factor: float = option(2.0, "Growth from one scale to the next.", "Size growth", low=1.1, high=4.0, unit="×")
    clip: float = option(
        5.0,
        "Largest gradient norm relative to its running mean; 0 turns clipping off.",
        "Gradient limit",
        low=0.0,
        high=1e6,
        zero_label="Off",
    )
    averaging: float = option(
        0.95,
        "Decay of the moving average of the iterates; 0 turns it off.",
        "Averaging",
        low=0.0,
        high=0.9999,
        zero_label="Off",
    )
    precision: str = option(
        "auto",
        "Number format of the network.",
        "Precision",
        choices={"auto": "Automatic", "fp32": "32 bits (fp32)", "bf16": "16 bits (bf16)", "fp16": "16 bits (fp16)"},
    )
    checkpointing: str = option(
        "auto",
        "Trade time for memory in the backward pass.",
        "Save memory",
        choices={"auto": "Automatic", "on": "On", "off": "Off"},
    )
    margin: float = option(
        0.125, "Context around the selection, as a share of its long side.", "Context margin", low=0.0, high=1.0
    )
    preview_size: int = option(
        256,
        "Long side of preview pictures; 0 turns them off.",
        "Preview size",
        low=0,
        high=1024,
        unit="px",
        zero_label="No preview",
    )
    preview_seconds: float = option(
        1.0, "Least time between previews.", "Preview every", low=0.1, high=3600.0, unit="s"
    )
    device: str = option("auto", "Where to compute: auto, cpu, cuda, cuda:1, mps and the like.", "Device", kind="text")
    styles: Tuple[Style, ...] = ()
    canvas: Tuple[int, int] = (0, 0)  # the whole picture's width and height: the measure of stroke sizes
    content: Optional[PictureRef] = None
    selection: Optional[PictureRef] = None

    def to_plain(self) -> Dict[str, Any]:
        """A plain dictionary for the wire, a preset or a layer's settings; options at their default are left out."""
        return plain_fields(self)

    @classmethod
    def from_plain(cls, plain: object) -> Request:
        """The request that `to_plain` described; unknown or out-of-range values are refused by name."""
        return cls(**read_fields(cls, plain, _READERS, "request"))

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


def _picture(value: object) -> Optional[PictureRef]:
    return None if value is None else PictureRef.from_plain(value)


def _style(value: object) -> Style:
    return Style(**read_fields(Style, value, {"picture": _picture, "mask": _picture}, "style"))


def _styles(value: object) -> Tuple[Style, ...]:
    if isinstance(value, (list, tuple)) and len(value) > MAX_STYLES:
        raise ScumbleError("styles-many", count=len(value), most=MAX_STYLES)
    return read_list("styles", value, _style, "a list of styles")


_canvas = partial(read_size, "canvas")
_READERS: Readers = {"styles": _styles, "canvas": _canvas, "content": _picture, "selection": _picture}
