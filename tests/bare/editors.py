"""The real editors as a user of a bare machine starts them: nothing is added but the tests' bridge."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ..editors.display import Display
from ..gimp.gimpproc import GimpProcess
from ..krita.kritaproc import KritaProcess
from .machine import Machine

TESTS = Path(__file__).parents[1]


class InstalledKrita(KritaProcess):
    """Krita with what the installer put into its profile."""

    def __init__(self, machine: Machine, display: Display, *arguments: object) -> None:
        self.display = display
        self.home = machine.seen(machine.home)
        self.env = machine.environment(DISPLAY=display.name, SCUMBLE_BRIDGE=str(machine.shared / "krita.sock"))
        self.command = machine.words(["krita", "--nosplash", *arguments], self.env)
        self.log = machine.shared / "krita.log"
        self.seen: list[str] = []
        self._add_bridge(machine)

    def _add_bridge(self, machine: Machine) -> None:
        pykrita, kritarc = self.home / ".local/share/krita/pykrita", self.home / ".config/kritarc"
        shutil.copytree(TESTS / "krita/bridge", pykrita, dirs_exist_ok=True)
        kritarc.write_text(
            kritarc.read_text("utf-8").replace("[python]", "[python]\nenable_scumble_bridge=true"), "utf-8"
        )
        for path in (*pykrita.glob("scumble_bridge*"), kritarc):
            os.chown(path, machine.user, machine.user)


class InstalledGimp(GimpProcess):
    """GIMP, with its windows, with what the installer put into its profile."""

    def __init__(self, machine: Machine, display: Display) -> None:
        self.machine, self.display = machine, display
        self.home = machine.shared  # where the bridge and the log are
        shutil.copy(TESTS / "gimp/bridge.py", machine.shared)
        bus = {"DBUS_SESSION_BUS_ADDRESS": "disabled:", "NO_AT_BRIDGE": "1", "PYTHONUNBUFFERED": "1"}
        self.env = machine.environment(DISPLAY=display.name, SCUMBLE_BRIDGE=str(machine.shared / "gimp.sock"), **bus)
        self.log = machine.shared / "gimp.log"

    def command(self) -> list[str]:
        return self.machine.words(self.words(self.machine.shared / "bridge.py"), self.env)
