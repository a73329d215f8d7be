"""Painting in a file: what is not painted stays bit for bit in the file's own space, whatever that is."""

from __future__ import annotations

import io
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from scumble.picture import Picture, open_document, save_native
from scumble.picture.document import Document
from scumble.picture.profiles import srgb_profile

from .madeprofiles import GRAYS, WIDE, profile, scanner

RNG = np.random.default_rng(7)
HEIGHT, WIDTH = 40, 56
FULL = {np.uint8: 255, np.uint16: 65535, np.float32: 1}
RGBS = ("none", "sRGB", "linear", *WIDE)
PHOTOMETRIC = {1: "minisblack", 3: "rgb", 4: "separated"}


def pixels(channels: int, dtype: type, high: float = 1.0) -> np.ndarray:
    """All over the space, its corners too; smooth on the left, where nothing is to band."""
    values = RNG.random((HEIGHT, WIDTH, channels))
    values[:8] = np.rint(values[:8])
    stored = values * high * FULL[dtype]
    return (stored if dtype is np.float32 else np.rint(stored)).astype(dtype)


def write(path: Path, data: np.ndarray, icc: bytes, channels: int) -> Path:
    """A file of these pixels, alpha last where there is one more than `channels`; written without what is tested."""
    if path.suffix == ".tif":
        extra = ["unassalpha"] if data.shape[2] > channels else None
        flat = data[..., 0] if data.shape[2] == 1 else data
        kind, planar = PHOTOMETRIC[channels], "contig" if flat.ndim == 3 else None
        tifffile.imwrite(path, flat, photometric=kind, planarconfig=planar, extrasamples=extra, iccprofile=icc or None)
    elif data.dtype == np.uint8:
        mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[data.shape[2]]
        Image.frombytes(mode, (WIDTH, HEIGHT), data.tobytes()).save(path, icc_profile=icc or None)
    else:
        path.write_bytes(imagecodecs.png_encode(data[..., 0] if data.shape[2] == 1 else data))
    return path


def stored(path: Path) -> tuple[np.ndarray, bytes]:
    """The pixels and the profile of a file, read by others than what is tested."""
    if path.suffix == ".tif":
        with tifffile.TiffFile(path) as file:
            data, icc = file.pages.first.asarray(), file.pages.first.iccprofile
    else:
        with Image.open(path) as image:
            icc = image.info.get("icc_profile")
            data = np.array(image)
        if path.suffix == ".png":
            data = imagecodecs.png_decode(path.read_bytes())
    return (data if data.ndim == 3 else data[..., None]), icc or b""


def selection() -> np.ndarray:
    """Nothing on the left, feathered, all on the right."""
    ramp = np.clip((np.arange(WIDTH) - 20) / 16, 0, 1)
    return np.repeat(ramp[None], HEIGHT, axis=0)


def layer_of(document: Document, rgb: np.ndarray | None = None) -> Picture:
    """A layer as the engine makes it: of paint, or where that is None of the very copy, as without strength."""
    picture = document.picture
    full = FULL[picture.data.dtype.type]
    colors = picture.data[..., : 1 if picture.channels < 3 else 3]
    colors = np.repeat(colors, 3, axis=2) if colors.shape[2] == 1 else colors
    if rgb is not None:
        colors = np.broadcast_to(np.asarray(rgb) * full, colors.shape)
    elif full == 1:
        colors = np.clip(colors, 0, 1)
    cover = selection() * (picture.data[..., -1] / full if picture.has_alpha else 1)
    data = np.concatenate([colors, (cover * full)[..., None]], axis=2)
    return Picture((data if full == 1 else np.rint(data)).astype(picture.data.dtype), picture.space)


CASES = [(name, 3, dtype, suffix) for name in RGBS for dtype in FULL for suffix in (".tif", ".png")]
CASES += [(name, 1, dtype, suffix) for name in (*GRAYS, "none") for dtype in FULL for suffix in (".tif", ".png")]
CASES += [(name, 4, dtype, ".tif") for name in ("CMYK", "none") for dtype in FULL]
CASES = [c for c in CASES if not (c[3] == ".png" and (c[2] is np.float32 or (c[2] is np.uint16 and c[0] != "none")))]


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize(("name", "channels", "dtype", "suffix"), CASES)
def test_outside_the_selection_and_without_strength_every_bit_stays(
    tmp_path: Path, name: str, channels: int, dtype: type, suffix: str, alpha: bool
) -> None:
    data = pixels(channels + alpha, dtype)
    if alpha and dtype is np.float32:
        data[..., -1] = np.rint(data[..., -1])
    source = write(tmp_path / f"a{suffix}", data, profile(name), channels)
    document, target = open_document(source), tmp_path / f"b{suffix}"
    outside = selection() == 0
    for paint in ((0.2, 0.5, 0.9), (0.5, 0.5, 0.5), None):
        save_native(target, document.painted(layer_of(document, paint)), document.about)
        after, icc = stored(target)
        assert after.dtype == data.dtype
        if paint and channels == 1 and paint[0] != paint[1]:
            after = np.concatenate(
                [after[..., :1], after[..., 3:]], axis=2
            )  # in colour now, the same values where gray
        else:
            assert icc == profile(name) or (name in ("none", "linear", "sRGB") and suffix == ".tif")
        unpainted = outside if paint else np.ones_like(outside)
        np.testing.assert_array_equal(after[unpainted], data[unpainted])
        if alpha:
            np.testing.assert_array_equal(after[..., -1], data[..., -1])
        if paint:
            assert not np.array_equal(after[~outside], data[~outside])


