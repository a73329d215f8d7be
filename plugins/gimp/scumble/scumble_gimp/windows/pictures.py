"""Pictures as GTK shows them: from pixels, in another size, over one another, over a checkerboard."""

from __future__ import annotations

import math
from typing import Any, Optional, Tuple

from ..gimplib import GLib
from .gtklib import GdkPixbuf

CHECK = 8  # points: a square of the checkerboard
GREYS = (0x787878, 0x969696)
DARK, WHITE, GRIP = 0x202020FF, 0xFFFFFFFF, 5  # the line between two pictures, and half the width of its grip
RADIUS = 5.0  # pixels of a thumbnail's corners
SMOOTH, PLAIN = GdkPixbuf.InterpType.BILINEAR, GdkPixbuf.InterpType.NEAREST


def pixbuf_of(data: bytes, width: int, height: int, channels: int) -> Any:
    """8-bit RGB or RGBA pixels as a picture."""
    colours = GdkPixbuf.Colorspace.RGB
    kept = GLib.Bytes.new(bytes(data))
    return GdkPixbuf.Pixbuf.new_from_bytes(kept, colours, channels == 4, 8, width, height, width * channels)


def decoded(data: bytes) -> Optional[Any]:
    """A picture from the bytes of a JPEG or PNG; None where they are none."""
    loader = GdkPixbuf.PixbufLoader()
    try:
        loader.write(data)
        loader.close()
    except GLib.Error:
        return None
    return loader.get_pixbuf()


