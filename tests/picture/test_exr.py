"""OpenEXR: every value of a half stays, alpha is premultiplied in it, and what else a file holds goes along."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import tifffile

from scumble.picture import Picture, decode_file, open_document, save_file, save_native
from scumble.picture.color import encode
from scumble.wire.protocol.errors import ScumbleError

OpenEXR = pytest.importorskip("OpenEXR")

RNG = np.random.default_rng(5)
WIDE = (0.708, 0.292, 0.17, 0.797, 0.131, 0.046, 0.3127, 0.329)  # Rec. 2020
WINDOW = (np.array([5, 7], np.int32), np.array([5 + 31, 7 + 19], np.int32))


def write(path: Path, channels: dict[str, np.ndarray], **header: object) -> Path:
    given = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage, **header}
    OpenEXR.File(given, dict(channels)).write(str(path))  # it puts objects of its own into the one it is given
    return path


def stored(path: Path) -> tuple[dict[str, np.ndarray], dict[str, object]]:
    with OpenEXR.File(str(path), separate_channels=True) as file:
        return {k: np.array(c.pixels) for k, c in file.channels().items()}, dict(file.header())


def light(dtype: type, channels: int, high: float = 8.0) -> np.ndarray:
    values = (RNG.random((20, 32, channels)) * high).astype(dtype)
    values[0, :, 0] = -0.125
    return values


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("wide", [False, True])
def test_what_is_not_painted_stays_and_nothing_else_is_lost(tmp_path: Path, dtype: type, wide: bool) -> None:
    alpha = np.round(RNG.random((20, 32)) * 8).astype(dtype) / 8
    alpha[:, :20] = np.round(alpha[:, :20]) if dtype is np.float32 else alpha[:, :20]
    rgb = (light(np.float32, 3) * alpha[..., None]).astype(dtype)
    depth = RNG.random((20, 32)).astype(np.float32)
    more = {"chromaticities": WIDE} if wide else {}
    channels = {"R": rgb[..., 0].copy(), "G": rgb[..., 1].copy(), "B": rgb[..., 2].copy(), "A": alpha, "Z": depth}
    source = write(tmp_path / "a.exr", channels, owner="Zoe", dataWindow=WINDOW, **more)
    document = open_document(source)
    assert document.picture.depth == "f32" and document.picture.data[..., :3].max() <= 1.0001
    cover = np.zeros((20, 32), np.float32)
    cover[:, 20:] = 1
    paint = np.broadcast_to(np.float32([0.2, 0.5, 0.9]), (20, 32, 3))
    seen = document.picture.data[..., 3]
    layer = Picture(np.concatenate([paint, (cover * seen)[..., None]], 2).astype(np.float32), document.picture.space)
    save_native(tmp_path / "b.exr", document.painted(layer), document.about)
    after, header = stored(tmp_path / "b.exr")
    assert set(after) == set(channels) and header["owner"] == "Zoe"
    assert header["dataWindow"][0].tolist() == [5, 7] and (len(header.get("chromaticities", ())) == 8) == wide
    for name, before in channels.items():
        assert after[name].dtype == before.dtype
        np.testing.assert_array_equal(after[name][:, :20], before[:, :20])
    np.testing.assert_array_equal(after["A"], alpha)
    np.testing.assert_array_equal(after["Z"], depth)
    assert (after["R"][:, 20:][alpha[:, 20:] > 0] != channels["R"][:, 20:][alpha[:, 20:] > 0]).mean() > 0.9


def test_gray_and_between_formats(tmp_path: Path) -> None:
    y = light(np.float16, 1, high=1.0)[..., 0]
    document = open_document(write(tmp_path / "y.exr", {"Y": y}))
    save_native(tmp_path / "y2.exr", document.native, document.about)
    np.testing.assert_array_equal(stored(tmp_path / "y2.exr")[0]["Y"], y)
    save_native(tmp_path / "y.tif", document.native, document.about)
    np.testing.assert_array_equal(tifffile.imread(tmp_path / "y.tif"), y.astype(np.float32))
    save_native(tmp_path / "y.png", document.native, document.about)
    wanted = np.rint(encode(np.clip(y.astype(np.float64), 0, 1)) * 65535)
    np.testing.assert_allclose(decode_file(tmp_path / "y.png").data[..., 0], wanted, atol=1)


def test_eight_bits_go_there_and_back(tmp_path: Path) -> None:
    picture = Picture(RNG.integers(0, 256, (9, 11, 3), dtype=np.uint8))
    save_file(tmp_path / "a.exr", picture)
    channels, _ = stored(tmp_path / "a.exr")
    assert channels["R"].dtype == np.float16
    back = encode(decode_file(tmp_path / "a.exr").data)
    np.testing.assert_allclose(back * 255, picture.data, atol=0.3)


def test_what_is_no_picture_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    whole = write(tmp_path / "a.exr", {"RGB": light(np.float16, 3)}).read_bytes()
    for part in (5, 200, len(whole) - 60):
        with pytest.raises(ScumbleError) as e:
            decode_file(whole[:part], "a.exr")
        assert e.value.code == "picture-truncated", e.value
    ids = write(tmp_path / "ids.exr", {"id": RNG.integers(0, 9, (8, 8)).astype(np.uint32)})
    with pytest.raises(ScumbleError, match="no R, G and B"):
        decode_file(ids)
    at = whole.index(b"dataWindow\0box2i\0") + len(b"dataWindow\0box2i\0") + 4
    huge = whole[: at + 8] + (60000).to_bytes(4, "little") * 2 + whole[at + 16 :]
    with pytest.raises(ScumbleError) as e:
        decode_file(huge, "a.exr")
    assert e.value.code in ("picture-large", "picture-truncated")
    assert capfd.readouterr() == ("", ""), "the library's own words do not reach the user"
    os.write(2, b"but others")
    print("do")
    assert capfd.readouterr() == ("do\n", "but others")


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_values_out_of_all_bounds_are_written_without_a_word(tmp_path: Path, dtype: type) -> None:
    """NumPy's warnings would be foreign words on a terminal."""
    most = np.finfo(dtype).max
    odd = np.full((20, 32), most, dtype)
    odd[0], odd[1], odd[2] = np.nan, np.inf, -np.inf
    tiny = np.full((20, 32), np.finfo(dtype).smallest_subnormal, dtype)
    tiny[3:9] = [[most], [np.nan], [np.inf], [2], [0], [-1]]
    source = write(tmp_path / "a.exr", {"R": odd, "G": odd, "B": odd, "A": tiny})
    document = open_document(source)
    save_native(tmp_path / "b.exr", document.native, document.about)
    assert set(stored(tmp_path / "b.exr")[0]) == {"R", "G", "B", "A"}
