"""Mouse and keys over a preview, as a person uses them."""

from __future__ import annotations

from typing import Any

import pytest

from scumble.wire.editor.preview.hand import Hand

ROOM, SIZE = (400.0, 300.0), (400.0, 300.0)


class Desk:
    def __init__(self) -> None:
        self.spots: list[Any] = []
        self.drawn = 0
        self.hand = Hand(self.draw, self.spots.append)
        self.hand.there = True
        self.hand.view.lay_out(ROOM, SIZE)

    def draw(self) -> None:
        self.drawn += 1


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_press_compares_while_it_is_held(desk: Desk) -> None:
    desk.hand.press((10, 10))
    assert desk.hand.comparing and desk.drawn == 1
    desk.hand.release()
    assert not desk.hand.comparing and desk.drawn == 2


def test_nothing_is_compared_where_there_is_no_picture(desk: Desk) -> None:
    desk.hand.there = False
    desk.hand.press((10, 10))
    desk.hand.key("space")
    assert not desk.hand.comparing


def test_a_drag_moves_a_zoomed_picture_and_compares_no_longer(desk: Desk) -> None:
    desk.hand.wheel(4, (200, 150))
    before = desk.hand.view.place()
    desk.hand.press((200, 150))
    desk.hand.drag((202, 151))
    assert desk.hand.comparing  # a hand is never quite still
    desk.hand.drag((230, 150))
    assert not desk.hand.comparing and desk.hand.view.place().x == pytest.approx(before.x + 30)
    desk.hand.drag((240, 150))
    assert desk.hand.view.place().x == pytest.approx(before.x + 40)
    desk.hand.release()
    desk.hand.drag((300, 150))
    assert desk.hand.view.place().x == pytest.approx(before.x + 40)


def test_a_drag_over_all_of_the_picture_goes_on_comparing(desk: Desk) -> None:
    desk.hand.press((200, 150))
    desk.hand.drag((260, 150))
    assert desk.hand.comparing


def test_the_middle_button_only_moves(desk: Desk) -> None:
    desk.hand.wheel(4, (200, 150))
    before = desk.hand.view.place()
    desk.hand.press((200, 150), pan=True)
    desk.hand.drag((199, 150))
    assert not desk.hand.comparing and desk.hand.view.place().x == pytest.approx(before.x - 1)


def test_the_line_is_dragged_and_stays_on_the_picture(desk: Desk) -> None:
    desk.hand.divide(True)
    assert desk.hand.line == 0.5 and desk.hand.near_line((205, 30)) and not desk.hand.near_line((250, 30))
    desk.hand.press((203, 30))
    assert not desk.hand.comparing
    desk.hand.drag((100, 200))
    assert desk.hand.line == pytest.approx(0.25)
    desk.hand.drag((-50, 200))
    assert desk.hand.line == 0
    desk.hand.release()
    desk.hand.press((300, 100))
    assert desk.hand.comparing
    desk.hand.divide(False)
    assert desk.hand.line is None


def test_a_double_click_steps_in_and_another_out(desk: Desk) -> None:
    desk.hand.wheel(3, (0, 0))
    desk.hand.double((0, 0))
    assert desk.spots == [(0, 0)] and desk.hand.view.fitted
    desk.hand.close = True
    desk.hand.double((10, 10))
    assert desk.spots == [(0, 0), None]


def test_beside_the_picture_there_is_nothing_to_step_into(desk: Desk) -> None:
    desk.hand.view.lay_out((800, 300), SIZE)
    desk.hand.double((20, 20))
    assert desk.spots == []


def test_keys_do_the_same(desk: Desk) -> None:
    assert desk.hand.key("+") and not desk.hand.view.fitted
    before = desk.hand.view.place()
    assert desk.hand.key("left") and desk.hand.view.place().x > before.x
    assert desk.hand.key("0") and desk.hand.view.fitted
    assert desk.hand.key("1") and desk.spots == [(0.5, 0.5)]
    assert desk.hand.key("space") and desk.hand.comparing and desk.hand.key_up("space") and not desk.hand.comparing
    assert not desk.hand.key("") and not desk.hand.key_up("0")
    desk.hand.divide(True)
    assert desk.hand.key("right") and desk.hand.line == pytest.approx(0.55)


@pytest.mark.parametrize(
    ("close", "clicks", "scale", "told"),
    [(False, 0, 4.0, ""), (True, 0, 1.0, "1:1"), (False, 1, 4.0, "31 %"), (True, 1, 1.0, "125 %")],
)
def test_how_large_it_is_seen_is_told(desk: Desk, close: bool, clicks: int, scale: float, told: str) -> None:
    desk.hand.close = close
    desk.hand.wheel(clicks, (200, 150))
    assert desk.hand.told(scale) == told
