"""A frame's job comes back held to the frame before it; what cannot hold it says so before it paints."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scumble.picture import Picture
from scumble.server.worker import inorder
from scumble.wire import PictureRef, PixelFormat, Request, Result, ScumbleError, digest_of
from scumble.wire.client.submission import Submission
from scumble.wire.request.frame import Frame
from scumble.wire.request.style import Style

from ..running import Running, ask, wait_for_end

SIDE = 40


def fetched(engine: Running, frame: Frame | None, blobs: dict[str, bytes]) -> np.ndarray:
    client, a = engine.client(), ask(seed=5, size=(SIDE, SIDE))
    request = replace(a.request, frame=frame)
    _, end = wait_for_end(client, client.send(Submission(request, {**a.blobs, **blobs})))
    assert isinstance(end, Result), end
    return np.frombuffer(client.get(end.picture.digest), np.uint8).reshape(SIDE, SIDE, 4)


def test_a_frame_is_held_to_the_one_before_it(engine: Running) -> None:
    assert "frames" in engine.client().info["features"]
    content = ask(seed=5, size=(SIDE, SIDE))
    dark = np.full((SIDE, SIDE, 4), 255, np.uint8)
    dark[..., :3] = 0
    data = dark.tobytes()
    painted = PictureRef(digest_of(data), PixelFormat(SIDE, SIDE, 4), 5, 7)
    alone, first = fetched(engine, None, {}), fetched(engine, Frame(), {})
    assert (alone == first).all(), "the first frame is held to nothing"
    held = fetched(engine, Frame(content.request.content, painted), {painted.digest: data})
    inside = np.s_[8:-8, 8:-8, :3]
    assert alone[inside].mean() > 100 and held[inside].mean() < 40, "nothing moved: it is nearly the painting before"
    assert (held[..., 3] == 255).all()


def test_without_what_holds_frames_nothing_is_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inorder, "find_spec", lambda name: None)
    inorder.check_frames(Request())
    with pytest.raises(ScumbleError) as e:
        inorder.check_frames(Request(frame=Frame()))
    assert e.value.code == "frames-missing" and "opencv" in e.value.remedy


def test_a_frame_travels_and_is_whole() -> None:
    ref = PictureRef("0123456789abcdef" * 4, PixelFormat(2, 2, 4))
    for request in (Request(frame=Frame()), Request(frame=Frame(ref, ref)), Request()):
        assert Request.from_plain(request.to_plain()) == request
    assert Request(frame=Frame(ref, ref)).pictures() == [ref, ref]
    with pytest.raises(ScumbleError) as e:
        Request.from_plain({"frame": {"before": ref.to_plain()}})
    assert e.value.code == "option-type"


def test_a_frame_without_what_is_painted_by_name_stays_as_it_is() -> None:
    content = Picture(np.full((20, 30, 3), 7, np.uint16), x=4, y=-2)
    by_name = Request(content=content.ref(), styles=(Style("scream"),), where="sky", frame=Frame())
    for code in ("place-missing", "mask-empty"):
        outcome = inorder.untouched(by_name, ScumbleError(code, name="sky"), lambda ref: content)
        assert outcome.layer.box == content.box and outcome.layer.depth == "u16" and not outcome.layer.data.any()
        assert [n.code for n in outcome.notes] == ["frame-untouched"]
    others = (replace(by_name, frame=None), replace(by_name, where="all"))
    wrong = ((by_name, "style-unknown"), (by_name, "style-part-empty"))
    for request, code in ((others[0], "place-missing"), (others[1], "mask-empty"), *wrong):
        with pytest.raises(ScumbleError) as e:
            inorder.untouched(request, ScumbleError(code, name="sky"), lambda ref: content)
        assert e.value.code == code
