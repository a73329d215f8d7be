"""Widen a trained *slim* without changing what it computes, so that a cheap narrow start is not lost.

After Net2Net (Chen et al. 2016), with one deviation: new channels are not copies but fresh ones whose outgoing weights
are zero, which needs no noise to break a symmetry.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ...features.slim import HEAD_WIDTHS, Slim


@torch.no_grad()
def grow(narrow: dict[str, Tensor], wide: Slim) -> None:
    """Set `wide` (freshly initialised) to compute what the narrower net of state dict `narrow` computes."""
    state = wide.state_dict()
    for name in wide.names:
        weight, old = state[f"convs.{name}.weight"], narrow[f"convs.{name}.weight"].float()
        out, inputs = old.shape[:2]
        weight[:out, :inputs] = old
        weight[:out, inputs:] = 0
        state[f"convs.{name}.bias"][:out] = narrow[f"convs.{name}.bias"].float()
    for tap in HEAD_WIDTHS:
        old = narrow[f"heads.{tap}.weight"].float()
        state[f"heads.{tap}.weight"].zero_()[:, : old.shape[1]] = old
        state[f"heads.{tap}.bias"].copy_(narrow[f"heads.{tap}.bias"])
    wide.load_state_dict(state)
