"""The real method in a real worker behind the real front: tiny pictures, few steps."""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scumble.wire import Failed, PictureRef, Preview, Progress, Result, ScumbleError, Started, Style, digest_of

from ..running import Ask, Running, ask, submit, wait_for_end, wait_until

STYLE = "starry-night"


@pytest.fixture(scope="module")
def real(start: Callable[..., Running]) -> Running:
    """An engine as users start it: its worker looks which devices there are."""
    return start(method=[])


def paint(steps: int = 5, **options: object) -> Ask:
    return ask(steps, how=STYLE, size=(64, 48), min_size=64, **options)


def test_devices_are_found_by_the_worker_and_others_refused_even_before(real: Running) -> None:
    client = real.client()
    try:
        _, end = wait_for_end(client, submit(client, paint(device="cuda:77")), 60)
    except ScumbleError as e:
        error = e
    else:
        assert isinstance(end, Failed)
        error = end.error
    assert error.code == "device-unavailable" and "cpu" in error.remedy
    devices = real.client().info["devices"]
    assert [d["name"] for d in devices][-1] == "cpu" and all(d["title"] for d in devices)
    assert real.worker("idle")["device"] == devices[0]["name"]


def test_a_picture_comes_back_painted(real: Running) -> None:
    client, a = real.client(), paint()
    events, end = wait_for_end(client, submit(client, a), 60)
    assert isinstance(end, Result), end
    assert end.picture.format is not None and end.picture.format.channels == 4
    assert (end.picture.format.width, end.picture.format.height) == (64, 48)
    assert (end.picture.x, end.picture.y) == (5, 7) and end.losses
    kinds = {type(e) for e in events}
    assert {Started, Progress, Preview, Result} <= kinds
    layer = np.frombuffer(client.get(end.picture.digest), np.uint8).reshape(48, 64, 4)
    difference = np.abs(layer[..., :3].astype(int) - a.pixels).mean()
    assert difference > 5 and (layer[..., 3] == 255).all()


def test_the_same_request_in_one_pass(real: Running) -> None:
    """Only the method differs; an unknown style comes with a note, also from the cache of results."""
    client, a = real.client(), paint(method="fast")
    a = dataclasses.replace(a, request=a.request.honoured())
    events, end = wait_for_end(client, submit(client, a), 60)
    assert isinstance(end, Result), end
    assert end.model == "painter" and end.steps == 1 and end.notes == ()
    assert (end.picture.x, end.picture.y) == (5, 7) and any(isinstance(e, Progress) for e in events)
    layer = np.frombuffer(client.get(end.picture.digest), np.uint8).reshape(48, 64, 4)
    assert np.abs(layer[..., :3].astype(int) - a.pixels).mean() > 5 and (layer[..., 3] == 255).all()
    style = dataclasses.replace(a.request.styles[0], name="stranger", picture=a.request.content)
    stranger = dataclasses.replace(a, request=dataclasses.replace(a.request, styles=(style,)))
    for cached in (False, True):
        _, end = wait_for_end(client, submit(client, stranger), 60)
        assert isinstance(end, Result) and end.cached is cached
        assert [n.code for n in end.notes] == ["style-predicted"] and "stranger" in end.notes[0].sentence


def test_status_stays_quick_while_it_computes(real: Running) -> None:
    client = real.client()
    job = submit(client, paint(steps=3000))
    wait_until(lambda: any(isinstance(e, Progress) for e in client.poll(0.1)), 60)
    times = []
    for _ in range(50):
        began = time.perf_counter()
        client.status()
        times.append(time.perf_counter() - began)
        time.sleep(0.01)
    assert sorted(times)[45] < 0.05, f"worst of {len(times)}: {max(times):.3f} s"
    began = time.monotonic()
    client.cancel(job)
    assert time.monotonic() - began < 0.2
    _, end = wait_for_end(client, job)
    assert isinstance(end, Failed) and end.error.code == "cancelled"
    assert time.monotonic() - began < 2


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_a_worker_killed_while_it_computes_is_replaced_within_half_a_minute(real: Running) -> None:
    client = real.client()
    job = submit(client, paint(steps=10))
    wait_until(lambda: any(isinstance(e, Progress) for e in client.poll(0.1)), 60)
    os.kill(real.worker("busy")["pid"], 9)
    _, end = wait_for_end(client, job, 30)
    assert isinstance(end, Result), end
    assert isinstance(wait_for_end(client, submit(client, paint()), 30)[1], Result)


def test_a_style_that_is_not_there_is_told_by_name(real: Running) -> None:
    client = real.client()
    _, end = wait_for_end(client, submit(client, ask(how="no such style", size=(64, 48))), 30)
    assert isinstance(end, Failed) and end.error.code == "style-unknown" and "no such style" in end.error.sentence


def test_an_encoded_style_picture_is_read_by_the_engine(real: Running, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    Image.fromarray(rng.integers(0, 256, (40, 40, 3), np.uint8)).save(tmp_path / "style.png")
    data, a = (tmp_path / "style.png").read_bytes(), paint()
    styles = (Style(name="mine", picture=PictureRef(digest_of(data))),)
    client = real.client()
    request = dataclasses.replace(a.request, styles=styles)
    _, end = wait_for_end(client, client.submit(request, {**a.blobs, digest_of(data): data}), 60)
    assert isinstance(end, Result), end
    cut = data[: len(data) // 2]
    request = dataclasses.replace(a.request, styles=(Style(name="mine", picture=PictureRef(digest_of(cut))),))
    _, end = wait_for_end(client, client.submit(request, {**a.blobs, digest_of(cut): cut}), 60)
    assert isinstance(end, Failed) and end.error.code in ("picture-truncated", "picture-unreadable")
    assert "mine" in end.error.sentence
