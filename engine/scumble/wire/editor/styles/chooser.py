"""Choosing a style, in any editor: what there is to choose from, by which words it is found, which files are kept."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from typing import Any, Callable, Iterable, List, Mapping, Sequence, Tuple

from ...protocol.paths import native
from ...request.stylechoice import StyleChoice
from ...words.translation import tr
from ..forms import has_words
from .library import StyleEntry

ALL, LIKED, LATEST = "", "liked", "latest"  # what is shown of a grid, beside the tags
MOST_TAGS = 12
SOURCES = ("library", "file", "layer")  # the grids to choose from
PATTERNS = ("*.png", "*.jpg", "*.jpeg", "*.webp", "*.tif", "*.tiff")  # of picture files
FIRST_STYLE = StyleChoice("library", "starry-night")  # where nothing was chosen yet

Picture = Callable[[StyleChoice], Any]  # an editor's small picture of a style, or None


@dataclass
class Entry:
    """What can be chosen: the choice, how it is called, and by which words it is found."""

    choice: StyleChoice
    title: str
    below: str = ""  # a second line: the artist, the folder
    words: str = ""
    picture: Any = None  # the editor's own, or None
    whole: str = ""  # for the tooltip, where title and second line are not all
    tags: Tuple[str, ...] = ()
    liked: bool = False  # a favourite
    latest: bool = False  # used lately

    @property
    def about(self) -> str:
        """Title and second line in one."""
        return ", ".join(filter(None, (self.title, self.below)))

    def matches(self, words: str, group: str = ALL) -> bool:
        """Whether it is in a `group` (`LIKED`, `LATEST` or a tag) and each word is found in what is known of it."""
        inside = {ALL: True, LIKED: self.liked, LATEST: self.latest}.get(group, group in self.tags)
        return inside and has_words(words, f"{self.title} {self.below} {self.words}")


def library_entries(styles: Iterable[StyleEntry], picture: Picture) -> List[Entry]:
    """The library's styles, as the engine orders them."""
    found = []
    for s in styles:
        entry = _entry(picture, "library", s.name, s.title, s.artist, " ".join([s.name, s.year, *s.tags]))
        entry.tags = s.tags
        found.append(entry)
    return found


def marked(entries: List[Entry], liked: Sequence[StyleChoice], latest: Sequence[StyleChoice]) -> List[Entry]:
    """The entries, with what a person likes and used lately marked; favourites stand first."""
    for entry in entries:
        entry.liked = any(entry.choice.is_same_style(c) for c in liked)
        entry.latest = any(entry.choice.is_same_style(c) for c in latest)
    return sorted(entries, key=lambda e: not e.liked)


def groups(styles: Iterable[StyleEntry]) -> List[Tuple[str, str]]:
    """What can be shown of a grid, with labels: all, favourites, used lately, and the tags met most."""
    counts = Counter(tag for s in styles for tag in s.tags)
    often = sorted((tag for tag, n in counts.most_common(MOST_TAGS) if n > 1), key=str.casefold)
    told = [(ALL, tr("All")), (LIKED, tr("Favourites")), (LATEST, tr("Used lately"))]
    return [*told, *((tag, tag.capitalize()) for tag in often)]


def file_entries(paths: Iterable[str], picture: Picture) -> List[Entry]:
    """Picture files by their names, with their folders'."""
    found = []
    for path in paths:
        folder, name = os.path.split(path)
        entry = _entry(picture, "file", path, os.path.splitext(name)[0], os.path.basename(folder), path)
        entry.whole = path
        found.append(entry)
    return found


def layer_entries(layers: Iterable[Tuple[str, str]], picture: Picture) -> List[Entry]:
    """Layers, given as (identity, indented name)."""
    choices = [StyleChoice("layer", name.strip(), identity) for identity, name in layers]
    return [Entry(choice, choice.name, picture=picture(choice)) for choice in choices]


def likely_styles(styles: Iterable[StyleEntry], liked: Iterable[StyleChoice] = ()) -> List[StyleChoice]:
    """The library's styles as choices, favourites first, then those of the user's own."""
    first = {c.name for c in liked if c.source == "library"}
    return [StyleChoice("library", s.name) for s in sorted(styles, key=lambda s: (s.name not in first, not s.own))]


def why_nothing(source: str, searched: str, engine: str, group: str = ALL) -> str:
    """What is said where a grid shows nothing: of a search for words, or of the source; `engine` is how that is."""
    if group == LIKED and not searched:
        return tr("No favourite yet. Choose a style and press Favourite.")
    if group == LATEST and not searched:
        return tr("No style was used yet.")
    if searched:
        return tr("Nothing is called so.")
    if source == "library":
        return tr("The library comes with the engine. {state}").format(state=engine)
    if source == "file":
        return tr("Any painting, photograph or texture can be a style. Pictures you use are kept here.")
    return tr("This picture has no layer to take a style from.")


def row_title(choice: StyleChoice, titles: Mapping[str, str]) -> str:
    """What a style's row calls it. Before the engine has told the library's `titles`, the name as a title."""
    unknown = choice.source == "library" and choice.name not in titles
    return choice.name.replace("-", " ").title() if unknown else choice.title(titles)


def files_there(kept: object) -> List[str]:
    """Of what was kept as files used as styles, those that are still there."""
    return [p for p in kept if isinstance(p, str) and os.path.isfile(native(p))] if isinstance(kept, list) else []


def _entry(picture: Picture, source: str, name: str, title: str, below: str, words: str) -> Entry:
    choice = StyleChoice(source, name)
    return Entry(choice, title, below, words, picture(choice))
