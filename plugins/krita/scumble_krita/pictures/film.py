"""An animated layer's frames: read one by one, and painted ones put together to a new animated layer.

All that is done in a document of its own that nobody sees, on copies of the layer: setting the time of the artist's
document would move his canvas, and be a step of undo each time. So the new layer comes in one step.
"""

from __future__ import annotations

from dataclasses import astuple, replace
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple

from krita import Krita

from ..guard import guarded
from ..qt import QTimer
from ..wire.editor.frames.spans import Span, frames_by_hand, spans
from ..wire.editor.masks import alpha_bytes
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.pixels import PictureRef, PixelFormat
from ..wire.request.geometry import Box
from ..wire.request.sources import Pixels
from .colorspaces import sent_as, space_of, to_rgba, write_rgba
from .document import Source, read_source, small_source
from .layers import check_place
from .nodes import free_name, identity, is_in, is_open, place_above, walk
from .scaling import Thin
from .shots import Shot

CLOSED_MS = 1000  # Krita 5.1 and 5.2 crash where a document goes right after its layers were changed
ANIMATED = "paintlayer"  # what has frames of pixels

_open: List[Any] = []  # the documents that nobody sees


def key_times(document: Any, node: Any) -> Tuple[int, ...]:
    """The times of a layer's key frames; none where its pixels do not move."""
    if node.type() != ANIMATED or not node.animated():
        return ()
    return tuple(t for t in range(document.animationLength()) if node.hasKeyframeAtTime(t))


def frames_of(document: Any, node: Any) -> List[Span]:
    """What of a layer's frames there is to choose; the range is the one that is played, or selected in the timeline."""
    return spans(key_times(document, node), document.playBackStartTime(), document.playBackEndTime())


def hands_of(document: Any, node: Any) -> List[Tuple[str, str]]:
    """Identity and name of each animated layer beside `node`: what frames may have been painted by hand on."""
    found = [other for other, _ in walk(document) if identity(other) != identity(node) and key_times(document, other)]
    return [(identity(other), str(other.name())) for other in found]


def frame_alpha(document: Any, node: Any, box: Box, time: int) -> bytes:
    """How much a layer's frame at `time` covers of each pixel of `box`, in 8 bits."""
    space = space_of(node)
    size, (depth, curve) = (box.width, box.height), sent_as(space)
    data = bytes(node.pixelDataAtTime(*astuple(box), time))
    return alpha_bytes(to_rgba(document, data, space, size, depth, curve), depth)


def small_frame(source: Source, time: int, long_side: int) -> Pixels:
    """What is on the frame of a layer at `time`, there where `source` was read, as `document.small_source` has it.

    Without the layer's masks and filters: Krita works those out for the frame that shows, and for no other.
    """
    node, box, space = source.node, source.box, space_of(source.node)
    thin = Thin(box, long_side)
    data = thin.read_in_bands(lambda *part: node.pixelDataAtTime(*part, time), box, space.pixel)
    form = PixelFormat(*thin.size, 4, *(sent_as(space) if space.native else ("u8", "srgb")))
    pixels = to_rgba(source.document, data, space, thin.size, form.depth, form.space)
    found = replace(source, content=Pixels(form, pixels, box.x, box.y), selection=None)
    return small_source(found, long_side).content


