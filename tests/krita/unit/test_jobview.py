"""The docker's queue: words for each state, a card a job, nothing that jumps."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from .docker_stage import StageJob, StageStudio, application, button, picture, turn, turn_until
from .plugin import plugin_module

words = plugin_module("docker.jobwords")
queueview = plugin_module("docker.queueview")
jobview = plugin_module("docker.jobview")


@pytest.fixture
def studio():
    application()
    return StageStudio()


@pytest.fixture
def queue(studio, monkeypatch):
    monkeypatch.setattr(queueview, "document_name", lambda job: job.source.document.name())
    monkeypatch.setattr(queueview, "STAYS", 60)
    window, view = plugin_module("qt").QtWidgets.QWidget(), queueview.QueueView(studio)
    column = plugin_module("dockparts").column(window)
    for part in (view.front, view):
        column.addWidget(part)
    column.addStretch(1)
    window.resize(260, 700)
    window.show()
    yield view
    window.close()
    window.deleteLater()
    turn(0.01)


def in_front(queue):
    """The titles of the cards in front."""
    return [c._title.text for c in queue.cards if queue.front.isAncestorOf(c)]


def below(queue):
    """The other cards, from the top."""
    return sorted((c for c in queue.cards if queue.isAncestorOf(c)), key=queue._layout.indexOf)


def lines(card):
    """The lines of a card that can be seen, from the top."""
    parts = plugin_module("dockparts")
    return [w.text for w in card.findChildren(parts.Line) if w.isVisible() and w.text]


def test_a_job_that_is_done_has_its_layer():
    assert words.state_wordings(StageJob(state="done")) == ("Done: a new layer", "Done")
    assert words.state_wordings(StageJob(state="adding"))[0] == "Adding the layer…"


def test_what_waits_for_nothing_but_the_engine_gets_ready(queue, studio):
    studio.jobs = [StageJob(), StageJob(position=1)]
    queue.refresh()
    assert [c._state.text for c in queue.cards] == ["Getting ready…", "Waiting, 1 before it"]
    studio.jobs[0].state, studio.jobs[1].position = "running", 0
    queue.refresh()
    assert queue.cards[1]._state.text == "Waiting, next in turn"


def test_each_job_has_a_card_that_stays_where_it_is(queue, studio):
    studio.jobs = [StageJob(f"job {i}", "running", step=1, of=9) for i in range(3)]
    queue.refresh()
    turn()
    cards = queue.cards
    assert [lines(c)[0] for c in cards] == ["job 0", "job 1", "job 2"]
    turn()
    tops = [c.y() for c in cards]
    studio.jobs[1].step = 5
    studio.jobs.append(StageJob("job 3"))
    queue.refresh()
    turn()
    assert queue.cards[:3] == cards and [c.y() for c in cards] == tops
    assert "Step 5 of 9" in lines(cards[1]) and cards[1].toolTip() == "walk.kra"


def test_a_job_is_let_rest_beside_cancel_and_another_comes_to_the_front(queue, studio):
    resting, other = StageJob("one", "running", may_pause=True, pausing=False), StageJob("two", "queued")
    studio.jobs = [resting, other]
    queue.refresh()
    turn()
    assert in_front(queue) == ["one"]
    button(queue.cards[0], "Pause").click()
    assert studio.calls == [("pause", resting)]
    resting.pausing, resting.may_pause = True, False
    queue.refresh()
    assert queue.cards[0]._state.text.startswith("Pausing") and not button(queue.cards[0], "Pause").isEnabled()
    resting.pausing, resting.state, other.state = False, "paused", "running"
    queue.refresh()
    turn()
    assert in_front(queue) == ["two"] and button(queue.cards[0], "Resume").isEnabled()
    assert queue.cards[0]._state.text.startswith("Paused")
    studio.link.can_pause = False  # an older engine
    queue.refresh()
    assert button(queue.cards[0], "Resume").isHidden()


def test_what_has_not_changed_is_not_painted_anew(queue, studio, monkeypatch):
    studio.jobs = [StageJob(state="running", step=3, of=9, image=picture())]
    queue.refresh()
    turn(0.4)
    painted = []
    for part in queue.cards[0].findChildren(plugin_module("qt").QtWidgets.QWidget):
        monkeypatch.setattr(part, "update", lambda part=part: painted.append(part), raising=False)
    queue.refresh()
    assert painted == []
    studio.jobs[0].step = 4
    queue.refresh()
    assert sorted(type(p).__name__ for p in painted) == ["Bar", "FittingLine"]


def test_a_preview_opens_once_and_later_ones_keep_its_height(queue, studio):
    job = StageJob(state="running", step=1, of=9)
    studio.jobs = [job]
    above = jobview.Room(220, 200, 2, False)
    queue.set_rooms(above, above)
    queue.refresh()
    card = queue.cards[0]
    view = card.findChild(plugin_module("docker.pictureview").PictureView)
    assert not view.isVisible()
    job.image = picture(60, 40)
    queue.refresh()
    turn_until(lambda: view.height() == round(200 * 40 / 60))
    job.image = picture(121, 82)  # the same region at another size, rounded otherwise
    queue.refresh()
    turn(0.3)
    assert view.height() == round(200 * 40 / 60)
    wide = above._replace(width=1020)
    queue.set_rooms(wide, wide)
    assert view.height() == 200


def test_beside_words_a_picture_has_its_place_before_it_comes(queue, studio):
    beside = jobview.Room(260, 80, 1, True)
    queue.set_rooms(beside, beside)
    job = StageJob(state="running", step=1, of=9)
    job.source.box = SimpleNamespace(width=600, height=400)
    studio.jobs = [job]
    queue.refresh()
    turn()
    (card,) = queue.cards
    view, size = card._picture, card._picture.size()
    assert view.isVisible() and size.width() == round(size.height() * 1.5) <= 110
    assert view.geometry().right() < card._title.geometry().left()
    high = card.height()
    job.image = picture(60, 40)
    queue.refresh()
    turn(0.3)
    assert view.size() == size and card.height() == high


def test_what_is_painted_is_in_front_and_its_turn_comes(queue, studio):
    jobs = studio.jobs = [StageJob("a"), StageJob("b"), StageJob("c")]
    queue.refresh()
    assert in_front(queue) == ["a"]
    jobs[1].state = "running"  # another device was free first
    queue.refresh()
    assert in_front(queue) == ["b"] and [c._title.text for c in below(queue)] == ["a", "c"]
    jobs[0].state = "running"
    queue.refresh()
    assert in_front(queue) == ["b"]
    jobs[1].state, jobs[1].error = "failed", "It went wrong."
    queue.refresh()
    assert in_front(queue) == ["a"] and [c._title.text for c in below(queue)] == ["b", "c"]
    jobs[0].state, studio.jobs = "done", jobs[1:]
    queue.refresh()
    turn()
    assert in_front(queue) == ["a"]  # it says so, and fades
    turn_until(lambda: in_front(queue) == ["c"])
    jobs[2].state, studio.jobs = "cancelled", jobs[1:2]
    queue.refresh()
    turn_until(lambda: not queue.front.isVisible())
    assert len(queue.cards) == 1 and queue.isVisible()


@pytest.mark.parametrize(
    ("width", "said"), [(400, "Step 12 of 40, 8 s left"), (120, "12 of 40, 8 s left"), (60, "8 s left")]
)
def test_a_line_says_less_where_there_is_less_room(width, said):
    application()
    line = plugin_module("docker.lines").FittingLine()
    line.resize(line.fontMetrics().horizontalAdvance("x") * width // 7, 20)
    line.set_wordings(words.state_wordings(StageJob(state="running", step=12, of=40, seconds_left=7.4)))
    assert line.shown() == said
    assert line.toolTip() == ("" if width == 400 else "Step 12 of 40, 8 s left")


def test_a_title_has_a_few_lines_and_ends_in_an_ellipsis():
    application()
    title = plugin_module("docker.lines").Title(2)
    title.resize(150, 20)
    title.set_text("Short")
    high = title.height()
    assert title.lines() == ["Short"] and title.toolTip() == ""
    title.set_text("The Great Wave off Kanagawa and many other paintings of the sea, of ships and of mountains")
    assert len(title.lines()) == 2 and title.lines()[1].endswith("…") and title.height() == 2 * high
    assert title.toolTip() == title.text
    title.set_text("Kanagawa" * 30)  # without a blank
    assert len(title.lines()) == 2


def test_cancel_tells_the_studio_at_once_and_the_card_goes(queue, studio):
    studio.changed.connect(queue.refresh)
    first, second = StageJob("first", "running", step=1, of=9), StageJob("second")
    studio.jobs = [first, second]
    queue.refresh()
    button(queue.cards[0], "Cancel").click()
    assert studio.calls == [("cancel", first)]
    turn_until(lambda: len(queue.cards) == 1)
    turn_until(lambda: lines(queue.cards[0])[:1] == ["second"])


def test_cancel_all_is_there_for_several(queue, studio):
    studio.jobs = [StageJob("first")]
    queue.refresh()
    assert not button(queue, "Cancel all").isVisible()
    studio.jobs.append(StageJob("second"))
    queue.refresh()
    assert button(queue, "Cancel all").isVisible()
    button(queue, "Cancel all").click()
    assert studio.calls == [("cancel_all",)]


def test_what_is_done_says_so_and_fades(queue, studio):
    job = StageJob(state="running", step=1, of=9)
    studio.jobs = [job]
    queue.refresh()
    turn()
    high = queue.cards[0].height()
    job.state, studio.jobs = "done", []
    queue.refresh()
    assert "Done: a new layer" in lines(queue.cards[0]) and queue.cards[0].height() == high
    turn_until(lambda: not queue.cards)
    assert not queue.isVisible()


def test_a_failure_stays_until_it_is_dismissed(queue, studio):
    studio.changed.connect(queue.refresh)
    job = StageJob(state="running", step=1, of=9)
    studio.jobs = [job]
    queue.refresh()
    job.state, job.error = "failed", "It needs more memory than there is. Choose a smaller selection."
    queue.refresh()
    turn(0.2)
    (card,) = queue.cards
    assert card.findChild(plugin_module("wrappedtext").WrappedText).toPlainText() == job.error
    assert queue.tells(job.error)
    assert not button(card, "Cancel").isVisible()
    button(card, "Dismiss").click()
    assert studio.calls == [("cancel", job)]
    turn_until(lambda: not queue.cards)


def test_run_again_runs_the_same_recipe(queue, studio):
    job = StageJob(state="failed", error="It went wrong.")
    studio.jobs = [job]
    queue.refresh()
    button(queue.cards[0], "Run again").click()
    assert studio.calls == [("run", job.recipe), ("cancel", job)]


def test_run_again_puts_a_result_in_the_place_it_was_for(queue, studio):
    job = StageJob(state="failed", error="It went wrong.", result=object(), span=(3, 5), by_hand="{1}")
    studio.jobs = [job]
    queue.refresh()
    button(queue.cards[0], "Run again").click()
    assert studio.calls[0] == ("run", job.recipe, job.result, (3, 5), "{1}")


def test_jobs_that_were_over_before_have_no_card(queue, studio):
    studio.jobs = [StageJob(state="done"), StageJob(state="cancelled")]
    queue.refresh()
    assert queue.cards == [] and not queue.isVisible()
