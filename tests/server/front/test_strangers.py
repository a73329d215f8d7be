"""Somebody without the token, and somebody with it who does not read: neither keeps the owner from his engine."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..people import ROOT, Person, two_people

CROWD = 2000
SECONDS = float(os.environ.get("SCUMBLE_CROWD_SECONDS", "8"))
FEW_FILES = 1024  # as many systems have by default; here no more can be had


@pytest.fixture
def people() -> Iterator[tuple[Person, Person]]:
    with two_people() as both:
        yield both


@ROOT
@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("few", [True, False], ids=["of few files", "of many files"])
def test_a_crowd_at_the_door_leaves_the_owner_his_engine(people: tuple[Person, Person], few: bool) -> None:
    zoe, soren = people
    zoe.prefix = ["prlimit", f"--nofile={FEW_FILES}:{FEW_FILES}"] if few else []
    zoe.suffix = ["--method-module", "slow_method"]
    zoe.more["SCUMBLE_NICENESS"] = "0"
    hers = zoe.tell("arrive")
    address = zoe.tell("address")
    files = Path(f"/proc/{hers['pid']}/fd")
    usual = zoe.tell("paint_in_turn", 3, 0.0)
    soren.begin("crowd", address, CROWD, SECONDS)
    took = zoe.tell("paint_in_turn", 20, SECONDS / 30)
    held = []  # one moment may be that of many callers at once, on a busy machine
    for _ in range(15):
        held.append(len(list(files.iterdir())))
        time.sleep(0.1)
    crowd = soren.answer()["is"]
    assert crowd["opened"] >= CROWD and crowd["ended"] > 0
    assert len(took) == 20 and max(took) < min(usual) + 5.0, took  # the machine may be busy; measured is far less
    assert statistics.median(held) < FEW_FILES / 2 and max(held) < 0.8 * FEW_FILES, "most of the files are left"
    print(f"usual {min(usual):.2f} s; then {sorted(took)[10]:.2f}, at most {max(took):.2f}; {held} files; {crowd}")
