"""Pictures through the gateway and a real engine, as other programs ask for them."""

from __future__ import annotations

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from .serving import Served, drawn, pixels

pytestmark = pytest.mark.timeout(180)  # the engine's worker loads torch once

SENT = {"content_weight": 1e5, "style_weight": 1e1, "resolution": "512x512"}  # as programs for Gatys et al. send it


def test_a_form_is_painted(painting: Served) -> None:
    content = drawn(60, 40)
    files = {"content_image": ("my photo.png", content), "style_image": ("wave.png", drawn(40, 40, 2))}
    answer = painting.http.post(
        "/v1/style_transfer", files=files, data={"params": json.dumps({**SENT, "method": "fast"})}
    )
    assert answer.status_code == 202 and answer.headers["location"] == answer.json()["links"]["self"]
    made = answer.json()
    assert (made["name"], made["width"], made["height"]) == ("my photo.png", 60, 40)
    kinds = [kind for kind, _ in painting.events(made["task_id"])]
    assert kinds[-1] == "done"
    told = painting.wait(made["task_id"])
    assert told["result"]["device"] == "cpu" and not told["result"]["cached"]
    result = painting.http.get(made["links"]["result"])
    assert result.headers["content-type"] == "image/png"
    painted = pixels(result.content)
    assert painted.shape == (40, 60, 3) and np.abs(painted.astype(int) - pixels(content)).mean() > 5


def test_json_in_base64_scaled_and_told_again(painting: Served) -> None:
    packed = base64.b64encode(drawn(64, 48, 3)).decode()
    body = {
        "content_image": f"data:image/png;base64,{packed}",
        "style": ["scream:0.7", "starry-night:0.3:1.5"],
        "params": {"method": "fast", "resolution": "32x32", "strength": 0.8},
    }
    first, second = (painting.wait(painting.post(**body).json()["task_id"]) for _ in range(2))
    assert (first["width"], first["height"]) == (32, 24)
    assert not first["result"]["cached"] and second["result"]["cached"]
    results = [painting.http.get(t["links"]["result"]).content for t in (first, second)]
    assert results[0] == results[1] and pixels(results[0]).shape == (24, 32, 3)
    for kind in ("jpeg", "webp", "tiff"):
        answer = painting.http.get(first["links"]["result"], params={"format": kind})
        assert answer.headers["content-type"] == f"image/{kind}" and pixels(answer.content).shape == (24, 32, 3)
    layer = pixels(painting.http.get(first["links"]["result"], params={"part": "layer"}).content)
    assert layer.shape == (24, 32, 4) and (layer[..., 3] == 255).all()


def test_a_mask_spares_the_rest(painting: Served) -> None:
    content = drawn(64, 48, 4)
    mask = np.zeros((24, 32), np.uint8)  # of another size, but of the picture's shape
    mask[:, 20:] = 255
    out = io.BytesIO()
    Image.fromarray(mask).save(out, "PNG")
    files = {"content_image": ("a.png", content), "mask": ("m.png", out.getvalue())}
    answer = painting.http.post(
        "/v1/style_transfer", files=files, data={"style": "scream", "params": '{"method":"fast"}'}
    )
    told = painting.wait(answer.json()["task_id"])
    painted, before = pixels(painting.http.get(told["links"]["result"]).content), pixels(content)
    assert (painted[:, :36] == before[:, :36]).all() and (painted[:, 44:] != before[:, 44:]).mean() > 0.5


def test_the_library_and_its_pictures(painting: Served) -> None:
    styles = painting.http.get("/v1/styles").json()["styles"]
    assert len(styles) >= 26
    scream = next(s for s in styles if s["name"] == "scream")
    picture = painting.http.get(scream["thumbnail"])
    assert picture.headers["content-type"] == "image/jpeg" and pixels(picture.content).shape == (96, 96, 3)
    assert painting.http.get("/v1/styles/nobody/thumbnail").status_code == 404
    assert painting.http.get("/v1/status").json()["engine"]["jobs"]["done"] >= 0
