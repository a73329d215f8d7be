"""Presets: a request without its pictures, as JSON. Any part of the house can read one.

A style of a preset that came from a file keeps the file's path as its name; masks belong to one picture and stay out.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ..wire.protocol.errors import ScumbleError
from ..wire.request.request import Request
from .stylespec import StyleSpec

PLACES = ("content", "selection", "canvas")


def load_preset(path: str) -> tuple[dict[str, Any], list[StyleSpec]]:
    """Options by name, and the styles. Raises `file-missing`, `preset-unreadable`, `option-…`."""
    try:
        plain = json.loads(Path(path).read_text("utf-8"))
    except FileNotFoundError:
        raise ScumbleError("file-missing", name=path) from None
    except (OSError, ValueError, RecursionError) as e:
        raise ScumbleError("preset-unreadable", name=path, reason=str(e)[:200]) from e
    request = Request.from_plain(plain)
    options = {k: v for k, v in request.to_plain().items() if k not in (*PLACES, "styles")}
    styles = [StyleSpec(_resolved(s.name, path), s.weight, s.stroke_size) for s in request.styles]
    return options, styles


def save_preset(path: str, options: dict[str, Any], styles: list[StyleSpec]) -> None:
    """Write options and styles for `load_preset`; whole or not at all. Raises `file-write`."""
    plain: dict[str, Any] = {k: list(v) if isinstance(v, tuple) else v for k, v in options.items()}
    plain["styles"] = [{"name": s.source, "weight": s.weight, "stroke_size": s.stroke_size} for s in styles]
    Request.from_plain(plain)
    part = Path(f"{path}.part")
    try:
        part.write_text(json.dumps(plain, indent=2, ensure_ascii=False) + "\n", "utf-8")
        os.replace(part, path)
    except OSError as e:
        part.unlink(missing_ok=True)
        raise ScumbleError("file-write", name=path, reason=e.strerror or str(e)) from e


def _resolved(name: str, preset: str) -> str:
    """A style file may lie beside its preset."""
    beside = Path(preset).parent / name
    return str(beside) if beside.is_file() and not Path(name).is_file() else name
