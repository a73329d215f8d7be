"""The style library: cards hold what a painting's statistics are, and refuse to be anything else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from scumble.features.encoder import VGG19_DEPTHS, Encoder
from scumble.features.registry import load_encoder, weights_digest
from scumble.styles import card, library
from scumble.styles.card import CardStyle, load_card, pack, save_card, unpack
from scumble.styles.library import find_style, list_styles
from scumble.styles.statistics import PictureStyle, color_statistics
from scumble.wire.protocol.errors import ScumbleError

TAPS = ["conv1_1", "conv3_1", "conv5_1"]


def painting() -> PictureStyle:
    pixels = torch.rand(1, 3, 20, 30, generator=torch.Generator().manual_seed(1))
    big = torch.nn.functional.interpolate(pixels, (200, 300), mode="bicubic").clamp(0, 1)
    return PictureStyle("drawn", big, torch.ones_like(big[:, :1]), "drawn")


def test_the_library_is_complete() -> None:
    styles = list_styles()
    assert len(styles) >= 16 and {"starry-night", "great-wave", "scream"} <= {s["name"] for s in styles}
    for s in styles:
        assert s["title"] and s["artist"] and 1700 < s["year"] < 1930 and "ublic domain" in s["licence"]
        load_card(s["name"], weights_digest("slim"))


def test_listing_styles_needs_no_torch() -> None:
    code = (
        "import sys; from scumble.styles.library import list_styles\n"
        "assert list_styles(thumbnails=True)[0]['thumbnail']\n"
        "assert not {'torch', 'PIL', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


def test_packing_keeps_the_matrix() -> None:
    a = torch.randn(9, 9)
    s = a @ a.t()
    assert torch.allclose(unpack(*pack(s)), s, atol=float(s.abs().max()) * 6e-4)


def test_a_card_is_its_painting(tmp_path: Path) -> None:
    slim, source = load_encoder("slim", torch.device("cpu"), torch.float32), painting()
    sizes = {size: source.moments(slim, size, TAPS) for size in card.SIZES}
    save_card(tmp_path / "c.safetensors", sizes, source.colors())
    from safetensors.torch import load_file

    loaded = CardStyle("c", load_file(tmp_path / "c.safetensors"))
    for side in (128, 256):
        exact, kept = source.moments(slim, side, TAPS), loaded.moments(slim, side, TAPS)
        for tap in TAPS:
            assert float((exact[tap] - kept[tap]).norm() / exact[tap].norm()) < 2e-3
    exact, between, low, high = (
        s.moments(slim, side, TAPS) for s, side in ((source, 181), (loaded, 181), (loaded, 128), (loaded, 256))
    )
    for t in TAPS:  # interpolated is nearer than either end
        assert (exact[t] - between[t]).norm() < min((exact[t] - low[t]).norm(), (exact[t] - high[t]).norm())
    assert torch.allclose(loaded.colors()[0], source.colors()[0], atol=1e-6)
    assert torch.equal(loaded.moments(slim, 9000, TAPS)["conv1_1"], loaded.moments(slim, 1024, TAPS)["conv1_1"])


def test_another_network_cannot_use_a_card() -> None:
    vgg = Encoder("vgg19", VGG19_DEPTHS, (4, 4, 4, 4, 4))
    with pytest.raises(ScumbleError) as error:
        load_card("scream", weights_digest("slim")).moments(vgg, 256, TAPS)
    assert error.value.code == "model-unsuited" and "slim" in error.value.remedy


def test_a_damaged_card_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = json.loads((library.CARDS / "index.json").read_text("utf-8"))
    (tmp_path / "index.json").write_text(json.dumps(index), "utf-8")
    data = bytearray((library.CARDS / "scream.safetensors").read_bytes())
    data[-1] ^= 1
    (tmp_path / "scream.safetensors").write_bytes(data)
    monkeypatch.setattr(card, "CARDS", tmp_path)
    with pytest.raises(ScumbleError) as error:
        load_card("scream", weights_digest("slim"))
    assert error.value.code == "weights-damaged" and "scream" in error.value.sentence


def test_a_card_of_other_weights_is_refused() -> None:
    with pytest.raises(ScumbleError) as error:
        load_card("scream", "0" * 64)
    assert error.value.code == "weights-damaged"


def test_unknown_names() -> None:
    with pytest.raises(ScumbleError, match="great-wave") as error:
        find_style("great wave")
    assert error.value.code == "style-unknown"


def test_statistics_ignore_transparent_pixels() -> None:
    slim, source = load_encoder("slim", torch.device("cpu"), torch.float32), painting()
    source.coverage[..., 150:] = 0
    source.pixels[..., 150:] = 0.77
    mean, _ = color_statistics(source.pixels, source.coverage)
    assert torch.allclose(mean, source.pixels[0, :, :, :150].mean((1, 2)), atol=1e-5)
    assert source.moments(slim, 300, ["conv1_1"])["conv1_1"].isfinite().all()


def test_statistics_are_measured_once() -> None:
    slim, source = load_encoder("slim", torch.device("cpu"), torch.float32), painting()
    assert source.moments(slim, 100, TAPS)["conv1_1"] is source.moments(slim, 100, TAPS)["conv1_1"]
