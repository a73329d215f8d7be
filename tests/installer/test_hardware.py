"""Which build of torch suits which machine, and what is asked of an index."""

from __future__ import annotations

import pytest

from installer.hardware import Hardware, look, needs_an_index, wastes_space
from installer.system import System
from installer.targets import torch_attempts

SMI = "| NVIDIA-SMI 570.86.15   Driver Version: 570.86.15   CUDA Version: {} |"


def nvidia(cuda, card="NVIDIA H200, 9.0"):
    def output(command):
        if command[0] != "nvidia-smi":
            return ""
        return f"{card}\n" if len(command) > 1 else SMI.format(cuda)

    return output


def made(tmp_path, platform="linux", output=lambda c: "", programs=(), arch="x86_64"):
    return System(platform, {}, tmp_path, tmp_path, lambda n: n if n in programs else None, output, arch)


@pytest.mark.parametrize(
    ("cuda", "card", "builds"),
    [
        ("13.0", "NVIDIA H200, 9.0", ("cu132", "cu130", "cu128", "cu126")),
        ("12.8", "NVIDIA GeForce RTX 3060, 8.6", ("cu128", "cu126")),
        ("12.2", "NVIDIA GeForce RTX 3060, 8.6", ("cu126",)),
        ("13.0", "NVIDIA GeForce GTX 1080, 6.1", ("cu126",)),
        ("13.0", "Tesla V100-SXM2-16GB, 7.0", ("cu128", "cu126")),
    ],
)
def test_nvidia(tmp_path, cuda, card, builds):
    found = look(made(tmp_path, output=nvidia(cuda, card)))
    assert (found.kind, found.builds) == ("cuda", builds) and found.name == card.partition(",")[0]


@pytest.mark.parametrize(
    ("cuda", "card", "word"), [("11.4", "A, 8.6", "driver is too old"), ("13.0", "B, 3.5", "too old for")]
)
def test_nvidia_that_torch_cannot_use(tmp_path, cuda, card, word):
    found = look(made(tmp_path, output=nvidia(cuda, card)))
    assert found.kind == "cpu" and found.builds == ("cpu",) and word in found.hint


def test_a_driver_that_does_not_answer_is_no_gpu(tmp_path):
    assert look(made(tmp_path, programs=("nvidia-smi",))).kind == "cpu"


def test_amd(tmp_path):
    node = tmp_path / "sys/class/kfd/kfd/topology/nodes"
    for number, text in (("0", "0\n"), ("1", "51234\n")):
        (node / number).mkdir(parents=True)
        (node / number / "gpu_id").write_text(text)
    assert look(made(tmp_path)).builds[0] == "rocm7.1"
    (tmp_path / "opt/rocm/.info").mkdir(parents=True)
    (tmp_path / "opt/rocm/.info/version").write_text("6.4.1-83\n")
    found = look(made(tmp_path))
    assert found.kind == "rocm" and found.builds == ("rocm6.4", "rocm7.1", "rocm7.0", "rocm6.3")
    assert look(made(tmp_path, "win32")).kind == "cpu"
    (node / "1/gpu_id").write_text("0\n")
    assert look(made(tmp_path)).kind == "cpu"


def test_the_others(tmp_path):
    intel = made(tmp_path, output=lambda c: "[level_zero:gpu][level_zero:0] Arc A770" if c[0] == "sycl-ls" else "")
    assert look(intel).builds == ("xpu",)
    assert look(made(tmp_path, "darwin", arch="arm64")) == Hardware("metal", "Apple's GPU (Metal)", ())
    assert look(made(tmp_path)).builds == ("cpu",)
    assert look(made(tmp_path, output=nvidia("13.0")), cpu=True).builds == ("cpu",)


@pytest.mark.parametrize(
    ("platform", "arch", "kind", "build", "needed", "wasted"),
    [
        ("linux", "x86_64", "cuda", "cu132", False, False),
        ("linux", "x86_64", "cuda", "cu126", True, False),  # an old driver or card
        ("linux", "x86_64", "cpu", "cpu", False, True),
        ("linux", "x86_64", "rocm", "rocm7.1", True, False),
        ("linux", "aarch64", "cpu", "cpu", False, False),
        ("linux", "aarch64", "cuda", "cu130", True, False),
        ("win32", "amd64", "cuda", "cu130", True, False),
        ("win32", "amd64", "cpu", "cpu", False, False),
        ("darwin", "arm64", "metal", "", False, False),
    ],
)
def test_what_the_registrys_own_build_does(tmp_path, platform, arch, kind, build, needed, wasted):
    system, hardware = made(tmp_path, platform, arch=arch), Hardware(kind, "", (build,))
    assert (needs_an_index(system, hardware), wastes_space(system, hardware)) == (needed, wasted)


def test_an_index_is_asked_for_one_build_after_the_other():
    hardware = Hardware("cuda", "", ("cu128", "cu126"))
    attempts = torch_attempts(hardware, "file:///mirror/")
    assert [a.words[:2] for a in attempts] == [["--index-url", f"file:///mirror/{b}"] for b in ("cu128", "cu126")]
    (chosen,) = torch_attempts(hardware, "file:///mirror/cpu")
    assert chosen.build == "cpu" and chosen.words[1] == "file:///mirror/cpu"
    assert torch_attempts(hardware, "") == () == torch_attempts(Hardware("metal", "", ()), "file:///mirror")


def test_a_build_that_is_out_of_reach_gives_way_to_the_registrys_own(machine):
    machine.out_of_reach = {"file:///m/cpu"}
    assert machine.install("--editor", "none", "--torch-index", "file:///m") == 0
    first, last = machine.asked
    assert "--index-url file:///m/cpu" in first and "torch>=2.8" in first and "--index-url" not in last
    machine.asked.clear()
    machine.out_of_reach.clear()  # now it can be had, so it takes the other's place
    machine.install("--editor", "none", "--torch-index", "file:///m")
    assert "--force-reinstall" in machine.asked[0]
    machine.asked.clear()
    machine.install("--editor", "none", "--torch-index", "file:///m")
    machine.install("--editor", "none")
    assert machine.asked == []  # what was chosen stays
