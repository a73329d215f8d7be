"""What goes wrong before an engine is needed: one sentence, a remedy, a code, an exit code, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import scumble
from scumble.cli import main
from scumble.cli.bar import describe
from scumble.cli.presets import load_preset
from scumble.picture import Picture, save_file
from scumble.wire.protocol.events import Progress
from scumble.wire.request.stylechoice import StyleChoice


@pytest.fixture
def photo(tmp_path, monkeypatch):
    """A picture of 12×10, masks beside it, and an engine that cannot be started."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCUMBLE_ENGINE", "/nowhere/scumble-engine")
    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"SCUMBLE_{name}", str(tmp_path / name.lower()))
    save_file("photo.png", Picture(np.full((10, 12, 3), 90, np.uint8)))
    save_file("small.png", Picture(np.full((5, 5, 1), 255, np.uint8)))
    save_file("empty.png", Picture(np.zeros((10, 12, 1), np.uint8)))
    save_file("clear.png", Picture(np.zeros((10, 12, 4), np.uint8)))
    save_file("long.png", Picture(np.zeros((300, 16384, 1), np.uint8)))
    Path("linked.png").symlink_to("o.png")
    Path("text.png").write_text("no picture")
    Path("preset.json").write_text("{]")
    Path("odd.json").write_text('{"strength": 7}')
    return "photo.png"


STYLE = ["--style", "starry-night"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["missing.png", *STYLE, "-o", "o.png"], "file-missing"),
        (["text.png", *STYLE, "-o", "o.png"], "picture-unreadable"),
        (["photo.png", "-o", "o.png"], "styles-missing"),
        (["photo.png", "--style", "starry-nigt", "-o", "o.png"], "style-unknown"),
        (["photo.png", "--style", "wave.jpg", "-o", "o.png"], "file-missing"),
        (["photo.png", "--style", "text.png", "-o", "o.png"], "picture-unreadable"),
        (["photo.png", "--style", "clear.png", "-o", "o.png"], "picture-transparent"),
        (["photo.png", "--style", "starry-night:0", "-o", "o.png"], "weights-zero"),
        (["photo.png", "--style", "starry-night:101", "-o", "o.png"], "option-range"),
        (["photo.png", *STYLE * 17, "-o", "o.png"], "styles-many"),
        (["photo.png", "--style", "starry-night@small.png", "-o", "o.png"], "mask-size"),
        (["photo.png", "--style", "starry-night@empty.png", "-o", "o.png"], "mask-empty"),
        (["photo.png", "--style", "starry-night@missing.png", "-o", "o.png"], "file-missing"),
        (["photo.png", *STYLE, "--selection", "small.png", "-o", "o.png"], "mask-size"),
        (["photo.png", *STYLE, "--selection", "empty.png", "-o", "o.png"], "mask-empty"),
        (["photo.png", *STYLE, "-o", "nowhere/o.png"], "file-write"),
        (["photo.png", *STYLE, "-o", "o.bmp"], "file-format"),
        (["photo.png", *STYLE, "-o", "o"], "file-format"),
        (["photo.png", *STYLE, "--layer", "o.gif"], "file-format"),
        (["photo.png", *STYLE, "--layer", "o.jpg"], "file-format"),
        (["photo.png", *STYLE, "-o", "o.png", "--layer", "./o.png"], "file-twice"),
        (["photo.png", *STYLE, "-o", "o.png", "--layer", "linked.png"], "file-twice"),
        (["photo.png", *STYLE, "-o", "n" * 252 + ".png"], "file-write"),
        (["long.png", *STYLE, "-o", "o.webp"], "file-format"),
        (["photo.png", "--preset", "missing.json", "-o", "o.png"], "file-missing"),
        (["photo.png", "--preset", "preset.json", "-o", "o.png"], "preset-unreadable"),
        (["photo.png", "--preset", "odd.json", "-o", "o.png"], "option-range"),
        (["photo.png", *STYLE, "--save-preset", "nowhere/p.json"], "file-write"),
        (["photo.png", *STYLE, "-o", "o.png"], "engine-missing"),
    ],
)
def test_errors_have_sentence_remedy_and_code(photo, words, code, capsys):
    assert main(["stylize", *words, "--json"]) == 1
    said = capsys.readouterr()
    assert f"[{code}]" in said.err and said.err.count("\n") == 1
    error = json.loads(said.out)["error"]
    assert code == "file-write" or "permissions" not in said.err
    assert error["code"] == code and error["sentence"] in said.err and error["remedy"] in said.err
    assert not Path("o.png").exists()


