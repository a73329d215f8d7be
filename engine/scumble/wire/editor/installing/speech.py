"""What install.py prints while it works, as what a user reads."""

from __future__ import annotations

import re
from typing import List, Tuple

from ...words.translation import tr

MARK, BYTES, FAULT = "» ", "bytes: ", "✗ "  # how lines of the installer's begin
FAILED = "install.py: "
STOPPED, TRIAL_FAILED = 130, 4  # its exit codes
_WHEEL = re.compile(r"\s*Downloading (?:\S*/)?([A-Za-z0-9_.]+?)-\d\S* \(([^)]+)\)")


def stages() -> Tuple[Tuple[str, str], ...]:
    """How what the installer says begins, and what that is in the user's words."""
    packages = tr("Bringing the packages. PyTorch is large: this takes some minutes…")
    return (
        ("Scumble will compute on", tr("Looking at this machine…")),
        ("Setting Scumble up in", tr("Making a Python environment…")),
        ("Fetching pip", tr("Making a Python environment…")),
        ("Looking for torch's build", tr("Looking for a PyTorch that suits this machine…")),
        ("Installing the packages", packages),
        ("Bringing the packages up to date", packages),
        ("Looking at what was installed", tr("Looking at what was installed…")),
        ("Painting a small picture", tr("Painting a small picture, to try it out…")),
    )


class Told:
    """What was told so far: `stage`, `detail` and `counted` are for a user, empty where there is nothing to say."""

    def __init__(self) -> None:
        self.stage, self.detail, self.counted = tr("Unpacking the installer…"), "", ""
        self._lines: List[str] = []

    def take(self, line: str) -> None:
        """One more line."""
        if line.startswith(BYTES):
            count = int(line[len(BYTES) :]) if line[len(BYTES) :].isdigit() else 0
            self.counted = tr("{n} MB brought so far").format(n=round(count / 1e6)) if count > 5e5 else ""
            return
        self._lines.append(line)
        if line.startswith(MARK):
            said = line[len(MARK) :]
            self.stage = next((words for begin, words in stages() if said.startswith(begin)), self.stage)
            self.detail = self.counted = ""
            return
        wheel = _WHEEL.match(line)
        if wheel:
            self.detail = tr("{name}, {size}").format(name=wheel[1].replace("_", "-"), size=wheel[2])
        elif line.startswith("Installing collected packages"):
            self.detail, self.counted = tr("Unpacking the packages"), ""

    def why(self, code: int) -> str:
        """Why it failed and what to do: the installer's own sentence, else its last words."""
        if code == TRIAL_FAILED:
            faults = [line for line in self._lines if line.startswith(FAULT)]
            return " ".join([tr("The engine was installed, but trying it out failed."), *faults[-3:]])
        begins = [i for i, line in enumerate(self._lines) if line.startswith(FAILED)]
        if begins:
            said = self._lines[begins[-1] :]
            return "\n".join([said[0][len(FAILED) :], *said[1:6]]).strip()
        last = " / ".join(line.strip() for line in self._lines[-3:] if line.strip())
        return tr("The installer ended with {code}: {last}").format(code=code, last=last[-400:] or "–")
