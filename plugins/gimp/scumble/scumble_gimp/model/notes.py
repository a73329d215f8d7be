"""What the user should know of a run although it went well, each once while GIMP is open: it is a box to close."""

from __future__ import annotations

import json
from typing import List, Sequence

from ..gimplib import Gimp

PARASITE = "scumble-notes"  # GIMP's own; it forgets it when it ends


def tell_notes(notes: Sequence[str]) -> None:
    """Show what was not told yet."""
    told = _told()
    fresh = [note for note in notes if note not in told]
    if fresh:
        text = json.dumps([*told, *fresh])
        Gimp.attach_parasite(Gimp.Parasite.new(PARASITE, 0, list(text.encode())))
        Gimp.message(" ".join(fresh))


def _told() -> List[str]:
    parasite = Gimp.get_parasite(PARASITE)
    try:
        plain = json.loads(bytes(parasite.get_data()).rstrip(b"\0").decode()) if parasite is not None else []
    except ValueError:
        return []
    return [str(note) for note in plain] if isinstance(plain, list) else []
