"""Every option of a request, declared here and nowhere else.

What is said of an option: its default, what it does and is called, its range; under which heading a form shows it;
which methods look at it; whether it changes the picture; which of its values are soon painted. The command line's
flags, forms, procedures' arguments, presets, the cache of results and what may run beside a long job go by that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Tuple

from .choices import EVERYWHERE, NOT_SEAMLESS, PLACES, STYLE_LAYERS
from .options import option

OPTIMIZE = ("optimize",)
_balance = partial(option, group="Balance", methods=OPTIMIZE)
_expert = partial(option, group="Expert", methods=OPTIMIZE)
_part = partial(option, low=0.0, high=1.0, basic=True)
_engine = partial(option, group="Engine")


@dataclass(frozen=True)
class RequestOptions:
    """What a run can be told, beside its styles and pictures."""

    method: str = option(
        "optimize",
        "How the picture is computed: step by step for this picture alone, or at once by a trained network (fast).",
        "Method",
        choices={"optimize": "Optimize (slow, finest)", "fast": "Fast"},
        basic=True,
        quick=("fast",),
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
    where: str = option(
        EVERYWHERE,
        "What of the photograph is painted; it is found by the engine.",
        "Paint",
        choices={EVERYWHERE: "Everything", **PLACES},
        basic=True,
    )
    keep_faces: float = _part(0.0, "How much of the faces that are found stays as in the photograph.", "Keep faces")
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
        zero_is_full=True,
        quick_most=256,
    )
    photorealistic: float = _part(
        0.0,
        "How far the photograph keeps its own edges and texture and takes the style's colours and light alone, without "
        "strokes.",
        "Photorealistic",
    )
    seamless: str = option(
        NOT_SEAMLESS,
        "Whether what is painted tiles, as a texture or a pattern must: its opposite borders fit. What is painted must "
        "tile, too.",
        "Seamless",
        choices={
            NOT_SEAMLESS: "No",
            "both": "In both directions",
            "across": "Left to right",
            "down": "Top to bottom",
        },
        basic=True,
    )
    repaint: float = option(
        1.0,
        "How much of the result is painted over with the style's own paint (optimize, neighbours).",
        "Paint over",
        low=0.0,
        high=1.0,
        basic=True,
        methods=OPTIMIZE,
    )
    texture: float = option(
        0.5,
        "How much of the style's large texture, such as swirls, flat areas get (neighbours, fast).",
        "Texture in flat areas",
        low=0.0,
        high=1.0,
        basic=True,
    )
    objective: str = _expert(
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
    content_weight: float = option(
        1.0,
        "How closely the photograph is kept (the content loss's weight; from 1 on its light and dark, with fast).",
        "Keep the photograph",
        low=0.0,
        high=1000.0,
        group="Balance",
    )
    style_weight: float = _balance(
        1.0, "How closely the style is met (the style loss's weight).", "Paint like the style", low=0.0, high=1000.0
    )
    tv_weight: float = _balance(1.0, "Weight of the total variation (smoothness).", "Smoothness", low=0.0, high=1000.0)
    normalisation: str = _expert(
        "relative",
        "Unit of the losses: relative to the target's energy, as in Gatys et al. 2016, or as in Johnson et al. 2016 "
        "(gram; the other objectives are relative).",
        "Loss units",
        choices={"relative": "Relative", "gatys": "Gatys et al. 2016", "johnson": "Johnson et al. 2016"},
    )
    content_layers: Tuple[str, ...] = _expert(
        ("conv4_2",), "Layers of the content loss, as name or name:weight.", "Network layers: content", kind="layers"
    )
    style_layers: Tuple[str, ...] = _expert(
        STYLE_LAYERS, "Layers of the style loss, as name or name:weight.", "Network layers: style", kind="layers"
    )
    iterations: int = _balance(
        40,
        "How far it is worked out: steps at a scale of 512 px and more with gram; other scales and objectives in "
        "proportion.",
        "Detail",
        low=0,
        high=20000,
        quick_most=60,
    )
    start: str = _expert(
        "content",
        "What the optimization starts from.",
        "Start from",
        choices={"content": "The layer", "noise": "Noise", "style": "The style"},
    )
    optimizer: str = _expert(
        "adam", "Optimizer of the picture.", "Optimizer", choices={"adam": "Adam", "lbfgs": "L-BFGS"}
    )
    learning_rate: float = _expert(
        0.0,
        "Step of Adam, in units of the picture's range; 0 is the objective's own.",
        "Learning rate",
        low=0.0,
        high=1.0,
        zero_label="Automatic",
    )
    min_size: int = _expert(
        0,
        "Long side of the coarsest scale; 0 is the objective's own.",
        "Smallest size",
        low=0,
        high=4096,
        unit="px",
        zero_label="Automatic",
    )
    scale_factor: float = _expert(2.0, "Growth from one scale to the next.", "Size growth", low=1.1, high=4.0, unit="×")
    clip: float = _expert(
        5.0,
        "Largest gradient norm relative to its running mean; 0 turns clipping off.",
        "Gradient limit",
        low=0.0,
        high=1e6,
        zero_label="Off",
    )
    averaging: float = _expert(
        0.95,
        "Decay of the moving average of the iterates; 0 turns it off.",
        "Averaging",
        low=0.0,
        high=0.9999,
        zero_label="Off",
    )
    model: str = _engine(
        "slim",
        "Perceptual network of optimize.",
        "Network",
        choices={"slim": "Slim (built in)", "vgg19": "VGG19 (download)", "vgg16": "VGG16 (download)"},
        methods=OPTIMIZE,
        quick=("slim",),
    )
    device: str = _engine(
        "auto", "Where to compute: auto, cpu, cuda, cuda:1, mps and the like.", "Device", kind="text", listed=True
    )
    precision: str = _engine(
        "auto",
        "Number format of the network.",
        "Precision",
        choices={"auto": "Automatic", "fp32": "32 bits (fp32)", "bf16": "16 bits (bf16)", "fp16": "16 bits (fp16)"},
    )
    checkpointing: str = _engine(
        "auto",
        "Trade time for memory in the backward pass.",
        "Save memory",
        choices={"auto": "Automatic", "on": "On", "tiles": "On, in tiles", "off": "Off"},
        methods=OPTIMIZE,
    )
    margin: float = _engine(
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
        methods=OPTIMIZE,
        picture=False,
    )
    preview_seconds: float = option(
        1.0,
        "Least time between previews.",
        "Preview every",
        low=0.1,
        high=3600.0,
        unit="s",
        methods=OPTIMIZE,
        picture=False,
    )
