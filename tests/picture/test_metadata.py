"""What a file says beside its pixels goes along: profile, EXIF turned upright, resolution, text."""

from __future__ import annotations

import tempfile
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from scumble.picture import Picture, count_pictures, file_coverage, open_document, save_native
from scumble.picture.metadata import png_chunk
from scumble.wire.protocol.errors import ScumbleError

from .madeprofiles import profile

MAKE, COPYRIGHT, ORIENTATION, PART, EXPOSURE, PART_WIDTH = 0x010F, 0x8298, 0x0112, 0x8769, 0x829A, 0xA002
XMP = '<x:xmpmeta><rdf:Description tiff:Orientation="6" dc:title="Wolken"/></x:xmpmeta>'
PROFILE = profile("Display P3")


def exif() -> Image.Exif:
    found = Image.Exif()
    found[MAKE], found[COPYRIGHT], found[ORIENTATION] = "Camera", "Zoe", 6
    found[PART] = {EXPOSURE: 0.25, PART_WIDTH: 30}
    return found


def source(folder: Path, suffix: str, depth: int = 8) -> Path:
    """A picture of 30×20 that is shown as 20×30."""
    pixels = np.random.default_rng(1).integers(0, 255, (20, 30, 3), dtype=np.uint8)
    image, path, options = Image.fromarray(pixels), folder / f"source{suffix}", {}
    if suffix == ".png":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Description", "Wolken über dem See")
        texts.add_itxt("XML:com.adobe.xmp", XMP)
        options = {"pnginfo": texts, "dpi": (300, 150)}
    elif suffix == ".jpg":
        options = {"dpi": (300, 150), "comment": b"by hand", "quality": 95}
    elif suffix == ".tif":
        options = {"dpi": (300, 150)}
    elif suffix == ".webp":
        options = {"lossless": True}
    image.save(path, exif=exif().tobytes(), icc_profile=PROFILE, **options)
    if depth == 16:
        with Image.open(path) as saved:
            body = saved.info["exif"].removeprefix(b"Exif\0\0")
        deep = imagecodecs.png_encode(pixels.astype(np.uint16) * 257)
        path.write_bytes(deep[:33] + png_chunk(b"eXIf", body) + deep[33:])
    return path


@pytest.mark.parametrize("to", [".png", ".jpg", ".tif", ".webp"])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_profile_exif_and_resolution_go_along(tmp_path: Path, suffix: str, to: str) -> None:
    document = open_document(source(tmp_path, suffix))
    assert (document.picture.width, document.picture.height) == (20, 30)
    save_native(tmp_path / f"out{to}", document.native, document.about)
    with Image.open(tmp_path / f"out{to}") as image:
        assert image.size == (20, 30) and image.info["icc_profile"] == PROFILE
        said = image.getexif()
        assert (said[MAKE], said[COPYRIGHT], said.get(ORIENTATION, 1)) == ("Camera", "Zoe", 1)
        assert said.get_ifd(PART)[EXPOSURE] == 0.25 and said.get_ifd(PART)[PART_WIDTH] == 20
        if ".webp" not in (suffix, to):  # it has no place for it
            assert image.info["dpi"] == pytest.approx((300, 150), abs=0.02)
        if (suffix, to) == (".jpg", ".jpg"):
            assert image.info["comment"] == b"by hand"
        if (suffix, to) == (".png", ".png"):
            assert image.text["Description"] == "Wolken über dem See"
            assert image.text["XML:com.adobe.xmp"] == XMP.replace('"6"', '"1"')
    if to == ".tif":
        with tifffile.TiffFile(tmp_path / "out.tif") as file:
            assert file.pages.first.tags["ExifTag"].value["ExposureTime"] in ((1, 4), 0.25)
    again = open_document(tmp_path / f"out{to}")
    assert (again.picture.width, again.picture.height) == (20, 30), "it is not turned twice"


def test_sixteen_bits_are_turned_once_and_keep_it(tmp_path: Path) -> None:
    document = open_document(source(tmp_path, ".png", depth=16))
    save_native(tmp_path / "out.png", document.native, document.about)
    again = open_document(tmp_path / "out.png")
    assert again.native.colors.dtype == np.uint16 and again.native.colors.shape == (30, 20, 3)
    np.testing.assert_array_equal(again.native.colors, document.native.colors)
    with Image.open(tmp_path / "out.png") as image:
        assert image.getexif()[MAKE] == "Camera"


def test_a_png_without_a_profile_goes_on_saying_its_space(tmp_path: Path) -> None:
    data = imagecodecs.png_encode(np.full((6, 6, 3), 9, np.uint8))
    gamma = png_chunk(b"gAMA", (100000).to_bytes(4, "big"))
    (tmp_path / "a.png").write_bytes(data[:33] + gamma + data[33:])
    document = open_document(tmp_path / "a.png")
    save_native(tmp_path / "b.png", document.native, document.about)
    with Image.open(tmp_path / "b.png") as image:
        assert image.info["gamma"] == 1.0


