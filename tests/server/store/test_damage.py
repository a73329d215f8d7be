"""What is wrong with a file, and what is not: only proven damage costs a blob, whatever the system says meanwhile."""

from __future__ import annotations

import asyncio
import builtins
import errno
import io
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scumble.server.store.files import STAMPS
from scumble.server.store.results import Results
from scumble.server.store.store import BlobStore
from scumble.server.store.uploads import Uploads
from scumble.server.worker.inputs import WorkerStore
from scumble.wire import ScumbleError, digest_of

DATA = os.urandom(5000)
DIGEST = digest_of(DATA)
SHORTAGES = (errno.EMFILE, errno.ENFILE, errno.EIO, errno.ENOMEM, errno.EACCES)


def filled(folder: Path, data: bytes = DATA) -> BlobStore:
    store = BlobStore(folder, 1 << 20)
    Uploads(store).put(digest_of(data), len(data), 0, data)
    return store


def later(folder: Path) -> BlobStore:
    """The next engine's, after a crash: it trusts nothing."""
    return BlobStore(folder, 1 << 20)


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(ScumbleError) as e:
        call()
    return e.value.code


def failing(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise OSError(number, os.strerror(number))

    for module in (builtins, io):
        monkeypatch.setattr(module, "open", fail)
    monkeypatch.setattr(os, "open", fail)


@pytest.mark.parametrize("number", SHORTAGES)
def test_a_shortage_costs_no_blob(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    store, next_one, worker = filled(tmp_path), later(tmp_path), WorkerStore(tmp_path)
    with monkeypatch.context() as patch:
        failing(patch, number)
        assert code_of(lambda: store.read(DIGEST, 0, 10)) == "files-unusable"
        assert code_of(lambda: worker.read(DIGEST)) == "files-unusable"
        assert DIGEST in next_one, "that it cannot be read now proves nothing"
        asyncio.run(next_one.verify([DIGEST]))
    for one in (store, next_one):
        assert one.read(DIGEST, 0, 5000) == DATA and one.used == 5000
    assert worker.read(DIGEST) == DATA


@pytest.mark.parametrize(
    "data", [DATA[:-1], b"", DATA + b"x", b"x" + DATA[1:]], ids=["cut", "empty", "longer", "other"]
)
def test_damage_is_seen_and_costs_the_blob(tmp_path: Path, data: bytes) -> None:
    for use in (lambda s: s.read(DIGEST, 0, 5000), lambda s: s.touch(DIGEST), lambda s: s.size(DIGEST)):
        store = filled(tmp_path)
        store.path(DIGEST).write_bytes(data)
        assert not store.sound(DIGEST)
        assert code_of(lambda use=use, store=store: use(store)) == "blob-missing"
        assert DIGEST not in store and not store.path(DIGEST).exists() and store.used == 0


def test_a_cached_result_that_was_damaged_is_no_answer(tmp_path: Path) -> None:
    store = filled(tmp_path)
    results = Results(store)
    results.remember("key", {"picture": {"digest": DIGEST}})
    assert results.find("key")
    store.path(DIGEST).write_bytes(DATA[:100])
    assert results.find("key") is None


def test_the_folder_may_go_while_it_is_used(tmp_path: Path) -> None:
    store = filled(tmp_path / "cache")
    uploads, more = Uploads(store), os.urandom(3000)
    uploads.put(digest_of(more), 3000, 0, more[:1000])
    shutil.rmtree(tmp_path / "cache")
    assert code_of(lambda: uploads.put(digest_of(more), 3000, 1000, more[1000:])) == "blob-order"
    assert uploads.put(digest_of(more), 3000, 0, more) == 3000
    assert store.read(digest_of(more), 0, 3000) == more and store.used == 3000 + 5000
    assert code_of(lambda: store.size(DIGEST)) == "blob-missing"
    assert store.used == 3000


def test_an_upload_that_found_no_place_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads = Uploads(BlobStore(tmp_path, 1 << 20))

    def full(path: Path, offset: int, data: bytes) -> None:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("scumble.server.store.uploads.write_at", full)
        assert code_of(lambda: uploads.put(DIGEST, 5000, 0, DATA)) == "disk-full"
    assert not list((tmp_path / "partial").iterdir())
    assert uploads.put(DIGEST, 5000, 0, DATA) == 5000


def test_what_a_clean_end_left_is_trusted_by_size_and_time(tmp_path: Path) -> None:
    other = os.urandom(400)
    store = filled(tmp_path)
    Uploads(store).put(digest_of(other), 400, 0, other)
    store.close()
    assert set(json.loads((tmp_path / STAMPS).read_text())) == {DIGEST, digest_of(other)}
    store.path(digest_of(other)).write_bytes(other)  # as a restored backup would: another time
    after = later(tmp_path)
    assert after.sound(DIGEST) and after.doubtful(digest_of(other)) and not (tmp_path / STAMPS).exists()
    assert digest_of(other) in after and after.sound(digest_of(other))
    assert later(tmp_path).doubtful(DIGEST), "after a crash nothing is"


def test_what_is_checked_does_not_hold_up_the_loop(tmp_path: Path) -> None:
    """An old picture of 300 MB is looked at in a thread, once, however many ask."""
    big = bytes(300 << 20)
    digest = digest_of(big)
    path = BlobStore(tmp_path, 1 << 30).path(digest)
    path.parent.mkdir(parents=True)
    path.write_bytes(big)
    store = BlobStore(tmp_path, 1 << 30)

    async def ask() -> tuple[float, int]:
        checks = [asyncio.ensure_future(store.verify([digest])) for _ in range(3)]
        longest, turns = 0.0, 0
        while not all(c.done() for c in checks):
            begun = time.perf_counter()
            await asyncio.sleep(0)
            longest, turns = max(longest, time.perf_counter() - begun), turns + 1
        return longest, turns

    begun = time.perf_counter()
    longest, turns = asyncio.run(ask())
    whole = time.perf_counter() - begun
    assert store.sound(digest) and turns > 20 and longest < whole / 2
