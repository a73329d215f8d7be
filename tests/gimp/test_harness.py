"""The tests' own GIMP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ..editors.process import EditorError
from .gimpproc import GimpProcess


def area(width: int, height: int) -> int:
    image = Gimp.Image.new(width, height, Gimp.ImageBaseType.RGB)  # type: ignore[name-defined]  # noqa: F821
    return image.get_width() * image.get_height()  # type: ignore[no-any-return]


def test_code_runs_inside(gimp: GimpProcess) -> None:
    assert gimp.get("Gimp.version()").startswith("3.")
    assert gimp.call(area, 6, 7) == 42
    gimp.run("data = bytes(range(256))")
    assert gimp.get("data") == bytes(range(256))
    with pytest.raises(EditorError, match="ZeroDivisionError"):
        gimp.run("1 / 0")
    assert gimp.get("1") == 1


def test_windows_are_seen(make_gimp: Callable[..., GimpProcess], tmp_path: Path) -> None:
    gimp = make_gimp(gui=True)
    gimp.run("image = Gimp.Image.new(64, 48, Gimp.ImageBaseType.RGB); view = Gimp.Display.new(image)")
    gimp.wait_for_window("GNU Image Manipulation Program|GIMP")
    assert gimp.screenshot(tmp_path / "gimp.png").stat().st_size > 10_000
    gimp.run("view.delete()")
