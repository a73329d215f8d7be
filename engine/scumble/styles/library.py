"""The style library: the named styles that are shipped, and those of the user. Reads indices only; torch stays away."""

from __future__ import annotations

import difflib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ..wire.protocol.errors import ScumbleError
from .own import (
    CARD,
    PAINTER,
    PICTURE,
    SUFFIXES,
    THUMBNAIL,
    own_names,
    own_styles_folder,
    pictures_folder,
    read_own,
    read_thumbnail,
    remove_own,
)

CARDS = Path(__file__).parent / "cards"
SHOWN = ("title", "artist", "year", "licence", "tags")


@lru_cache(maxsize=1)
def _index() -> dict[str, Any]:
    try:
        index: dict[str, Any] = json.loads((CARDS / "index.json").read_text("utf-8"))
        named = [{**card, "encoder": index["encoder"]} for card in index["styles"].values()]
        if not named or not all(k in card for card in named for k in (*SHOWN, "file", "digest")):
            raise ValueError("it lacks what a style needs")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not what was installed"
        raise ScumbleError("weights-damaged", name="cards/index.json", reason=reason) from None
    return index


def shipped_names() -> list[str]:
    """The names of the styles that come with the package."""
    return list(_index()["styles"])


def list_styles(thumbnails: bool = False) -> list[dict[str, Any]]:
    """The named styles as plain dictionaries: name, title, artist, year, licence, tags, own (made by the user).

    With `thumbnails` also `thumbnail`, the bytes of a small JPEG of what it paints, and `picture`, the path of the
    picture that it paints like, for each that has one. Shipped styles come first.
    What a user's folder holds of damaged ones is left out; `find_style` says why.
    """
    shipped: list[dict[str, Any]] = [
        {"name": name, **{k: card[k] for k in SHOWN}, "own": False} for name, card in _index()["styles"].items()
    ]
    styles = [*shipped, *_own_styles()]
    for style in styles if thumbnails else ():
        data = read_thumbnail(_thumbnail_file(style["name"], style["own"]))
        if data:
            style["thumbnail"] = data
        name = style["name"]
        file = _first(own_styles_folder() / name, PICTURE) if style["own"] else swatch_file(name)
        if file is not None:
            style["picture"] = str(file)
    return styles


def find_style(name: str) -> dict[str, Any]:
    """The index entry of a named style, with its file (absolute for a user's own) and its digest.

    Raises `style-unknown` with the nearest names, `style-damaged`.
    """
    styles = _index()["styles"]
    if name in styles:
        return {"name": name, "encoder": _index()["encoder"], **styles[name], "own": False}
    if name in own_names():
        record = read_own(name)
        return {**record, "file": str(own_styles_folder() / name / CARD), "digest": record["files"][CARD], "own": True}
    known = [*styles, *own_names()]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    raise ScumbleError("style-unknown", name=name, known=", ".join(near or sorted(known)))


class OwnPainter(NamedTuple):
    """What paints a user's style: its weight file, its kind (“code”, “network”), the SHA-256 of its network's file.

    A code belongs to the network of that digest and to no other, with the weights that the style `base` has of its own
    (empty: none); for a network it is the one that it grew from.
    """

    file: Path
    kind: str
    network: str
    base: str = ""


def own_style_file(name: str) -> OwnPainter | None:
    """What paints a user's style; None for a name that is not one of the user's. Raises `style-damaged`."""
    if name in _index()["styles"] or name not in own_names():
        return None
    record = read_own(name)
    return OwnPainter(own_styles_folder() / name / PAINTER, record["kind"], record["network"], record.get("base", ""))


def swatch_file(name: str) -> Path | None:
    """The picture that shows how a named style paints; None where there is none, or no such style.

    For a style of the user's the painting that it was learned from. For a shipped one the user's own picture of it,
    or else the swatch that comes with it, if one does.
    """
    if name in _index()["styles"]:
        return own_picture(name) or shipped_swatch(name)
    return _first(own_styles_folder() / name, PICTURE) if name in own_names() else None


def shipped_swatch(name: str) -> Path | None:
    """The picture of a shipped style that comes with the package, if one does."""
    return _first(CARDS, f"{name}.swatch")


def picture_mark(name: str) -> str:
    """What changes when another picture shows how a named style paints; empty where none does."""
    try:
        file = swatch_file(name)
        found = file.stat() if file else None
    except (OSError, ScumbleError):
        return ""
    return f"{file} {found.st_size} {found.st_mtime_ns}" if found else ""


def style_mark(name: str) -> str:
    """What changes when a named style is another: digests of all that it is, and its picture's mark."""
    try:
        card = find_style(name)
    except ScumbleError:
        return "none"
    files = sorted(card["files"].items()) if card["own"] else card["digest"]
    return f"{files} {card['encoder']} {card.get('network', '')} {picture_mark(name)}"


def own_picture(name: str) -> Path | None:
    """What the user put in place of a shipped style's swatch, if he did."""
    try:
        return _first(pictures_folder(), name)
    except ScumbleError:  # without a data folder there is none
        return None


def _first(folder: Path, stem: str) -> Path | None:
    """The picture file of that name without its suffix."""
    return next((p for p in (folder / f"{stem}{s}" for s in SUFFIXES) if p.is_file()), None)


def check_free(name: str, replace: bool = False) -> None:
    """Raise `style-taken` unless a style may be stored under `name`, in place of one of the user's with `replace`."""
    if name in shipped_names() or (name in own_names() and not replace):
        raise ScumbleError("style-taken", name=name)


def remove_style(name: str) -> None:
    """Delete a style of the user's, damaged or not. Raises `style-unknown`, `style-shipped`, `file-write`."""
    if name in _index()["styles"]:
        raise ScumbleError("style-shipped", name=name)
    if name not in own_names():
        find_style(name)  # raises, naming the nearest styles
    remove_own(name)


def _thumbnail_file(name: str, own: bool) -> Path:
    return own_styles_folder() / name / THUMBNAIL if own else CARDS / f"{name}.jpg"


def _own_styles() -> list[dict[str, Any]]:
    found = []
    for name in own_names():
        if name in _index()["styles"]:  # a later version ships it: the shipped one counts
            continue
        try:
            record = read_own(name)
        except ScumbleError:
            continue
        found.append({"name": name, **{k: record[k] for k in SHOWN}, "own": True})
    return found
