"""Krita's settings, of which one line is ours; every other byte of them stays."""

from __future__ import annotations

from typing import List

KEY = b"enable_scumble_krita"
SECTION = b"[python]"


def enabled(text: bytes) -> bytes:
    """Settings with the plug-in switched on."""
    end = _line_end(text)
    wanted = KEY + b"=true" + end
    lines = _lines(text)
    ours = _ours(lines)
    if [lines[i].strip() for i in ours] == [wanted.strip()]:
        return text
    kept = [line for i, line in enumerate(lines) if i not in ours]
    start = next((i for i, line in enumerate(kept) if line.strip() == SECTION), None)
    if start is None:
        gap = b"" if not text else end if text.endswith(b"\n") else end * 2
        return b"".join(kept) + gap + SECTION + end + wanted
    if not kept[start].endswith(b"\n"):
        kept[start] += end
    return b"".join([*kept[: start + 1], wanted, *kept[start + 1 :]])


def disabled(text: bytes) -> bytes:
    """Settings without our line; its section goes with it where nothing else is in that."""
    lines = _lines(text)
    ours = _ours(lines)
    if not ours:
        return text
    lines = [line for i, line in enumerate(lines) if i not in ours]
    for start in [i for i, line in enumerate(lines) if line.strip() == SECTION][::-1]:
        stop = _section_end(lines, start)
        if not b"".join(lines[start + 1 : stop]).strip():
            gap = stop == len(lines) and start and not lines[start - 1].strip()
            del lines[start - 1 if gap else start : stop]
    return b"".join(lines)


def _lines(text: bytes) -> List[bytes]:
    """Lines with their ends: not by `splitlines`, which knows more ends than Krita."""
    return [line + b"\n" for line in text.split(b"\n")[:-1]] + [line for line in text.split(b"\n")[-1:] if line]


def _line_end(text: bytes) -> bytes:
    return b"\r\n" if b"\r\n" in text else b"\n"


def _section_end(lines: List[bytes], start: int) -> int:
    return next((i for i in range(start + 1, len(lines)) if lines[i].lstrip().startswith(b"[")), len(lines))


def _ours(lines: List[bytes]) -> List[int]:
    """The lines with our key in sections of that name."""
    found, inside = [], False
    for i, line in enumerate(lines):
        if line.lstrip().startswith(b"["):
            inside = line.strip() == SECTION
        elif inside and line.partition(b"=")[0].strip() == KEY:
            found.append(i)
    return found
