"""What users read, in their language. English is the key: what has no translation is said as it is.

`zh.json` beside this file holds wire's own words in Chinese; a plug-in adds a folder with `zh.json` of its own.
Another language is one more file.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Dict, List, Mapping, Union

from ..protocol.errors import CASES, ScumbleError
from ..protocol.notes import NOTES, Note
from ..protocol.sentences import fill
from ..request.request import REQUEST_OPTIONS
from ..request.style import STYLE_OPTIONS
from ..request.stylechoice import CHOICE_OPTIONS

LABELS = {name: o.label for name, o in {**CHOICE_OPTIONS, **STYLE_OPTIONS, **REQUEST_OPTIONS}.items()}
# What engine and editors fill sentences with, beside names and numbers.
THINGS = ("picture", "content", "selection", "style", "layer", "result", "of all styles together")
PHRASES = (
    "a dictionary",
    "a finite number",
    "a list of styles",
    "a number",
    "a text of at most 200 characters",
    "a text of at most 4096 characters",
    "a whole number",
    "layer names",
    "layer names with weights from 0 to 1000",
    "layer names with weights, such as conv4_2:0.5",
    "true or false",
    "width and height",
    "1 channel of u8 or u16",
    "1 to 4 channels of u8, u16 or f32",
    "a picture reference",
    "it is a folder",
    "it is a volume, not a picture",
    "it is empty",
    "it is larger than 256 MiB",
    "it is missing",
    "it is not a file",
    "it is not a picture of a known kind",
    "it was not found on this machine",
    "its folder is read-only",
    "the file is damaged",
    "none left",
    "File name too long",
    "No space left on device",
    "Permission denied",
    "Read-only file system",
)


class _Speech:
    """The language that is spoken and its words."""

    def __init__(self) -> None:
        self.language = ""  # "" is English
        self.folders: List[Path] = []
        self.words: Dict[str, str] = {}

    def read(self) -> None:
        """Read the words of the language; a plug-in's stand before wire's."""
        own = Path(__file__).with_name(f"{self.language}.json")
        files = (own, *(folder / f"{self.language}.json" for folder in self.folders)) if self.language else ()
        self.words = {k: v for file in files for k, v in read_catalog(file).items()}


_speech = _Speech()


def use_language(code: str) -> None:
    """Speak the language of a code such as “zh_CN”, “zh-Hans” or “en_US.UTF-8”; one that is unknown is English."""
    parts = re.split(r"[^a-z]+", code.partition(".")[0].lower())
    traditional = {"hant", "tw", "hk", "mo"} & set(parts) and "hans" not in parts
    _speech.language = "" if traditional or not re.fullmatch("[a-z]{2,3}", parts[0]) else parts[0]
    _speech.read()


def add_catalog(folder: Path) -> None:
    """Add the words of a folder, one file a language: `zh.json` maps English to Chinese."""
    if folder not in _speech.folders:
        _speech.folders.append(folder)
    _speech.read()


def tr(text: str) -> str:
    """`text` in the user's language, or as it is."""
    return _speech.words.get(text, text)


def sentence(thing: Union[ScumbleError, Note]) -> str:
    """What happened, in the user's language."""
    if isinstance(thing, Note):
        return _note(thing)
    return _said(thing, CASES[thing.code].sentence, thing.sentence) if thing.code in CASES else thing.sentence


def remedy(error: ScumbleError) -> str:
    """What to do about it, in the user's language."""
    return _said(error, CASES[error.code].remedy, error.remedy) if error.code in CASES else error.remedy


def explain(error: BaseException, log: object = None) -> str:
    """What went wrong and what to do about it, for a person; of a fault of our own, the plug-in's log tells more."""
    if isinstance(error, ScumbleError):
        return f"{sentence(error)} {remedy(error)}".strip()
    if isinstance(error, ImportError):
        return tr("This copy of Scumble is incomplete or damaged. Please install it again with install.py.")
    return tr("Scumble met an error of its own. Try again; if it stays, report it with {log}").format(log=log or "–")


def read_catalog(file: Path) -> Dict[str, str]:
    """The words in a file; none where there is no file, or a damaged one."""
    try:
        plain = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    items = plain.items() if isinstance(plain, dict) else ()
    return {k: v for k, v in items if isinstance(v, str) and v}


def _said(error: ScumbleError, template: str, as_it_came: str) -> str:
    translated = tr(template)
    return as_it_came if translated == template else fill(translated, _values(error.code, error.values))


def _values(code: str, values: Mapping[str, object]) -> Dict[str, object]:
    """The values of a sentence, translated where they are words of ours and not a user's names."""

    def say(key: str, value: object) -> object:
        if not isinstance(value, str):
            return value
        if key == "name" and code.startswith("option-"):
            return tr(LABELS.get(value, value))
        ours = THINGS if key == "name" and code.startswith(("picture-", "mask-")) else PHRASES
        return tr(value) if value in ours else value

    return {key: say(key, value) for key, value in values.items()}


def _note(note: Note) -> str:
    if note.code not in NOTES:
        return note.sentence
    words, names = NOTES[note.code], note.fields.get("names")
    several = isinstance(names, tuple) and len(names) > 1
    template = words.many if several and words.many else words.one
    translated = tr(template)
    fields = {k: _joined(v) if isinstance(v, tuple) else v for k, v in note.fields.items()}
    return note.sentence if translated == template else fill(translated, fields)


def _joined(names: tuple[object, ...]) -> str:
    quoted = [f"“{name}”" for name in names]
    return tr(" and ").join(filter(None, (tr(", ").join(quoted[:-1]), *quoted[-1:]))) or "?"
