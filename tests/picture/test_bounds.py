"""Memory that a file asks for is bounded before anything is unpacked, in every format; and TIFF whose zero is white."""

from __future__ import annotations

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
from PIL import Image

import scumble
import scumble.picture.picture
from scumble.picture import decode_file
from scumble.wire.protocol.errors import ScumbleError


def tiff(size: int, dtype: type, tile: int = 0, **options: object) -> bytes:
    """A TIFF of some hundred bytes that claims to be `size`×`size` pixels, or to have tiles that large."""
    out, real = io.BytesIO(), 16 if tile else 1
    pixels = np.zeros((real, real, 3), dtype)
    tiled = {"tile": (16, 16)} if tile else {}
    tifffile.imwrite(out, pixels, photometric="rgb", byteorder="<", compression="zlib", **tiled, **options)  # type: ignore[arg-type]
    data = bytearray(out.getvalue())
    with tifffile.TiffFile(io.BytesIO(bytes(data))) as file:
        for name in ("TileWidth", "TileLength") if tile else ("ImageWidth", "ImageLength", "RowsPerStrip"):
            tag = file.pages.first.tags[name]
            data[tag.valueoffset : tag.valueoffset + 2] = struct.pack("<H", tile or size)
    return bytes(data)


def png(size: int, depth: int) -> bytes:
    header = struct.pack(">IIBBBBB", size, size, depth, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


def header_of(kind: str, size: int, **options: object) -> bytes:
    """The beginning of a real file, with its size written over."""
    out = io.BytesIO()
    Image.new("RGB", (513, 513)).save(out, kind, **options)
    data, old, new = out.getvalue(), struct.pack(">H", 513), struct.pack(">H", size)
    if kind == "GIF":
        old, new = old[::-1], new[::-1]
    assert data.count(old)
    return data.replace(old, new)


BOMBS = {
    "tiff u8": tiff(9990, np.uint8),
    "tiff u16": tiff(9000, np.uint16),
    "tiff f64": tiff(9000, np.float64),
    "tiff tile": tiff(16, np.uint16, tile=32000),
    "tiff tile u8": tiff(16, np.uint8, tile=32000),
    "png": png(9000, 8),
    "png 16": png(9000, 16),
    "jpeg": header_of("JPEG", 9990),
    "progressive jpeg": header_of("JPEG", 9990, progressive=True),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_file_that_claims_much_is_refused_before_memory_is_taken(name: str) -> None:
    assert len(BOMBS[name]) < 6000
    with pytest.raises(ScumbleError) as e:
        decode_file(BOMBS[name], name)
    assert e.value.code == "picture-unreadable" and "unpacked it has" in e.value.sentence, e.value


def test_a_flat_picture_packs_well_and_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scumble.picture.picture, "LEAST_BYTES", 1 << 16)
    flat = np.full((1500, 1500, 4), 65535, np.uint16)
    for data in (imagecodecs.png_encode(flat), header_of("PNG", 513)):
        assert decode_file(data).data.size > 100 * len(data)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("alpha", ["unassalpha", "assocalpha"])
def test_where_zero_is_white_alpha_stays(dtype: type, alpha: str) -> None:
    full = {np.uint8: 255, np.uint16: 65535, np.float32: 1}[dtype]
    gray = np.linspace(0, 1, 12).reshape(3, 4)
    cover = np.linspace(0.5, 1, 12).reshape(3, 4)
    stored = np.stack([gray * (cover if alpha == "assocalpha" else 1), cover], axis=2) * full
    stored = stored.astype(dtype) if dtype is np.float32 else np.rint(stored).astype(dtype)
    out = io.BytesIO()
    tifffile.imwrite(out, stored, photometric="miniswhite", extrasamples=[alpha], planarconfig="contig")
    picture = decode_file(out.getvalue())
    np.testing.assert_array_equal(picture.data[..., 1], stored[..., 1])
    np.testing.assert_allclose(picture.data[..., 0] / full, 1 - gray, atol=2 / 255 if dtype is np.uint8 else 1e-4)


NOISY = """
import sys
from scumble.picture import open_document
from scumble.wire.protocol.errors import ScumbleError
try:
    open_document(sys.argv[1])
except ScumbleError as e:
    print(e.code)
"""


def test_decoders_do_not_speak_to_the_user(tmp_path: Path) -> None:
    """Damage ends in our words alone: not in tifffile's log, nor in Pillow's, nor in what libtiff prints."""
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)).save(
        out, "TIFF", compression="tiff_lzw"
    )
    whole = out.getvalue()
    for at, junk in ((40, b"\xff" * 8), (len(whole) // 2, b"\x00\xff" * 9), (12, b"\x07\x41\x99")):
        for start in (at, len(whole) - 150):
            (tmp_path / "a.tif").write_bytes(whole[:start] + junk + whole[start + len(junk) :])
            environ = {**os.environ, "PYTHONPATH": str(Path(scumble.__file__).parents[1])}
            words = [sys.executable, "-c", NOISY, str(tmp_path / "a.tif")]
            done = subprocess.run(words, env=environ, capture_output=True, text=True, check=True)
            assert done.stderr == "" and done.stdout.strip() in ("", "picture-unreadable", "picture-truncated"), done
