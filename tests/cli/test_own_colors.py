"""Files in their own colours through the command line and a real engine: what is not painted stays bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile
from PIL import Image

from scumble.cli import main

from ..picture.madeprofiles import profile

pytestmark = pytest.mark.timeout(240)  # the engine's worker loads torch once

RNG = np.random.default_rng(3)
HEIGHT, WIDTH = 48, 64
QUICK = ["--style", "scream", "--method", "fast", "--device", "cpu", "--quiet"]


@pytest.fixture(scope="module")
def place(own_engine, tmp_path_factory):
    """A folder with pictures and a selection, and an engine that the first command starts."""
    folder = tmp_path_factory.mktemp("colors")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        mask = np.zeros((HEIGHT, WIDTH), np.uint8)
        mask[8:40, 20:60] = 255
        mask[8:14] //= 3
        cover = np.stack([np.zeros_like(mask)] * 3 + [mask], axis=2)
        Image.fromarray(cover).save("selection.png")  # black: in its alpha alone
        for name, channels, dtype, kind in FILES:
            values = RNG.random((HEIGHT, WIDTH, channels))
            full = {np.uint8: 255, np.uint16: 65535, np.float32: 8}[dtype]
            pixels = values * full if dtype is np.float32 else np.rint(values * full)
            flat = pixels.astype(dtype)[..., 0] if channels == 1 else pixels.astype(dtype)
            tifffile.imwrite(f"{name}.tif", flat, photometric=kind, iccprofile=profile(name) or None)
        yield mask


FILES = [
    ("Display P3", 3, np.uint8, "rgb"),
    ("Adobe RGB", 3, np.uint16, "rgb"),
    ("ProPhoto", 3, np.uint16, "rgb"),
    ("CMYK", 4, np.uint8, "separated"),
    ("gray 1.8", 1, np.uint8, "minisblack"),
    ("linear Rec. 2020", 3, np.float32, "rgb"),
    ("none", 3, np.float32, "rgb"),
]


@pytest.mark.parametrize(("name", "channels", "dtype", "kind"), FILES)
def test_only_what_is_selected_changes_and_nothing_without_strength(place, name, channels, dtype, kind):
    before = tifffile.imread(f"{name}.tif")
    words = ["stylize", f"{name}.tif", *QUICK, "--selection", "selection.png"]
    assert main([*words, "--strength", "1", "-o", "painted.tif", "--layer", "layer.tif"]) == 0
    after = tifffile.imread("painted.tif")
    outside = place == 0
    unpainted = after[outside][:, 0] if after.ndim > before.ndim else after[outside]
    np.testing.assert_array_equal(unpainted, before[outside])
    assert after.dtype == before.dtype and (after[place == 255] != after[place == 255][0]).any()
    if channels > 1:
        assert (after != before).any(axis=2)[place == 255].mean() > 0.9
    layer = tifffile.imread("layer.tif")
    assert layer.shape == (32, 40, 4) and layer.dtype == before.dtype
    assert main([*words, "--strength", "0", "-o", "same.tif"]) == 0
    np.testing.assert_array_equal(tifffile.imread("same.tif"), before)


def test_an_animation_says_that_its_first_frame_is_taken(place, capsys):
    frames = [Image.new("RGB", (64, 48), (90 * n, 80, 40)) for n in range(3)]
    frames[0].save("moving.gif", save_all=True, append_images=frames[1:])
    words = [w for w in QUICK if w != "--quiet"]
    assert main(["stylize", "moving.gif", *words, "-o", "still.png"]) == 0
    assert "“moving.gif” holds 3 pictures; only the first is taken." in capsys.readouterr().err
    assert main(["stylize", "moving.gif", "CMYK.tif", *words, "-o", "{name}-out.png"]) == 0
    assert capsys.readouterr().err.count("only the first is taken") == 1
