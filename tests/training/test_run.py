"""The loop of training: schedule, resuming, interruption at any moment, and what it says of unusable checkpoints."""

from __future__ import annotations

import errno
import json
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from scumble.training.loop import checkpoint
from scumble.training.loop.allocator import keep_memory
from scumble.training.loop.run import LOST, Plan, Report, Run
from scumble.wire.protocol.errors import ScumbleError


def make(out: Path, steps: int, about: dict[str, str] | None = None, **plan: Any) -> Run:
    """A line fitted to noisy points, drawn from the run's generator."""
    torch.manual_seed(0)
    net = nn.Linear(3, 1)

    def loss() -> tuple[Tensor, dict[str, float]]:
        x = torch.from_numpy(run.rng.normal(size=(8, 3))).float()
        error = (net(x)[:, 0] - x @ torch.tensor([1.0, -2.0, 0.5])).square().mean()
        return error, {"error": float(error.detach())}

    run = Run(net, loss, Plan(steps, lr=0.05, warm_up=5, log_every=1, **plan), out, about or {})
    return run


def nothing() -> dict[str, Any]:
    return {}


def log_of(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


def test_it_learns_and_tells(tmp_path: Path) -> None:
    run, heard = make(tmp_path, 120), list[Report]()
    assert run.go(lambda: {"due": True}, heard.append)
    lines = log_of(tmp_path)
    assert lines[-1]["error"] < lines[0]["error"] / 20 and lines[-1]["due"] and lines[-1]["step"] == 120
    assert [r.step for r in heard] == list(range(1, 121)) and {r.of for r in heard} == {120}
    assert not torch.equal(run.average.weight, run.module.weight)  # type: ignore[arg-type]


def test_the_schedule(tmp_path: Path) -> None:
    run, rates = make(tmp_path, 100), []
    run.go(nothing, lambda report: rates.append(run.adam.param_groups[0]["lr"]))
    assert rates[:5] == pytest.approx([0.01, 0.02, 0.03, 0.04, 0.05], rel=0.01)
    assert max(rates) <= 0.05 and rates[5:] == sorted(rates[5:], reverse=True) and rates[-1] < 0.05 * 0.012


def test_minutes_end_it_too(tmp_path: Path) -> None:
    run = make(tmp_path, 10**9, minutes=0.2 / 60)
    assert run.go(nothing) and 0.2 <= run.seconds < 5


@pytest.mark.parametrize("cut", [1, 7, 29])
def test_resumed_is_as_if_it_had_not_been_interrupted(tmp_path: Path, cut: int) -> None:
    whole, first = make(tmp_path / "a", 30), make(tmp_path / "b", 30)
    for run in (whole, first):
        run.out.mkdir()
    assert whole.go(nothing)

    def stop(report: Report) -> None:
        if report.step == cut:
            os.kill(os.getpid(), signal.SIGTERM)

    assert first.go(nothing, stop) is False
    second = make(tmp_path / "b", 30)
    assert second.resume() and second.step == cut and second.rate == first.rate
    assert second.go(nothing)
    for a, b in zip(whole.average.parameters(), second.average.parameters(), strict=True):
        assert torch.equal(a, b)


def test_a_second_request_ends_it_at_once(tmp_path: Path) -> None:
    run, before = make(tmp_path, 50), signal.getsignal(signal.SIGINT)

    def twice(report: Report) -> None:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run.go(nothing, twice)
    assert signal.getsignal(signal.SIGINT) is before


class Killed(BaseException):
    """Stands for the end of the process."""


FILE_OPERATIONS = [("write", 0), ("write", 1), ("replace", 0), ("replace", 1), ("unlink", 0), ("fsync", 1)]


@pytest.mark.parametrize(("operation", "when"), FILE_OPERATIONS)
def test_killed_between_any_two_file_operations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str, when: int
) -> None:
    run, left = make(tmp_path, 40, every=5), [when]
    targets: dict[str, tuple[Any, str]] = {
        "write": (checkpoint.safetensors.torch, "save"),
        "replace": (os, "replace"),
        "fsync": (os, "fsync"),
        "unlink": (Path, "unlink"),
    }
    real = getattr(*targets[operation])

    def dies(*args: Any, **more: Any) -> Any:
        if left[0] == 0:
            raise Killed
        left[0] -= 1
        return real(*args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(*targets[operation], dies)
        with pytest.raises(Killed):
            run.go(nothing)
    again = make(tmp_path, 40, every=5)
    expected = {("write", 1): 5, ("replace", 1): 5, ("unlink", 0): 5, ("fsync", 1): 5}.get((operation, when), 0)
    assert again.resume() is (expected > 0) and again.step == expected
    assert again.go(nothing) and again.step == 40
    assert sorted(p.name for p in tmp_path.iterdir()) == ["checkpoint.safetensors", "log.jsonl"]


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk-full"), (errno.EACCES, "file-write")])
def test_a_full_disk_is_said_and_the_last_checkpoint_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    run = make(tmp_path, 10, every=2)

    def full(*args: Any) -> None:
        raise OSError(number, "no")

    def on_step(report: Report) -> None:
        if report.step == 4:
            monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(ScumbleError) as error:
        run.go(nothing, on_step)
    assert error.value.code == code
    again = make(tmp_path, 10)
    assert again.resume() and again.step == 4
    assert not list(tmp_path.glob("*.part"))


def unusable(run: Run) -> str:
    with pytest.raises(ScumbleError) as error:
        run.resume()
    assert error.value.code == "checkpoint-unusable"
    return error.value.sentence


def test_unusable_checkpoints(tmp_path: Path) -> None:
    run = make(tmp_path, 10, {"painting": "a"})
    run.go(nothing)
    assert "another painting" in unusable(make(tmp_path, 10, {"painting": "b"}))
    data = run.file.read_bytes()
    for damage in (b"", data[: len(data) // 2], b"\xff" * 50):
        run.file.write_bytes(damage)
        unusable(make(tmp_path, 10))
    save_file({"net.weight": torch.zeros(1, 3)}, run.file, metadata={"step": "1", "seconds": "1"})
    unusable(make(tmp_path, 10))
    run.save()
    save_file(load_file(run.file), run.file, metadata={"step": "many"})
    assert "how far" in unusable(make(tmp_path, 10))


def test_notes_are_kept(tmp_path: Path) -> None:
    run = make(tmp_path, 10, {"painting": "a"})
    run.notes["before"] = "1.5"
    run.save()
    again = make(tmp_path, 10, {"painting": "a"})
    assert again.resume() and again.notes == {"before": "1.5"}


def test_gradients_that_are_not_numbers(tmp_path: Path) -> None:
    net = nn.Linear(2, 1)
    before = net.weight.detach().clone()

    def loss() -> tuple[Tensor, dict[str, float]]:
        bad = run.step in (1, 2) or run.step > 5
        return net(torch.ones(1, 2)).sum() * (np.nan if bad else 1.0), {}

    run = Run(net, loss, Plan(200, log_every=1000), tmp_path, {})
    with pytest.raises(ScumbleError) as error:
        run.go(nothing)
    assert error.value.code == "diverged" and run.step == 5 + LOST
    assert net.weight.isfinite().all() and not torch.equal(net.weight, before)


def test_memory_is_kept_where_the_system_can() -> None:
    assert keep_memory() in (True, False)
