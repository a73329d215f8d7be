"""What the window in which a style is ordered says, in both editors."""

from __future__ import annotations

from typing import NamedTuple

from ...words.translation import tr


class Labels(NamedTuple):
    """Labels, and what is said of them."""

    window: str
    intro: str
    open_help: str  # of the button that opens the window
    painting: str
    painting_help: str
    time: str
    time_help: str
    title_hint: str
    photographs_hint: str
    tags_hint: str
    browse: str
    ask_file: str
    ask_folder: str
    learn: str
    learn_help: str
    close: str


def labels() -> Labels:
    """In the language that is spoken now."""
    return Labels(
        window=tr("Scumble: Learn a Style"),
        intro=tr("The engine learns from one painting, and can then paint like it at once. You can work on meanwhile."),
        open_help=tr("Learn to paint like a layer or a picture, in the background."),
        painting=tr("Painting"),
        painting_help=tr("What the style is learned from: a layer, or a picture file."),
        time=tr("Time"),
        time_help=tr("The longer it learns, the closer it comes to the painting."),
        title_hint=tr("For example: The Great Wave"),
        photographs_hint=tr("Your folder of pictures"),
        tags_hint=tr("For example: sea, woodcut"),
        browse=tr("Choose…"),
        ask_file=tr("A painting to learn from"),
        ask_folder=tr("A folder of photographs"),
        learn=tr("Learn"),
        learn_help=tr("Have the engine learn it in the background."),
        close=tr("Close"),
    )
