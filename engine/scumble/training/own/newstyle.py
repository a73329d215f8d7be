"""A style of the user's own: where it lies while it is made, and how it joins the library, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from ...features import tensors
from ...features.download import disk_error
from ...features.encoder import Encoder
from ...features.models import read_digest
from ...features.registry import weights_digest
from ...features.slim import HEAD_WIDTHS
from ...styles.card import SIZES, save_card
from ...styles.own import (
    CARD,
    PAINTER,
    PICTURE,
    RECORD,
    THUMBNAIL,
    check_style_name,
    name_from,
    own_styles_folder,
    swap_in,
)
from ...styles.statistics import PictureStyle

LARGEST, QUALITY = 1024, 92  # of the painting that is kept: its long side in pixels; as a JPEG


def style_name(given: str, painting: Path) -> str:
    """The name that was given, or one made of the painting's file name. Raises `style-name`."""
    given = given or name_from(painting.stem)
    check_style_name(given)
    return given


def check_writable(folder: Path) -> None:
    """Make `folder` and write a byte there, before anything long begins. Raises `disk-full`, `file-write`."""
    probe = folder / f".probe.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"\0" * 4096)
        probe.unlink()
    except OSError as error:
        raise disk_error(error, folder) from None


def store_style(
    name: str,
    record: Mapping[str, Any],
    painter: Mapping[str, Tensor],
    style: PictureStyle,
    encoder: Encoder,
    thumbnail: bytes,
) -> Path:
    """Put a style into the user's library, in place of one of that name. Raises `disk-full`, `file-write`.

    `painter` are the tensors of its weight file; the card is measured from the painting under `encoder` (float32);
    the `thumbnail` is a JPEG.
    """
    folder = own_styles_folder() / name
    part = folder.with_name(f".{name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        with torch.no_grad():
            sizes = {size: style.moments(encoder, size, list(HEAD_WIDTHS)) for size in SIZES}
        card = save_card(part / CARD, sizes, style.colors())
        tensors.store(part / PAINTER, painter)
        (part / THUMBNAIL).write_bytes(thumbnail)
        _keep_picture(part, style)
        files = {CARD: card, PAINTER: read_digest(part / PAINTER)}
        whole = {"name": name, **record, "encoder": weights_digest("slim"), "files": files}
        (part / RECORD).write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", "utf-8")
        swap_in(folder, part)
    except OSError as error:
        raise disk_error(error, folder) from None
    return folder


def _keep_picture(folder: Path, style: PictureStyle) -> None:
    """The painting itself, for what paints with its pixels: a JPEG, or a PNG where it is transparent."""
    shown = style.picture(min(LARGEST, max(style.pixels.shape[-2:])))
    opaque = bool(shown.coverage.min() >= 1)
    channels = shown.pixels if opaque else torch.cat([shown.pixels, shown.coverage], 1)
    values = (channels[0].permute(1, 2, 0).clamp(0, 1) * 255).round().byte().cpu().numpy()
    file = folder / f"{PICTURE}{'.jpg' if opaque else '.png'}"
    Image.fromarray(values).save(file, quality=QUALITY)