def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    image = Image.new("RGB", (8, 8))
    for name, junk in (
        ("a.png", b"\xff" * 40),
        ("b.png", b"II*\0\xff\xff\xff\x7f"),
        ("c.png", b"MM\0*\0\0\0\x08\xff\xff"),
    ):
        image.save(tmp_path / name, exif=junk)
        about = open_document(tmp_path / name).about
        save_native(tmp_path / f"out-{name}", open_document(tmp_path / name).native, about)
        assert about.exif == b"" and open_document(tmp_path / f"out-{name}").picture.width == 8


def sources() -> list[bytes]:
    with tempfile.TemporaryDirectory() as name:
        found = [source(Path(name), suffix).read_bytes() for suffix in (".png", ".jpg", ".tif", ".webp")]
        inks = np.full((9, 9, 4), 90, np.uint16)
        tifffile.imwrite(f"{name}/c.tif", inks, photometric="separated", iccprofile=profile("CMYK")[:3000])
        return [*found, Path(f"{name}/c.tif").read_bytes()]


SOURCES = sources()


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(SOURCES), st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=8))
def test_damage_ends_in_a_file_or_an_error_of_ours(data: bytes, damage: list[tuple[float, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        broken = bytearray(data)
        for where, value in damage:
            broken[int(where * min(len(data), 2500))] = value  # where metadata are
        Path(f"{name}/a").write_bytes(broken)
        try:
            document = open_document(f"{name}/a")
            for suffix in (".png", ".jpg", ".tif", ".webp"):
                save_native(f"{name}/b{suffix}", document.native, document.about)
                open_document(f"{name}/b{suffix}")
        except ScumbleError as e:
            assert e.code.startswith(("picture-", "file-")), e


def test_cmyk_stays_in_jpeg_and_tiff_and_becomes_rgb_elsewhere(tmp_path: Path) -> None:
    inks = np.random.default_rng(2).integers(0, 255, (24, 24, 4), dtype=np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", inks, photometric="separated", iccprofile=profile("CMYK"))
    document = open_document(tmp_path / "a.tif")
    for suffix, mode in ((".tif", "CMYK"), (".jpg", "CMYK"), (".png", "RGB"), (".webp", "RGB")):
        save_native(tmp_path / f"b{suffix}", document.native, document.about)
        with Image.open(tmp_path / f"b{suffix}") as image:
            assert image.mode == mode and (mode == "RGB" or image.info["icc_profile"] == profile("CMYK"))
        again = open_document(tmp_path / f"b{suffix}").picture.data.astype(int)
        assert np.abs(again - document.picture.data).mean() < (12 if suffix == ".jpg" else 1)


def test_pictures_of_a_file_are_counted(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 8), (0, 80 * n, 0)) for n in range(3)]
    for name in ("a.gif", "a.png", "a.webp", "a.tif"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
        assert count_pictures(tmp_path / name) == 3
    frames[0].save(tmp_path / "one.jpg")
    (tmp_path / "no.gif").write_bytes(b"GIF89a")
    assert count_pictures(tmp_path / "one.jpg") == count_pictures(tmp_path / "no.gif") == 1


def test_a_selection_in_alpha_alone_is_one() -> None:
    alpha = np.linspace(0, 255, 64).astype(np.uint8).reshape(8, 8, 1)
    for color in (0, 90, 255):
        for channels in (1, 3):
            mask = Picture(np.concatenate([np.full((8, 8, channels), color, np.uint8), alpha], axis=2))
            np.testing.assert_allclose(file_coverage(mask), alpha[..., 0] / 255, atol=1e-6)
    gray = Picture(np.concatenate([alpha, np.full_like(alpha, 255)], axis=2))
    np.testing.assert_allclose(file_coverage(gray), alpha[..., 0] / 255, atol=1e-6)
    half = Picture(np.full((8, 8, 1), 128, np.uint8))
    np.testing.assert_allclose(file_coverage(half), 128 / 255, atol=1e-6)
    both = Picture(np.concatenate([alpha, alpha[::-1]], axis=2))
    np.testing.assert_allclose(file_coverage(both), alpha[..., 0] / 255.0 * alpha[::-1, :, 0] / 255.0, atol=1e-5)


def test_a_jpeg_keeps_what_is_not_painted_as_far_as_it_can(tmp_path: Path) -> None:
    smooth = np.linspace(40, 200, 64)[None, :, None].repeat(64, 0).repeat(3, 2).astype(np.uint8)
    image = Image.fromarray(smooth)
    image.save(tmp_path / "a.jpg", quality=95, icc_profile=profile("Adobe RGB"))
    document = open_document(tmp_path / "a.jpg")
    save_native(tmp_path / "b.jpg", document.native, document.about)
    with Image.open(tmp_path / "a.jpg") as a, Image.open(tmp_path / "b.jpg") as b:
        assert b.info["icc_profile"] == profile("Adobe RGB")
        assert np.abs(np.array(a).astype(int) - np.array(b)).max() <= 3
