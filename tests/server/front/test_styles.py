"""`styles` through a real engine: thumbnails for who asks, and a reply that always fits its frame."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scumble.server.front.handlers_styles import fitting
from scumble.wire import ScumbleError
from scumble.wire.protocol.messages import MAX_HEADER, decode, encode
from scumble.wire.transport.connect import connect

from ..running import Running

JPEG = b"\xff\xd8\xff\xe0"


def make_own(folder: Path, name: str, title: str, tags: list[str], thumbnail: bytes) -> None:
    """A style of the user's in an engine's data folder; its weights need not be there for a list."""
    own = folder / "data" / "styles" / name
    own.mkdir(parents=True)
    files = {"card.safetensors": "1" * 64, "painter.safetensors": "1" * 64}
    record = {"name": name, "title": title, "artist": "Ann", "year": 2024, "licence": "", "tags": tags, "files": files}
    record |= {"kind": "code", "network": "2" * 64, "encoder": "3" * 64}
    (own / "style.json").write_text(json.dumps(record), "utf-8")
    (own / "thumbnail.jpg").write_bytes(thumbnail)


def asked(engine: Running, **fields: Any) -> list[dict[str, Any]]:
    with engine.client() as client:
        return list(client.ask("styles", **fields)["styles"])


def test_thumbnails_come_for_who_asks(engine: Running) -> None:
    shown = asked(engine, thumbnails=True)
    assert len(shown) >= 20 and all(s["thumbnail"].startswith(JPEG[:3]) and len(s["thumbnail"]) < 6001 for s in shown)
    plain = asked(engine)
    assert plain == [{k: v for k, v in s.items() if k not in ("thumbnail", "picture")} for s in shown]
    assert all(Path(s["picture"]).is_file() for s in shown)
    with pytest.raises(ScumbleError, match="thumbnails"):
        asked(engine, thumbnails="please")


def test_a_client_that_knows_of_no_bytes_is_answered_as_ever(engine: Running) -> None:
    transport = connect(engine.connection)
    try:
        for number, fields in enumerate(({"type": "hello", "protocol": 1, "client": "old"}, {"type": "styles"}), 1):
            transport.send(encode({**fields, "id": number}))
            while (frames := transport.receive()) is None:
                transport.poll(1)
            assert decode(frames).type == "ok"
    finally:
        transport.close()


@pytest.mark.parametrize(("count", "tags"), [(250, ["sea"]), (60, ["x" * 500] * 45)], ids=["many", "wordy"])
def test_a_reply_fits_its_frame_however_many_styles_there_are(
    start: Callable[..., Running], tmp_path: Path, count: int, tags: list[str]
) -> None:
    for n in range(count):
        make_own(tmp_path, f"own-{n:03}", f"Öwn {n}", tags, JPEG + bytes(5900))
    engine = start(folder=tmp_path)
    plain, shown = asked(engine), asked(engine, thumbnails=True)
    assert [s["name"] for s in plain] == [s["name"] for s in shown]
    owned, pictures = sum(s["own"] for s in plain), ["thumbnail" in s for s in shown]
    assert not all(pictures) and not any(s["own"] for s in plain[:20])
    if count == 250:
        assert owned == count and all(pictures[:20]), "shipped ones first"
    else:
        assert 20 < owned < count, "words take all the room"


def test_what_fits_is_filled_to_the_brim() -> None:
    styles = [{"name": f"s{n}", "thumbnail": JPEG + bytes(n % 700)} for n in range(5000)]
    kept = fitting(styles, MAX_HEADER)
    assert len(kept) == 5000 and MAX_HEADER - 9000 < len(encode({"styles": kept})[0]) < MAX_HEADER + 256
    assert fitting(styles, 30) == [{"name": "s0"}, {"name": "s1"}, {"name": "s2"}]
