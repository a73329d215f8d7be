"""Output into a file or a pipe whose encoding lacks letters, as on Windows: no command ends by it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import scumble
from scumble.cli import main
from scumble.server.doctor import doctor

ENGINE = Path(scumble.__file__).parents[1]


def said(folder: Path, encoding: str, *words: str) -> tuple[int, bytes, bytes]:
    """The exit code of `scumble WORDS`, and what it printed."""
    folders = {f"SCUMBLE_{n.upper()}": str(folder / n) for n in ("runtime", "data", "cache", "logs")}
    environ = {**os.environ, **folders, "PYTHONPATH": str(ENGINE), "PYTHONIOENCODING": encoding}
    done = subprocess.run([sys.executable, "-m", "scumble", *words], env=environ, capture_output=True)
    return done.returncode, done.stdout, done.stderr


def said_here(folder: Path, encoding: str, patch: pytest.MonkeyPatch, *words: str) -> tuple[int, bytes, bytes]:
    """As `said`, in this process, where torch and the program are started but once for all code pages."""
    for name in ("runtime", "data", "cache", "logs"):
        patch.setenv(f"SCUMBLE_{name.upper()}", str(folder / name))
    streams = [io.TextIOWrapper(io.BytesIO(), encoding) for _ in range(2)]
    for name, stream in zip(("stdout", "stderr"), streams, strict=True):
        patch.setattr(sys, name, stream)
    patch.setattr(doctor.subprocess, "run", lambda command, **more: looked_at(tuple(command)))
    code = main(words)
    out, err = (stream.buffer.getvalue() for stream in streams if not stream.flush())  # type: ignore[attr-defined]
    return code, out, err


@cache
def looked_at(command: tuple[str, ...]) -> Any:
    return RUN(command, capture_output=True, env={**os.environ, "PYTHONPATH": str(ENGINE)})


RUN = subprocess.run


@pytest.mark.parametrize("encoding", ["cp437", "cp1252", "ascii"])
def test_help_and_lists_are_printed_with_marks_for_what_cannot_be(encoding: str, tmp_path: Path) -> None:
    for words in (["--help"], ["stylize", "--help"], ["styles"]):
        code, out, err = said(tmp_path, encoding, *words)
        assert (code, err) == (0, b"") and out
    assert "pictures x styles" in said(tmp_path, "ascii", "--help")[1].decode("ascii")


@pytest.mark.parametrize("encoding", ["latin-1", "cp437", "cp850", "ascii"])
def test_the_doctor_finds_no_fault_in_a_code_page(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if encoding == "ascii":
        code, out, err = said(tmp_path, encoding, "doctor")
    else:
        code, out, err = said_here(tmp_path, encoding, monkeypatch, "doctor")
    lines = out.decode(encoding).splitlines()
    assert (code, err) == (0, b"") and lines[-1] == "All is well."
    assert any(line.startswith("+ Engine's program:") for line in lines) and "codec" not in "".join(lines)
    assert not any(line.startswith("?") for line in lines), "a path may have letters that are lacking, a mark has not"


def test_json_is_utf_8_whatever_the_encoding(tmp_path: Path) -> None:
    words = ("stylize", "画家 Zoë.png", "--style", "starry-night", "-o", "o.png", "--json")
    code, out, err = said(tmp_path, "cp437", *words)
    assert code == 1 and "画家 Zoë.png" in json.loads(out.decode("utf-8").splitlines()[-1])["error"]["sentence"]
    assert b"Zo\x89.png" in err, "for people it is in theirs"
