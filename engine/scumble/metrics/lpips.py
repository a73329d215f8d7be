"""LPIPS (Zhang et al. 2018): torchmetrics' network and linear heads, on a backbone that torchvision trained.

The heads come with torchmetrics. The backbone's ImageNet weights do not, and nothing is downloaded here: they are taken
from a file given by hand, or from torchvision's own cache.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..features import tensors, vgg
from ..features.download import file_digest
from ..wire.protocol.errors import ScumbleError
from .similarity import LIBRARY_MISSING, weighted_mean

# By torchmetrics' name of the backbone, a key that only its weights have.
NETS = {"alex": "features.10.weight", "squeeze": "features.3.squeeze.weight"}
NO_WEIGHTS = "there are no ImageNet weights of AlexNet or SqueezeNet 1.1 here; give torchvision's: --lpips-weights FILE"


class Lpips:
    """The distance that LPIPS tells, on the backbone `net`: “alex” or “squeeze”."""

    def __init__(self, net: str, state: Mapping[str, Tensor], name: str) -> None:
        """`state` holds the backbone's weights under torchvision's keys; `name` is what errors call it.

        Raises `weights-damaged`, and `ImportError` without torchmetrics.
        """
        from torchmetrics.functional.image.lpips import _NoTrainLpips as Network

        self.net = net
        self._network: Any = Network(net=net, pnet_rand=True)  # type: ignore[arg-type]  # random: filled below
        backbone: Any = _torchvision_layout(self._network.net)
        tensors.fill(backbone, state, name)

    @torch.no_grad()
    def __call__(self, result: Tensor, content: Tensor, weight: Tensor) -> float:
        """LPIPS of two pictures 1×3×H×W in [0, 1] under `weight` (H×W, ≥ 0); 0 for the same picture."""
        self._network.spatial = bool((weight != weight.max()).any())
        found: Tensor = self._network(result, content, normalize=True)
        return weighted_mean(found[0, 0], weight) if self._network.spatial else float(found)


def load_lpips(file: str | Path | None = None) -> tuple[Lpips | None, str]:
    """LPIPS, or None and the reason why there is none.

    `file` holds a backbone's weights under torchvision's keys: safetensors, or torchvision's own .pth, whose digest is
    checked. Raises `file-missing`, `weights-digest`, `weights-damaged` for a file that was given; one of torchvision's
    cache that cannot be used is a reason.
    """
    try:
        if file is not None:
            return _from_file(Path(file)), ""
        return _from_cache()
    except ImportError:
        return None, LIBRARY_MISSING


def _from_file(file: Path) -> Lpips:
    net, state = read_backbone(file)
    return Lpips(net, state, file.name)


def read_backbone(file: Path) -> tuple[str, dict[str, Tensor]]:
    """Which backbone a file holds, “alex” or “squeeze”, and its tensors under torchvision's keys.

    Raises `file-missing`, `weights-digest`, `weights-damaged`.
    """
    if not file.is_file():
        raise ScumbleError("file-missing", name=str(file))
    if file.suffix == ".safetensors":
        state = tensors.parse(file.name, tensors.read_bytes(file))
    else:
        state = _read_pth(file)
    net = next((net for net, key in NETS.items() if key in state), None)
    if net is None:
        reason = f"it has neither “{NETS['alex']}” (AlexNet) nor “{NETS['squeeze']}” (SqueezeNet 1.1)"
        raise ScumbleError("weights-damaged", name=file.name, reason=reason)
    return net, state


def _from_cache() -> tuple[Lpips | None, str]:
    folder, reason = Path(torch.hub.get_dir()) / "checkpoints", NO_WEIGHTS
    for url in _addresses():
        file = folder / url.rpartition("/")[2]
        try:
            if file.is_file():
                return _from_file(file), ""
        except ScumbleError as e:
            reason = f"{e.sentence} {e.remedy}"
    return None, reason


def _read_pth(file: Path) -> dict[str, Tensor]:
    """The tensors of one of torchvision's own files. Raises `weights-digest`, `weights-damaged`."""
    addresses = _addresses()
    begins = [url.removesuffix(".pth").rpartition("-")[2] for url in addresses]
    if not file_digest(file).startswith(tuple(begins)):
        raise ScumbleError("weights-digest", name=file.name, url=" or ".join(addresses))
    return vgg.read_pth(file)


def _addresses() -> list[str]:
    """Where torchvision publishes the backbones; each file's name ends in the first eight digits of its digest."""
    from torchvision.models import AlexNet_Weights, SqueezeNet1_1_Weights

    return [AlexNet_Weights.IMAGENET1K_V1.url, SqueezeNet1_1_Weights.IMAGENET1K_V1.url]


def _torchvision_layout(backbone: nn.Module) -> nn.Module:
    """The layers of torchmetrics' backbone, which it cuts into stages, under torchvision's names."""
    stages = [m for m in backbone.modules() if isinstance(m, nn.Sequential)]
    layers = OrderedDict(child for stage in stages for child in stage.named_children())
    return nn.ModuleDict({"features": nn.Sequential(layers)})
