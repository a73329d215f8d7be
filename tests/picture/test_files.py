"""Files: full precision in and out, every odd kind of picture, and errors with a name instead of tracebacks."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps

import scumble
from scumble.picture import (
    Picture,
    _encode_native,
    check_target,
    decode_file,
    encode_native,
    save_file,
    save_native,
    to_working,
)
from scumble.picture.color import encode
from scumble.picture.metadata import Metadata
from scumble.picture.native import Native
from scumble.picture.profiles import linear_profile, srgb_profile
from scumble.wire.protocol.errors import ScumbleError

RNG = np.random.default_rng(3)
FULL = {np.uint8: 256, np.uint16: 65536, np.float32: 1}


def noise(dtype, channels, height=7, width=9):
    return (RNG.random((height, width, channels)) * FULL[dtype]).astype(dtype)


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def refused(data, name="bild.png"):
    with pytest.raises(ScumbleError) as e:
        decode_file(data, name)
    return e.value


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("dtype", "space", "suffix"),
    [
        (np.uint8, "srgb", ".png"),
        (np.uint16, "srgb", ".png"),
        *((dtype, space, ".tif") for dtype in FULL for space in ("srgb", "linear")),
    ],
)
def test_what_is_saved_comes_back_bit_for_bit(tmp_path, dtype, space, suffix, channels):
    picture = Picture(noise(dtype, channels), space)
    path = tmp_path / f"Bäume im Wind {channels}{suffix}"
    save_file(path, picture)
    back = decode_file(path)
    assert (back.depth, back.space) == (picture.depth, space)
    np.testing.assert_array_equal(back.data, picture.data)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("channels", [3, 4])
def test_webp_is_lossless(tmp_path, channels):
    picture = Picture(noise(np.uint8, channels))
    save_file(tmp_path / "a.webp", picture)
    np.testing.assert_array_equal(decode_file(tmp_path / "a.webp").data, picture.data)


def test_narrower_formats_get_rounded_and_curved_values(tmp_path):
    linear = Picture(np.array([[[0.0, 0.25, 1.5]]], np.float32), "linear")
    save_file(tmp_path / "a.png", linear)
    back = decode_file(tmp_path / "a.png")
    wanted = np.rint(encode(np.array([0, 0.25, 1.0])) * 65535)
    assert back.depth == "u16"
    np.testing.assert_array_equal(back.data[0, 0], wanted)


def test_jpeg_lays_transparency_on_white(tmp_path):
    save_file(tmp_path / "a.jpg", Picture(np.zeros((16, 16, 4), np.uint8)))
    assert decode_file(tmp_path / "a.jpg").data.min() >= 254


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_at_every_depth(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(noise(np.uint8, 3))
    data = encoded(image, "PNG", exif=exif.tobytes())
    image.info["exif"] = exif.tobytes()
    upright = np.array(ImageOps.exif_transpose(image))
    np.testing.assert_array_equal(decode_file(data).data, upright)
    deep = io.BytesIO()
    tifffile.imwrite(
        deep, np.array(image).astype(np.uint16) * 257, photometric="rgb", extratags=[(274, 3, 1, orientation, True)]
    )
    np.testing.assert_array_equal(decode_file(deep.getvalue()).data, upright.astype(np.uint16) * 257)


def test_palette_one_bit_and_transparent_colour():
    image = Image.fromarray(noise(np.uint8, 3)).quantize(5)
    np.testing.assert_array_equal(decode_file(encoded(image, "PNG")).data, np.array(image.convert("RGB")))
    clear = decode_file(encoded(image, "PNG", transparency=0)).data
    np.testing.assert_array_equal(clear[..., 3] == 0, np.array(image) == 0)
    bits = RNG.random((7, 9)) > 0.5
    np.testing.assert_array_equal(decode_file(encoded(Image.fromarray(bits), "PNG")).data[..., 0], bits * 255)


def test_cmyk_becomes_rgb():
    inks = Image.merge("CMYK", [Image.new("L", (16, 16), v) for v in (255, 0, 0, 0)])  # cyan
    picture = decode_file(encoded(inks, "JPEG", quality=95))
    assert picture.channels == 3
    red, green, blue = picture.data.reshape(-1, 3).mean(0)
    assert red < 20 and green > 235 and blue > 235


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_counts(kind):
    frames = [Image.new("RGB", (8, 8), color) for color in ((255, 0, 0), (0, 255, 0))]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    picture = decode_file(data)
    assert (picture.width, picture.height) == (8, 8)
    np.testing.assert_allclose(picture.data[0, 0, :3].astype(int), [255, 0, 0], atol=3)


def test_16_bit_gray_keeps_every_value():
    every = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    for data in (imagecodecs.png_encode(every), encoded(Image.fromarray(every), "TIFF")):
        picture = decode_file(data)
        assert picture.depth == "u16" and picture.channels == 1
        np.testing.assert_array_equal(picture.data[..., 0], every)


@pytest.mark.parametrize("layout", ["contig", "separate"])
def test_tiff_planes_extra_samples_and_premultiplied_alpha(layout):
    pixels = noise(np.uint16, 4)
    pixels[..., 3] = 32768
    pixels[..., :3] //= 2  # premultiplied by one half
    stored = pixels if layout == "contig" else pixels.transpose(2, 0, 1)
    out = io.BytesIO()
    tifffile.imwrite(out, stored, photometric="rgb", planarconfig=layout, extrasamples=["assocalpha"])
    picture = decode_file(out.getvalue())
    np.testing.assert_allclose(picture.data[..., :3], pixels[..., :3] * (65535 / 32768), atol=1)
    np.testing.assert_array_equal(picture.data[..., 3], pixels[..., 3])


def test_wide_profiles_become_srgb():
    wide = imagecodecs.cms_profile(
        "rgb", gamma=2.2, whitepoint=[0.3127, 0.3290, 1], primaries=[0.64, 0.33, 1, 0.21, 0.71, 1, 0.15, 0.06, 1]
    )  # Adobe RGB
    values = np.full((2, 2, 3), (200, 120, 60), np.uint8)
    lcms = ImageCms.profileToProfile(
        Image.fromarray(values),
        ImageCms.ImageCmsProfile(io.BytesIO(wide)),
        ImageCms.createProfile("sRGB"),
    )
    shallow = decode_file(encoded(Image.fromarray(values), "PNG", icc_profile=wide))
    np.testing.assert_allclose(shallow.data.astype(int), np.array(lcms).astype(int), atol=1)
    out = io.BytesIO()
    tifffile.imwrite(out, values.astype(np.uint16) * 257, photometric="rgb", iccprofile=wide)
    deep = decode_file(out.getvalue())
    assert deep.depth == "u16"
    np.testing.assert_allclose(deep.data / 257, np.array(lcms), atol=1)
    assert np.abs(deep.data.astype(int) - values.astype(int) * 257).max() > 1500


def test_profiles_that_are_srgb_or_linear_change_no_value():
    values = noise(np.uint8, 3)
    for profile, space in ((srgb_profile(), "srgb"), (linear_profile(False), "linear"), (b"no profile", "srgb")):
        picture = decode_file(encoded(Image.fromarray(values), "PNG", icc_profile=profile))
        assert picture.space == space
        np.testing.assert_array_equal(picture.data, values)


def test_float_tiff_keeps_what_is_no_number_and_working_pixels_are_clean():
    data = np.array([[[np.nan, np.inf, 0.5], [-1, 7, 1]]], np.float32)
    out = io.BytesIO()
    tifffile.imwrite(out, data, photometric="rgb")
    picture = decode_file(out.getvalue())
    assert picture.space == "linear"
    np.testing.assert_array_equal(picture.data, data)
    assert np.isfinite(to_working(picture)[0]).all()


@pytest.mark.parametrize("dtype", [np.float16, np.float64, np.uint32])
def test_odd_depths_become_one_of_ours(dtype):
    values = np.linspace(0, 1, 12).reshape(2, 2, 3)
    out = io.BytesIO()
    tifffile.imwrite(out, (values * 0xFFFFFFFF if dtype is np.uint32 else values).astype(dtype), photometric="rgb")
    picture = decode_file(out.getvalue())
    stored = picture.data / (65535 if picture.depth == "u16" else 1)
    np.testing.assert_allclose(stored, values, atol=1e-3)


# what cannot be read


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "TIFF"])
@pytest.mark.parametrize("part", [0.3, 0.9])
def test_truncated_files_are_named_so(kind, part):
    data = encoded(Image.fromarray(noise(np.uint8, 3, 64, 64)), kind)
    error = refused(data[: int(len(data) * part)], "Ferien.bild")
    assert error.code == "picture-truncated" and "Ferien.bild" in error.sentence


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_truncated_deep_files_are_named_so(tmp_path, suffix):
    save_file(tmp_path / f"a{suffix}", Picture(noise(np.uint16, 3, 64, 64)))
    data = (tmp_path / f"a{suffix}").read_bytes()
    for part in (0.3, 0.9):
        assert refused(data[: int(len(data) * part)]).code == "picture-truncated"


@pytest.mark.parametrize("data", [b"hello", b"\0" * 4000, b"%!PS-Adobe-3.0 EPSF-3.0\n", b"<svg/>", b"PK\3\4"])
def test_what_is_no_picture_is_refused(data):
    assert refused(data).code == "picture-unreadable"


def test_empty_and_missing_files_and_folders(tmp_path):
    assert refused(b"").code == "picture-truncated"
    assert refused(tmp_path / "ä ö.png").code == "file-missing"
    assert refused(tmp_path).code == "picture-unreadable"
    assert refused("a\0b.png").code == "picture-unreadable"


def png(width, height, depth=8):
    """A PNG whose header promises any size, with hardly any data."""
    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("size", [(20_001, 20_000), (30_000, 30_000)])
@pytest.mark.parametrize("depth", [8, 16])
def test_a_bomb_is_refused_before_it_is_unpacked(size, depth):
    error = refused(png(*size, depth))
    assert error.code == "picture-large"
    assert f"{size[0] * size[1] / 1e6:.0f} megapixels" in error.sentence


def test_a_tiff_bomb_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    tifffile.imwrite(out, np.zeros((1, 1, 3), np.uint16), photometric="rgb", byteorder="<")
    data = bytearray(out.getvalue())
    with tifffile.TiffFile(io.BytesIO(bytes(data))) as file:
        for tag in ("ImageWidth", "ImageLength"):
            at = file.pages.first.tags[tag].valueoffset
            data[at : at + 2] = struct.pack("<H", 60_000)
    assert refused(bytes(data)).code == "picture-large"


def test_no_pixels_is_refused():
    assert refused(png(0, 0, 16)).code in ("picture-empty", "picture-unreadable")
    assert refused(png(0, 5)).code in ("picture-empty", "picture-unreadable")


SOURCES = [encoded(Image.fromarray(noise(np.uint8, 3)), kind) for kind in ("PNG", "JPEG", "GIF", "TIFF", "WEBP")]
DEEP = io.BytesIO()
tifffile.imwrite(DEEP, noise(np.uint16, 3), photometric="rgb", compression="zlib")
SOURCES += [imagecodecs.png_encode(noise(np.uint16, 3)), DEEP.getvalue()]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_decoders_keep_their_words_to_themselves(dtype, capfd, caplog):
    """What is logged shows on standard error where nobody has set logging up."""
    data = bytearray(imagecodecs.png_encode(noise(dtype, 3)))
    data[28] = 2  # a way to interlace that there is not
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    with contextlib.suppress(ScumbleError):
        decode_file(bytes(data))
    assert capfd.readouterr() == ("", "") and not caplog.records


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(SOURCES), st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=6))
def test_damage_ends_in_a_picture_or_an_error_of_ours(source, damage):
    data = bytearray(source)
    for where, value in damage:
        data[int(where * len(data))] = value
    try:
        picture = decode_file(bytes(data))
    except ScumbleError as e:
        assert e.code.startswith("picture-")
    else:
        assert picture.width >= 1


# what cannot be written


@pytest.mark.parametrize("name", ["missing/a.png", "a.bmp", "a", "folder.png"])
def test_targets_that_cannot_be(tmp_path, name):
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(ScumbleError) as e:
        save_file(tmp_path / name, Picture(noise(np.uint8, 3)))
    assert e.value.code == ("file-write" if name.endswith(".png") else "file-format") and name in e.value.sentence


@pytest.mark.parametrize("name", ["n" * 251 + ".png", "画" * 83 + "nn.png"])
def test_names_as_long_as_the_disk_allows(tmp_path, name):
    assert len(name.encode()) == 255
    for _ in range(2):  # anew, and in its place
        save_file(tmp_path / name, Picture(noise(np.uint8, 3)))
    assert [p.name for p in tmp_path.iterdir()] == [name] and decode_file(tmp_path / name).width == 9
    with pytest.raises(ScumbleError) as e:
        check_target(tmp_path / f"n{name}")
    assert e.value.code == "file-write" and "too long" in e.value.sentence


def test_a_format_s_own_limit_is_told(tmp_path):
    with pytest.raises(ScumbleError) as e:
        save_file(tmp_path / "a.webp", Picture(np.zeros((1, 17000, 3), np.uint8)))
    assert e.value.code == "file-write" and not list(tmp_path.iterdir())


def test_what_a_library_refuses_to_write_is_told(tmp_path):
    """libpng takes a million pixels a side. A picture that goes nowhere near a file, but over HTTP, is refused too."""
    wide = Native(np.zeros((2, 1_000_001, 3), np.uint8), None)
    with pytest.raises(ScumbleError) as e:
        save_native(tmp_path / "a.png", wide, Metadata())
    assert e.value.code == "file-format" and not list(tmp_path.iterdir()) and "1000000" in e.value.sentence
    for suffix, side in ((".png", 1_000_001), (".webp", 16_384), (".jpg", 65_501)):
        with pytest.raises(ScumbleError) as e:
            encode_native(suffix, Native(np.zeros((2, side, 3), np.uint8), None), Metadata())
        assert e.value.code == "file-format" and suffix in e.value.sentence


def test_what_a_library_refuses_otherwise_is_told(monkeypatch):
    def refuse(*_):
        raise RuntimeError("no")

    monkeypatch.setitem(_encode_native.ENCODERS, ".png", refuse)
    with pytest.raises(ScumbleError) as e:
        encode_native(".png", Native(np.zeros((2, 2, 3), np.uint8), None), Metadata())
    assert e.value.code == "file-format" and "no" in e.value.sentence


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_device_is_told(tmp_path):
    (tmp_path / "a.png").symlink_to("/dev/full")
    with pytest.raises(ScumbleError) as e:
        save_file(tmp_path / "a.png", Picture(noise(np.uint8, 3, 200, 200)))
    assert e.value.code == "file-write" and "space" in e.value.sentence


FULL_DISK = """
import resource, sys
import numpy as np
from scumble.picture import Picture, save_file
from scumble.wire.protocol.errors import ScumbleError
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    save_file(sys.argv[1], Picture(np.random.default_rng(0).integers(0, 256, (99, 99, 3), np.uint8)))
except ScumbleError as e:
    print(e.code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
def test_when_space_runs_out_the_old_file_stays(tmp_path):
    target = tmp_path / "a.png"
    target.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", FULL_DISK, target], capture_output=True, text=True, env=_environment())
    assert done.stdout.strip() == "file-write", done.stderr
    assert target.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "b.png").write_bytes(b"old")
    (tmp_path / "a.png").symlink_to("b.png")
    save_file(tmp_path / "a.png", Picture(noise(np.uint8, 3)))
    assert (tmp_path / "a.png").is_symlink()
    assert decode_file(tmp_path / "b.png").width == 9


def _environment():
    return {**os.environ, "PYTHONPATH": str(Path(scumble.__file__).parents[1])}
