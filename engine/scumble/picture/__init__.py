"""Pictures, masks, regions and colour: from an editor's pixels to the networks' and back. numpy, no torch."""

from __future__ import annotations

from ._encode_native import encode_native
from .color import from_working, to_working
from .document import Document, open_document, save_native
from .files import decode_file, save_file
from .masks import check_mask_size, checked_mask, file_coverage, mask_bounds, mask_in, normalise_masks
from .metadata import count_pictures
from .picture import Picture
from .recolor import keep_chroma, match_luminance, recolor
from .region import Region, find_region, layer, paste
from .targets import SUFFIXES, check_fits, check_target, check_targets

__all__ = [
    "SUFFIXES",
    "Document",
    "Picture",
    "Region",
    "check_fits",
    "check_mask_size",
    "check_target",
    "check_targets",
    "checked_mask",
    "count_pictures",
    "decode_file",
    "encode_native",
    "file_coverage",
    "find_region",
    "from_working",
    "keep_chroma",
    "layer",
    "mask_bounds",
    "mask_in",
    "match_luminance",
    "normalise_masks",
    "open_document",
    "paste",
    "recolor",
    "save_file",
    "save_native",
    "to_working",
]
