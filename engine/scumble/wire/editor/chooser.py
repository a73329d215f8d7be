"""Choosing a style, in any editor: what there is to choose from, by which words it is found, which files are kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Callable, Iterable, List, Mapping, Sequence, Tuple

from ..protocol.paths import native
from ..request.stylechoice import StyleChoice
from ..words.translation import tr
from .forms import has_words
from .library import StyleEntry

SOURCES = ("library", "file", "layer")  # the grids to choose from
PATTERNS = ("*.png", "*.jpg", "*.jpeg", "*.webp", "*.tif", "*.tiff")  # of picture files
FIRST_STYLE = StyleChoice("library", "starry-night")  # where nothing was chosen yet
FILES = 24  # that are remembered

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

    @property
    def about(self) -> str:
        """Title and second line in one."""
        return ", ".join(filter(None, (self.title, self.below)))

    def matches(self, words: str) -> bool:
        """Whether each word is found in its title or what else is known of it."""
        return has_words(words, f"{self.title} {self.below} {self.words}")


def library_entries(styles: Iterable[StyleEntry], picture: Picture) -> List[Entry]:
    """The library's styles, as the engine orders them."""
    return [_entry(picture, "library", s.name, s.title, s.artist, " ".join([s.name, s.year, *s.tags])) for s in styles]


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


def why_nothing(source: str, searched: str, engine: str) -> str:
    """What is said where a grid shows nothing: of a search for words, or of the source; `engine` is how that is."""
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


def files_with(path: str, files: Sequence[str]) -> List[str]:
    """The files to remember once one more was used as a style, the last one first."""
    path = os.path.abspath(path)
    return [path, *(p for p in files if p != path)][:FILES]


def _entry(picture: Picture, source: str, name: str, title: str, below: str, words: str) -> Entry:
    choice = StyleChoice(source, name)
    return Entry(choice, title, below, words, picture(choice))
