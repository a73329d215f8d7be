"""The user's own styles: a folder for each, with what it is (`style.json`), its card and what paints it. No torch.

A user's folder may hold anything: what is not a whole style is left out of lists, and says why when it is asked for.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from pathlib import Path
from typing import Any

from ..wire.engine.folders import data_folder
from ..wire.protocol.errors import ScumbleError

RECORD, CARD, PAINTER, THUMBNAIL = "style.json", "card.safetensors", "painter.safetensors", "thumbnail.jpg"
PICTURE, SUFFIXES = "picture", (".png", ".jpg", ".webp")  # the painting itself, if it was kept
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")
RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)\d")  # names that Windows keeps for devices
LARGEST = 1 << 16  # bytes of a record
LARGEST_THUMBNAIL = 6000  # bytes
JPEG = b"\xff\xd8\xff"  # how one begins
_DIGEST = re.compile(r"[0-9a-f]{64}")


def check_style_name(name: str) -> None:
    """Raise `style-name` unless a style may be called that."""
    if not NAME.fullmatch(name) or RESERVED.fullmatch(name):
        raise ScumbleError("style-name", name=name[:80])


def name_from(title: str) -> str:
    """A style's name made of what people call it; empty where it has no letter or digit that a name may have."""
    folded = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:48].strip("-")


def own_styles_folder() -> Path:
    """Where the user's styles lie, each in a folder of its name. Raises `folder-unsafe`, `file-write`."""
    return data_folder() / "styles"


def pictures_folder() -> Path:
    """Where the user's pictures of shipped styles lie, by the styles' names. Raises `folder-unsafe`, `file-write`."""
    return data_folder() / "pictures"


def own_names() -> list[str]:
    """The names of folders that could be styles, sorted; none where there is no folder to read."""
    try:
        return sorted(p.name for p in own_styles_folder().iterdir() if NAME.fullmatch(p.name) and p.is_dir())
    except (OSError, ScumbleError):
        return []


def read_own(name: str) -> dict[str, Any]:
    """The record of a user's style, checked. Raises `style-damaged`."""
    path = own_styles_folder() / name / RECORD
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("is too large")
        record = json.loads(path.read_bytes())
    except OSError as error:
        raise damaged(name, f"{RECORD}: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise damaged(name, f"{RECORD} is not what was written") from None
    reason = fault_of(record, name)
    if reason:
        raise damaged(name, f"{RECORD}: {reason}")
    return dict(record)


def read_thumbnail(path: Path) -> bytes:
    """The JPEG at `path`; nothing where there is none, or something else."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_THUMBNAIL + 1)
    except OSError:
        return b""
    return data if data.startswith(JPEG) and len(data) <= LARGEST_THUMBNAIL else b""


def swap_in(folder: Path, part: Path) -> None:
    """Put `part` in place of `folder`; whatever fails, one of them is there. Raises OSError."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    try:
        part.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def remove_own(name: str) -> None:
    """Delete a user's style, damaged or not; the name must be one of `own_names`. Raises `file-write`."""
    folder = own_styles_folder() / name
    gone = folder.with_name(f".{name}.gone")
    try:
        shutil.rmtree(gone, ignore_errors=True)
        folder.rename(gone)  # at once: a style is never half there
        shutil.rmtree(gone, ignore_errors=True)
    except OSError as error:
        raise ScumbleError("file-write", name=str(folder), reason=error.strerror or str(error)) from None


def damaged(name: str, reason: str) -> ScumbleError:
    """The error for a user's style that cannot be used."""
    return ScumbleError("style-damaged", name=name, reason=reason[:200])


def fault_of(record: Any, name: str) -> str:
    """What is wrong with a record; empty where nothing is."""
    if not isinstance(record, dict) or record.get("name") != name:
        return "it belongs to another style"
    if not all(_is_text(record.get(k)) for k in ("title", "artist", "licence")):
        return "title, artist and licence must be short texts"
    year, tags, files = record.get("year"), record.get("tags"), record.get("files")
    if not (year is None or (type(year) is int and abs(year) < 10000)):
        return "the year is not one"
    if not isinstance(tags, list) or len(tags) > 50 or not all(_is_text(t) for t in tags):
        return "the tags must be a list of short texts"
    if record.get("kind") not in ("code", "network"):
        return "its kind is unknown"
    if not _is_text(record.get("base", "")):
        return "the style that it begins from is not one"
    if not isinstance(files, dict) or set(files) != {CARD, PAINTER}:
        return "it does not tell of its files"
    digests = [record.get("encoder"), record.get("network"), *files.values()]
    return "" if all(_is_digest(d) for d in digests) else "a digest is missing"


def _is_text(value: object) -> bool:
    """Whether it is a text that every list can show: JSON may hold halves of characters, which UTF-8 cannot."""
    return isinstance(value, str) and len(value) <= 500 and not any("\ud800" <= c <= "\udfff" for c in value)


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and bool(_DIGEST.fullmatch(value))
