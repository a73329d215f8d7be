"""Which wheels suit which machine: compared with pip's own list of tags, for machines that this one is not."""

from __future__ import annotations

from functools import cache

import pytest

from installer.wheels import Target, suits, this_machine

tags = pytest.importorskip("pip._vendor.packaging.tags")
OLD = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}
TARGETS = {
    "debian 13": Target((3, 13), "linux", "x86_64", (2, 41)),
    "an old linux": Target((3, 10), "linux", "x86_64", (2, 17)),
    "linux on arm": Target((3, 12), "linux", "aarch64", (2, 39)),
    "without a lock": Target((3, 13), "linux", "x86_64", (2, 41), threaded=True),
    "windows": Target((3, 13), "win", "amd64"),
    "windows on arm": Target((3, 12), "win", "arm64"),
    "mac": Target((3, 13), "macosx", "arm64", (14, 0)),
    "an older mac": Target((3, 11), "macosx", "arm64", (11, 0)),
}


def platforms(target: Target) -> list[str]:
    if target.system == "win":
        return [f"win_{target.machine}"]
    if target.system == "macosx":
        return list(tags.mac_platforms(target.release, target.machine))
    glibc = [f"manylinux_2_{n}_{target.machine}" for n in range(target.release[1], 4, -1)]
    old = [f"{name}_{target.machine}" for n, name in OLD.items() if n <= target.release[1]]
    return [*glibc, *old, f"linux_{target.machine}"]


@cache
def wheels(name: str) -> frozenset[str]:
    """The names of all wheels that pip would take there."""
    target = TARGETS[name]
    found = [
        *tags.cpython_tags(target.python, [target.abi], platforms(target)),
        *tags.compatible_tags(target.python, f"cp{target.python[0]}{target.python[1]}", platforms(target)),
    ]
    # A Python without the lock that every Python had takes no “abi3”; older pips did not know that.
    kept = [tag for tag in found if not (target.threaded and tag.abi == "abi3")]
    return frozenset(f"torch-2.9.0-{tag}.whl" for tag in kept)


@pytest.mark.parametrize("name", TARGETS)
def test_it_takes_what_pip_takes_and_nothing_else(name):
    target, mine = TARGETS[name], wheels(name)
    everything = frozenset().union(*map(wheels, TARGETS))
    assert len(mine) > 30 and len(everything) > 2 * len(mine)
    assert {wheel for wheel in everything if suits(wheel, target)} == mine


def test_here_it_takes_what_pip_takes_here():
    refused = [str(tag) for tag in tags.sys_tags() if not suits(f"torch-2.9.0-{tag}.whl", this_machine())]
    assert refused == []


@pytest.mark.parametrize(
    ("wheel", "names"),
    [
        ("torch-2.9.0-cp313-cp313-manylinux_2_28_x86_64.whl", ["debian 13"]),
        ("torch-2.9.0-cp313-cp313t-manylinux_2_28_x86_64.whl", ["without a lock"]),
        ("torch-2.9.0+cu128-cp312-cp312-manylinux_2_28_aarch64.whl", ["linux on arm"]),
        ("torch-2.9.0-cp313-cp313-win_amd64.whl", ["windows"]),
        ("torch-2.9.0-cp313-none-macosx_11_0_arm64.whl", ["mac"]),
        ("tifffile-2025.1-py3-none-any.whl", list(TARGETS)),
        ("six-1.17.0-2build-py2.py3-none-any.whl", list(TARGETS)),
        ("safetensors-0.5-cp38-abi3-macosx_10_12_universal2.macosx_11_0_arm64.whl", ["mac", "an older mac"]),
        ("pillow-11-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", ["an old linux"]),
        ("pillow-11-cp310-cp310-manylinux_2_28_x86_64.whl", []),  # its C library is too old
        ("pillow-11-pp310-pypy310_pp73-manylinux_2_17_x86_64.whl", []),
        ("numpy-3-cp312-abi3t-manylinux_2_28_x86_64.whl", ["without a lock"]),
        ("numpy-3-cp312-abi3.abi3t-manylinux_2_28_x86_64.whl", ["debian 13", "without a lock"]),
        ("notes.whl", []),
    ],
)
def test_which_machine_takes_which_wheel(wheel, names):
    assert [name for name, target in TARGETS.items() if suits(wheel, target)] == names


def test_machines_have_names():
    assert str(TARGETS["debian 13"]) == "Python 3.13 (cp313) on Linux x86_64, glibc 2.41"
    assert str(TARGETS["windows"]) == "Python 3.13 (cp313) on Windows amd64"
    assert str(TARGETS["mac"]) == "Python 3.13 (cp313) on macOS 14.0 arm64"
    assert str(Target((3, 11), "freebsd", "amd64")) == "Python 3.11 (cp311) on freebsd amd64"
