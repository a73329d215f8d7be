"""Notes: what a user should know of a run although it went well. Each has a stable code and a sentence, declared once.

As with errors, the fields that fill a sentence travel with it, so that a plug-in may translate it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple, Union

from .sentences import Value, fill, plain_value

PlainNote = Dict[str, Any]
Field = Union[Value, Tuple[Value, ...]]

MAX_NOTES = 16  # of a run
MAX_ITEMS = 64  # fields of a note, and values in one field
MAX_TEXT = 1000  # characters of a sentence, or of a value


class Words(NamedTuple):
    """The sentence of a code; `many` where the field `names` holds more than one."""

    one: str
    many: str = ""


NOTES: Dict[str, Words] = {
    "style-predicted": Words(  # names
        "The fast networks were not trained on {names}: it gets the strokes of the most similar style they know.",
        "The fast networks were not trained on {names}: each gets the strokes of the most similar style they know.",
    ),
    "style-network": Words(  # names
        "{names} has a network of its own, which paints no mixtures: here it gets the most similar style's strokes.",
        "{names} have networks of their own, which paint no mixtures: here each gets the most similar style's strokes.",
    ),
    "style-no-picture": Words(  # names
        "There is no picture of {names}: it is painted from its statistics.",
        "There is no picture of {names}: they are painted from their statistics.",
    ),
    "memory-smaller": Words(  # size, in pixels
        "There was too little memory for the whole size: it was painted at {size} px and enlarged."
    ),
    "strokes-limited": Words(  # size, in pixels
        "The finest strokes that the network knows are of a painting of {size} px: some are coarser than asked for."
    ),
    "frame-untouched": Words("What is to be painted is not in every frame: where it is not, the frame stays as it is."),
}


@dataclass(frozen=True)
class Note:
    """A note: a code of `NOTES` and the fields of its sentence. Lists of names become tuples.

    `said` is the sentence as the wire brought it, for a code that this version does not know.
    """

    code: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    said: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.code not in NOTES and not self.said:
            raise KeyError(self.code)
        object.__setattr__(self, "fields", {k: _plain_field(v) for k, v in self.fields.items()})

    @property
    def sentence(self) -> str:
        """The note in words."""
        words = NOTES.get(self.code)
        if words is None:
            return self.said
        names = self.fields.get("names")
        several = isinstance(names, tuple) and len(names) > 1
        return fill(words.many if several and words.many else words.one, _joined(self.fields))

    def to_plain(self) -> PlainNote:
        """Code, sentence and fields, for the wire."""
        fields = {k: list(v) if isinstance(v, tuple) else v for k, v in self.fields.items()}
        return {"code": self.code, "sentence": self.sentence, "fields": fields}

    @classmethod
    def from_plain(cls, plain: object) -> Optional[Note]:
        """The note that `to_plain` described; None for a damaged one, or an unknown one without a sentence."""
        if not isinstance(plain, Mapping):
            return None
        code, said = _text(plain.get("code")), _text(plain.get("sentence"))
        fields = plain.get("fields")
        if not code or (code not in NOTES and not said):
            return None
        named = list(fields.items())[:MAX_ITEMS] if isinstance(fields, Mapping) else []
        return cls(code, {str(k): v for k, v in named}, said)


def read_notes(plain: object) -> Tuple[Note, ...]:
    """The notes in a message, at most `MAX_NOTES`; damaged ones are left out."""
    if not isinstance(plain, (list, tuple)):
        return ()
    notes = map(Note.from_plain, plain[:MAX_NOTES])
    return tuple(n for n in notes if n is not None)


def _text(value: object) -> str:
    return value[:MAX_TEXT] if isinstance(value, str) else ""


def _plain_field(value: object) -> Field:
    if isinstance(value, (list, tuple)):
        return tuple(map(_plain_item, value[:MAX_ITEMS]))
    return _plain_item(value)


def _plain_item(value: object) -> Value:
    plain = plain_value(value)
    return plain[:MAX_TEXT] if isinstance(plain, str) else plain


def _joined(fields: Mapping[str, Any]) -> Dict[str, Any]:
    """Fields as a sentence shows them: names in quotes, with commas and an “and”."""
    return {
        k: _enumerated([f"“{v}”" for v in value]) if isinstance(value, tuple) else value for k, value in fields.items()
    }


def _enumerated(words: List[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:]))) or "?"
