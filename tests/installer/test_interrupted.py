"""Killed at any change of the disk, the next run completes, and what the user had is never lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from plugins import assemble

from .conftest import Killed

KRITARC = b"[a]\nb=c\n\n[python]\nenable_other=true\n"
FEW = ("__init__.py", "boot.py", "scumble.py", "scumble_krita.desktop", "dialog", "windows", "engine")


@pytest.fixture(autouse=True)
def few_files(machine, sources, tmp_path, monkeypatch):
    """Plug-ins of some dozen files, in folders within folders: one more of five hundred is copied as they are."""

    def others(folder, names):
        inside = Path(folder).name in FEW
        return [n for n in names if not (inside or n in FEW or n.startswith("scumble") or n in ("krita", "gimp"))]

    for name, attribute in (("plugins", "PLUGINS"), ("wire", "WIRE")):
        shutil.copytree(sources / name, tmp_path / name, ignore=others)
        monkeypatch.setattr(assemble, attribute, tmp_path / name)


def prepare(machine):
    """A Krita and a GIMP with an older plug-in each, so that every way of replacing is gone."""
    machine.add(".local/share/krita/pykrita/scumble_krita/old.py", ".local/share/krita/pykrita/scumble_krita.action")
    machine.add(".config/GIMP/3.0/plug-ins/scumble/scumble.py", ".config/GIMP/3.0/plug-ins/mine/mine.py", text="older")
    machine.add(".config/kritarc", text=KRITARC.decode())


def points(steps, every=9):
    """Numbers of steps: all that are not one more of many alike, and some of those."""
    plain = [n for n, what in enumerate(steps, 1) if "write" not in what or "/." not in what]
    return sorted({*plain, *range(1, len(steps) + 1, every)})


def attempt(machine, number, *words):
    """Run until the step; whether it was killed."""
    machine.kill_at(number)
    try:
        machine.install(*words)
    except Killed:
        return True
    finally:
        machine.kill_at(0)
    return False


def reset(machine, saved=None):
    """Everything away; then what was saved."""
    shutil.rmtree(machine.home)
    machine.home.mkdir()
    for name, data in (saved or {}).items():
        path = machine.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@pytest.fixture
def finished(machine):
    """The steps of a whole run, and what it leaves."""
    prepare(machine)
    machine.install()
    return list(machine.steps), machine.contents()


def test_an_installation_killed_anywhere_is_completed_by_the_next(machine, finished):
    steps, want = finished
    chosen = points(steps)
    assert len(chosen) >= 20
    for number in chosen:
        reset(machine)
        prepare(machine)
        assert attempt(machine, number), steps[number - 1]
        kept = (machine.home / ".config/kritarc").read_bytes()
        assert b"[a]\nb=c\n" in kept and b"enable_other=true" in kept
        assert (machine.home / ".config/GIMP/3.0/plug-ins/mine/mine.py").is_file()
        assert machine.install() == 0
        assert machine.contents() == want, steps[number - 1]


def test_killed_twice_it_is_completed_as_well(machine, finished):
    steps, want = finished
    for number in points(steps)[::4]:
        reset(machine)
        prepare(machine)
        attempt(machine, number)
        attempt(machine, number // 2)
        attempt(machine, 3)
        assert machine.install() == 0
        assert machine.contents() == want, steps[number - 1]


def test_an_update_killed_anywhere_is_completed_by_the_next(machine, finished, monkeypatch):
    _, want = finished
    older = {**want, ".local/share/krita/pykrita/scumble_krita/boot.py": b"older"}
    older[".local/share/scumble/engine/scumble-stamp"] = b"older\n"
    reset(machine, older)
    machine.kill_at(0)
    machine.install()
    steps = list(machine.steps)
    for number in points(steps):
        reset(machine, older)
        assert attempt(machine, number), steps[number - 1]
        assert machine.install() == 0
        assert machine.contents() == want, steps[number - 1]


def test_an_uninstallation_killed_anywhere_is_completed_by_the_next(machine, finished):
    _, installed = finished
    own = {".local/share/scumble/styles/mine.json": b"made", ".config/GIMP/3.0/plug-ins/mine/mine.py": b"older"}
    before = {**installed, **own}
    reset(machine, before)
    machine.kill_at(0)
    machine.install("--uninstall")
    steps = list(machine.steps)
    assert machine.contents() == {**own, ".config/kritarc": KRITARC} and len(steps) >= 8
    for number in range(1, len(steps) + 1):
        reset(machine, before)
        assert attempt(machine, number, "--uninstall"), steps[number - 1]
        machine.install("--uninstall")
        assert machine.contents() == {**own, ".config/kritarc": KRITARC}, steps[number - 1]
