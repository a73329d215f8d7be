"""How strong a picture's fine waves are: a mesh stands out in them, and hides in Gram matrices.

After the spectrum constraint of Liu, Gousseau and Xia (2016), in windows and as a loss: a wave that a painting does not
have may not be stronger in what is painted, wherever it lies, nor may a painting's strokes be weaker.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

WINDOW = 64  # pixels; windows overlap by half
COARSEST = 3  # waves in a window: what is broader is the content's
LEAST = 1e-5  # a power that counts as none: of grain two thousandths strong
AXES = ((0.299, 0.587, 0.114), (0.5, 0.0, -0.5), (-0.25, 0.5, -0.25))  # light, and two contrasts of colours


def powers(pictures: Tensor) -> Tensor:
    """The logarithms of the powers of the fine waves of pictures N×3×H×W, in the mean over windows: N×3×K."""
    x = torch.einsum("ac,nchw->nahw", pictures.new_tensor(AXES).float(), pictures.float())
    down, across = (max(0, WINDOW - side) for side in x.shape[-2:])
    if down or across:  # small crops go on as in a mirror
        x = F.pad(x, (across // 2, across - across // 2, down // 2, down - down // 2), "reflect")
    windows = x.unfold(2, WINDOW, WINDOW // 2).unfold(3, WINDOW, WINDOW // 2)
    hann = torch.hann_window(WINDOW, device=x.device)
    lens = torch.outer(hann, hann)
    waves = torch.fft.rfft2((windows - windows.mean((-2, -1), keepdim=True)) * lens)
    found: Tensor = (waves.real.square() + waves.imag.square()) / lens.square().sum()
    logs: Tensor = (found + LEAST).log().mean((2, 3))
    return logs[..., _fine(x.device)]


def powers_of(turns: Sequence[Tensor]) -> Tensor:
    """The powers 3×K of a painting, from its picture 1×3×H×W as it hangs and as it was turned."""
    return torch.stack([powers(p)[0] for p in turns]).mean(0)


def _fine(device: torch.device) -> Tensor:
    """Which waves of a window count, as a mask of its spectrum."""
    along, across = torch.fft.fftfreq(WINDOW, 1 / WINDOW), torch.fft.rfftfreq(WINDOW, 1 / WINDOW)
    return (torch.hypot(along[:, None], across) >= COARSEST).to(device)
