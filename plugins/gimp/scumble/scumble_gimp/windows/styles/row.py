"""One style in the dialog: its picture, its name, how much of it, how large its strokes, and where."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Dict, Optional, Sequence, Tuple

from ...texts import tr
from ...wire.editor.places import hint_words
from ...wire.request.stylechoice import CHOICE_OPTIONS, StyleChoice
from ..gtklib import Gtk
from ..gtkparts import GAP, box, guarded, heading, icon_push, line, spoken, styled
from ..options.numberbar import NumberBar
from ..pictures import blank
from .maskchoice import MaskChoice, PartChoice

PICTURE = 84  # points
FULL_SHARE = 1.0  # where the bar of shares is full; larger ones can be typed

Told = Callable[["StyleRow"], Any]


class StyleRow:
    """Shows and changes one `StyleChoice`: `widget`."""

    def __init__(
        self,
        choice: StyleChoice,
        changed: Told,
        shared: Told,
        pick: Told,
        remove: Told,
        paint: Told,
        make_layer: Callable[[StyleRow, str], Any],
    ) -> None:
        """`shared` is called before `changed` where its share was set; `paint` where its mask is to be painted.

        `make_layer` is called with the place that is its mask, where that is wanted as a layer.
        """
        self._choice, self._putting = choice, False
        self._changed, self._shared = changed, shared
        self.picture, self._image = Gtk.Button(valign=Gtk.Align.START), Gtk.Image()
        self.picture.add(self._image)
        self.picture.connect("clicked", guarded(lambda _: pick(self)))
        spoken(self.picture, tr("Choose a style"), tr("Choose another style: of the library, a file or a layer."))
        styled(self.picture, "scumble-picture")
        self.name = heading("")
        self.away = icon_push("window-close-symbolic", tr("Remove this style"), "", lambda: remove(self))
        self.share = NumberBar(CHOICE_OPTIONS["weight"], full=FULL_SHARE, percent=True)
        self.strokes = NumberBar(CHOICE_OPTIONS["stroke_size"])
        self.strength, self.keep = (NumberBar(CHOICE_OPTIONS[n]) for n in ("strength", "content_weight"))
        self.mask = MaskChoice(self._tell, lambda: paint(self), lambda place: make_layer(self, place))
        self.part = PartChoice(self._tell)
        labels = Gtk.SizeGroup(mode=Gtk.SizeGroupMode.HORIZONTAL)
        for choice_of in (self.mask, self.part):
            labels.add_widget(choice_of.label)
        self.hint, self._hinted = line("", "dim-label"), ""  # the layer that the hint is about
        self.hint.set_no_show_all(True)
        self.share.connect(self._tell_share)
        for bar in (self.strokes, self.strength, self.keep):
            bar.connect(self._tell)
        self.widget = styled(box(spacing=GAP + 2), "scumble-card")
        self.widget.pack_start(self.picture, False, False, 0)
        self.widget.pack_start(self._column(), True, True, 0)
        self.put(choice)

    def _column(self) -> Any:
        column, head = box(vertical=True, spacing=4), box()
        head.pack_start(self.name, True, True, 0)
        head.pack_start(self.away, False, False, 0)
        bars = (self.share, self.strokes, self.strength, self.keep)
        for part in (head, *(b.widget for b in bars), self.mask.widget, self.hint, self.part.widget):
            column.add(part)
        return column

    def choice(self) -> StyleChoice:
        """The style as it is set now."""
        bars = {
            "weight": self.share,
            "stroke_size": self.strokes,
            "strength": self.strength,
            "content_weight": self.keep,
        }
        shown: Dict[str, Any] = {name: bar.get() for name, bar in bars.items()}
        return replace(self._choice, **shown, **self.mask.fields(), **self.part.fields())

    def put(self, choice: StyleChoice) -> None:
        """Show a style without telling."""
        self._putting = True
        self._choice = choice
        self.share.put(choice.weight)
        self.strokes.put(choice.stroke_size)
        self.strength.put(choice.strength)
        self.keep.put(choice.content_weight)
        self.mask.show_choice(choice)
        self.part.show_choice(choice)
        self._show_hint()
        self._putting = False

    def show_hint(self, layer: str) -> None:
        """Say what to paint on the mask, as long as it is this layer."""
        self._hinted = layer
        self._show_hint()

    def _show_hint(self) -> None:
        wanted = bool(self._hinted) and self.mask.value()[2] == self._hinted
        self.hint.set_text(hint_words() if wanted else "")
        self.hint.set_visible(wanted)

    def take(self, picked: StyleChoice) -> None:
        """Another style in this row; share, strokes and mask stay, and all of it is taken."""
        self._choice = self.choice().exchanged(picked)
        self.part.show_choice(self._choice)

    def show_as(self, title: str, picture: Optional[Any]) -> None:
        """The style's title and picture (GdkPixbuf)."""
        self.name.set_text(title)
        self.name.set_tooltip_text(title)
        self._image.set_from_pixbuf(picture if picture is not None else blank(PICTURE))

    def set_alone(self, alone: bool) -> None:
        """The only style has the whole share, and stays."""
        for part in (self.share.widget, self.away):
            part.set_no_show_all(alone)
            part.set_visible(not alone)

    def set_layers(self, layers: Sequence[Tuple[str, str]], picture: Callable[[str], Any]) -> None:
        """What can be a mask, and what each looks like (a GdkPixbuf or None)."""
        self.mask.set_layers(layers, picture)
        self.part.set_layers(layers, picture)

    def set_share(self, share: float) -> None:
        """Show another share without telling."""
        self._putting, before = True, self._putting
        self.share.put(share)
        self._putting = before

    def _tell_share(self) -> None:
        if not self._putting:
            self._shared(self)
            self._changed(self)

    def _tell(self) -> None:
        self._show_hint()
        if not self._putting:
            self._changed(self)
