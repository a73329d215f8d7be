"""What a page for choosing a style knows: three grids, thinned out by words and a group, favourites, files used before.

An editor draws it and says what is typed, turned to and taken.
"""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, List, Optional, Tuple

from ...request.stylechoice import StyleChoice
from ...words.translation import tr
from . import picks
from .chooser import ALL, Entry, file_entries, groups, layer_entries, library_entries, marked, why_nothing


class Browsing:
    """`chosen` is the style of the row that is chosen for; `source` the grid that is shown, and `group` what of it."""

    def __init__(self, library: Any, thumbs: Any, layers: Any, engine: Callable[[], str]) -> None:
        """`library` has `styles`, `thumbs` makes pictures, `layers` has `entries`; `engine` says how the engine is."""
        self._library, self._thumbs, self._layers, self._engine = library, thumbs, layers, engine
        self.chosen: Optional[StyleChoice] = None
        self.source, self.words, self._group = "library", "", ALL

    def begin(self, chosen: Optional[StyleChoice]) -> str:
        """Choose for this style's row, or None for a new row; the source of the grid to begin with."""
        self.chosen, self.words = chosen, ""
        self.source = chosen.source if chosen is not None else "library"
        return self.source

    def entries(self) -> Dict[str, List[Entry]]:
        """Library, files and layers as they are now, by source."""
        pair, liked, latest = self._thumbs.pair, picks.favourites(), picks.recent()
        found = {
            "library": library_entries(self._library.styles, pair),
            "file": file_entries(picks.files(), pair),
            "layer": layer_entries(self._layers.entries, pair),
        }
        return {source: marked(entries, liked, latest) for source, entries in found.items()}

    def groups(self) -> List[Tuple[str, str]]:
        """The groups that can be shown, with labels."""
        return groups(self._library.styles)

    @property
    def grouped(self) -> bool:
        """Whether the grid that is shown has groups: layers have none."""
        return self.source != "layer"

    @property
    def group(self) -> str:
        """The group that is shown of the grid."""
        return self._group if self.grouped else ALL

    @group.setter
    def group(self, group: str) -> None:
        self._group = group

    def why_nothing(self) -> str:
        """What is said where the grid shows nothing."""
        return why_nothing(self.source, self.words, self._engine(), self.group)

    def can_like(self, entry: Optional[Entry]) -> bool:
        """Whether it can be a favourite: layers belong to one picture."""
        return entry is not None and entry.choice.source in picks.KEPT

    def like_label(self, entry: Optional[Entry]) -> str:
        """What the button for favourites says."""
        return ("★  " if entry is not None and entry.liked else "☆  ") + tr("Favourite")

    def like(self, entry: Entry, liked: bool) -> None:
        """Make it a favourite, or no more."""
        entry.liked = liked
        picks.mark(entry.choice, liked)

    def take(self, choice: StyleChoice) -> None:
        """It was chosen: a file is remembered."""
        if choice.source == "file":
            picks.use([choice])

    def folder(self) -> str:
        """Where the file that was used last lies; empty where none was."""
        files = picks.files()
        return os.path.dirname(files[0]) if files else ""
