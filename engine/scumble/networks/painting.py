"""Run the transformation network on a scene of any size, in bands of rows.

What a pixel becomes depends on its surroundings of `REACH` pixels alone, so a band that sees so much more on either
side is painted as the whole picture would be.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from .mixed import Styled
from .scene import RIM, Scene
from .transform import ALIGN, REACH, TransformNet, noise

BAND = 1 << 20  # pixels that are painted at once; the maps of one take about 200 bytes

Check = Callable[[int, int], None]  # called before each band with its number and their count; may raise


@torch.inference_mode()
def paint(net: TransformNet, scene: Scene, check: Check, band: int = 0, dtype: torch.dtype = torch.float32) -> Tensor:
    """The painting of a scene, 1×3×H×W in [0, 1], float32, computed in `dtype` and in bands of about `band` pixels
    (0: as usual)."""
    height, width = scene.content.shape[-2:]
    framed, even = scene.framed(), scene.even
    styles = framed.styles if even is None else [even]
    tall, wide = framed.content.shape[-2:]
    # On the CPU, so that each device has the same.
    grain = noise(1, tall, wide, torch.Generator().manual_seed(scene.seed)).mul_(scene.texture)
    grain = grain.to(framed.content.device, dtype)
    out = torch.empty_like(scene.content)
    rows = max(ALIGN, (band or BAND) // wide // ALIGN * ALIGN)
    tops = range(0, tall, rows)
    for number, top in enumerate(tops):
        check(number, len(tops))
        first, last = max(0, top - REACH), min(tall, top + rows + REACH)
        content = framed.content[..., first:last, :]
        styled = Styled(net, styles, framed.shares[:, first:last])
        part = net(content, grain[..., first // 4 : last // 4, :].contiguous(memory_format=torch.channels_last), styled)
        begin, end = max(top, RIM), min(top + rows, RIM + height)
        if begin < end:
            own = part[..., begin - first : end - first, RIM : RIM + width]
            out[..., begin - RIM : end - RIM, :] = own
    return out.clamp_(0, 1)
