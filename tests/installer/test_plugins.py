"""install.py's own work on a made-up machine: the plug-ins, again, anew, mended and taken away."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from installer.speech import NO_EDITOR, OK, TRIAL_FAILED, Failed

DOCS = Path(__file__).parents[2] / "docs/install.md"
ALLOWED = """[Context]
filesystems=xdg-run/scumble:create;

[Session Bus Policy]
org.freedesktop.Flatpak=talk
"""
KRITA = ".local/share/krita/pykrita"
GIMP = ".config/GIMP/3.0/plug-ins"
LINE = b"enable_scumble_krita=true"
MADE = (
    "styles/mine.json",
    "pictures/scream.jpg",
    "presets/sky.json",
    "keys/server.key_secret",
    "keys/clients/desk.key",
    "remote.json",
)
BEFORE = b"ResourceDirectory=\n[MainWindow]\nState=\xff\xfe==\n\n[python]\nenable_other=false\n\n[theme]\nTheme=x\n"


@pytest.fixture
def both(machine):
    """A machine with a Krita that has settings and another plug-in, and with two GIMPs."""
    machine.add(f"{KRITA}/other/__init__.py", text="theirs")
    machine.add(".config/GIMP/3.0/", ".config/GIMP/3.2/", ".config/kritarc")
    (machine.home / ".config/kritarc").write_bytes(BEFORE)
    (machine.home / ".config/kritarc").chmod(0o600)
    return machine


def test_everything_is_installed_and_a_second_time_nothing_changes(both, capsys):
    assert both.install() == OK
    home = both.home
    for name in ("scumble_krita.desktop", "scumble_krita.action", "scumble_krita/wire/msgpack/fallback.py"):
        assert (home / KRITA / name).is_file()
    assert (home / ".config/kritarc").read_bytes() == BEFORE.replace(b"[python]\n", b"[python]\n" + LINE + b"\n")
    assert (home / ".config/kritarc").stat().st_mode & 0o777 == 0o600
    for version in ("3.0", "3.2"):
        assert os.access(home / f".config/GIMP/{version}/plug-ins/scumble/scumble.py", os.X_OK)
    words = json.loads((both.data / "engine-command.json").read_text())["command"]
    assert words == [str(both.data / "engine/bin/python"), "-m", "scumble.server"]
    assert both.data.stat().st_mode & 0o777 == 0o700
    said = capsys.readouterr().out
    assert "Filter ▸ Scumble: Style Transfer…" in said and said.count("Filters ▸ Scumble ▸ Style Transfer…") == 2
    before, pip = both.tree(), len(both.asked)
    assert both.install() == OK
    assert both.tree() == before and len(both.asked) == pip
    assert "up to date" in capsys.readouterr().out


def test_a_dry_run_names_every_file_and_touches_none(both, capsys):
    before = both.tree()
    assert both.install("--dry-run") == OK
    assert both.tree() == before and both.asked == []
    named = capsys.readouterr().out
    both.install()
    new = {n for n in both.contents() if "/engine/" not in n and n not in before}
    assert new and all(str(both.home / name) in named for name in new)
    assert str(both.home / ".config/kritarc") in named and str(both.data / "engine") in named
    capsys.readouterr()
    before = both.tree()
    assert both.install("--dry-run") == OK
    assert "would" not in capsys.readouterr().out and both.tree() == before


def test_one_editor_alone_and_the_engine_alone(both):
    assert both.install("--editor", "none") == OK
    assert not (both.home / GIMP).exists() and (both.data / "engine-command.json").is_file()
    assert both.install("--krita") == OK
    assert (both.home / KRITA / "scumble_krita").is_dir() and not (both.home / GIMP).exists()
    assert both.install("--profile", str(both.home / "mine/GIMP/3.0")) == OK
    assert (both.home / "mine/GIMP/3.0/plug-ins/scumble/scumble.py").is_file()


def test_an_older_plugin_is_brought_up_to_date(both):
    both.install()
    want = both.contents()
    package = both.home / KRITA / "scumble_krita"
    (package / "old.py").write_text("from an older version")
    (package / "boot.py").write_text("older")
    (package / "__pycache__").mkdir()
    (package / "__pycache__/boot.cpython-38.pyc").write_text("x")
    both.add(".local/share/krita/actions/scumble_krita.action", text="imported long ago")
    assert both.install() == OK
    imported = both.contents().pop(".local/share/krita/actions/scumble_krita.action")
    assert imported == (both.home / KRITA / "scumble_krita.action").read_bytes()
    assert {**want, ".local/share/krita/actions/scumble_krita.action": imported} == both.contents()


@pytest.mark.parametrize("harm", ["file", "mode", "folder", "settings", "command", "engine", "package"])
def test_what_is_damaged_is_mended(both, harm):
    both.install()
    want = both.contents()
    script = both.home / GIMP / "scumble/scumble.py"
    if harm == "file":
        (both.home / KRITA / "scumble_krita/wire/editor/link.py").unlink()
    elif harm == "mode":
        script.chmod(0o644)
    elif harm == "folder":
        (both.home / KRITA / "scumble_krita").rename(both.home / KRITA / ".scumble_krita.scumble-old")
    elif harm == "settings":
        (both.home / ".config/kritarc").write_bytes(BEFORE.replace(b"other", b"scumble_krita"))
        want[".config/kritarc"] = BEFORE.replace(b"enable_other=false", LINE)
    elif harm == "command":
        (both.data / "engine-command.json").write_text("{")
    elif harm == "engine":
        (both.data / "engine/bin/python").unlink()
    else:
        (both.packages / "torch/__init__.py").unlink()
    assert both.install() == OK
    assert both.contents() == want and os.access(script, os.X_OK)


def test_a_linked_plugin_gives_way_and_what_it_leads_to_stays(both):
    both.add("dev/scumble/scumble.py", text="mine")
    (both.home / GIMP).mkdir()
    (both.home / GIMP / "scumble").symlink_to(both.home / "dev/scumble")
    both.install()
    assert not (both.home / GIMP / "scumble").is_symlink()
    assert (both.home / "dev/scumble/scumble.py").read_text() == "mine"


def test_settings_that_are_a_link_stay_one(both):
    (both.home / ".config/kritarc").rename(both.home / "dotfile")
    (both.home / ".config/kritarc").symlink_to(both.home / "dotfile")
    both.install()
    assert (both.home / ".config/kritarc").is_symlink() and LINE in (both.home / "dotfile").read_bytes()
    both.install("--uninstall")
    assert (both.home / ".config/kritarc").is_symlink() and (both.home / "dotfile").read_bytes() == BEFORE


def test_uninstalling_leaves_what_was_there_and_what_the_user_made(both, capsys):
    before = both.contents()
    both.install()
    both.add(*(f".local/share/scumble/{name}" for name in MADE), text="made")
    (both.data / "training").mkdir()
    both.add(".local/share/scumble/weights/vgg19.safetensors", ".cache/scumble/blob", ".local/state/scumble/engine.log")
    both.add(
        ".local/share/scumble/last-krita.json",
        f"{KRITA}/scumble_krita/__pycache__/x.pyc",
        f"{GIMP.rpartition('/')[0]}/plug-in-settings/GimpProcedureConfigRun-scumble-style-transfer.last",
    )
    tree = both.tree()
    capsys.readouterr()
    assert both.install("--uninstall", "--dry-run") == OK
    assert both.tree() == tree
    named = capsys.readouterr().out
    assert str(both.home / KRITA / "scumble_krita/boot.py") in named and str(both.data / "engine") in named
    assert both.install("--uninstall") == OK
    made = {f".local/share/scumble/{name}": b"made" for name in MADE}
    assert both.contents() == {**before, **made}
    said = capsys.readouterr().out
    left = said[said.index("Left, because you made it") :].splitlines()
    assert [line.partition(f"{both.data}/")[2].split()[0] for line in left[1:6]] == sorted(
        {name.partition("/")[0] for name in MADE}
    )
    assert "styles you trained" in said and "keys of the machines you let in" in said and "training" not in said
    assert "-m scumble stop --now" in both.ran
    assert both.install("--uninstall") == OK  # again


def test_uninstalling_leaves_no_folder_of_ours(machine, capsys):
    machine.programs.update({"krita": "", "gimp": "GNU Image Manipulation Program version 3.0.4"})
    machine.install()
    assert (machine.home / GIMP / "scumble/scumble.py").is_file()
    machine.install("--uninstall")
    assert "Nothing of Scumble is left" in capsys.readouterr().out
    left = {path.relative_to(machine.home).as_posix() for path in machine.home.rglob("*")}
    assert left <= {".config", ".local", ".local/share"}


def test_uninstalling_leaves_the_editors_own_folders(both):
    both.add(".config/GIMP/3.0/gimprc")
    both.install()
    both.install("--uninstall")
    assert (both.home / ".config/GIMP/3.0/gimprc").is_file() and (both.home / KRITA / "other").is_dir()


def test_uninstalling_one_editor_keeps_the_engine(both):
    both.install()
    assert both.install("--uninstall", "--editor", "gimp") == OK
    assert not (both.home / GIMP).exists() and (both.home / KRITA / "scumble_krita").is_dir()
    assert (both.data / "engine/bin/python").is_file()


def test_no_editor(machine, capsys):
    with pytest.raises(Failed, match=r"(?s)looked for:.*krita.*--profile") as failure:
        machine.install("--editor", "krita")
    assert failure.value.code == NO_EDITOR and machine.asked == []
    assert machine.install() == OK  # the engine alone is of use, too
    assert "No editor was found. These were looked for:" in capsys.readouterr().out


def test_an_administrator_for_a_moment_is_sent_back(machine):
    machine.environ["SUDO_USER"] = "zoe"
    for words in ((), ("--uninstall",), ("--dry-run",)):
        with pytest.raises(Failed, match="without sudo"):
            machine.install(*words)


def test_an_editor_in_a_sandbox_is_told_how_the_engine_would_start(machine, capsys):
    machine.add(".var/app/org.kde.krita/data/krita/")
    assert machine.install() == OK
    box = machine.home / ".var/app/org.kde.krita"
    words = json.loads((box / "data/scumble/engine-command.json").read_text())["command"]
    assert words[:2] == ["flatpak-spawn", "--host"] and words[2] == str(machine.data / "engine/bin/python")
    assert (box / "config/kritarc").is_file()
    said = capsys.readouterr().out
    recipe = next(line.strip() for line in said.splitlines() if "flatpak override" in line)
    assert recipe in DOCS.read_text("utf-8") and "“Editors in sandboxes” in docs/install.md" in said
    machine.add(".local/share/flatpak/overrides/org.kde.krita", text=ALLOWED)
    machine.install()
    assert "flatpak override" not in capsys.readouterr().out
    (machine.home / ".local/share/flatpak/overrides/org.kde.krita").unlink()
    machine.install("--uninstall")
    assert machine.contents() == {}


def test_weights_are_brought_by_the_engines_own_command(machine):
    machine.install("--weights", "vgg19")
    assert "-m scumble models fetch vgg19" in machine.ran


def test_a_trial_that_fails_is_told(machine, capsys):
    machine.well = False
    assert machine.install() == TRIAL_FAILED and "its trial failed" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_named(both):
    (both.home / ".config/GIMP/3.0/plug-ins").write_text("a file in the way")
    with pytest.raises(Failed, match="plug-ins"):
        both.install()
