"""What is trained together: the transformation network, the identity's code, and where the styles' codes come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from ..features import tensors
from ..networks.adaptive import ADAPTIVE, DEEP, SKIP, AdaptiveNet, direct_code
from ..networks.condition import PerPicture
from ..networks.painter import Painter, between
from ..networks.predictor import TAPS, StylePredictor
from .paintloss import Seen

Moments = dict[str, Tensor]  # tap → (C+1)×(C+1)


class Pick(NamedTuple):
    """A named style at a size, with a share `mix` of another one."""

    style: int
    size: float
    other: int = 0
    mix: float = 0.0


class AnyStyle(nn.Module):
    """Codes of any style: its statistics, and what is predicted from them."""

    def __init__(self, net: AdaptiveNet) -> None:
        super().__init__()
        self.predictor = StylePredictor(net.code_size - net.direct_size)

    def codes(self, styles: Sequence[Moments]) -> Tensor:
        """The codes N×P of styles by their moments."""
        known = {t: m.float() for t, m in stacked(styles).items()}
        return torch.cat([direct_code(known), self.predictor(known)], 1)


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


class BothStyles(nn.Module):
    """Named styles and any other in one batch: codes of a table for picks, predicted ones for moments."""

    def __init__(self, general: AnyStyle, named: StyleTable) -> None:
        super().__init__()
        self.general, self.named = general, named

    def codes(self, styles: Sequence[Pick | Moments]) -> Tensor:
        """The codes N×P of picks and of styles by their moments."""
        found = [self.named.codes([s]) if isinstance(s, Pick) else self.general.codes([s]) for s in styles]
        return torch.cat(found)


class Apprentice(nn.Module):
    """A painter while it learns; of the identity's code, what is not fixed. Contents come as the encoder sees them."""

    def __init__(self, net: AdaptiveNet, identity: Tensor, styles: AnyStyle | StyleTable | BothStyles) -> None:
        super().__init__()
        self.net, self.styles = net, styles
        self.identity = nn.Parameter(identity[net.direct_size :].detach().clone())

    def identity_code(self) -> Tensor:
        """The identity's code P."""
        return self.net.identity_code(self.identity)

    def forward(self, seen: Sequence[Seen], codes: Tensor, strengths: Tensor) -> Tensor:
        """N contents painted with codes N×P, each weakened towards the identity by its strength N: N×3×H×W."""
        mixed = torch.lerp(self.identity_code()[None].expand_as(codes), codes, strengths[:, None])
        condition = PerPicture(self.net.norms, mixed, 1 - strengths, ADAPTIVE)
        maps = {t: torch.stack([s.maps[t] for s in seen]) for t in (SKIP, DEEP)}
        form: dict[str, Any] = {"dtype": self.net.to_half.weight.dtype, "memory_format": torch.channels_last}
        return self.net.decode({t: m.to(**form) for t, m in maps.items()}, condition).float()

    def averaged(self, average: nn.Module) -> Apprentice:
        """The apprentice with averaged weights: all of its own, or its styles' alone."""
        if isinstance(average, Apprentice):
            return average
        assert isinstance(average, AnyStyle | StyleTable | BothStyles)
        return Apprentice(self.net, self.identity_code(), average)

    def painter(self) -> Painter:
        """The painter that it has become, to be stored."""
        both = isinstance(self.styles, BothStyles)
        table = self.styles.named if both else self.styles
        general = self.styles.general if both else self.styles
        codes = dict(zip(table.names, table.table, strict=True)) if isinstance(table, StyleTable) else {}
        predictor = general.predictor if isinstance(general, AnyStyle) else None
        return Painter(self.net, self.identity_code(), codes, predictor)

    def take(self, state: Mapping[str, Tensor], file: str) -> None:
        """Begin from the tensors of a painter's file, or from the average in a checkpoint. Raises `weights-damaged`."""
        own = {k[8:]: v for k, v in state.items() if k.startswith("average.")}
        if not own:
            own = {f"styles.{k}" if k.startswith("predictor.") else k: v for k, v in state.items()}
        if "identity" in own:  # a painter's file has it whole
            own["identity"] = own["identity"][-len(self.identity) :]
        tensors.fill(self, own, file)


def stacked(styles: Sequence[Moments]) -> Moments:
    """Moments of N styles by tap, N×(C+1)×(C+1)."""
    return {t: torch.stack([s[t] for s in styles]) for t in TAPS}
