"""Every editor is found, on every system, and its plug-ins go where it looks for them."""

from __future__ import annotations

import plistlib
from pathlib import Path

import pytest

from installer.editors.search import given, sandboxes, search
from installer.speech import Failed


def places(machine, wanted=""):
    """Titles and folders under the machine's root."""
    return {p.title: p.plugins.relative_to(machine.root).as_posix() for p in search(machine.system, wanted).profiles}


def at_home(machine, **names):
    return {t.replace("_", " "): f"home/{machine.home.name}/{n}" for t, n in names.items()}


def test_nothing_is_found_where_nothing_is_and_it_says_where_it_looked(machine):
    found = search(machine.system)
    assert found.profiles == [] and found.hints == []
    assert any(".local/share/krita" in p for p in found.looked_at) and any("GIMP" in p for p in found.looked_at)


def test_linux(machine):
    machine.add(".local/share/krita/", ".config/GIMP/3.0/", ".config/GIMP/3.2/", ".config/GIMP/2.10/")
    gimps = {f"GIMP {v}": f"home/{machine.home.name}/.config/GIMP/{v}/plug-ins" for v in ("3.0", "3.2")}
    assert places(machine) == {**at_home(machine, Krita=".local/share/krita/pykrita"), **gimps}
    assert set(places(machine, "gimp")) == set(gimps) and places(machine, "none") == {}


def test_linux_with_folders_of_its_own(machine):
    machine.environ = {"XDG_DATA_HOME": str(machine.root / "d"), "XDG_CONFIG_HOME": "relative"}
    machine.add("/d/krita/", ".config/GIMP/3.0/")
    assert places(machine)["Krita"] == "d/krita/pykrita"
    assert places(machine)["GIMP 3.0"].endswith(".config/GIMP/3.0/plug-ins")


def test_krita_whose_resources_were_moved(machine):
    machine.add("/art/")
    machine.add(".config/kritarc", text=f"ResourceDirectory={machine.root / 'art'}\n[x]\n")
    (krita,) = search(machine.system).profiles
    assert krita.plugins == machine.root / "art/pykrita" and krita.settings == machine.home / ".config/kritarc"


def test_flatpak(machine):
    machine.add(".var/app/org.kde.krita/data/krita/", "/var/lib/flatpak/app/org.gimp.GIMP/")
    machine.programs["flatpak"] = "ID: org.gimp.GIMP\nVersion: 3.0.4\nLicense: GPL-3.0+\n"
    expected = {
        "Krita from Flatpak": ".var/app/org.kde.krita/data/krita/pykrita",
        "GIMP 3.0": ".config/GIMP/3.0/plug-ins",
    }
    assert places(machine) == at_home(machine, **expected)
    machine.add(".var/app/org.gimp.GIMP/config/GIMP/3.0/", ".config/GIMP/3.0/")
    assert set(places(machine)) == {"Krita from Flatpak", "GIMP 3.0", "GIMP 3.0 from Flatpak"}
    boxes = {b.name: b.data.relative_to(machine.home).as_posix() for b in sandboxes(machine.system)}
    assert boxes["org.kde.krita"] == ".var/app/org.kde.krita/data/scumble" and "org.gimp.GIMP" in boxes


def test_snap(machine):
    machine.add("snap/krita/206/.local/share/krita/", "snap/gimp/508/.config/GIMP/3.0/", "/snap/krita/")
    (machine.home / "snap/krita/current").symlink_to("206")
    (machine.home / "snap/gimp/current").symlink_to("508")
    expected = {
        "Krita from a snap": "snap/krita/206/.local/share/krita/pykrita",
        "GIMP 3.0 from a snap": "snap/gimp/508/.config/GIMP/3.0/plug-ins",
    }
    assert places(machine) == at_home(machine, **expected)
    assert [b.kind for b in sandboxes(machine.system)] == ["snap", "snap"]


def test_a_snap_that_was_never_started_has_no_folders_yet(machine):
    machine.add("/snap/krita/")
    found = search(machine.system)
    assert found.profiles == [] and "start it once" in found.hints[0]


def test_app_images_share_the_plain_folders(machine):
    machine.add("Downloads/krita-5.2.9-x86_64.AppImage", "Applications/GIMP-3.0.6-x86_64.appimage")
    expected = {"Krita": ".local/share/krita/pykrita", "GIMP 3.0": ".config/GIMP/3.0/plug-ins"}
    assert places(machine) == at_home(machine, **expected)


