"""The styles of a recipe, one below the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .dialog_stage import Layers, Studio, application, drag, qt, turn_until
from .plugin import plugin_module

stylerows = plugin_module("dialog.stylerows")
thumbs = plugin_module("dialog.thumbs")
recipes = plugin_module("wire.request.recipe")
Choice = recipes.StyleChoice

NIGHT, WAVE = Choice("library", "starry-night"), Choice("library", "great-wave")
FULL = Choice("layer", "Photo", "{1}", 0.3, 0.5, "layer", "Sky mask", "{2}", True)


@pytest.fixture
def rows():
    application()
    layers = Layers()
    made = stylerows.StyleRows(thumbs.Thumbs(Studio(), layers))
    made.refresh({"starry-night": "The Starry Night"}, layers.entries)
    made.resize(440, 600)
    made.show()
    made.put([NIGHT])
    yield made
    made.deleteLater()


def test_what_is_shown_comes_back_as_it_was(rows):
    odd = Choice("file", "/nowhere/Red.png", weight=0.11, stroke_size=0.7071, mask="selection", invert=True)
    third, rest = replace(FULL, weight=0.3), replace(NIGHT, weight=0.59)
    for styles in ((third, rest, odd), (replace(WAVE, weight=1.0),), tuple([replace(NIGHT, weight=0.25)] * 4)):
        rows.put(styles)
        assert rows.styles() == styles


def test_shares_add_up_to_the_whole_whoever_is_moved_joins_or_goes(rows):
    shares = lambda: [s.weight for s in rows.styles()]  # noqa: E731
    rows.put([replace(NIGHT, weight=2.0), replace(WAVE, weight=2.0)])
    assert shares() == [0.5, 0.5]
    rows.rows[0].share.set_by_user(0.8)
    assert shares() == [0.8, 0.2]
    rows.take(2, NIGHT)
    assert shares() == [0.54, 0.13, 0.33]
    rows.rows[1].away.click()
    assert sum(shares()) == 1.0 and len(shares()) == 2


def test_a_mask_of_the_document_has_its_picture(rows):
    combo = rows.rows[0].mask.combo
    pictures = {combo.itemText(i): combo.itemIcon(i).isNull() for i in range(combo.count())}
    assert pictures["Photo"] is False and pictures["None"] is True


def test_a_row_shows_title_and_picture(rows):
    row = rows.rows[0]
    assert row.name.text == "The Starry Night"
    assert row.picture.icon().pixmap(76, 76).toImage().pixelColor(38, 38).blue() > 100  # the stage's blue
    rows.put([Choice("file", "/nowhere/Red Tree.png")])
    assert row.name.text == "Red Tree"


def test_share_and_removal_are_there_when_there_is_something_to_share(rows):
    assert not rows.rows[0].share.isVisible() and not rows.rows[0].away.isVisible()
    rows.take(1, WAVE)
    turn_until(lambda: all(row.share.isVisible() and row.away.isVisible() for row in rows.rows))
    rows.rows[0].away.click()
    assert rows.styles() == (WAVE,) and not rows.rows[0].share.isVisible()


def test_eight_rows_and_no_more(rows):
    for _ in range(9):
        rows.take(len(rows.rows), WAVE)
    assert len(rows.styles()) == 8 and not rows.add.isVisible()
    rows.rows[3].away.click()
    assert rows.add.isVisible()


def test_dragging_the_bars_sets_share_and_strokes(rows):
    told = []
    rows.take(1, WAVE)
    rows.changed.connect(lambda: told.append(rows.styles()[1]))
    drag(rows.rows[1].share, 0.3)
    drag(rows.rows[1].strokes, 0.25)
    assert (told[-1].weight, told[-1].stroke_size) == (0.3, 0.5)


def test_another_style_keeps_the_rows_share_strokes_and_mask(rows):
    rows.put([FULL])
    rows.take(0, WAVE)
    kept = rows.styles()[0]
    assert (kept.source, kept.name, kept.layer) == ("library", "great-wave", "")
    assert (kept.weight, kept.stroke_size, kept.mask_layer, kept.invert) == (1.0, 0.5, "{2}", True)


def choose(combo, at):
    combo.setCurrentIndex(at)
    combo.activated.emit(at)


def test_a_mask_is_chosen_from_the_documents_layers(rows):
    mask = rows.rows[0].mask
    assert not mask.invert.isVisible()
    labels = [mask.combo.itemText(i) for i in range(mask.combo.count()) if mask.combo.itemData(i)]
    assert labels[0] == "None" and labels[-2:] == ["Photo", "  Sky mask"]
    assert {"The selection", "The subject", "Paint a mask…"} <= set(labels)
    choose(mask.combo, mask.combo.count() - 1)
    mask.invert.click()
    style = rows.styles()[0]
    assert (style.mask, style.mask_name, style.mask_layer, style.invert) == ("layer", "Sky mask", "{2}", True)
    choose(mask.combo, mask.combo.findText("The selection"))
    assert rows.styles()[0].mask == "selection"


def test_a_place_is_wanted_as_a_layer_and_a_row_that_went_gets_none(rows):
    asked = []
    rows.make_layer.connect(lambda row, place: asked.append((row, place)))
    row = rows.rows[0]
    choose(row.mask.combo, row.mask.combo.findText("The sky"))
    choose(row.mask.combo, row.mask.combo.findText("Make “The sky” a layer"))
    assert asked == [(row, "sky")] and rows.styles()[0].mask == "sky"
    rows.mask(row, "Mask: The sky", "{2}", hinted=True)
    assert rows.styles()[0].mask_layer == "{2}" and "white" in row.hint.text
    choose(row.mask.combo, row.mask.combo.findText("None"))
    assert row.hint.isHidden() and row.hint.text == ""
    rows.mask(object(), "gone", "{9}")
    assert rows.styles()[0].mask == "none"


def test_who_wants_to_paint_a_mask_is_heard_and_what_was_chosen_stays(rows):
    asked = []
    rows.paint.connect(asked.append)
    mask = rows.rows[0].mask
    choose(mask.combo, mask.combo.count() - 1)
    choose(mask.combo, mask.combo.findText("Paint a mask…"))
    assert asked == [0] and rows.styles()[0].mask_layer == "{2}"
    rows.mask(rows.rows[0], "Mask: Wave", "{3}")
    assert (rows.styles()[0].mask, rows.styles()[0].mask_name, rows.styles()[0].mask_layer) == (
        "layer",
        "Mask: Wave",
        "{3}",
    )


def test_what_is_taken_of_a_file_or_a_layer_is_chosen_and_nothing_of_a_named_style(rows):
    part, told = rows.rows[0].part, []
    assert part.isHidden()
    rows.take(0, Choice("file", "/nowhere/Red.png"))
    turn_until(part.isVisible)
    rows.changed.connect(lambda: told.append(rows.styles()[0]))
    choose(part, part.findText("The sky"))
    assert (told[-1].part, told[-1].part_layer) == ("sky", "")
    choose(part, part.count() - 1)
    assert (told[-1].part, told[-1].part_name, told[-1].part_layer) == ("layer", "Sky mask", "{2}")
    assert part.itemIcon(part.findText("Photo")).isNull() is False
    rows.take(0, Choice("layer", "Photo", "{1}"))
    assert rows.styles()[0].part == "all" and part.isVisible()
    rows.put([Choice("file", "/nowhere/Red.png", part="file", part_name="/masks/clouds.png")])
    assert part.currentText() == "clouds.png" and rows.styles()[0].part_name == "/masks/clouds.png"
    rows.take(0, WAVE)
    assert rows.styles()[0] == replace(WAVE, weight=1.0) and part.isHidden()


def test_a_mask_that_is_gone_is_still_named(rows):
    rows.put([FULL])
    rows.refresh(layers=[("{9}", "Other")])
    assert rows.styles() == (replace(FULL, weight=1.0),)
    assert "Sky mask" in rows.rows[0].mask.combo.currentText()


def test_everything_has_a_name_for_those_who_hear_it(rows):
    rows.put([FULL, NIGHT])
    widgets = [w for w in rows.findChildren(qt.QtWidgets.QWidget) if w.focusPolicy() and w.isVisible()]
    inside = (qt.QtWidgets.QLineEdit, qt.QtWidgets.QAbstractItemView)  # parts of spin boxes and combo boxes
    silent = [w for w in widgets if not w.accessibleName() and not isinstance(w, inside)]
    assert silent == []
