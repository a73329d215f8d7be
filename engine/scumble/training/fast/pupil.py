"""What learns: the transformation network and the codes of named styles."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ...networks.painter import BOUND, SIZES, Painter, limited
from ...networks.transform import Codes, TransformNet

STRIDE = 2.0  # how much faster a style's code learns than the network


class Pupil(nn.Module):
    """Everything that ships, while it learns: a network, what each named style adds to its weights, and codes.

    A named style has a code for each size of its strokes: what its sizes share, and each size's own.
    """

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names, self.net = tuple(names), TransformNet()
        self.own = [TransformNet() for _ in names]
        self._registered = nn.ModuleList(self.own)
        for parameter in self._registered.parameters():
            nn.init.zeros_(parameter)
        self.style = nn.Parameter(torch.zeros(len(names), 1, self.net.code_size))
        self.size = nn.Parameter(torch.zeros(len(names), len(SIZES), self.net.code_size))
        self.vivid: dict[str, Tensor] = {}  # is measured, not learned, as looks are
        self.looks: dict[str, Tensor] = {}

    def table(self) -> Tensor:
        """The codes of the named styles, K×S×P."""
        return limited(STRIDE * (self.style + self.size))

    def code(self, style: int, size: int) -> Tensor:
        """The code P of a named style at one of `SIZES`."""
        return limited(STRIDE * (self.style[style, 0] + self.size[style, SIZES.index(size)]))

    def forward(self, contents: Tensor, codes: Tensor, noise: Tensor, style: int) -> Tensor:
        """N contents painted with codes N×P, those of a named style."""
        own = self.own[style]
        painted: Tensor = self.net(contents, noise, Codes(self.net, codes, own))
        return painted

    def painter(self) -> Painter:
        """The painter that it has become."""
        codes = dict(zip(self.names, self.table(), strict=True))
        own = dict(zip(self.names, self.own, strict=True))
        return Painter(self.net, codes, own=own, vivid=self.vivid, looks=self.looks)

    @torch.no_grad()
    def take(self, painter: Painter) -> None:
        """Begin where a painter is that was published; styles that it does not know begin with nothing of their own."""
        self.net.load_state_dict(painter.net.state_dict())
        self.vivid, self.looks = (
            {n: v for n, v in d.items() if n in self.names} for d in (painter.vivid, painter.looks)
        )
        for i, name in enumerate(self.names):
            if name in painter.own:
                self.own[i].load_state_dict(painter.own[name].state_dict())
            if name in painter.codes:
                within = (painter.codes[name] / BOUND).clamp(-0.999, 0.999)
                self.size[i] = torch.atanh(within) * BOUND / STRIDE