def test_windows(machine):
    machine.platform = "win32"
    base = machine.home / "AppData"
    machine.environ = {
        "APPDATA": str(base / "Roaming"),
        "LOCALAPPDATA": str(base / "Local"),
        "ProgramFiles": str(machine.root / "Program Files"),
    }
    machine.add("/Program Files/Krita (x64)/bin/krita.exe", "AppData/Roaming/GIMP/3.0/")
    machine.add("AppData/Local/Packages/49800Krita_abc/LocalCache/Roaming/krita/")
    expected = {
        "Krita": "AppData/Roaming/krita/pykrita",
        "Krita from the Store": "AppData/Local/Packages/49800Krita_abc/LocalCache/Roaming/krita/pykrita",
        "GIMP 3.0": "AppData/Roaming/GIMP/3.0/plug-ins",
    }
    assert places(machine) == at_home(machine, **expected)
    plain, store = search(machine.system, "krita").profiles
    assert plain.settings == base / "Local/kritarc" and store.settings.parts[-2:] == ("Local", "kritarc")
    assert machine.system.own("data") == base / "Local/scumble/data" and sandboxes(machine.system) == []


def test_windows_gimp_that_was_never_started(machine):
    machine.platform = "win32"
    machine.environ = {"ProgramFiles": str(machine.root / "pf")}
    machine.add("/pf/GIMP 3/bin/gimp-3.0.exe", "/pf/GIMP 3/bin/gimp-console-3.0.exe")
    assert places(machine, "gimp") == at_home(machine, **{"GIMP 3.0": "AppData/Roaming/GIMP/3.0/plug-ins"})


def test_macos(machine):
    machine.platform = "darwin"
    machine.add("/Applications/krita.app/", "/Applications/GIMP.app/Contents/")
    plist = machine.root / "Applications/GIMP.app/Contents/Info.plist"
    plist.write_bytes(plistlib.dumps({"CFBundleShortVersionString": "3.2.0"}))
    support = "Library/Application Support"
    expected = {"Krita": f"{support}/krita/pykrita", "GIMP 3.2": f"{support}/GIMP/3.2/plug-ins"}
    assert places(machine) == at_home(machine, **expected)
    assert search(machine.system, "krita").profiles[0].settings == machine.home / "Library/Preferences/kritarc"
    plist.write_bytes(b"rubbish")
    assert list(places(machine)) == ["Krita"]  # without a version there is no folder to make


def test_a_krita_that_was_never_started(machine):
    machine.programs["krita"] = ""
    (krita,) = search(machine.system, "krita").profiles
    assert krita.fresh and krita.plugins == machine.home / ".local/share/krita/pykrita"


def test_gimps_folder_is_not_made_where_gimp_would_take_over_older_settings(machine):
    machine.programs["gimp"] = "GNU Image Manipulation Program version 3.2.1"
    assert list(places(machine)) == ["GIMP 3.2"]
    machine.add(".config/GIMP/3.0/")
    assert list(places(machine)) == ["GIMP 3.0"]
    assert "GIMP 3.2 has not been started yet" in search(machine.system).hints[0]


def test_an_old_gimp_is_told_of(machine):
    machine.add(".config/GIMP/2.10/")
    machine.programs["gimp"] = "GNU Image Manipulation Program version 2.10.34"
    found = search(machine.system)
    assert found.profiles == [] and "too old" in found.hints[0]


def test_gimps_own_variable_is_heeded(machine):
    machine.environ["GIMP3_DIRECTORY"] = str(machine.home / "gimp")
    assert places(machine, "gimp") == at_home(machine, GIMP="gimp/plug-ins")


@pytest.mark.parametrize(
    ("folder", "wanted", "editor", "plugins"),
    [
        ("x/krita", "", "krita", "x/krita/pykrita"),
        ("x/pykrita", "", "krita", "x/pykrita"),
        ("x/GIMP/3.0", "", "gimp", "x/GIMP/3.0/plug-ins"),
        ("x/plug-ins", "", "gimp", "x/plug-ins"),
        ("x/mine", "gimp", "gimp", "x/mine/plug-ins"),
    ],
)
def test_a_profile_that_is_named(machine, folder, wanted, editor, plugins):
    profile = given(machine.system, Path("/").joinpath(folder), wanted)
    assert (profile.editor, profile.plugins) == (editor, Path("/") / plugins)
    assert (profile.settings is not None) == (editor == "krita")


def test_a_profile_that_tells_nothing_is_refused(machine):
    with pytest.raises(Failed, match="--editor krita or --editor gimp"):
        given(machine.system, Path("/x/mine"))
