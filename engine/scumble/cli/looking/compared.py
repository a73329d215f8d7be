"""What `scumble compare` measures: the styles, the rows for reference, the results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...picture import Picture, to_working
from ...wire.request.stylechoice import StyleChoice
from ..pictures import style_picture
from .comparison import Row, notes_on

if TYPE_CHECKING:
    from ...metrics import Eye, WeightedStyle, Yardstick


def style_source(style: StyleChoice) -> WeightedStyle:
    """A style as the metrics take it. Raises `style-unknown`, `file-missing`, `picture-…`."""
    import torch

    from ...features.registry import weights_digest
    from ...metrics import WeightedStyle
    from ...styles.card import load_card
    from ...styles.statistics import PictureStyle

    picture = style_picture(style)
    if picture is None:
        return WeightedStyle(load_card(style.name, weights_digest("slim")), style.weight, style.stroke_size)
    rgb, alpha = to_working(picture)
    pixels, coverage = torch.from_numpy(rgb).permute(2, 0, 1)[None], torch.tensor(alpha)[None, None]
    source = PictureStyle(Path(style.name).name, pixels, coverage, picture.ref().digest)
    return WeightedStyle(source, style.weight, style.stroke_size)


def eye_of(weights: str | None, yardstick: Yardstick, styles: list[WeightedStyle]) -> tuple[Eye, list[str]]:
    """The judge of paint, for the style with the largest share, and notes on what it cannot judge.

    `weights` is the file of a judge. Raises `file-missing`, `weights-digest`, `weights-damaged`.
    """
    from ...metrics import Eye, Painting, load_judge
    from ...styles.statistics import PictureStyle

    judge, main = load_judge(weights, yardstick.encoder), _main(styles)
    notes = notes_on(judge.name)
    if len(styles) > 1:
        notes.append(f"Paint, grain and the row “recoloured” are told by “{main.source.name}” alone.")
    painting = None
    if isinstance(main.source, PictureStyle):
        painting = Painting(main.source.pixels, main.source.coverage)
    else:
        notes.append(f"“{main.source.name}” is statistics without a picture: paint and grain cannot be measured.")
    long_side = max(yardstick.size) * main.stroke_size
    return Eye.of(judge, yardstick.content, yardstick.weight, painting, long_side), notes


def measure_all(
    yardstick: Yardstick, eye: Eye, styles: list[WeightedStyle], content: Picture, results: list[tuple[str, Picture]]
) -> list[Row]:
    """The painting, the content, the content in other colours, and the results."""
    from ...metrics import prepare_native, prepare_result, recolored

    identity, painting = yardstick.identity(), eye.see_painting()
    colors = recolored(yardstick.content, yardstick.weight, *_main(styles).source.colors())
    pictures = [
        ("identity", yardstick.content, prepare_native(content, yardstick.content)),
        ("recoloured", colors, colors),
        *((p, prepare_result(r, yardstick.content), prepare_native(r, yardstick.content)) for p, r in results),
    ]
    rows = [Row("painting", None, None, painting)] if painting else []
    for name, pixels, native in pictures:
        measures = yardstick.measure_pixels(pixels)
        rows.append(Row(name, measures, measures.closed(identity), eye.see(pixels, native)))
    return rows


def _main(styles: list[WeightedStyle]) -> WeightedStyle:
    """The style that counts most; of several the first."""
    return max(styles, key=lambda style: style.weight)
