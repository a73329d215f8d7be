# ruff: noqa: F821
"""Sent to an editor by the tests of layers, behind the words of its own, which import what is used here."""

CODES = {"u8": ("B", 255), "u16": ("H", 65535), "f32": ("f", 1.0)}


def values(data, depth):
    """Pixels as numbers."""
    code, _ = CODES[depth]
    return struct.unpack(f"<{len(data) // struct.calcsize(code)}{code}", data)


def answer(source, invert=True):
    """What the engine would send: the selection's own box, content inverted (or as it is), alpha × selection."""
    content, form = source.content, source.content.format
    code, full = CODES[form.depth]
    pixels = values(content.data, form.depth)
    mask, most = [1] * (form.width * form.height), 1
    if source.selection:
        depth = source.selection.format.depth
        mask, most = values(source.selection.data, depth), CODES[depth][1]
    rows = [y for y in range(form.height) if any(mask[y * form.width : (y + 1) * form.width])]
    columns = [x for x in range(form.width) if any(mask[x :: form.width])]
    box = Box.from_bounds(columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
    out = []
    for y in range(box.y, box.bottom):
        for x in range(box.x, box.right):
            i = y * form.width + x
            color, alpha = pixels[4 * i : 4 * i + 3], pixels[4 * i + 3] * mask[i] / most
            out += [full - v if invert else v for v in color] + [alpha if code == "f" else round(alpha)]
    made = PixelFormat(box.width, box.height, 4, form.depth, form.space)
    return PictureRef("0" * 64, made, content.x + box.x, content.y + box.y), struct.pack(f"<{len(out)}{code}", *out)


def refusal(function, *arguments):
    """The code of the error that a call raises; None where it raises none."""
    try:
        function(*arguments)
    except ScumbleError as e:
        return e.code
