"""What the installer says, and how it ends."""

from __future__ import annotations

from pathlib import Path

from .system import borrow

OK, FAILED, USAGE, NO_EDITOR, TRIAL_FAILED, STOPPED = 0, 1, 2, 3, 4, 130

REMEDIES = (
    (
        ("no space left", "disk quota", "errno 28"),
        "The disk is full. Free some space (about 8 GiB) and run this again.",
    ),
    (
        ("temporary failure in name", "failed to establish", "connection", "timed out", "name or service", "proxy"),
        "The package registry cannot be reached. Check the network and the proxy, then run this again.",
    ),
    (
        ("(constraint)",),
        "A constraint in pip's settings forbids what Scumble needs. See: pip config list. Then run this again.",
    ),
    (
        ("(from versions: none)",),
        "A package could not be found. Either the package registry cannot be reached: check the network and the proxy. "
        "Or there is none for this Python and system: use a 64-bit Python 3.10 to 3.14. Then run this again.",
    ),
    (
        ("no matching distribution", "could not find a version"),
        "A package does not exist for this Python or system. Use a 64-bit Python 3.10 to 3.14.",
    ),
    (
        ("permission denied", "errno 13", "access is denied"),
        "A file cannot be written. Check who owns the folder, close Krita and GIMP, and run this again.",
    ),
    (
        ("read-only file system", "errno 30"),
        "That disk can only be read. Make it writable, or name another folder for Scumble in SCUMBLE_DATA.",
    ),
    (
        ("file exists", "not a directory", "errno 17", "errno 20"),
        "A file is where a folder has to be. Move it away, and run this again.",
    ),
)


class Failed(Exception):
    """Setting up failed; the text says why and what to do."""

    def __init__(self, text: str, code: int = FAILED) -> None:
        super().__init__(text)
        self.code = code


def say(text: str) -> None:
    """Tell the user how far it is."""
    print(f"» {text}", flush=True)


def remedy(output: str) -> str:
    """What to do about the error in a tool's output; empty where it is none that we know."""
    low = output.lower()
    return next((advice for marks, advice in REMEDIES if any(mark in low for mark in marks)), "")


def short(path: Path, home: Path) -> str:
    """A path for people: the home folder as “~”."""
    try:
        return str(Path("~") / path.relative_to(home))
    except ValueError:
        return str(path)


def never_fail_to_speak() -> None:
    """A terminal that lacks a letter shows what looks like it, or “?”."""
    borrow("words.speech").never_fail_to_speak()
