"""What `scumble compare` found, as plain values and as a table."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...metrics import Measures, Sight

# By its key: how a column is headed, and the digits of its numbers.
COLUMNS = {
    "style": ("style", ".3f"),
    "content": ("content", ".3f"),
    "ssim": ("SSIM", ".3f"),
    "lpips": ("LPIPS", ".3f"),
    "closed": ("closed", ".0%"),
    "paint": ("paint", ".3f"),
    "luma_hf": ("luma-hf", ".2f"),
    "chroma_hf": ("chroma-hf", ".2f"),
    "weave": ("weave", ".2f"),
    "structure": ("structure", ".3f"),
}
JUDGES = {"squeeze": "SqueezeNet 1.1"}
PARTIAL = (
    "{} is a partial judge of paint and structure: optimize paints under it. SqueezeNet 1.1, which nothing is painted "
    "under, judges where --lpips-weights gives it."
)
SEEN = (
    "Paint near the row “painting” looks like it, paint near “recoloured” is colour without strokes. Grain (luma-hf, "
    "chroma-hf) of 0.6 to 1.2 is the painting's; a weave of 2 and more is a lattice; a structure of 0 keeps the scene."
)
MEANING = (
    "Neither number means anything without the other: the untouched picture (identity) keeps all of its content, and "
    "a copy of the style has all of its style. A good result closes much of the style's distance at little content."
)


@dataclass(frozen=True)
class Row:
    """What was measured of one picture; the painting's own half has no content to be measured against."""

    name: str
    measures: Measures | None
    closed: float | None
    sight: Sight

    def values(self) -> dict[str, Any]:
        """Its numbers by the keys of `COLUMNS`."""
        measured = asdict(self.measures) if self.measures else {}
        found = {**measured, "closed": self.closed, **asdict(self.sight)}
        return {"name": self.name, **{key: found.get(key) for key in COLUMNS}}


def render(account: dict[str, Any]) -> str:
    """The account as a table with its notes."""
    lines = [["", *(heading for heading, _ in COLUMNS.values())], *(_cells(row) for row in account["rows"])]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    table = [
        "  ".join([line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))])
        for line in lines
    ]
    return "\n".join([*table, "", _how(account), *account["notes"], SEEN, MEANING])


def notes_on(judge: str) -> list[str]:
    """What is to be said of who judged."""
    return [] if judge in JUDGES else [PARTIAL.format(judge)]


def _how(account: dict[str, Any]) -> str:
    width, height = account["size"]
    net = f", LPIPS on {account['lpips_net']}" if account["lpips_net"] else ""
    judge = JUDGES.get(account["judge"], account["judge"])
    return f"Measured at {width}×{height} by {account['model']}{net}; paint and structure judged by {judge}."


def _cells(row: dict[str, Any]) -> list[str]:
    numbers = [(row[key], digits) for key, (_, digits) in COLUMNS.items()]
    return [row["name"], *("–" if number is None else format(number, digits) for number, digits in numbers)]
