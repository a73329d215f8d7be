"""The whole installer on every layout of folders there is: the right files in the right places, and gone again."""

from __future__ import annotations

import json
import os

import pytest

from installer.editors.plugin import plugin_files
from installer.health import site_packages
from plugins.assemble import msgpack_files

LINE = b"[python]\nenable_scumble_krita=true\n"
ROAMING, LOCAL, SUPPORT = "AppData/Roaming", "AppData/Local", "Library/Application Support"
STORE = f"{LOCAL}/Packages/49800Krita_x/LocalCache"
FLATPAKS = (".var/app/org.kde.krita", ".var/app/org.gimp.GIMP")
# platform, folders that are there, where the plug-ins go, where Krita's settings are, where the data is
LAYOUTS = {
    "linux": (
        "linux",
        (".local/share/krita/", ".config/GIMP/3.0/", ".config/GIMP/3.2/"),
        {
            ".local/share/krita/pykrita": "krita",
            ".config/GIMP/3.0/plug-ins": "gimp",
            ".config/GIMP/3.2/plug-ins": "gimp",
        },
        (".config/kritarc",),
        ".local/share/scumble",
    ),
    "flatpak": (
        "linux",
        (f"{FLATPAKS[0]}/data/krita/", f"{FLATPAKS[1]}/config/GIMP/3.0/"),
        {f"{FLATPAKS[0]}/data/krita/pykrita": "krita", f"{FLATPAKS[1]}/config/GIMP/3.0/plug-ins": "gimp"},
        (f"{FLATPAKS[0]}/config/kritarc",),
        ".local/share/scumble",
    ),
    "snap": (
        "linux",
        ("snap/krita/206/.local/share/krita/", "snap/gimp/508/.config/GIMP/3.0/"),
        {"snap/krita/206/.local/share/krita/pykrita": "krita", "snap/gimp/508/.config/GIMP/3.0/plug-ins": "gimp"},
        ("snap/krita/206/.config/kritarc",),
        ".local/share/scumble",
    ),
    "windows": (
        "win32",
        (f"{ROAMING}/krita/", f"{STORE}/Roaming/krita/", f"{ROAMING}/GIMP/3.0/"),
        {
            f"{ROAMING}/krita/pykrita": "krita",
            f"{STORE}/Roaming/krita/pykrita": "krita",
            f"{ROAMING}/GIMP/3.0/plug-ins": "gimp",
        },
        (f"{LOCAL}/kritarc", f"{STORE}/Local/kritarc"),
        f"{LOCAL}/scumble/data",
    ),
    "macos": (
        "darwin",
        (f"{SUPPORT}/krita/", f"{SUPPORT}/GIMP/3.0/"),
        {f"{SUPPORT}/krita/pykrita": "krita", f"{SUPPORT}/GIMP/3.0/plug-ins": "gimp"},
        ("Library/Preferences/kritarc",),
        f"{SUPPORT}/scumble",
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_right_files_in_the_right_places_and_gone_again(machine, layout):
    machine.platform, there, plugins, settings, data = LAYOUTS[layout]
    machine.add(*there)
    if layout == "snap":
        for name, revision in (("krita", "206"), ("gimp", "508")):
            (machine.home / "snap" / name / "current").symlink_to(revision)
    before = set(machine.contents())
    assert machine.install() == 0
    engine = machine.home / data / "engine"
    files = {e: plugin_files(e, msgpack_files(site_packages(engine))) for e in ("krita", "gimp")}
    expected = {f"{place}/{n}": c.data for place, editor in plugins.items() for n, c in files[editor].items()}
    expected.update(dict.fromkeys(settings, LINE))
    expected[f"{data}/scumble-sources.zip"] = b"sources"
    commands = {f"{data}/engine-command.json": [str(engine / "bin/python"), "-m", "scumble.server"]}
    if layout == "flatpak":
        words = ["flatpak-spawn", "--host", *commands[f"{data}/engine-command.json"]]
        commands.update({f"{box}/data/scumble/engine-command.json": words for box in FLATPAKS})
    here = machine.contents()
    found = {n: c for n, c in here.items() if not n.startswith(f"{data}/engine/") and n not in before}
    assert {n: json.loads(found.pop(n))["command"] for n in commands} == commands
    assert found == expected
    for place, editor in plugins.items():
        assert editor == "krita" or os.access(machine.home / place / "scumble/scumble.py", os.X_OK)
    assert machine.install("--uninstall") == 0
    assert set(machine.contents()) == before and not (machine.home / data).exists()
