"""Pictures of styles on disk: the user's own copy of a painting, in place of what is shipped. No torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from ..picture import Picture, decode_file, save_file, to_working
from ..picture.color import from_working
from ..wire.protocol.errors import ScumbleError
from .library import find_style, own_picture, swatch_file
from .own import PICTURE, SUFFIXES, own_styles_folder, pictures_folder

LARGEST = 2048  # pixels of the long side that is kept: larger than strokes need


def add_picture(name: str, file: str | Path) -> Path:
    """Keep the picture in `file` as that of the style `name`, in place of any other; where it lies.

    At most `LARGEST`, with 8 bits: a JPEG, or a PNG where it is transparent. Raises `style-unknown`, `style-damaged`,
    `file-missing`, `picture-…`, `file-write`.
    """
    own = find_style(name)["own"]
    picture = decode_file(file)
    picture.check(Path(file).name)
    folder, stem = (own_styles_folder() / name, PICTURE) if own else (pictures_folder(), name)
    small = _limited(picture)
    target = folder / f"{stem}{'.png' if small.has_alpha else '.jpg'}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        save_file(target, small)
        for other in SUFFIXES:  # only now: there is always one of them
            if other != target.suffix:
                (folder / f"{stem}{other}").unlink(missing_ok=True)
    except OSError as error:
        raise ScumbleError("file-write", name=str(target), reason=error.strerror or str(error)) from None
    return target


def remove_picture(name: str) -> None:
    """Take back what `add_picture` kept. Raises `style-unknown`, `style-damaged`, `picture-missing`, `file-write`."""
    file = swatch_file(name) if find_style(name)["own"] else own_picture(name)
    if file is None:
        raise ScumbleError("picture-missing", name=name)
    try:
        file.unlink()
    except OSError as error:
        raise ScumbleError("file-write", name=str(file), reason=error.strerror or str(error)) from None


def _limited(picture: Picture) -> Picture:
    """The picture with 8 bits a channel, sRGB, its long side at most `LARGEST`; with alpha only where it counts."""
    rgb, alpha = to_working(picture)
    opaque = bool(alpha.min() >= 1)
    values = from_working(rgb if opaque else np.dstack([rgb, alpha]), "u8")
    factor = min(1.0, LARGEST / max(picture.width, picture.height))
    if factor < 1:
        size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
        values = np.array(Image.fromarray(values).resize(size, Image.Resampling.LANCZOS))
    return Picture(values)
