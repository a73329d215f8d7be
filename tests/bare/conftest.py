"""install.py on bare machines, from a clone to a layer in the real editor: with SCUMBLE_BARE set to

    some    one machine: Debian 13 with GIMP and Krita, an ordinary user (what .ci/run takes)
    all     Debian 12 with Krita too, root too, and an installation without a network

Each takes minutes and 6 GB of disk while it runs, and what an installation takes of the package registry.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import skimage
from PIL import Image

from ..editors.display import Display
from ..editors.tree import is_made, tree_folder
from .machine import Machine

WANTED = os.environ.get("SCUMBLE_BARE", "")
MINUTES = 25
MACHINES = {
    "trixie-user": ("some", "all"),
    "trixie-root": ("all",),
    "bookworm-user": ("all",),
    "bookworm-root": ("all",),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "machine" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(MINUTES * 60))


@pytest.fixture
def display() -> Iterator[Display]:
    screen = Display()
    yield screen
    screen.close()


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest) -> Iterator[Machine]:
    """A machine with a user, the project's clone and a photograph."""
    if WANTED not in MACHINES[request.param]:
        pytest.skip("installs on bare machines are tried with SCUMBLE_BARE=some or all")
    release, _, user = request.param.partition("-")
    tree = tree_folder(release)
    assert is_made(tree, release) and os.geteuid() == 0, f"as root: python3 tests/editors/tree.py {release}"
    made = Machine(tree, root=user == "root")
    try:
        _photograph(made)
        yield made
    finally:
        made.close()


def _photograph(machine: Machine) -> None:
    with Image.open(Path(skimage.__file__).parent / "data/coffee.png") as picture:
        path = machine.seen(machine.home) / "Größe 1.png"
        picture.convert("RGB").crop((100, 40, 500, 340)).save(path)
    os.chown(path, machine.user, machine.user)
