"""The form that is made of the declared options."""

from __future__ import annotations

import pytest

from .dialog_stage import application, drag, key, qt
from .plugin import plugin_module

optionform = plugin_module("dialog.optionform")
request = plugin_module("wire.request.request")
options = plugin_module("wire.request.options")
errors = plugin_module("wire.protocol.errors")
OPTIONS = request.REQUEST_OPTIONS


@pytest.fixture
def form():
    application()
    made = optionform.OptionForm(OPTIONS.values())
    made.resize(440, 900)
    made.show()
    yield made
    made.deleteLater()


def test_each_declared_option_has_one_labelled_editor_with_its_help(form):
    assert list(form.rows) != [] and set(form.rows) == set(OPTIONS)
    for name, row in form.rows.items():
        assert row.label.text() == OPTIONS[name].label
        assert row.label.buddy() is row.editor.widget
        assert OPTIONS[name].label == row.editor.widget.accessibleName()
        assert row.editor.widget.toolTip()


def test_what_stands_at_its_default_is_left_out(form):
    assert form.values() == {}


OTHERS = {
    "method": "fast", "strength": 0.37, "colors": "palette", "seed": 2**31 - 1, "size": 777, "model": "vgg19",
    "content_weight": 12.5, "tv_weight": 0.0, "content_layers": ("conv4_2:0.5", "conv5_1"), "learning_rate": 0.0007,
    "iterations": 20000, "clip": 0.0, "averaging": 0.9995, "precision": "bf16", "margin": 0.335, "preview_seconds": 2.5,
    "device": "cuda:1", "optimizer": "lbfgs", "min_size": 33, "scale_factor": 1.41, "start": "noise",
}  # fmt: skip


def test_what_is_shown_comes_back_as_it_was(form):
    form.set_values(OTHERS)
    assert form.values() == OTHERS
    form.set_values({})
    assert form.values() == {}


def test_both_ends_of_each_range_can_be_had(form):
    for name, o in OPTIONS.items():
        for end in (o.low, o.high):
            if end is not None:
                form.set_values({name: end})
                assert form.values().get(name, o.default) == end


def test_showing_values_tells_nothing_and_turning_does(form):
    told = []
    form.changed.connect(lambda: told.append(1))
    form.set_values({"strength": 0.5, "method": "fast"})
    assert told == []
    drag(form.editor("strength").widget, 0.25)
    assert told and form.values()["strength"] == 0.25


def test_a_switch_is_pressed(form):
    form.editor("method").widget.buttons()[1].click()
    assert form.values() == {"method": "fast"}


def test_what_the_fast_method_does_not_look_at_cannot_be_changed_with_it(form):
    form.set_values({"method": "fast"})
    assert not form.editor("iterations").widget.isEnabled() and form.editor("seed").widget.isEnabled()
    assert form.editor("strength").widget.isEnabled() and form.editor("method").widget.isEnabled()
    form.editor("method").widget.buttons()[0].click()
    assert form.editor("iterations").widget.isEnabled()


def test_another_seed_is_another(form):
    button = form.editor("seed").widget.findChild(qt.QPushButton)
    button.click()
    assert form.values()["seed"] > 0


def test_names_that_cannot_be_meant_are_refused_by_name(form):
    line = form.editor("content_layers").widget
    line.setText("conv4_2:x")
    with pytest.raises(errors.ScumbleError, match="content_layers"):
        form.values()


def test_more_options_are_folded_and_found_by_their_words(form):
    row = form.rows["averaging"]
    assert not row.editor.widget.isVisible() and form.rows["strength"].editor.widget.isVisible()
    form.more.head.click()
    assert row.editor.widget.isVisible()
    form.search.setText("moving average")
    assert [n for n, r in form.rows.items() if r.editor.widget.isVisible() and not r.option.basic] == ["averaging"]
    form.search.setText("xyzzy")
    assert not row.editor.widget.isVisible()
    form.search.clear()
    assert row.editor.widget.isVisible() and form.rows["device"].editor.widget.isVisible()


def test_a_value_under_more_opens_it(form):
    form.set_values({"iterations": 80})
    assert form.rows["iterations"].editor.widget.isVisible()


def test_a_new_option_that_no_heading_claims_is_not_lost():
    application()
    new = options.Option("brand_new", "bool", False, "A new one.", label="Brand new")
    made = optionform.OptionForm([OPTIONS["strength"], new])
    made.set_values({"brand_new": True})
    assert made.values() == {"brand_new": True}


def test_numbers_are_typed_stepped_and_shown_short(form):
    bar = form.editor("strength").widget
    bar.setFocus()
    for digit in "42":
        key(bar, digit, digit)
    key(bar, "Return", "\r")
    assert form.values() == {"strength": 0.42} and bar.text() == "42 %"
    key(bar, "Up")
    assert form.values() == {"strength": 0.43}
    form.set_values({})
    assert form.editor("averaging").widget.text() == "0.95"
    assert form.editor("size").widget.text() == "Full size"
    assert form.editor("preview_seconds").widget.text() == "1 s"


def test_the_wheel_scrolls_the_form_and_turns_no_number(form):
    bar = form.editor("strength").widget
    bar.clearFocus()
    point = qt.QtCore.QPointF(5, 5)
    none = qt.Qt.KeyboardModifier.NoModifier
    phase = qt.Qt.ScrollPhase.NoScrollPhase
    wheel = qt.QtGui.QWheelEvent(
        point, point, qt.QtCore.QPoint(), qt.QtCore.QPoint(0, -120), qt.Qt.MouseButton.NoButton, none, phase, False
    )
    application().sendEvent(bar, wheel)
    assert form.values() == {} and not wheel.isAccepted()
