"""One command from nothing to a menu entry: a clone, install.py, and the real editors paint with what it installed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from ..editors.display import Display
from .journeys import paint_in_gimp, paint_in_krita
from .machine import Machine

ENTRIES = {"Krita": "Filter ▸ Scumble: Style Transfer…", "GIMP": "Filters ▸ Scumble ▸ Style Transfer…"}
EDITORS = {"trixie": ("Krita", "GIMP"), "bookworm": ("Krita",)}
JOURNEYS = {"Krita": paint_in_krita, "GIMP": paint_in_gimp}
ENGINE = ".local/share/scumble/engine"
TEMPORARY = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
WRITTEN = (".cache/", ".local/state/scumble/", ".local/share/scumble/last-")  # by the engine itself, whenever it works


def install(machine: Machine, clone: Path, *options: str) -> str:
    """Run install.py; what it said."""
    done = machine.run("python3", clone / "install.py", *options)
    assert done.code == 0
    return done.text


def others(names: Iterable[str]) -> set[str]:
    """The files that no work of the engine changes."""
    return {name for name in names if not name.startswith(WRITTEN)}


def check_nothing_is_left(machine: Machine, before: Iterable[str]) -> None:
    """After uninstalling: nothing of ours, wherever it was."""
    rest = set(machine.listing(machine.home)) - set(before)
    assert not [name for name in rest if "scumble" in name.lower() and "scumble_bridge" not in name]
    kritarc = machine.seen(machine.home / ".config/kritarc")
    assert not kritarc.exists() or "scumble_krita" not in kritarc.read_text("utf-8")
    ours = [p for f in TEMPORARY for p in machine.seen(f).glob("*scumble*") if p.stat().st_uid == machine.user]
    assert not ours and not list(machine.seen(machine.runtime).glob("*scumble*"))


def test_from_a_clone_to_a_layer_and_back(machine: Machine, display: Display) -> None:
    editors = EDITORS[machine.tree.name]
    clone = machine.clone()
    before = machine.listing(machine.home)
    said = install(machine, clone)
    assert [name for name, entry in ENTRIES.items() if entry in said] == list(editors)
    installed = machine.listing(machine.home)
    install(machine, clone)
    again = machine.listing(machine.home)
    assert {name: again[name] for name in others(again)} == {name: installed[name] for name in others(installed)}

    for name in editors:
        JOURNEYS[name](machine, display)
    assert machine.processes(f"{ENGINE}/bin/python"), "the engine outlives the editors"
    doctor = machine.run(machine.home / ENGINE / "bin/scumble", "doctor", "--json")
    assert doctor.code == 0 and json.loads(doctor.text)

    install(machine, clone, "--uninstall")
    assert not machine.processes("scumble.server")
    check_nothing_is_left(machine, before)
