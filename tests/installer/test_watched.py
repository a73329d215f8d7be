"""How much pip has brought, said to a program that shows it."""

from __future__ import annotations

import sys

import pytest

from installer import commands

BRINGS = """
import os, tempfile, time
folder = tempfile.mkdtemp()
for _ in range(12):
    open(os.path.join(folder, "wheel"), "ab").write(b"x" * 1000)
    time.sleep(0.05)
"""


@pytest.fixture(autouse=True)
def nobody_watches():
    yield
    commands.count_into(None)


def brought(tmp_path, capsys):
    code, _ = commands.tee([sys.executable, "-c", BRINGS, "pip"], tmp_path)
    assert code == 0
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith(commands.BYTES)]
    return [int(line[len(commands.BYTES) :]) for line in said]


def test_what_comes_into_the_folder_is_counted_while_it_comes(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(commands, "COUNT_SECONDS", 0.1)
    commands.count_into(tmp_path)
    counts = [n for n in brought(tmp_path, capsys) if n]
    assert len(counts) > 1 and counts == sorted(set(counts)) and counts[-1] <= 12_000


def test_nobody_is_told_who_did_not_ask(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(commands, "COUNT_SECONDS", 0.1)
    assert brought(tmp_path, capsys) == []