class Film:
    """The frames of `node` at `times`, as they and the selection (or `cover` in its place) are now.

    `hands` are the frames, by number from 0, that were painted by hand on the layer `by_hand`, and when. Raises
    `keys-none`; `editor-refused` where Krita makes no copy of them.
    """

    def __init__(
        self, document: Any, node: Any, times: Sequence[int], margin: float, by_hand: Any = None, cover: Any = None
    ) -> None:
        self.document, self.node, self.times = document, node, tuple(times)
        self.place: Optional[Source] = None  # of the first frame that was read, without its pixels
        self._margin = margin
        self._keys = key_times(document, node)
        self.hands: Dict[int, int] = {}
        if by_hand is not None:
            self.hands = frames_by_hand(self.times, self._keys, key_times(document, by_hand))
            if not self.hands:
                raise ScumbleError("keys-none", name=by_hand.name())
        self._painted: Set[int] = set()
        selection = cover if cover is not None else document.selection()
        self._cover = selection.duplicate() if selection is not None else None
        self._led_by = identity(by_hand) if by_hand is not None else ""
        size, space = (document.width(), document.height()), space_of(document)
        self._scratch: Any = Krita.instance().createDocument(*size, "Scumble", *space, float(document.resolution()))
        if self._scratch is None:
            raise ScumbleError("editor-refused", reason="createDocument")
        _open.append(self._scratch)
        self._scratch.setBatchmode(True)
        self._before: Any = self._copy(node)
        self._after: Any = self._copy(node)
        self._hand: Any = self._copy(by_hand) if by_hand is not None else None
        for mask in self._after.childNodes():  # the painting has what they did already
            mask.remove()
        self._settle()

    @property
    def shot(self) -> Shot:
        """What is to be known for painting it again."""
        canvas = (self.document.width(), self.document.height())
        whole = set(self.times) >= set(self._keys)
        return Shot(self.times, whole, self._led_by, canvas).with_selection(self._cover)

    def _copy(self, node: Any) -> Any:
        copy = node.duplicate()
        if not self._scratch.rootNode().addChildNode(copy, None):
            raise ScumbleError("editor-refused", reason="addChildNode")
        return copy

    def read(self, number: int) -> Optional[Source]:
        """A frame, by its number from 0; None where there is nothing on it. Raises what `read_source` does.

        And `document-closed`, `layer-changed` as soon as there is no place for a result.
        """
        if self.place is not None:
            check_place(self.place)
        found = self._read_at(self.times[number], self._before)
        if found is None:
            return None
        source = replace(found, document=self.document, node=self.node)
        if self.place is None:
            self.place = replace(source, content=replace(source.content, data=b""), selection=None)
        return source

    def read_hand(self, number: int) -> Optional[Pixels]:
        """What was painted by hand of a frame of `hands`; None where that is nothing. Raises as `read`."""
        found = self._read_at(self.hands[number], self._hand)
        return found.content if found is not None else None

    def _read_at(self, time: int, copy: Any) -> Optional[Source]:
        self._turn_to(time)
        self._scratch.refreshProjection()  # what masks and filters make of the layer at that time
        self._settle()
        try:
            return read_source(self._scratch, copy, self._margin, self._cover)
        except ScumbleError as e:
            if e.code != "layer-empty":
                raise
            return None

    def write(self, number: int, ref: PictureRef, data: bytes) -> None:
        """What came of a frame: RGBA as `ref` says. Raises `editor-refused`."""
        self._turn_to(self.times[number])
        self._clear()
        form, space = ref.raw, space_of(self._after)
        box = (ref.x, ref.y, form.width, form.height)
        sheet = self._scratch.createNode("sheet", "paintlayer")
        write_rgba(sheet, data, box, form.depth, form.space, space)
        self._after.setPixelData(sheet.pixelData(*box), *box)
        self._painted.add(self.times[number])
        self._settle()

    def finish(self, name: str, former: Any = None, instead: bool = True) -> Any:
        """The new layer, right above the one that was read, or above `former`, `instead` of which it is to stand.

        It is called and looks as that then; it is for the caller to remove it. Raises `document-closed`,
        `layer-changed`.
        """
        if self.place is None:
            raise ScumbleError("layer-empty")
        check_place(self.place)
        for time in sorted({*self._keys} - self._painted):  # there the layer below shows
            self._turn_to(time)
            self._clear()
        former = former if former is not None and is_in(self.document, former) else None
        self._dress(free_name(self.document, name), former if instead else None)
        layer = self._after.duplicate()
        parent, below = place_above(self.node if former is None else former)
        if not parent.addChildNode(layer, below):
            raise ScumbleError("editor-refused", reason="addChildNode")
        return layer

    @guarded
    def close(self) -> None:
        """Let the copies go; nothing more is read or written."""
        scratch, self._scratch, self._before, self._after, self._hand = self._scratch, None, None, None, None
        if scratch is not None:
            QTimer.singleShot(CLOSED_MS, guarded(lambda: _close(scratch)))

    def _dress(self, name: str, instead: Any) -> None:
        """A new layer's looks, as if it had been made now; where it is to inherit alpha it does as the other."""
        self._after.setName(name if instead is None else instead.name())
        self._after.setOpacity(255 if instead is None else instead.opacity())
        blending = "normal" if instead is None else instead.blendingMode()
        if self._after.blendingMode() != blending:  # a step of undo in the artist's document, whose copy it is
            self._after.setBlendingMode(blending)
        self._after.setVisible(True)
        self._after.setLocked(False)
        self._settle()

    def _turn_to(self, time: int) -> None:
        self._scratch.setCurrentTime(time)
        self._settle()

    def _settle(self) -> None:
        self._scratch.waitForDone()
        self._scratch.setModified(False)  # nobody is to be asked whether to keep it

    def _clear(self) -> None:
        """Nothing on the frame, a canvas around the canvas included."""
        width, height = self.document.width(), self.document.height()
        found = self._after.bounds()
        box = Box(found.x(), found.y(), found.width(), found.height())
        box = box.clipped(Box(-width, -height, 3 * width, 3 * height))
        if box:
            empty = bytes(box.width * box.height * space_of(self._after).pixel)
            self._after.setPixelData(empty, box.x, box.y, box.width, box.height)


def close_films() -> None:
    """Krita ends, and would crash over documents without a window: let all go at once."""
    for document in list(_open):
        _close(document)


def _close(document: Any) -> None:
    if document not in _open:
        return
    _open.remove(document)
    if is_open(document):
        document.setModified(False)
        document.close()
