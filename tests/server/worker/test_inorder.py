"""A frame's job comes back held to the frame before it; what cannot hold it says so before it paints."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scumble.methods.base import Outcome
from scumble.picture import Picture
from scumble.server.worker import inorder
from scumble.wire import PictureRef, PixelFormat, Request, Result, ScumbleError, digest_of
from scumble.wire.client.submission import Submission
from scumble.wire.request.frame import MAX_WAY, Frame, Key
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


def test_what_was_painted_by_hand_is_the_result_and_leads_others(engine: Running) -> None:
    assert "keys" in engine.client().info["features"]
    content = ask(seed=5, size=(SIDE, SIDE)).request.content
    assert content is not None
    hand = np.random.default_rng(2).integers(0, 255, (SIDE, SIDE, 4), np.uint8)
    hand[..., 3] = 255
    hand[:, 30:, 3] = 0  # there nothing was painted
    ref, blobs = by_hand(hand)
    alone, itself = fetched(engine, None, {}), fetched(engine, Frame(keys=(Key(content, ref),)), blobs)
    assert (itself[:, :30] == hand[:, :30]).all() and (itself[:, 30:] == alone[:, 30:]).all()
    later = fetched(engine, Frame(keys=(Key(content, ref, (content,), 2.0),)), blobs)  # nothing moves here
    assert np.abs(later[4:-4, 4:26].astype(int) - hand[4:-4, 4:26]).mean() < 2
    assert (later[:, 32:] == alone[:, 32:]).all()


def test_where_all_was_painted_by_hand_nothing_else_is(engine: Running) -> None:
    content = ask(seed=5, size=(SIDE, SIDE)).request.content
    ref, blobs = by_hand(np.full((SIDE, SIDE, 4), 255, np.uint8))
    client, a = engine.client(), ask(seed=5, size=(SIDE, SIDE))
    request = replace(a.request, frame=Frame(keys=(Key(content, ref),)))
    _, end = wait_for_end(client, client.send(Submission(request, {**a.blobs, **blobs})))
    assert isinstance(end, Result) and end.steps == 0
    assert set(client.get(end.picture.digest)) == {255}


def test_with_a_selection_the_hand_stays_within_it() -> None:
    content = Picture(np.full((24, 32, 3), 60, np.uint8), x=3, y=4)
    painted = Picture(np.full((24, 32, 4), 200, np.uint8), x=3, y=4)
    painted.data[..., 3] = 255
    layer = Picture(np.full((10, 12, 4), 90, np.uint8), x=8, y=9)
    pictures = {p.ref().digest: p for p in (content, painted)}
    for where, alpha in (("all", 255), ("sky", 90)):
        request = Request(content=content.ref(), where=where, frame=Frame(keys=(Key(content.ref(), painted.ref()),)))
        load = lambda ref: pictures[ref.digest]  # noqa: E731
        lead = inorder.lead_for(request, load)
        outcome = inorder.by_hand(request, lead, load) or Outcome(layer, 3)
        outcome = inorder.in_order(request, outcome, load, lead)
        part = outcome.layer.crop(layer.box).data
        absent = inorder.untouched(replace(request, where="sky"), ScumbleError("place-missing", name="sky"), load, lead)
        assert not absent.layer.data[..., 3].any(), "what was selected is not there, nor is what the hand painted of it"
        in_a_style = replace(request, where="all", styles=(Style("scream", where="sky"),))
        kept = inorder.untouched(in_a_style, ScumbleError("place-missing", name="sky"), load, lead)
        assert (kept.layer.data == painted.data).all()
        assert (part[..., :3] == 200).all() and (part[..., 3] == alpha).all()
        assert outcome.steps == (3 if where == "sky" else 0)


def by_hand(data: np.ndarray) -> tuple[PictureRef, dict[str, bytes]]:
    raw = data.tobytes()
    return PictureRef(digest_of(raw), PixelFormat(SIDE, SIDE, 4), 5, 7), {digest_of(raw): raw}


def test_keys_travel_and_fit_their_frame() -> None:
    ref = PictureRef("0123456789abcdef" * 4, PixelFormat(4, 3, 4), 5, 6)
    key, other = Key(ref, ref, (ref, ref), 3.5), replace(ref, digest="f" * 64)
    request = Request(content=ref, frame=Frame(ref, ref, (key, Key(ref, other))))
    assert Request.from_plain(request.to_plain()) == request
    assert len(request.pictures()) == 1 + 2 + 4 + 2
    inorder.check_frames(request)
    for wrong in (
        Key(replace(ref, x=4), ref, (), 1.0),
        Key(ref, replace(ref, format=PixelFormat(4, 4, 4)), (), 1.0),
        Key(ref, ref, (replace(ref, y=0),), 1.0),
        Key(other, ref),  # another picture, at no distance
    ):
        with pytest.raises(ScumbleError) as e:
            inorder.check_frames(replace(request, frame=Frame(keys=(wrong,))))
        assert e.value.code == "key-differs" and e.value.remedy, wrong


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"painted": None}, "key-incomplete"),
        ({"painted": ...}, "key-incomplete"),
        ({"content": ...}, "key-incomplete"),
        ({"distance": -1}, "option-type"),
        ({"distance": "near"}, "option-type"),
        ({"way": 5}, "option-type"),
        ({"way": "long"}, "key-far"),
        ({"amount": 1}, "option-unknown"),
    ],
)
def test_what_is_no_key(change: dict, code: str) -> None:
    ref = PictureRef("0123456789abcdef" * 4, PixelFormat(4, 3, 4)).to_plain()
    plain = {"content": ref, "painted": ref, **change}
    plain = {k: [ref] * (MAX_WAY + 1) if v == "long" else v for k, v in plain.items() if v is not ...}
    with pytest.raises(ScumbleError) as e:
        Request.from_plain({"frame": {"keys": [plain]}})
    assert e.value.code == code and e.value.sentence and e.value.remedy
    with pytest.raises(ScumbleError, match="option-type"):
        Request.from_plain({"frame": {"keys": [{"content": ref, "painted": ref}] * 3}})
