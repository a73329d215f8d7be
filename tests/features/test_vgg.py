"""Our VGG against torchvision's own, tap by tap; and what a loaded encoder is."""

from __future__ import annotations

import re

import pytest
import torch

from scumble.features import registry, tensors, vgg
from scumble.features.encoder import IMAGENET_MEAN, IMAGENET_STD, conv_names
from scumble.wire.protocol.errors import ScumbleError


def torchvision_taps(net: torch.nn.Sequential, x: torch.Tensor) -> list[torch.Tensor]:
    """torchvision's maps after each ReLU, in order."""
    mean, std = (torch.tensor(v).view(1, 3, 1, 1) for v in (IMAGENET_MEAN, IMAGENET_STD))
    found, y = [], (x - mean) / std
    for layer in net:
        y = layer(y)
        if isinstance(layer, torch.nn.ReLU):
            found.append(y.clone())
    return found


@pytest.mark.parametrize("name", ["vgg19", "vgg16"])
def test_every_tap_is_torchvisions(name, torchvision_features, states):
    encoder = vgg.build(name)
    tensors.fill(encoder, vgg.from_torchvision(name, states[name]), name)
    x = torch.rand(1, 3, 48, 40)
    with torch.no_grad():
        theirs = torchvision_taps(torchvision_features[name], x)
        ours = encoder(x, conv_names(vgg.DEPTHS[name]))
    assert len(theirs) == len(ours) == {"vgg19": 16, "vgg16": 13}[name]
    for tap, expected in zip(conv_names(vgg.DEPTHS[name]), theirs, strict=True):
        torch.testing.assert_close(ours[tap], expected, rtol=1e-4, atol=1e-6)


def test_padding_can_be_reflection(states):
    zeros, reflect = vgg.build("vgg19"), vgg.build("vgg19", "reflect")
    for net in (zeros, reflect):
        tensors.fill(net, vgg.from_torchvision("vgg19", states["vgg19"]), "vgg19")
    x = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        a, b = (net(x, ["conv1_1"])["conv1_1"] for net in (zeros, reflect))
    assert torch.equal(a[..., 1:-1, 1:-1], b[..., 1:-1, 1:-1]) and not torch.equal(a, b)


@pytest.mark.parametrize("name", ["vgg19", "vgg16"])
def test_the_source_is_torchvisions_record(name):
    from torchvision import models  # slow to import: not by each process that looks for tests

    source, enum = vgg.source(name), getattr(models, f"{name.upper()}_Weights")
    assert source.url == enum.IMAGENET1K_V1.url and source.url.startswith("https://")
    assert re.fullmatch(rf"{name}-{source.digest}\.pth", source.filename) and re.fullmatch("[0-9a-f]{8}", source.digest)


def test_a_state_without_a_layer_is_refused_by_its_name(states):
    lacking = {k: v for k, v in states["vgg19"].items() if k != "features.21.bias"}
    with pytest.raises(ScumbleError, match=r"features\.21\.bias"):
        vgg.from_torchvision("vgg19", lacking)


def test_slim_is_loaded_frozen_and_once():
    slim = registry.load_encoder("slim")
    assert slim is registry.load_encoder("slim", "cpu") and not slim.training
    assert not any(p.requires_grad for p in slim.parameters())
    maps = slim(torch.rand(1, 3, 64, 64), ["conv1_1", "conv5_1"])
    assert maps["conv5_1"].shape == (1, 128, 4, 4)
    assert all(0.01 < float(m.mean()) < 10 for m in maps.values())  # trained, not zeros
    registry.unload_encoders()
    assert slim is not registry.load_encoder("slim")


def test_the_number_format_is_the_convolutions_and_heads_stay_exact():
    half = registry.load_encoder("slim", "cpu", torch.bfloat16)
    assert half is not registry.load_encoder("slim")
    assert half.dtype == torch.bfloat16 and registry.load_encoder("slim").dtype == torch.float32
    head = half.head("conv4_1")
    assert head is not None and head.weight.dtype == torch.float32 and head.weight.shape == (512, 128)


def test_the_list_tells_what_is_here(data, states):
    listed = {m["name"]: m for m in registry.list_models()}
    assert set(listed) == {"slim", "vgg19", "vgg16"}
    assert listed["slim"]["available"] and listed["slim"]["bytes"] > 1_000_000
    assert not listed["vgg19"]["available"]
    (data / "weights").mkdir()
    tensors.store(data / "weights" / "vgg19.safetensors", vgg.from_torchvision("vgg19", states["vgg19"]))
    listed = {m["name"]: m for m in registry.list_models()}
    assert listed["vgg19"]["available"] and listed["vgg19"]["bytes"] > 80_000_000 and not listed["vgg16"]["available"]


def test_an_unknown_network_is_refused_with_those_there_are():
    with pytest.raises(ScumbleError, match="slim, vgg19, vgg16") as caught:
        registry.load_encoder("resnet")
    assert caught.value.code == "option-choice"
