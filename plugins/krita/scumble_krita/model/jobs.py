"""A job with its live picture as Qt shows it."""

from __future__ import annotations

from typing import Any, Optional, Tuple

from ..pictures import layers
from ..qt import image_of
from ..wire.editor.jobs.jobs import Job


class LayerJob(Job):
    """A job over a layer of Krita's: `source` is a `document.Source`, `instead` a node."""

    span: Tuple[int, ...] = ()  # the times of its frames, where it has several
    by_hand: str = ""  # the layer whose frames were painted by hand
    shot: Any = None  # a `shots.Shot` of frames: what is to be known for painting them again
    result: Any = None  # the `editing.Result` that it paints anew
    _image: Any = None
    _made_of: Any = None  # the preview that `_image` shows

    @property
    def origin(self) -> Any:
        """The layer that it can be painted anew from."""
        return self.source.node

    def make_layer(self) -> Any:
        """The new layer, of the run's picture. Raises what adding does."""
        return layers.add_result(self.source, self.run.picture, self.run.pixels, self.title, instead=self.instead)

    @property
    def image(self) -> Optional[Any]:
        """The newest picture on the way, a QImage; None before the first."""
        newest = self.preview
        if newest is not None and newest is not self._made_of:
            form = newest.format
            self._made_of, self._image = newest, image_of(newest.pixels, form.width, form.height, form.channels)
        return self._image
