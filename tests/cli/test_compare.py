"""`scumble compare`: the table, its identity row, and what goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file as save_weights

import scumble
from scumble.cli import main
from scumble.picture import Picture, save_file


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a content, a style, a half-way result and masks; no cache of torchvision's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "data"))
    rng = np.random.default_rng(5)
    ramp = np.linspace(0, 255, 80)[None, :, None] * np.ones((64, 1, 3))
    noise = rng.integers(0, 256, (64, 80, 3)).astype(float)
    for name, pixels in {"photo": ramp, "style": noise, "half": (ramp + noise) / 2}.items():
        save_file(f"{name}.png", Picture(pixels.astype(np.uint8)))
    save_file("large.png", Picture(np.repeat(np.repeat(ramp, 2, 0), 2, 1).astype(np.uint8)))
    mask = np.zeros((64, 80, 1), np.uint8)
    save_file("empty.png", Picture(mask.copy()))
    mask[:, :40] = 255
    save_file("left.png", Picture(mask))
    save_file("right.png", Picture(255 - mask))
    save_file("clear.png", Picture(np.zeros((64, 80, 4), np.uint8)))
    painted = np.where(mask > 0, noise, ramp)
    save_file("painted.png", Picture(painted.astype(np.uint8)))
    Path("text.png").write_text("no picture")
    return tmp_path


def compared(capsys, *words):
    assert main(["compare", *words, "--json"]) == 0
    account = json.loads(capsys.readouterr().out)
    return account, {row["name"]: row for row in account["rows"]}


STYLE = ["--style", "style.png"]


def test_rows_stand_beside_the_identity(place, capsys):
    account, rows = compared(capsys, "photo.png", "half.png", "style.png", *STYLE)
    assert list(rows) == ["painting", "identity", "recoloured", "half.png", "style.png"]
    assert (account["size"], account["model"], account["lpips_net"]) == ([80, 64], "slim", None)
    _, identity, _, half, style = rows.values()
    assert identity["content"] == 0 and identity["closed"] == 0
    assert identity["ssim"] == pytest.approx(1, abs=1e-5)
    assert style["style"] == pytest.approx(0, abs=1e-6) and style["closed"] == pytest.approx(1)
    assert identity["style"] > half["style"] > style["style"]
    assert identity["content"] < half["content"] < style["content"]
    assert half["closed"] == pytest.approx(1 - half["style"] / identity["style"])
    assert any("LPIPS is not available" in note and "--lpips-weights" in note for note in account["notes"])


def test_the_table(place, capsys):
    assert main(["compare", "photo.png", "style.png", *STYLE]) == 0
    lines = capsys.readouterr().out.splitlines()
    losses, seen = (
        ["style", "content", "SSIM", "LPIPS", "closed"],
        ["paint", "luma-hf", "chroma-hf", "weave", "structure"],
    )
    assert lines[0].split() == [*losses, *seen]
    assert [line.split()[0] for line in lines[1:5]] == ["painting", "identity", "recoloured", "style.png"]
    assert lines[1].split()[1:6] == ["–"] * 5 and lines[1].endswith("–")
    name, _, content, ssim, lpips, closed = lines[2].split()[:6]
    assert (name, content, ssim, lpips, closed) == ("identity", "0.000", "1.000", "–", "0%")
    cells = lines[4].split()
    assert (cells[1], cells[5], cells[7], cells[8]) == ("0.000", "100%", "1.00", "1.00")
    assert len({len(line) for line in lines[:5]}) == 1
    assert "80×64 by slim; paint and structure judged by slim." in lines[6]
    assert "Neither number means anything without the other" in lines[-1]


def test_what_the_eye_sees_stands_beside(place, capsys):
    account, rows = compared(capsys, "photo.png", "half.png", "style.png", *STYLE)
    assert account["judge"] == "slim" and any("slim is a partial judge" in note for note in account["notes"])
    painting, identity, recoloured = rows["painting"], rows["identity"], rows["recoloured"]
    assert painting["structure"] is painting["style"] is None and painting["luma_hf"] == pytest.approx(1, abs=0.1)
    assert identity["structure"] == 0 and recoloured["structure"] < rows["half.png"]["structure"]
    assert rows["style.png"]["paint"] < rows["half.png"]["paint"] < identity["paint"]
    assert identity["luma_hf"] < rows["half.png"]["luma_hf"] < rows["style.png"]["luma_hf"] == pytest.approx(1)
    assert 0.5 < rows["style.png"]["weave"] < 1.5


def test_a_style_without_a_picture_has_no_paint(place, capsys):
    account, rows = compared(capsys, "photo.png", "half.png", "--style", "starry-night:2", *STYLE)
    assert list(rows) == ["identity", "recoloured", "half.png"]
    half = rows["half.png"]
    assert half["paint"] is half["luma_hf"] is None and half["weave"] and half["structure"]
    assert any("“starry-night” is statistics" in n for n in account["notes"])
    assert any("told by “starry-night” alone" in n for n in account["notes"])
    account, rows = compared(capsys, "photo.png", "half.png", "--style", "starry-night", "--style", "style.png:2")
    assert rows["half.png"]["paint"] and any("told by “style.png” alone" in n for n in account["notes"])


def test_squeezenet_judges_where_its_weights_are_given(place, capsys):
    import torchvision  # slow to import: not by each process that looks for tests

    with torch.random.fork_rng():
        torch.manual_seed(0)
        state = torchvision.models.squeezenet1_1(weights=None).state_dict()
    save_weights(state, "squeeze.safetensors")
    account, rows = compared(capsys, "photo.png", "style.png", *STYLE, "--lpips-weights", "squeeze.safetensors")
    assert account["judge"] == "squeeze" and not any("partial" in note for note in account["notes"])
    assert rows["style.png"]["paint"] == pytest.approx(0, abs=1e-4)


def test_only_the_mask_counts(place, capsys):
    _, left = compared(capsys, "photo.png", "painted.png", *STYLE, "--mask", "left.png")
    _, right = compared(capsys, "photo.png", "painted.png", *STYLE, "--mask", "right.png")
    painted, kept = left["painted.png"], right["painted.png"]
    assert kept["content"] < 0.7 * painted["content"]  # what lies beside the mask is still seen
    assert kept["ssim"] > 0.9 and painted["ssim"] < 0.2
    assert painted["closed"] > kept["closed"] + 0.3


def test_several_styles_and_weights(place, capsys):
    _, mixed = compared(capsys, "photo.png", "style.png", "--style", "style.png:0.5", "--style", "starry-night:0.5")
    _, alone = compared(capsys, "photo.png", "style.png", *STYLE, "--style", "starry-night:0")
    assert alone["style.png"]["style"] == pytest.approx(0, abs=1e-6)
    assert mixed["style.png"]["style"] > 0.01


def test_the_stroke_size_is_that_of_the_style(place, capsys):
    _, plain = compared(capsys, "photo.png", "style.png", *STYLE)
    _, larger = compared(capsys, "photo.png", "style.png", "--style", "style.png:1:2")
    assert plain["style.png"]["style"] == pytest.approx(0, abs=1e-6)
    assert larger["style.png"]["style"] > 0.01


def test_a_result_of_another_size_is_resized_with_a_note(place, capsys):
    account, rows = compared(capsys, "photo.png", "large.png", *STYLE, "--size", "64")
    assert account["size"] == [80, 64]  # a short side has 64 pixels at least
    assert rows["large.png"]["content"] < 0.05 and rows["large.png"]["ssim"] > 0.95
    assert any("large.png" in n and "160×128" in n and "resized to 80×64" in n for n in account["notes"])
    account, _ = compared(capsys, "large.png", "large.png", *STYLE, "--size", "100")
    assert account["size"] == [100, 80] and not any("resized" in n for n in account["notes"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["missing.png", "style.png", *STYLE], "file-missing"),
        (["photo.png", "missing.png", *STYLE], "file-missing"),
        (["photo.png", "text.png", *STYLE], "picture-unreadable"),
        (["photo.png", "clear.png", *STYLE], "picture-transparent"),
        (["photo.png", "half.png"], "styles-missing"),
        (["photo.png", "half.png", "--style", "starry-nigt"], "style-unknown"),
        (["photo.png", "half.png", "--style", "missing.jpg"], "file-missing"),
        (["photo.png", "half.png", "--style", "style.png:0"], "weights-zero"),
        (["photo.png", "half.png", "--style", "style.png:101"], "option-range"),
        (["photo.png", "half.png", *STYLE, "--mask", "empty.png"], "mask-empty"),
        (["large.png", "half.png", *STYLE, "--mask", "left.png"], "mask-size"),
        (["photo.png", "half.png", *STYLE, "--mask", "missing.png"], "file-missing"),
        (["photo.png", "half.png", *STYLE, "--lpips-weights", "missing.pth"], "file-missing"),
        (["photo.png", "half.png", *STYLE, "--lpips-weights", "text.png"], "weights-digest"),
    ],
)
def test_errors(place, words, code, capsys):
    assert main(["compare", *words, "--json"]) == 1
    said = capsys.readouterr()
    assert f"[{code}]" in said.err and said.err.count("\n") == 1
    assert json.loads(said.out.splitlines()[-1])["error"]["code"] == code


@pytest.mark.parametrize(
    "words",
    [
        ["photo.png"],
        ["photo.png", "half.png", *STYLE, "--size", "10"],
        ["photo.png", "half.png", *STYLE, "--model", "resnet"],
        ["photo.png", "half.png", "--style", "style.png@left.png"],
    ],
)
def test_usage_errors(place, words, capsys):
    with pytest.raises(SystemExit) as e:
        main(["compare", *words])
    assert e.value.code == 2 and "error" in capsys.readouterr().err


def test_a_refused_command_does_not_load_torch(place):
    code = (
        "import sys\nfrom scumble.cli import main\n"
        "assert main(['compare', 'missing.png', 'half.png', '--style', 'style.png']) == 1\n"
        "sys.exit('torch' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(scumble.__file__).parents[1])}
    assert subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True).returncode == 0
