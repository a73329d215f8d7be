"""The perceptual networks by name: which there are, whether their weights are here, and loading them.

torch is imported when a network is loaded, not before: the engine's front lists models too.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from .models import SHIPPED, check_name, list_models, weights_digest, weights_file, weights_mark

if TYPE_CHECKING:
    import torch

    from .encoder import Encoder

__all__ = ["SHIPPED", "list_models", "load_encoder", "unload_encoders", "weights_digest", "weights_file"]

_loaded: dict[tuple[str, str, str], tuple[str, Encoder]] = {}  # with the digest of the file
_lock = threading.Lock()


def load_encoder(name: str, device: torch.device | str = "cpu", dtype: torch.dtype | None = None) -> Encoder:
    """The frozen network `name` on `device`, its convolutions in `dtype` (default float32) and channels-last.

    Loaded once per device and number format, and anew where its file is another by now. Weights that are not shipped
    are fetched at first use; who is to tell how far that is calls `weights.fetch_watched` before. Raises
    `option-choice`, `weights-missing`, `weights-digest`, `weights-damaged`, `disk-full`, `file-write`.
    """
    import torch

    check_name(name)
    device, dtype = torch.device(device), dtype or torch.float32
    key = (name, str(device), str(dtype))
    with _lock:  # two threads do not fetch the same file
        if key not in _loaded or _loaded[key][0] != weights_mark(name):
            encoder = _load(name, device, dtype)
            _loaded[key] = weights_mark(name), encoder
        return _loaded[key][1]


def unload_encoders() -> None:
    """Forget the loaded networks, so that an idle worker gives their memory back."""
    with _lock:
        _loaded.clear()


def _load(name: str, device: torch.device, dtype: torch.dtype) -> Encoder:
    import torch

    from . import tensors, vgg, weights
    from .slim import Slim

    encoder = Slim() if name == "slim" else vgg.build(name)
    tensors.load_into(encoder, weights.fetch(name))
    encoder.requires_grad_(False).eval().to(device)
    encoder.convs.to(dtype=dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return encoder
