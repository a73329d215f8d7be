"""A folder of wheels, carried to a machine without a network: it installs and paints."""

from __future__ import annotations

import pytest

from .journeys import PHOTO
from .machine import Machine
from .test_install import ENGINE, check_nothing_is_left

ASK = "import socket; socket.create_connection(('192.0.2.1', 80), 5)"  # an address that is nobody's


@pytest.mark.parametrize("machine", ["bookworm-user"], indirect=True)
def test_without_a_network(machine: Machine) -> None:
    clone = machine.clone()
    python, wheels = machine.home / "wheels/bin/python", machine.home / "Räder"
    assert machine.run("python3", "-m", "venv", machine.home / "wheels").code == 0
    assert machine.run(python, "-m", "pip", "wheel", "--quiet", "--wheel-dir", wheels, clone).code == 0
    before = machine.listing(machine.home)

    refused = machine.run("python3", "-c", ASK, network=False)
    assert refused.code == 1 and "unreachable" in refused.text
    done = machine.run("python3", clone / "install.py", "--offline", wheels, network=False)
    assert done.code == 0 and "A small picture was painted" in done.text

    painted = machine.home / "out.png"
    words = ["stylize", machine.home / PHOTO, "--style", "starry-night", "--method", "fast", "-o", painted]
    assert machine.run(machine.home / ENGINE / "bin/scumble", *words, network=False).code == 0
    assert machine.seen(painted).stat().st_size > 50_000

    assert machine.run("python3", clone / "install.py", "--uninstall", network=False).code == 0
    check_nothing_is_left(machine, before)