@pytest.mark.parametrize("name", [*WIDE, *GRAYS, "CMYK"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_paint_looks_as_it_was_painted(tmp_path: Path, name: str, dtype: type) -> None:
    """What another program shows of the file is the layer's colour, as far as eight bits tell."""
    channels = {"g": 1, "C": 4}.get(name[0], 3)
    document = open_document(write(tmp_path / "a.tif", pixels(channels, dtype), profile(name), channels))
    for paint in ((0.8, 0.3, 0.2), (0.1, 0.6, 0.3), (0.25, 0.35, 0.8), (0.95, 0.95, 0.9), (0.05, 0.05, 0.1)):
        save_native(tmp_path / "b.tif", document.painted(layer_of(document, paint)), document.about)
        after, icc = stored(tmp_path / "b.tif")
        inside = after[:, 40:] if dtype is np.uint8 else np.rint(after[:, 40:] / 257)
        mode = {3: "RGB", 4: "CMYK"}[after.shape[2]]
        size = (inside.shape[1], inside.shape[0])
        image = Image.frombytes(mode, size, np.ascontiguousarray(inside).astype(np.uint8).tobytes())
        lab = shown(image, icc)
        wanted = shown(Image.new("RGB", (1, 1), tuple(round(v * 255) for v in paint)), srgb_profile())[0, 0]
        apart = np.linalg.norm(lab - wanted, axis=2)
        # Pillow sees eight bits: in linear light they are coarse in the dark, and the press's tables are coarse, too.
        assert np.median(apart) <= (5 if name in ("CMYK", "linear Rec. 2020") else 1.5), (name, paint)


def shown(image: Image.Image, icc: bytes) -> np.ndarray:
    """Lab, by LittleCMS through Pillow."""
    lab = ImageCms.createProfile("LAB")
    out = ImageCms.profileToProfile(
        image, ImageCms.ImageCmsProfile(io.BytesIO(icc)), lab, ImageCms.Intent.RELATIVE_COLORIMETRIC, "LAB"
    )
    coded = np.array(out).astype(float)
    coded[..., 1:] = (coded[..., 1:] + 128) % 256 - 128  # signed
    return coded * [100 / 255, 1, 1]


@pytest.mark.parametrize("name", ["none", "linear", "linear Rec. 2020"])
def test_light_above_white_is_kept_and_painted_as_bright(tmp_path: Path, name: str) -> None:
    data = pixels(3, np.float32, high=8.0)
    data[0, :, 0] = -0.25
    document = open_document(write(tmp_path / "a.tif", data, profile(name), 3))
    assert document.picture.data.max() <= 1.0001, "the networks see it below white"
    layer = layer_of(document)
    save_native(tmp_path / "b.tif", document.painted(layer), document.about)
    np.testing.assert_array_equal(stored(tmp_path / "b.tif")[0], data)
    darker = Picture(np.concatenate([layer.data[..., :3] * 0.98, layer.data[..., 3:]], 2), layer.space)
    after = document.painted(darker).colors
    covered = selection() == 1
    np.testing.assert_array_equal(after[selection() == 0], data[selection() == 0])
    assert after[covered].max() > 5 and np.isfinite(after).all()


def test_a_feathered_edge_has_no_step_where_colours_lie_outside_srgb(tmp_path: Path) -> None:
    """The copy clips a wide red; a little paint over it must move it a little, not throw it back to the clipped one."""
    data = np.zeros((HEIGHT, WIDTH, 3), np.uint16)
    data[..., 0] = 65535
    document = open_document(write(tmp_path / "a.tif", data, profile("ProPhoto"), 3))
    after = document.painted(layer_of(document, (0.2, 0.3, 0.9))).colors.astype(float)
    steps = np.abs(np.diff(after[0], axis=0)).max(axis=1)
    assert steps[19] < 1.5 * steps[22:34].mean(), "the first step of the feather is no larger than the others"


def test_not_a_number_stays_outside_and_is_painted_inside(tmp_path: Path) -> None:
    data = pixels(3, np.float32)
    data[:, ::5] = np.nan
    data[3, 3] = np.inf
    document = open_document(write(tmp_path / "a.tif", data, b"", 3))
    after = document.painted(layer_of(document, (0.2, 0.5, 0.9))).colors
    np.testing.assert_array_equal(after[selection() == 0], data[selection() == 0])
    assert np.isfinite(after[selection() == 1]).all()


def test_a_scanners_file_whose_profile_leads_one_way_is_taken_over_into_srgb(tmp_path: Path) -> None:
    data = pixels(3, np.uint8)
    source = write(tmp_path / "a.tif", data, scanner(), 3)
    document = open_document(source)
    wanted = ImageCms.profileToProfile(
        Image.fromarray(data), ImageCms.ImageCmsProfile(io.BytesIO(scanner())), ImageCms.createProfile("sRGB"), 1
    )
    np.testing.assert_allclose(document.picture.data.astype(int), np.array(wanted).astype(int), atol=2)
    assert np.abs(document.picture.data.astype(int) - data).mean() > 5 and document.native.profile == b""
    after = document.painted(layer_of(document, (0.2, 0.5, 0.9)))
    np.testing.assert_array_equal(after.colors[selection() == 0], document.picture.data[selection() == 0])