@pytest.mark.parametrize("words", [[], ["paint"], ["stylize"], ["stylize", "photo.png", *STYLE], ["models", "remove"]])
def test_usage_errors(photo, words, capsys):
    with pytest.raises(SystemExit) as e:
        main(words)
    assert e.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_models_and_styles_are_listed(photo, capsys):
    assert main(["styles"]) == 0
    assert any(line.startswith("starry-night ") and "van Gogh" in line for line in capsys.readouterr().out.splitlines())
    assert main(["styles", "--json"]) == 0
    assert "starry-night" in [s["name"] for s in json.loads(capsys.readouterr().out)]
    assert main(["models", "--json"]) == 0
    models = {m["name"]: m for m in json.loads(capsys.readouterr().out)}
    assert models["slim"]["available"] and not models["vgg19"]["available"]
    assert main(["models"]) == 0
    assert "scumble models fetch vgg19" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["add", "vgg19", "missing.pth"], "file-missing"),
        (["add", "vgg19", "text.png"], "weights-digest"),
        (["add", "vgg20", "text.png"], "option-choice"),
        (["fetch", "vgg20"], "option-choice"),
    ],
)
def test_model_commands_refuse_what_they_cannot_use(photo, words, code, capsys):
    assert main(["models", *words]) == 1
    assert f"[{code}]" in capsys.readouterr().err


def test_a_preset_keeps_options_and_styles(photo):
    words = ["--strength", "0.5", "--style-layers", "conv1_1:2 conv2_1", "--style", "starry-night:0.7:2"]
    assert main(["stylize", photo, *words, "--style", "photo.png:0.3", "--save-preset", "Vorlage ü.json"]) == 0
    kept = load_preset("Vorlage ü.json")
    assert kept.options == {"strength": 0.5, "style_layers": ("conv1_1:2", "conv2_1")}
    named = StyleChoice(name="starry-night", weight=0.7, stroke_size=2.0)
    assert kept.styles == (named, StyleChoice("file", "photo.png", weight=0.3))
    assert main(["stylize", photo, "--preset", "Vorlage ü.json", "--strength", "1", "--save-preset", "again.json"]) == 0
    again = load_preset("again.json")
    layers = {"style_layers": ("conv1_1:2", "conv2_1")}  # strength 1 is the default
    assert again.options == layers and again.styles == kept.styles


def test_a_style_file_is_found_beside_its_preset(photo, tmp_path, monkeypatch):
    assert main(["stylize", photo, "--style", "photo.png", "--save-preset", "p.json"]) == 0
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert Path(load_preset("../p.json").styles[0].name).resolve() == tmp_path / "photo.png"


def test_progress_in_words():
    event = Progress("j", 3, 9, "512×384", {"content": 0.2134, "style": 1.25, "odd": float("nan")}, 12.4)
    assert describe(event) == "512×384 content 0.213 style 1.25, 12 s left"
    assert describe(Progress("j", 1, 9)) == ""


def run_python(code):
    environment = {**os.environ, "PYTHONPATH": str(Path(scumble.__file__).parents[1])}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)


def test_torch_is_never_loaded(photo):
    done = run_python(
        "import sys\nfrom scumble.cli import main\nmain(['styles', '--json'])\nmain(['models'])\n"
        "main(['stylize', 'photo.png', '--style', 'photo.png', '-o', 'o.png'])\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert done.returncode == 0 and "engine-missing" in done.stderr


def test_the_version_is_told():
    done = run_python("from scumble.cli import main; main(['--version'])")
    assert done.stdout.startswith("scumble ") and len(done.stdout.split()) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_a_reader_that_goes_away_is_no_traceback():
    code = (
        "import os, sys\nfrom scumble.cli import main\nr, w = os.pipe()\nos.close(r)\nos.dup2(w, 1)\n"
        "sys.exit(main(['styles']))"
    )
    done = run_python(code)
    assert done.returncode == 1 and done.stderr == ""