def fitted(size: Tuple[int, int], room: Tuple[int, int]) -> Tuple[int, int]:
    """Width and height that fill `room` in the proportion of `size`."""
    scale = min(room[0] / size[0], room[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def laid_over(below: Any, above: Any, x: int, y: int) -> Any:
    """`below` with `above` painted over it, its corner at `x`, `y`; what lies outside is cut off."""
    made = below.copy()
    left, top = max(0, x), max(0, y)
    right = min(below.get_width(), x + above.get_width())
    bottom = min(below.get_height(), y + above.get_height())
    if right > left and bottom > top:
        above.composite(made, left, top, right - left, bottom - top, x, y, 1.0, 1.0, PLAIN, 255)
    return made


def smooth(picture: Any, size: Tuple[int, int]) -> Any:
    """The picture in another size."""
    return picture.scale_simple(*size, SMOOTH)


def coverage(picture: Any, mask: Optional[bytes], size: Tuple[int, int]) -> bytes:
    """A byte for each pixel of the picture in another size: its alpha, less where a mask of its own size is less."""
    data = bytearray(picture.get_pixels())
    if mask is not None:
        alpha = data[3::4]
        data[3::4] = mask if alpha.count(255) == len(alpha) else bytes(a * m // 255 for a, m in zip(alpha, mask))
    whole = smooth(pixbuf_of(bytes(data), picture.get_width(), picture.get_height(), 4), size)
    return bytes(whole.get_pixels()[3::4])


def showing(picture: Any, cover: bytes) -> Any:
    """The picture with this alpha."""
    whole = picture.add_alpha(False, 0, 0, 0)
    data = bytearray(whole.get_pixels())
    data[3::4] = cover
    return pixbuf_of(bytes(data), whole.get_width(), whole.get_height(), 4)


def on_checks(picture: Any, size: Tuple[int, int]) -> Any:
    """The picture in another size, over a checkerboard where it is transparent."""
    if not picture.get_has_alpha():
        return smooth(picture, size)
    return picture.composite_color_simple(*size, SMOOTH, 255, CHECK, *GREYS)


def part_of(picture: Any, size: Tuple[int, int], corner: Tuple[float, float], whole: Tuple[float, float]) -> Any:
    """What is seen of a picture through a window of `size`, over a checkerboard where it is transparent.

    The picture is `whole` points large there, and its `corner` lies at or before the window's.
    """
    scales = (whole[0] / picture.get_width(), whole[1] / picture.get_height())
    made = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, False, 8, *size)
    if picture.get_has_alpha():
        checks = (-round(corner[0]), -round(corner[1]), CHECK, *GREYS)
        picture.composite_color(made, 0, 0, *size, *corner, *scales, SMOOTH, 255, *checks)
    else:
        picture.scale(made, 0, 0, *size, *corner, *scales, SMOOTH)
    return made


def divided(left: Any, right: Any, x: int) -> Any:
    """Two opaque pictures of the same size, the one before `x` and the other behind it, and a line between them."""
    made = right.copy()
    width, height = made.get_width(), made.get_height()
    if x > 0:
        left.copy_area(0, 0, min(x, width), height, made, 0, 0)
    middle = height // 2
    for half, tall, colour in ((2, height, DARK), (1, height, WHITE), (GRIP, 28, DARK), (GRIP - 1, 26, WHITE)):
        begin, end = max(0, x - half), min(width, x + half)
        top, bottom = max(0, middle - tall // 2), min(height, middle + (tall + 1) // 2)
        if end > begin and bottom > top:
            made.new_subpixbuf(begin, top, end - begin, bottom - top).fill(colour)
    return made


def mixed(old: Any, new: Any, share: float) -> Any:
    """Two opaque pictures of the same size, with this share of the new one."""
    made = old.copy()
    size = (new.get_width(), new.get_height())
    new.composite(made, 0, 0, *size, 0, 0, 1.0, 1.0, PLAIN, round(255 * min(1.0, share)))
    return made


def dimmed(picture: Any, alpha: int) -> Any:
    """A picture with alpha as if it were there so much only, of 255."""
    made, size = picture.copy(), (picture.get_width(), picture.get_height())
    made.fill(0)
    picture.composite(made, 0, 0, *size, 0, 0, 1.0, 1.0, PLAIN, alpha)
    return made


def square(picture: Any, side: int, wide: int = 1) -> Any:
    """The middle of a picture as a square with round corners, or so many times as `wide`."""
    width, height = picture.get_width(), picture.get_height()
    tall = max(1, min(height, width // wide))
    across = min(width, wide * tall)
    part = picture.new_subpixbuf((width - across) // 2, (height - tall) // 2, across, tall)
    return rounded(on_checks(part, (wide * side, side)))


def in_a_row(left: Any, right: Any) -> Any:
    """Two pictures of the same height side by side."""
    width, height = left.get_width(), left.get_height()
    made = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, True, 8, width + right.get_width(), height)
    made.fill(0)
    for picture, x in ((left, 0), (right, width)):
        whole = picture if picture.get_has_alpha() else picture.add_alpha(False, 0, 0, 0)
        whole.copy_area(0, 0, picture.get_width(), height, made, x, 0)
    return made


def blank(width: int, height: int = 0) -> Any:
    """What stands where there is no picture; square unless told."""
    made = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, True, 8, width, height or width)
    made.fill(0x80808050)
    return rounded(made)


def rounded(picture: Any) -> Any:
    """The picture with round corners."""
    whole = picture if picture.get_has_alpha() else picture.add_alpha(False, 0, 0, 0)
    width, height, row = whole.get_width(), whole.get_height(), whole.get_rowstride()
    data = bytearray(whole.get_pixels())
    for y in range(math.ceil(RADIUS)):
        for x in range(math.ceil(RADIUS)):
            away = math.hypot(RADIUS - x - 0.5, RADIUS - y - 0.5) - RADIUS
            share = min(1.0, max(0.0, 0.5 - away))
            for px, py in ((x, y), (width - 1 - x, y), (x, height - 1 - y), (width - 1 - x, height - 1 - y)):
                at = py * row + px * 4 + 3
                data[at] = round(data[at] * share)
    kept = GLib.Bytes.new(bytes(data))
    return GdkPixbuf.Pixbuf.new_from_bytes(kept, GdkPixbuf.Colorspace.RGB, True, 8, width, height, row)
