"""The page in a real browser: a photograph, a mask by mouse, a painting that is kept. Skipped without Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from .serving import TOKEN, Served, drawn, pixels

pytestmark = pytest.mark.timeout(240)
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium without a window."""
    api = pytest.importorskip("playwright.sync_api")
    program = os.environ.get("SCUMBLE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("no Chromium is installed here")
    with api.sync_playwright() as run:
        running = run.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page on which nothing may go wrong unseen."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-US", color_scheme="light")
    made = context.new_page()
    faults: list[str] = []
    made.on("pageerror", lambda error: faults.append(str(error)))
    yield made
    context.close()
    assert faults == []


def test_a_mask_is_painted_and_the_picture_under_it(painting: Served, page: Any, tmp_path: Path) -> None:
    photo = tmp_path / "my photo.png"
    photo.write_bytes(drawn(240, 160, 8))
    page.goto(f"{painting.url}/#token={TOKEN}")
    page.wait_for_selector(".style img")
    assert TOKEN not in page.url and page.locator("#paint").is_disabled()
    page.set_input_files("#photo", photo)
    page.wait_for_selector("#frame:not([hidden])")
    page.click("[data-style=scream]")
    page.click("[data-tool=brush]")
    box = page.locator("#frame").bounding_box()
    left, top, width, height = box["x"], box["y"], box["width"], box["height"]
    page.mouse.move(left + width * 0.75, top + height * 0.1)
    page.mouse.down()
    page.mouse.move(left + width * 0.75, top + height * 0.9, steps=8)
    page.mouse.up()
    page.click("#paint")
    page.wait_for_selector("#keep:not([hidden])", timeout=120_000)
    with page.expect_download() as kept:
        page.click("#png")
    assert kept.value.suggested_filename == "my photo-painted.png"
    painted, before = pixels(Path(kept.value.path()).read_bytes()), pixels(photo.read_bytes())
    assert painted.shape == before.shape
    assert (painted[:, :120] == before[:, :120]).all()  # the mask lies on the right
    assert np.abs(painted[60:100, 176:184].astype(int) - before[60:100, 176:184]).mean() > 5


def test_a_finer_one_is_cancelled_and_faults_are_told(painting: Served, page: Any, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(drawn(200, 150, 9, "JPEG"))
    page.goto(f"{painting.url}/#token={TOKEN}")
    page.wait_for_selector(".style img")
    page.set_input_files("#photo", photo)
    page.click("text=Finest")
    page.click("#paint")
    page.wait_for_selector("#going:not([hidden])")
    page.wait_for_selector("#told:not(:text-is('Sending…'))")
    page.click("#cancel")
    page.wait_for_selector("#fault:not([hidden])", timeout=60_000)
    assert page.inner_text("#fault") == "Cancelled." and page.locator("#paint").is_enabled()
    (tmp_path / "none.png").write_bytes(b"no picture")
    page.set_input_files("#photo", tmp_path / "none.png")
    page.wait_for_selector("#fault:has-text('no picture')")


def test_without_a_token_it_asks_for_one(painting: Served, page: Any) -> None:
    page.goto(painting.url)
    page.wait_for_selector("#door[open]")
    page.fill("#token", "wrong")
    page.click("#door button")
    page.wait_for_selector("#door[open]")
    page.fill("#token", TOKEN)
    page.click("#door button")
    page.wait_for_selector(".style img")


def test_in_chinese_and_dark(painting: Served, browser: Any) -> None:
    context = browser.new_context(locale="zh-CN", color_scheme="dark")
    page = context.new_page()
    page.goto(f"{painting.url}/#token={TOKEN}")
    page.wait_for_selector(".style img")
    assert page.inner_text("#paint") == "绘制" and page.locator("html").get_attribute("data-theme") == "dark"
    left = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => !e.children.length).map(e => e.innerText)"
    )
    shown = [t for t in left if t and not t.isascii()]
    assert len(shown) > 12
    context.close()
