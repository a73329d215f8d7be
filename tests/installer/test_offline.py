"""A folder of wheels instead of a network: a real environment, real pip, and wheels made here."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import sysconfig

import pytest

from installer import commands, targets
from installer.environment import Wish, set_up
from installer.hardware import Hardware
from installer.health import damaged, site_packages
from installer.speech import Failed
from installer.wheels import installed_in, this_machine

from .wheel import wheel

copied = pytest.mark.usefixtures("copied_environment")
CPU = Hardware("cpu", "", ("cpu",))
MINE = "cp{}{}".format(*sys.version_info[:2])
OWN = f"{MINE}-{MINE}-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
FOREIGN = (
    "cp39-cp39-" + OWN.rpartition("-")[2],  # another Python
    f"{MINE}-{MINE}-" + ("macosx_11_0_arm64" if sys.platform == "win32" else "win_amd64"),  # another system
    f"{MINE}-{MINE}-manylinux_2_17_riscv64",  # another processor
)


@copied
def test_a_folder_of_wheels_is_enough_and_what_is_damaged_comes_from_it_again(tmp_path):
    wheels, engine = tmp_path / "Räder", tmp_path / "Zoë Müller 画家" / "engine"
    version = targets.version()
    wheel(wheels, "scumble", version, "A = 1\n", "torch")
    for tag in FOREIGN:
        wheel(wheels, "torch", "9.0", "foreign\n", tag=tag)
    wheel(wheels, "torch", "9.0", "B = 1\n", tag=OWN)
    wheel(wheels, "torch", "9.1", "newer, for another machine\n", tag=FOREIGN[0])
    set_up(engine, targets.for_user(CPU, "", wheels))
    packages = site_packages(engine)
    assert (packages / "scumble/__init__.py").read_text() == "A = 1\n" and damaged(packages) == []
    (packages / "torch/__init__.py").write_text("B = 1")  # shorter
    assert [p.name for p in damaged(packages)] == ["torch-9.0.dist-info"]
    wheel(wheels, "scumble", version, "A = 2\n", "torch")  # the same version, with news
    set_up(engine, targets.for_user(CPU, "", wheels))
    assert (packages / "scumble/__init__.py").read_text() == "A = 2\n"
    assert (packages / "torch/__init__.py").read_text() == "B = 1\n" and damaged(packages) == []


@copied
def test_what_is_set_for_pip_on_this_machine_changes_nothing(tmp_path, hostile_pip):
    wheels, engine = tmp_path / "wheels", tmp_path / "engine"
    wheel(wheels, "scumble", targets.version(), "A = 1\n", "torch")
    wheel(wheels, "torch", "9.0", "B = 1\n")
    set_up(engine, targets.for_user(CPU, "", wheels))
    packages = site_packages(engine)
    assert (packages / "torch/__init__.py").read_text() == "B = 1\n" and damaged(packages) == []
    assert not (tmp_path / "t").exists()


def test_settings_of_pips_are_for_the_network(hostile_pip):
    """A mirror, a proxy or a certificate may be all that leads out."""
    pip = [sys.executable, "-m", "pip", "config", "list"]
    told = [
        subprocess.run(pip, env=env, capture_output=True, text=True, check=True).stdout
        for env in (commands.environment_for(["install", "."]), commands.environment_for(["install", "--no-index"]))
    ]
    assert all(f"{kind}.constraint=" in told[0] for kind in ("global", ":env:")) and "constraint" not in told[1]


@copied
def test_where_packages_come_from_may_be_set_for_pip_but_not_where_they_go(tmp_path, monkeypatch):
    mirror, engine, astray = tmp_path / "mirror", tmp_path / "engine", tmp_path / "astray"
    wheel(mirror, "scumble", "1.0", "A = 1\n", "scumble-brush")
    wheel(mirror, "scumble_brush", "9.0", "B = 1\n")
    lines = ["[global]", "no-index = true", f"find-links = {mirror.as_uri()}", f"target = {astray}", "dry-run = true"]
    (tmp_path / "pip.conf").write_text("\n".join([*lines, "[install]", "user = true", "no-deps = true"]))
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_USER", "1")
    for name in ("PIP_PREFIX", "PIP_ROOT", "PIP_TARGET"):
        monkeypatch.setenv(name, str(astray))
    set_up(engine, Wish(["scumble"], ["stamp"]))
    packages = site_packages(engine)
    assert all((packages / name / "__init__.py").is_file() for name in ("scumble", "scumble_brush"))
    assert not astray.exists()


@copied
def test_a_constraint_that_forbids_what_is_needed_is_named(tmp_path, monkeypatch, hostile_pip):
    wheel(tmp_path / "mirror", "scumble", "1.0", "", "torch>=10")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", (tmp_path / "mirror").as_uri())
    monkeypatch.delenv("PIP_TARGET")
    with pytest.raises(Failed, match="A constraint in pip's settings"):
        set_up(tmp_path / "engine", Wish(["scumble"], ["stamp"]))


@copied
def test_an_update_that_cannot_be_had_leaves_the_engine_as_it_was(tmp_path):
    wheels, update, engine = tmp_path / "wheels", tmp_path / "update", tmp_path / "engine"
    wheel(wheels, "scumble", targets.version(), "A = 1\n", "torch")
    wheel(wheels, "torch", "9.0", "B = 1\n")
    set_up(engine, targets.for_user(CPU, "", wheels))
    packages = site_packages(engine)
    wheel(update, "scumble", targets.version(), "A = 2\n", "torch>=10")
    with pytest.raises(Failed, match="lacks torch"):
        targets.for_user(CPU, "", update)
    with pytest.raises(Failed, match=r"lacks torch>=10.* pip wheel --wheel-dir"):
        set_up(engine, targets.for_user(CPU, "", update, installed_in(packages)))
    assert (packages / "scumble/__init__.py").read_text() == "A = 1\n" and damaged(packages) == []
    wheel(update, "scumble", targets.version(), "A = 3\n", "torch")  # torch is there: an update need not bring it
    set_up(engine, targets.for_user(CPU, "", update, installed_in(packages)))
    assert (packages / "scumble/__init__.py").read_text() == "A = 3\n" and damaged(packages) == []


@pytest.mark.parametrize("tag", FOREIGN)
def test_wheels_for_another_machine_are_refused_before_anything_is_touched(machine, tmp_path, tag):
    machine.add(".local/share/krita/")
    before, wheels = machine.tree(), tmp_path / "wheels"
    wheel(wheels, "scumble", targets.version(), "", "torch>=2.8", "Pillow", 'colorama; platform_system == "Windows"')
    wheel(wheels, "pillow", "11.0", "", "some.thing")
    wheel(wheels, "some_thing", "1.0", "")
    wheel(wheels, "torch", "2.9.0", "", tag=tag)
    with pytest.raises(Failed) as failure:
        machine.install("--offline", str(wheels))
    said = str(failure.value)
    assert f"torch-2.9.0-{tag}.whl is for {tag}" in said and str(this_machine()) in said and "lacks" not in said
    assert "pip wheel --wheel-dir FOLDER" in said and "pillow" not in said
    assert machine.tree() == before and machine.asked == []
    with pytest.raises(Failed, match="for other machines"):
        machine.install("--offline", str(wheels), "--dry-run")
    wheel(wheels, "torch", "2.9.0", "", tag=OWN)
    assert machine.install("--offline", str(wheels)) == 0


def test_a_folder_that_lacks_something_is_refused_as_early(machine, tmp_path):
    before = machine.tree()
    wheel(tmp_path / "wheels", "scumble", targets.version(), "", "torch", "numpy (>=1.26)")
    with pytest.raises(Failed, match=r"It lacks numpy, torch\. On a machine with a network"):
        machine.install("--offline", str(tmp_path / "wheels"))
    (tmp_path / "wheels/torch-2.9-py3-none-any.whl").write_text("half of it")
    with pytest.raises(Failed, match=r"torch-2\.9-py3-none-any\.whl is damaged"):
        machine.install("--offline", str(tmp_path / "wheels"))
    assert machine.tree() == before


def test_a_folder_without_our_wheel_is_told_how_to_make_it(tmp_path):
    with pytest.raises(Failed, match="pip wheel"):
        targets.for_user(CPU, "", tmp_path)


def test_weights_come_from_the_folder(machine, tmp_path):
    wheels = tmp_path / "wheels"
    wheel(wheels, "scumble", targets.version(), "")
    with pytest.raises(Failed, match="holds no weights of vgg19"):
        machine.install("--editor", "none", "--offline", str(wheels), "--weights", "vgg19")
    (wheels / "vgg19_bn-c79401a0.pth").write_bytes(b"another network's")
    before = machine.tree()
    with pytest.raises(Failed, match="holds no weights of vgg19"):
        machine.install("--editor", "none", "--offline", str(wheels), "--weights", "vgg19")
    assert machine.tree() == before  # refused before anything was touched
    (wheels / "vgg19-dcbb9e9d.pth").write_bytes(b"x")
    assert machine.install("--editor", "none", "--offline", str(wheels), "--weights", "vgg19") == 0
    assert f"-m scumble models add vgg19 {wheels / 'vgg19-dcbb9e9d.pth'}" in machine.ran
    assert all("--no-index" in line for line in machine.asked if line.startswith("install"))


def test_records_that_cannot_be_read_count_as_damage(tmp_path):
    good, bad, half = (tmp_path / f"{n}-1.dist-info" for n in ("good", "bad", "half"))
    for folder in (good, bad, half):
        folder.mkdir()
    (tmp_path / "good.py").write_bytes(b"x" * 5)
    digest = hashlib.sha256(b"x" * 5).hexdigest()
    (good / "RECORD").write_text(f"good.py,sha256={digest},5\ngood-1.dist-info/RECORD,,\n__pycache__/good.pyc,,\n")
    (half / "RECORD").write_text("half.py,sha256=a,notanumber\n")
    (tmp_path / "half.py").write_text("")
    (tmp_path / "~ood").mkdir()  # what pip puts aside
    assert [p.name for p in damaged(tmp_path)] == ["bad-1.dist-info", "half-1.dist-info", "~ood"]
