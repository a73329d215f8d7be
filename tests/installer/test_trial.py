"""What counts in the trial: what this run was to install, and not a plug-in that somebody left elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from installer.trial import judge, try_out
from plugins.assemble import PACKAGES, assemble
from scumble.server.doctor.doctor import render_doctor
from scumble.server.doctor.editors import look_at_editors

NAMES = ("name", "ok", "text", "remedy")
FOLDERS = {"krita": ".local/share/krita/pykrita", "gimp": ".config/GIMP/3.0/plug-ins"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with both plug-ins, whole and switched on."""
    monkeypatch.setenv("SCUMBLE_LOGS", str(tmp_path / "logs"))
    home = tmp_path / "Zoë: 画家, in"
    for editor, folder in FOLDERS.items():
        assemble(editor, home / folder)
    (home / ".config/kritarc").write_text("[python]\nenable_scumble_krita=true\n")
    return home


def folders(home: Path, *editors: str) -> list[Path]:
    return [home / FOLDERS[editor] / PACKAGES[editor] for editor in editors]


def doctor(home: Path, *more: tuple[str, bool, str, str]) -> tuple[str, int]:
    """What the doctor says of the editors there, and its exit code."""
    checks = [dict(zip(NAMES, f, strict=True)) for f in [*more, *look_at_editors("linux", {}, home)]]
    well = all(c["ok"] for c in checks)
    return render_doctor({"ok": well, "checks": checks}), 0 if well else 1


def test_all_is_well_where_all_is(home):
    said, code = doctor(home)
    assert code == 0 and judge(said, code, []) == (said, True)


@pytest.mark.parametrize("harm", ["stale", "incomplete", "off"])
def test_another_editors_fault_is_a_remark_and_ones_own_a_failure(home, harm):
    wrong, right = ("krita", "gimp") if harm == "off" else ("gimp", "krita")
    version = home / FOLDERS["gimp"] / "scumble/scumble_gimp/version.py"
    if harm == "off":
        (home / ".config/kritarc").write_text("[python]\nenable_scumble_krita=false\n")
    elif harm == "stale":
        version.write_text('VERSION = "0.0.1"\n')
    else:
        version.unlink()
    said, code = doctor(home)
    assert code == 1 and said.count("✗") == 1
    assert judge(said, code, folders(home, wrong)) == (said, False)
    assert judge(said, code, folders(home, "krita", "gimp")) == (said, False)
    told, well = judge(said, code, folders(home, right))
    assert well and "✗" not in told and "! " + said.partition("✗ ")[2].splitlines()[0] in told
    assert "install.py" in told and told.endswith("All that was asked for is well.")
    assert judge(said, code, [])[1]  # --editor none


def test_another_profile_of_the_same_editor_is_elsewhere_too(home):
    assemble("gimp", home / ".config/GIMP/3.2/plug-ins")
    (home / ".config/GIMP/3.2/plug-ins/scumble/scumble_gimp/version.py").write_text('VERSION = "0.0.1"\n')
    said, code = doctor(home)
    assert judge(said, code, folders(home, "gimp"))[1]
    assert not judge(said, code, [home / ".config/GIMP/3.2/plug-ins/scumble"])[1]


def test_a_folder_that_is_reached_by_a_link_is_the_same(home):
    (home / FOLDERS["gimp"] / "scumble/scumble_gimp/version.py").unlink()
    (home / "link").symlink_to(home / ".config/GIMP")
    assert not judge(*doctor(home), [home / "link/3.0/plug-ins/scumble"])[1]


def test_what_is_the_engines_counts_always(home):
    (home / FOLDERS["gimp"] / "scumble/scumble_gimp/version.py").unlink()
    said, code = doctor(home, ("torch", False, "it cannot be loaded, in a word", "Run: python install.py"))
    assert judge(said, code, folders(home, "krita")) == (said, False)


def test_a_doctor_that_dies_is_a_failure(home):
    assert judge("Traceback: …", 1, []) == ("Traceback: …", False) and judge("", -11, []) == ("", False)


def test_the_trial_goes_on_after_a_remark(home, capfd):
    program = home / "python"
    line = f"✗ GIMP plug-in: incomplete, in {home}"
    program.write_text(
        f'#!/bin/sh\n[ "$3" = doctor ] && echo "{line}" && echo last && exit 1\necho the reason; exit 1\n'
    )
    program.chmod(0o755)
    assert not try_out(program, [])
    said = capfd.readouterr().out
    assert f"! GIMP plug-in: incomplete, in {home}" in said and "✗ The picture was not painted: the reason" in said
    assert not try_out(program, [home])
    assert "painted" not in capfd.readouterr().out
