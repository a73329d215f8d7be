"""What this machine computes with, and which builds of torch suit it, best first.

A package registry serves one build for each system: for Linux the one for CUDA, which computes on the processor as
well; for Windows the processor's; for macOS the one for Metal. The others lie in an index of their own, in a folder
each (“cu128”, “rocm6.4”, “xpu”, “cpu”); whoever has one names it with --torch-index.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import List, NamedTuple, Optional, Tuple

from .system import System

# The oldest driver of each build, as the highest CUDA version that the driver serves.
CUDA_BUILDS = (((13, 0), "cu132"), ((13, 0), "cu130"), ((12, 8), "cu128"), ((12, 0), "cu126"))
REGISTRYS_CUDA = "cu13"  # what the registry serves for Linux begins so
LEAST_CAPABILITY = {"cu132": 7.5, "cu130": 7.5, "cu128": 7.0, "cu126": 5.0}
ROCM_BUILDS = ("rocm7.1", "rocm7.0", "rocm6.4", "rocm6.3")
BUILD = re.compile(r"(cu\d+|rocm[\d.]+|xpu|cpu)")


class Hardware(NamedTuple):
    """What was found: `kind` (“cuda”, “rocm”, “xpu”, “metal”, “cpu”), its name, the builds for it, and a hint."""

    kind: str
    name: str
    builds: Tuple[str, ...]
    hint: str = ""


def look(system: System, cpu: bool = False) -> Hardware:
    """What torch should compute with here; with `cpu` the processor, whatever else there is."""
    if cpu:
        return Hardware("cpu", "the processor, as asked for", ("cpu",))
    if system.mac:
        return Hardware("metal", "Apple's GPU (Metal)", ())
    return _nvidia(system) or _amd(system) or _intel(system) or Hardware("cpu", "the processor", ("cpu",))


def needs_an_index(system: System, hardware: Hardware) -> bool:
    """Whether the registry's own build of torch leaves this hardware unused."""
    if system.mac or hardware.kind == "cpu":
        return False
    if system.windows or system.machine in ("arm64", "aarch64") or hardware.kind != "cuda":
        return True
    return not hardware.builds[0].startswith(REGISTRYS_CUDA)  # an older driver, or an older card


def wastes_space(system: System, hardware: Hardware) -> bool:
    """Whether the registry's own build brings gigabytes for a GPU that is not there."""
    return hardware.kind == "cpu" and system.platform == "linux" and system.machine in ("x86_64", "amd64")


def _nvidia(system: System) -> Optional[Hardware]:
    program = "nvidia-smi"
    told = system.output([program])
    if not told:
        return None
    match = re.search(r"CUDA(?: UMD)? Version:\s*(\d+)\.(\d+)", told)
    serves = (int(match[1]), int(match[2])) if match else (0, 0)
    lines = system.output([program, "--query-gpu=name,compute_cap", "--format=csv,noheader"]).splitlines()
    cards = [(name.strip(), _float(able)) for name, _, able in (line.rpartition(",") for line in lines)]
    names = " and ".join(sorted({name for name, _ in cards})) or "an NVIDIA GPU"
    able = min((a for _, a in cards if a), default=99.0)
    builds = tuple(b for least, b in CUDA_BUILDS if serves >= least and able >= LEAST_CAPABILITY[b])
    if not builds:
        old = "its driver is too old: update it" if able >= 5 else "it is too old for torch"
        return Hardware("cpu", f"the processor ({names} is not used)", ("cpu",), f"{names} is not used: {old}.")
    return Hardware("cuda", names, builds)


def _amd(system: System) -> Optional[Hardware]:
    """An AMD GPU that the kernel offers for computing; Linux alone, as torch is."""
    if system.platform != "linux":
        return None
    nodes = system.found(system.root / "sys/class/kfd/kfd/topology/nodes", "*/gpu_id")
    if any(_text(node) not in ("", "0") for node in nodes) or system.which("rocminfo"):
        return Hardware("rocm", "an AMD GPU (ROCm)", _rocm_builds(system))
    return None


def _rocm_builds(system: System) -> Tuple[str, ...]:
    """All builds, that of the installed ROCm first."""
    version = ".".join(_text(system.root / "opt/rocm/.info/version").split(".")[:2])
    own: List[str] = [f"rocm{version}"] if version else []
    return tuple(dict.fromkeys([*own, *ROCM_BUILDS]))


def _intel(system: System) -> Optional[Hardware]:
    """An Intel GPU with its computing runtime: without that torch's build for it is of no use."""
    told = system.output(["sycl-ls"]) + system.output(["xpu-smi", "discovery"])
    if "level_zero:gpu" in told or "Device Name" in told:
        return Hardware("xpu", "an Intel GPU", ("xpu",))
    return None


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
