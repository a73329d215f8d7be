"""The errors of styles of the user's own, and of learning them: sentence and remedy by code."""

from __future__ import annotations

from typing import Dict, Tuple

TRAINING: Dict[str, Tuple[str, str]] = {
    "style-name": (
        "“{name}” cannot be the name of a style.",
        "Give --name small letters, digits and hyphens, at most 48.",
    ),
    "style-taken": ("There is a style “{name}” already.", "Give another name (or --replace, for a style of your own)."),
    "style-shipped": ("The style “{name}” is part of the package.", "Only styles of your own can be changed."),
    "style-file": (
        "“{name}” is no style that can be used: {reason}.",
        "Have it written again: scumble styles export NAME",
    ),
    "painting-missing": ("No painting was chosen to learn from.", "Choose a layer, or open a picture."),
    "painting-small": (
        "The painting “{name}” is {width}×{height} pixels; both sides need {least}.",
        "Use a larger picture of it.",
    ),
    "contents-missing": (
        "There are no photographs to train on in “{path}”: {reason}.",
        "Give a folder with photographs of at least {least}×{least} pixels; it is searched with all it holds.",
    ),
    "generator-missing": (
        "No generator's weights are in this package, so that no style can be added to one.",
        "Install a package with its weights; see: scumble models",
    ),
    "checkpoint-missing": ("There is nothing to resume in “{path}”.", "Leave --resume out to start."),
    "checkpoint-unusable": (
        "The training in “{path}” cannot go on: {reason}.",
        "Remove that folder to start anew, or give another --out.",
    ),
    "style-untitled": ("The style has no name.", "Give it one, such as the painting's title."),
    "training-known": (
        "A style “{name}” is being learned already.",
        "Give another name, or cancel or resume the one that was begun.",
    ),
    "training-unknown": ("No style “{name}” is being learned.", "It may have been cancelled; begin it again."),
    "training-limit": ("{count} styles are being learned already.", "Wait for some to end, or cancel them."),
    "training-died": (
        "The training of “{name}” ended: {reason}.",
        "Resume it, and it goes on from what was kept; see the log: {log}",
    ),
    "training-missing": (
        "This engine cannot learn styles.",
        "Update Scumble on the machine that it runs on, then start it again.",
    ),
    "training-running": ("Another process trains in “{path}”.", "Wait for its end, or give another name or --out."),
}
