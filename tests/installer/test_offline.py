"""A folder of wheels instead of a network: a real environment, real pip, and wheels made here."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from installer import wishes
from installer.environment import set_up
from installer.hardware import Hardware
from installer.health import damaged, site_packages
from installer.speech import Failed

CPU = Hardware("cpu", "", ("cpu",))


def wheel(folder: Path, name: str, version: str, text: str, *needs: str) -> None:
    """A package of one file."""
    info = f"{name}-{version}.dist-info"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files = {
        f"{name}/__init__.py": text,
        f"{info}/METADATA": head + "".join(f"Requires-Dist: {n}\n" for n in needs),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for file, content in files.items():
            archive.writestr(file, content)
        archive.writestr(f"{info}/RECORD", "".join(f"{f},,{len(files[f])}\n" for f in files) + f"{info}/RECORD,,\n")


def test_a_folder_of_wheels_is_enough_and_what_is_damaged_comes_from_it_again(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    wheels, engine = tmp_path / "Räder", tmp_path / "Zoë Müller 画家" / "engine"
    version = wishes.version()
    wheel(wheels, "scumble", version, "A = 1\n", "torch")
    wheel(wheels, "torch", "9.0", "B = 1\n")
    set_up(engine, wishes.for_user(CPU, "", wheels))
    packages = site_packages(engine)
    assert (packages / "scumble/__init__.py").read_text() == "A = 1\n" and damaged(packages) == []
    (packages / "torch/__init__.py").write_text("B = 1")  # shorter
    assert [p.name for p in damaged(packages)] == ["torch-9.0.dist-info"]
    wheel(wheels, "scumble", version, "A = 2\n", "torch")  # the same version, with news
    set_up(engine, wishes.for_user(CPU, "", wheels))
    assert (packages / "scumble/__init__.py").read_text() == "A = 2\n"
    assert (packages / "torch/__init__.py").read_text() == "B = 1\n" and damaged(packages) == []


def test_a_folder_without_our_wheel_is_told_how_to_make_it(tmp_path):
    with pytest.raises(Failed, match="pip wheel"):
        wishes.for_user(CPU, "", tmp_path)


def test_weights_come_from_the_folder(machine, tmp_path):
    wheels = tmp_path / "wheels"
    wheel(wheels, "scumble", wishes.version(), "")
    with pytest.raises(Failed, match="holds no weights of vgg19"):
        machine.install("--editor", "none", "--offline", str(wheels), "--weights", "vgg19")
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
