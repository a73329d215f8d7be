"""What was painted by hand on a frame follows what it was painted on, and nothing is smeared where that is hidden."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scumble.frames.lead import Hand, Lead, as_layer, lead_of, led, yields
from scumble.frames.way import Way, Ways
from scumble.picture import Picture

from .scenes import HEIGHT, WIDTH, clip, known, passing, ways

RED, GREEN = (250, 10, 10), (10, 240, 20)


def gray(x: int = 0, y: int = 0, width: int = WIDTH, height: int = HEIGHT) -> Picture:
    """What the method painted."""
    data = np.full((height, width, 4), 90, np.uint8)
    data[..., 3] = 255
    return Picture(data, x=x, y=y)


def mark(top: int, left: int, bottom: int, right: int, color: tuple[int, int, int] = RED) -> Picture:
    data = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    data[top:bottom, left:right] = (*color, 255)
    return Picture(data)


def way(frames: list[np.ndarray], start: int, end: int, ways: Ways | None = None) -> Way:
    step = 1 if end >= start else -1
    names = [str(n) for n in range(start, end + step, step)]
    return (ways or Ways()).to(names, lambda name: frames[int(name)])


def is_red(layer: Picture) -> np.ndarray:
    found: np.ndarray = (layer.data[..., 0] > 200) & (layer.data[..., 1] < 60)
    return found


@pytest.mark.parametrize(("kind", "most"), [("pan", 1.0), ("turn", 2.0)])
def test_a_way_over_many_frames_is_where_the_camera_went(kind: str, most: float) -> None:
    frames, maps = clip(kind, 13), ways(kind, 13)
    found, truth = way(frames, 0, 12), known(maps[0], maps[12])
    seen = (truth > 3).all(2) & (truth[..., 0] < WIDTH - 4) & (truth[..., 1] < HEIGHT - 4)
    sure = found.trust > 0.9
    assert sure[seen].mean() > 0.8
    assert np.percentile(np.linalg.norm(found.where - truth, axis=2)[sure & seen], 95) < most
    outside = (truth < -3).any(2) | (truth[..., 0] > WIDTH + 3) | (truth[..., 1] > HEIGHT + 3)
    assert not outside.any() or found.trust[outside].mean() < 0.02


def test_a_way_comes_to_the_same_bits_whatever_is_kept_of_it() -> None:
    frames = clip("pan", 6)
    all_kept, little = Ways(), Ways(1)
    for end in range(6):
        a, b, c = way(frames, 0, end, all_kept), way(frames, 0, end, little), way(frames, 0, end)
        assert all((x == y).all() and (y == z).all() for x, y, z in zip(a, b, c, strict=True))
    looked = []
    all_kept.to(["0", "1", "2", "3"], lambda name: looked.append(name) or frames[int(name)])
    assert looked == ["0"], "the rest is known"


def test_a_mark_follows_the_thing_it_was_painted_on() -> None:
    frames, _, _ = passing(8)
    hand = Hand(mark(48, 30, 72, 50), way(frames, 0, 7), 7)
    red = is_red(led(gray(), lead_of([hand]), False))
    wanted = np.zeros_like(red)
    wanted[48:72, 51:71] = True  # three pixels a frame
    assert (red & wanted).sum() > 0.93 * wanted.sum() and (red & ~wanted).sum() < 0.03 * wanted.sum()
    back = Hand(mark(48, 51, 72, 71), way(frames, 7, 0), 7)
    red = is_red(led(gray(), lead_of([back]), False))
    assert red[48:72, 30:50].mean() > 0.93 and red.sum() < 1.05 * 24 * 20, "backwards as well"


def test_where_what_was_painted_on_is_hidden_nothing_is_smeared() -> None:
    frames, things, grounds = passing(24)
    hand = Hand(mark(40, 20, 80, 60), way(frames, 0, 23), 23)  # all of the thing, which is beyond the post by now
    beyond = is_red(led(gray(), lead_of([hand]), False))
    assert things[23][:, 100:].sum() > 800 and not beyond[:, 100:].any()
    assert not beyond[grounds[23]].any(), "what it uncovered is not red"
    halfway = is_red(led(gray(), lead_of([Hand(hand.painted, way(frames, 0, 12), 12)]), False))
    post = np.zeros((HEIGHT, WIDTH), bool)
    post[:, 85:99] = True
    assert halfway[things[12]].mean() > 0.5 and not halfway[post].any()
    assert halfway[grounds[12]].mean() < 0.005


def test_flat_ground_beside_a_thing_that_moves_stays_led() -> None:
    y, x = np.mgrid[:64, :96]
    frames, discs = [], []
    for t in range(6):
        frame = np.stack([60 + x, 120 + y // 2, 120 + y], axis=2).astype(np.uint8)
        disc = (x - 24 - 6 * t) ** 2 + (y - 32) ** 2 < 196
        frame[disc] = (220, 90, 40)
        discs.append(disc)
        frames.append(frame)
    found = way(frames, 0, 5)
    ground = cv2.dilate(np.any(discs, axis=0).astype(np.uint8), np.ones((9, 9), np.uint8)) == 0
    assert found.trust[ground].mean() > 0.97, "nothing moved there"
    painted = np.zeros((64, 96, 4), np.uint8)
    painted[discs[0]] = (*RED, 255)
    red = is_red(led(gray(0, 0, 96, 64), lead_of([Hand(Picture(painted), found, 5)]), False))
    assert red[discs[5]].mean() > 0.6 and red[~discs[5]].mean() < 0.005, (
        "the disc is followed, and what it uncovered new"
    )


def test_between_two_keys_the_nearer_one_has_more() -> None:
    still = [clip("pan", 1)[0]] * 5
    first, last = mark(0, 0, HEIGHT, WIDTH, (200, 0, 0)), mark(0, 0, HEIGHT, WIDTH, (0, 200, 0))
    for at in range(5):
        hands = [Hand(first, way(still, 0, at), at), Hand(last, way(still, 4, at), 4 - at)]
        shown = led(gray(), lead_of(hands), False).data
        inner = shown[8:-8, 8:-8, :3].astype(int)
        assert np.abs(inner - [200 - 50 * at, 50 * at, 0]).max() <= 1, at
        if at in (0, 4):
            assert (shown == (first if at == 0 else last).data).all()


def test_where_the_motion_to_one_is_lost_the_other_leads_alone() -> None:
    shape = (HEIGHT, WIDTH)
    straight = way([clip("pan", 1)[0]] * 2, 0, 1)
    lost = straight._replace(trust=np.zeros(shape, np.float32))
    red, green = mark(0, 0, HEIGHT, WIDTH), mark(0, 0, HEIGHT, WIDTH, GREEN)
    half = mark(0, 0, HEIGHT // 2, WIDTH)
    for far, share in ((1, 1.0), (3, 0.75), (9, 0.6)):
        whole = led(gray(), lead_of([Hand(red, lost, 1), Hand(green, straight, far)]), False)
        assert (np.abs(whole.data[8:-8, 8:-8, :3].astype(int) - GREEN) <= 1).all(), "however far it is"
        shown = led(gray(), lead_of([Hand(half, lost, 1), Hand(green, straight, far)]), False)
        wanted = np.array(GREEN) * share + 90 * (1 - share)
        assert (np.abs(shown.data[8:-8, 8:-8, :3] - wanted) <= 1).all(), "by half it may end at the other"
    none = led(gray(), lead_of([Hand(red, lost, 1), Hand(green, lost, 1)]), False)
    assert (none.data == gray().data).all()
    nothing = Hand(Picture(np.zeros((*shape, 4), np.uint8)), straight, 1)
    half = led(gray(), lead_of([Hand(red, straight, 1), nothing]), False).data[50, 50]
    assert np.abs(half[:3].astype(int) - [170, 50, 50]).max() <= 1, "that one says: nothing is here"


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_the_key_itself_comes_out_to_the_bit(dtype: type) -> None:
    rng = np.random.default_rng(4)
    full = {np.uint8: 255, np.uint16: 65535, np.float32: 1}[dtype]
    data = (rng.random((30, 40, 4)) * full).astype(dtype)
    data[..., 3] = full
    data[5:9, 6:12, 3] = 0
    if dtype is np.float32:
        data[20, 20, 0] = 3.5  # light above white
    way_there = way([np.zeros((30, 40, 3), np.uint8)], 0, 0)
    space = "linear" if dtype is np.float32 else "srgb"
    lead = lead_of(
        [Hand(Picture(data, space, 7, -3), way_there, 0.0), Hand(Picture(data[::-1], space, 7, -3), way_there, 5)]
    )
    layer = Picture((np.ones((30, 40, 4)) * full / 3).astype(dtype), space, 7, -3)
    shown, there = led(layer, lead, False), data[..., 3] > 0
    assert not lead.whole and (shown.data[there] == data[there]).all()
    assert (shown.data[~there] == layer.data[~there]).all(), "where the hand painted nothing, the method did"
    assert shown.box == layer.box and shown.space == space
    part = layer.crop(shown.box.moved(4, 6).clipped(shown.box))
    clipped = led(part, lead, True)
    assert (clipped.data[..., 3] == part.data[..., 3]).all(), "a selection's edge stays"
    visible = there[6:, 4:]
    assert clipped.box == part.box and (clipped.data[visible][:, :3] == data[6:, 4:][visible][:, :3]).all()


def test_a_key_of_another_depth_is_brought_to_the_layers() -> None:
    eight = Picture(np.arange(256, dtype=np.uint8).repeat(3).reshape(16, 16, 3))
    deep = as_layer(eight, Picture(np.zeros((16, 16, 4), np.uint16)))
    assert (deep.data[..., :3] == eight.data.astype(np.uint16) * 257).all() and (deep.data[..., 3] == 65535).all()
    assert (as_layer(deep, Picture(np.zeros((16, 16, 4), np.uint8))).data[..., :3] == eight.data).all()
    gray_key = Picture(np.full((16, 16, 1), 77, np.uint8))
    assert (as_layer(gray_key, Picture(np.zeros((16, 16, 4), np.uint8))).data == (77, 77, 77, 255)).all()


def test_what_is_led_is_not_held_to_the_frame_before() -> None:
    straight = way([clip("pan", 1)[0]] * 2, 0, 1)
    nothing = Hand(Picture(np.zeros((HEIGHT, WIDTH, 4), np.uint8)), straight, 1)
    lead: Lead = lead_of([Hand(mark(20, 20, 60, 60), straight, 3), nothing])
    amount = yields(lead, gray(10, 10, 100, 100))
    assert amount.shape == (100, 100) and amount[15:45, 15:45].max() < 0.01 and amount[60:, 60:].min() == 1


def test_small_frames_lead_too() -> None:
    small = [np.full((6, 9, 3), 90, np.uint8)] * 3
    data = np.full((6, 9, 4), 255, np.uint8)
    data[..., 1] = 40
    found = led(Picture(np.zeros_like(data)), lead_of([Hand(Picture(data), way(small, 0, 2), 2)]), False)
    assert (cv2.absdiff(found.data, data) <= 1).all()
