"""Where a run is computed, and in which number format."""

from __future__ import annotations

import torch

from ..wire.protocol.errors import ScumbleError

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def devices() -> list[str]:
    """The devices of this machine, the fastest first."""
    found = [f"cuda:{i}" for i in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    if torch.backends.mps.is_available():
        found.append("mps")
    if hasattr(torch, "xpu") and torch.xpu.is_available():
        found.append("xpu")
    return [*found, "cpu"]


def choose_device(name: str) -> torch.device:
    """The device called `name`; “auto” is the fastest. Raises `device-unavailable`."""
    known = devices()
    wanted = known[0] if name == "auto" else f"{name}:0" if name == "cuda" else name
    if wanted not in known:
        raise ScumbleError("device-unavailable", device=name, known=", ".join(["auto", *known]))
    return torch.device(wanted)


def choose_dtype(precision: str, device: torch.device) -> torch.dtype:
    """The number format of the network; “auto” takes 16 bits where the hardware computes in them."""
    if precision != "auto":
        return DTYPES[precision]
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    if device.type == "cpu":
        flags = torch.backends.cpu.get_cpu_capability()
        native = "AVX512" in flags and getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)()
        return torch.bfloat16 if native else torch.float32
    return torch.float32
