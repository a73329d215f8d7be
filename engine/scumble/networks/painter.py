"""A painter: a feed-forward network with the codes that it knows, as one weight file.

Tensors of a file: `net.…` (a `TransformNet`), `code.NAME` [S, P] (a named style at each of `SIZES`), `vivid.NAME` [2]
(how vivid its light and its chroma are painted, if that was measured), `look.NAME` (how its strokes look, for styles
that borrow them: see `likeness`), and `own.NAME.…` (what a named style adds to each weight of `net`).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from ..features import tensors
from ..features.models import read_digest
from ..wire.protocol.errors import ScumbleError
from .mixed import Kernels, kept
from .models import network_file
from .transform import TransformNet

# A named style has a code for each: the long side of its painting in pixels of the picture, the measure of strokes.
SIZES = (256, 512, 1024)
BOUND = 2.0  # of a code's numbers


class Painter:
    """A network ready to paint, and codes for it, all float32: kernels are mixed in that, whatever they compute in."""

    def __init__(
        self,
        net: TransformNet,
        codes: Mapping[str, Tensor],
        name: str = "",
        own: Mapping[str, TransformNet] | None = None,
        vivid: Mapping[str, Tensor] | None = None,
        looks: Mapping[str, Tensor] | None = None,
    ) -> None:
        self.net, self.codes, self.name, self.own = net, dict(codes), name, dict(own or {})
        self.vivid, self.looks = dict(vivid or {}), dict(looks or {})

    def kernels(self, style: str, long_side: float) -> Kernels:
        """A named style for strokes of that size: between two of `SIZES`, between their codes."""
        return self.net.kernels(between(self.codes[style], long_side), self.own.get(style))

    def state(self) -> dict[str, Tensor]:
        """All tensors, as a file holds them: fp16."""
        found = {f"net.{k}": v for k, v in self.net.state_dict().items()}
        found |= {f"code.{name}": code for name, code in self.codes.items()}
        found |= {f"vivid.{name}": vivid for name, vivid in self.vivid.items()}
        for name, net in self.own.items():
            found |= {f"own.{name}.{k}": v for k, v in net.state_dict().items()}
        found |= {f"look.{name}": look for name, look in self.looks.items()}
        return {k: v.detach().half().contiguous() for k, v in found.items()}


def limited(codes: Tensor) -> Tensor:
    """Codes within ±`BOUND`: affine steps multiply, and what leaves its bounds in many of them explodes."""
    return BOUND * torch.tanh(codes / BOUND)


def between(codes: Tensor, long_side: float) -> Tensor:
    """Of codes S×P at `SIZES`, that of a size between, on a logarithmic scale; beyond the ends, the end's."""
    octave = math.log2(min(max(long_side, SIZES[0]), SIZES[-1]) / SIZES[0])
    low = min(int(octave), len(SIZES) - 2)
    return torch.lerp(codes[low], codes[low + 1], octave - low)


def read_painter(state: Mapping[str, Tensor], file: str) -> Painter:
    """The painter that `state` describes. Raises `weights-damaged` with the name of the `file`."""
    net = _net(state, "net.", file)
    codes = kept(state, "code.")
    for name, code in codes.items():
        _check(code, (len(SIZES), net.code_size), name, file)
    own = {name: _net(state, f"own.{name}.", file) for name in codes if f"own.{name}.out.bias" in state}
    looks = {name: look.float() for name, look in kept(state, "look.").items() if name in codes}
    for name, look in looks.items():
        _check(look, next(iter(looks.values())).shape, name, file)
    return Painter(net, {n: c.float() for n, c in codes.items()}, "", own, _vivid(state, file), looks)


def _vivid(state: Mapping[str, Tensor], file: str) -> dict[str, Tensor]:
    found = kept(state, "vivid.")
    for name, vivid in found.items():
        _check(vivid, (2,), name, file)
    return {name: vivid.float() for name, vivid in found.items()}


def _net(state: Mapping[str, Tensor], prefix: str, file: str) -> TransformNet:
    net = TransformNet()
    tensors.fill(net, kept(state, prefix), file)
    return net.requires_grad_(False).eval()


def read_codes(file: Path, style: str, painter: Painter, base: str = "") -> Painter:
    """`painter` with a style's codes S×P, and how vivid it is, from a file of their own; it adds to the weights what
    the named style `base` does. Raises `weights-damaged`."""
    state = tensors.load_checked(file)
    code = state.get(f"code.{style}")
    _check(code, (len(SIZES), painter.net.code_size), style, file.name)
    assert code is not None
    own = {style: painter.own[base]} if base in painter.own else {}
    return Painter(painter.net, {style: code.float()}, own=own, vivid=_vivid(state, file.name))


def _check(code: Tensor | None, shape: tuple[int, ...], name: str, file: str) -> None:
    if code is None or code.shape != shape or not bool(code.isfinite().all()):
        reason = f"the code “{name}” is not {'×'.join(map(str, shape))} finite numbers"
        raise ScumbleError("weights-damaged", name=file, reason=reason)


_loaded: dict[tuple[str, str], tuple[str, Painter]] = {}  # with the digest of the file
_lock = threading.Lock()


def load_painter(name: str, device: torch.device | str = "cpu") -> Painter:
    """The shipped painter `name` (see `models.NETWORKS`) on `device`; kept once loaded.

    Raises `option-choice`, `weights-damaged`.
    """
    return load_painter_file(network_file(name), device)


def load_painter_file(file: Path, device: torch.device | str = "cpu") -> Painter:
    """As `load_painter`, from any weight file with its digest beside it; anew where the file is another by now."""
    key, digest = (str(file), str(device)), read_digest(file)
    with _lock:
        if key not in _loaded or _loaded[key][0] != digest:
            painter = read_painter(tensors.load_checked(file), file.name)
            for net in (painter.net, *painter.own.values()):
                net.to(device)
            painter.codes = {n: c.to(device) for n, c in painter.codes.items()}
            painter.name = file.stem
            _loaded[key] = digest, painter
        return _loaded[key][1]


def unload_painters() -> None:
    """Forget the loaded painters, so that an idle worker gives their memory back."""
    with _lock:
        _loaded.clear()
