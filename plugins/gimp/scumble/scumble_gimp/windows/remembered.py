"""What the dialog remembers between two times, as a parasite of GIMP's own: its size."""

from __future__ import annotations

import json
from typing import Any, Dict, Tuple

from ..gimplib import Gimp
from .gtklib import Gdk

NAME = "scumble-dialog"
FRAME = 40  # points that a window's title bar may take


def size(default: Tuple[int, int]) -> Tuple[int, int]:
    """The dialog's width and height when it was last closed; no more than there is room for on the largest screen."""
    kept = _read().get("size")
    fits = isinstance(kept, list) and len(kept) == 2 and all(isinstance(n, int) and 200 < n < 10000 for n in kept)
    wanted = (kept[0], kept[1]) if fits and kept else default
    width, height = _room()
    return min(wanted[0], width), min(wanted[1], height - FRAME)


def _room() -> Tuple[int, int]:
    """Width and height of the largest screen, without its panels."""
    display = Gdk.Display.get_default()
    areas = [display.get_monitor(i).get_workarea() for i in range(display.get_n_monitors())]
    return max((a.width, a.height) for a in areas)


def keep_size(width: int, height: int) -> None:
    """The dialog is closed in this size."""
    _write(size=[width, height])


def _read() -> Dict[str, Any]:
    parasite = Gimp.get_parasite(NAME)
    try:
        plain = json.loads(bytes(parasite.get_data()).rstrip(b"\0").decode()) if parasite is not None else {}
    except ValueError:
        return {}
    return plain if isinstance(plain, dict) else {}


def _write(**values: Any) -> None:
    text = json.dumps({**_read(), **values})
    Gimp.attach_parasite(Gimp.Parasite.new(NAME, Gimp.PARASITE_PERSISTENT, list(text.encode())))
