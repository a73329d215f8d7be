"""What is trained together: the transformation network, the identity's code, and where the styles' codes come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..features import tensors
from ..networks.adaptive import ADAPTIVE, AdaptiveNet, direct_code
from ..networks.condition import PerPicture
from ..networks.painter import Painter, between
from ..networks.predictor import TAPS, StylePredictor
from ..networks.stages import run_whole
from ..networks.transform import TransformNet

Moments = dict[str, Tensor]  # tap → (C+1)×(C+1)


class Pick(NamedTuple):
    """A named style at a size, with a share `mix` of another one."""

    style: int
    size: float
    other: int = 0
    mix: float = 0.0


class AnyStyle(nn.Module):
    """Codes predicted from a style's statistics; of an `AdaptiveNet`, a part of them is the statistics themselves."""

    def __init__(self, net: TransformNet | AdaptiveNet) -> None:
        super().__init__()
        self._direct = _direct_size(net)
        self.predictor = StylePredictor(net.code_size - self._direct)

    def codes(self, styles: Sequence[Moments]) -> Tensor:
        """The codes N×P of styles by their moments."""
        known = {t: m.float() for t, m in stacked(styles).items()}
        out: Tensor = self.predictor(known)
        return torch.cat([direct_code(known), out], 1) if self._direct else out


class StyleTable(nn.Module):
    """Codes of named styles K×S×P, at each of `SIZES`."""

    def __init__(self, names: Sequence[str], codes: Tensor) -> None:
        super().__init__()
        self.names, self.table = tuple(names), nn.Parameter(codes.detach().clone())

    def codes(self, picks: Sequence[Pick]) -> Tensor:
        """The codes N×P of `picks`."""
        found = []
        for pick in picks:
            code = between(self.table[pick.style], pick.size)
            if pick.mix:
                code = torch.lerp(code, between(self.table[pick.other], pick.size), pick.mix)
            found.append(code)
        return torch.stack(found)


class Apprentice(nn.Module):
    """A painter while it learns; of an `AdaptiveNet`'s identity, only what is not fixed."""

    def __init__(self, net: TransformNet | AdaptiveNet, identity: Tensor, styles: AnyStyle | StyleTable) -> None:
        super().__init__()
        self.net, self.styles = net, styles
        self.identity = nn.Parameter(identity[_direct_size(net) :].detach().clone())

    def identity_code(self) -> Tensor:
        """The identity's code P."""
        return self.net.identity_code(self.identity) if isinstance(self.net, AdaptiveNet) else self.identity

    def forward(self, x: Tensor, codes: Tensor, strengths: Tensor) -> Tensor:
        """Contents N×3×H×W painted with codes N×P, each weakened towards the identity by its strength N."""
        mixed = torch.lerp(self.identity_code()[None].expand_as(codes), codes, strengths[:, None])
        adaptive = ADAPTIVE if isinstance(self.net, AdaptiveNet) else 0
        condition = PerPicture(self.net.norms, mixed, 1 - strengths, adaptive)
        return run_whole(self.net.stages(), x.to(self.net.to_half.weight.dtype), condition).float()

    def painter(self) -> Painter:
        """The painter that it has become, to be stored."""
        if isinstance(self.styles, StyleTable):
            return Painter(self.net, self.identity_code(), dict(zip(self.styles.names, self.styles.table, strict=True)))
        return Painter(self.net, self.identity_code(), {}, self.styles.predictor)

    def take(self, state: Mapping[str, Tensor], file: str) -> None:
        """Begin from the tensors of a painter's file, or from the average in a checkpoint. Raises `weights-damaged`."""
        own = {k[8:]: v for k, v in state.items() if k.startswith("average.")}
        if not own:
            own = {f"styles.{k}" if k.startswith("predictor.") else k: v for k, v in state.items()}
        if "identity" in own:  # a file has it whole
            own["identity"] = own["identity"][-len(self.identity) :]
        if isinstance(self.styles, StyleTable):  # no file but a checkpoint has one; codes are predicted
            own.setdefault("styles.table", self.styles.table.detach())
        tensors.fill(self, own, file)


def stacked(styles: Sequence[Moments]) -> Moments:
    """Moments of N styles by tap, N×(C+1)×(C+1)."""
    return {t: torch.stack([s[t] for s in styles]) for t in TAPS}


def _direct_size(net: TransformNet | AdaptiveNet) -> int:
    return net.direct_size if isinstance(net, AdaptiveNet) else 0
