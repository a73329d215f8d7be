"""The store and its uploads: resuming, digests, the bound, what is never evicted."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scumble.server.limits import UPLOAD_SECONDS, UPLOADS
from scumble.server.store.store import BlobStore
from scumble.server.store.uploads import Uploads
from scumble.wire import ScumbleError, digest_of


def fill(uploads: Uploads, data: bytes, chunk: int = 1 << 20) -> str:
    digest = digest_of(data)
    for offset in range(0, len(data), chunk):
        uploads.put(digest, len(data), offset, data[offset : offset + chunk])
    return digest


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(ScumbleError) as e:
        call()
    return e.value.code


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path, 100)


@pytest.fixture
def uploads(store: BlobStore) -> Uploads:
    return Uploads(store)


def test_a_blob_comes_in_chunks_and_goes_out_in_pieces(store: BlobStore, uploads: Uploads) -> None:
    data = os.urandom(50)
    digest = digest_of(data)
    assert uploads.put(digest, 50, 0, data[:20]) == 20
    assert uploads.held(digest) == 20 and digest not in store
    assert uploads.put(digest, 50, 20, data[20:]) == 50
    assert digest in store and store.size(digest) == 50 and store.used == 50
    assert store.read(digest, 10, 15) == data[10:25]
    assert store.read(digest, 45, 15) == data[45:]
    assert sys.platform == "win32" or stat.S_IMODE(store.path(digest).stat().st_mode) == 0o600


def test_an_empty_blob_is_one(store: BlobStore, uploads: Uploads) -> None:
    assert uploads.put(digest_of(b""), 0, 0, b"") == 0
    assert digest_of(b"") in store


def test_a_chunk_out_of_order_is_told_where_to_go_on(uploads: Uploads) -> None:
    data = os.urandom(50)
    digest = digest_of(data)
    uploads.put(digest, 50, 0, data[:20])
    with pytest.raises(ScumbleError) as e:
        uploads.put(digest, 50, 30, data[30:])
    assert e.value.code == "blob-order" and e.value.values["expected"] == 20
    assert uploads.put(digest, 50, 0, data[:20]) == 20, "what is held already is acknowledged again"
    assert uploads.put(digest, 50, 20, data[20:]) == 50
    assert uploads.put(digest, 50, 0, data[:20]) == 50


def test_two_who_send_the_same_share_the_work(store: BlobStore, uploads: Uploads) -> None:
    data = os.urandom(60)
    digest = digest_of(data)
    for offset in range(0, 60, 20):
        for _ in range(2):
            held = uploads.put(digest, 60, offset, data[offset : offset + 20])
    assert held == 60 and store.used == 60


def test_wrong_data_is_thrown_away_whole(store: BlobStore, uploads: Uploads) -> None:
    data = os.urandom(50)
    digest = digest_of(data)
    uploads.put(digest, 50, 0, data[:20])
    assert code_of(lambda: uploads.put(digest, 50, 20, bytes(30))) == "blob-digest"
    assert uploads.held(digest) == 0 and store.used == 0 and not list((store.folder / "partial").iterdir())
    assert fill(uploads, data) in store


def test_more_than_was_announced_is_refused(store: BlobStore, uploads: Uploads) -> None:
    digest = digest_of(bytes(30))
    assert code_of(lambda: uploads.put(digest, 20, 0, bytes(30))) == "blob-digest"
    assert code_of(lambda: uploads.put(digest, 101, 0, bytes(30))) == "blob-large"
    assert code_of(lambda: uploads.put(digest, 1 << 40, 0, b"")) == "blob-large"


def test_a_new_size_begins_anew(store: BlobStore, uploads: Uploads) -> None:
    data = os.urandom(50)
    digest = digest_of(data)
    uploads.put(digest, 40, 0, bytes(30))
    assert code_of(lambda: uploads.put(digest, 50, 30, data[30:])) == "blob-order"
    assert uploads.put(digest, 50, 0, data) == 50
    assert store.used == 50


def test_the_least_recently_used_goes_first(store: BlobStore, uploads: Uploads) -> None:
    a, b = fill(uploads, bytes(40)), fill(uploads, bytes(41))
    store.touch(a)
    c = fill(uploads, bytes(30))
    assert a in store and c in store and b not in store and not store.path(b).exists()
    assert store.used == 70


def test_what_is_needed_is_never_evicted(tmp_path: Path) -> None:
    needed: set[str] = set()
    store = BlobStore(tmp_path, 100, lambda: needed)
    uploads = Uploads(store)
    a, b = fill(uploads, bytes(40)), fill(uploads, bytes(50))
    needed |= {a, b}
    assert code_of(lambda: fill(uploads, bytes(30))) == "disk-full"
    assert a in store and b in store
    needed.discard(b)
    assert fill(uploads, bytes(30)) in store and a in store and b not in store


def test_a_full_store_leaves_an_upload_where_it_was(tmp_path: Path) -> None:
    needed: set[str] = set()
    store = BlobStore(tmp_path, 100, lambda: needed)
    uploads, data = Uploads(store), os.urandom(50)
    needed.add(fill(uploads, bytes(60)))
    digest = digest_of(data)
    uploads.put(digest, 50, 0, data[:20])
    assert code_of(lambda: uploads.put(digest, 50, 20, data[20:])) == "disk-full"
    assert uploads.held(digest) == 20
    needed.clear()
    assert uploads.put(digest, 50, 20, data[20:]) == 50
    assert store.read(digest, 0, 50) == data


def test_the_next_engine_has_them_in_the_same_order(tmp_path: Path, store: BlobStore, uploads: Uploads) -> None:
    a, b = fill(uploads, bytes(40)), fill(uploads, bytes(41))
    os.utime(store.path(b), (1, 1))
    (tmp_path / "blobs" / "aa").mkdir(exist_ok=True)
    (tmp_path / "blobs" / "aa" / "notes.txt").write_text("not a blob")
    later = BlobStore(tmp_path, 100)
    assert len(later) == 2 and later.used == 81
    fill(Uploads(later), bytes(30))
    assert a in later and b not in later
    assert (tmp_path / "blobs" / "aa" / "notes.txt").exists()


def test_half_written_files_of_a_dead_engine_are_swept(tmp_path: Path) -> None:
    partial = tmp_path / "partial"
    partial.mkdir()
    (partial / "old").write_bytes(b"x")
    (partial / "new").write_bytes(b"x")
    os.utime(partial / "old", (1, 1))
    BlobStore(tmp_path, 100)
    assert [p.name for p in partial.iterdir()] == ["new"]


def test_a_file_that_vanished_is_missing_and_can_be_sent_again(store: BlobStore, uploads: Uploads) -> None:
    data = os.urandom(50)
    digest = fill(uploads, data)
    store.path(digest).unlink()
    assert code_of(lambda: store.read(digest, 0, 50)) == "blob-missing"
    assert uploads.held(digest) == 0 and store.used == 0
    fill(uploads, data)
    store.path(digest).unlink()
    assert code_of(lambda: store.touch(digest)) == "blob-missing"
    assert fill(uploads, data) in store


def test_abandoned_uploads_are_bounded_and_expire(store: BlobStore, uploads: Uploads) -> None:
    digests = [digest_of(b"%d" % n) for n in range(UPLOADS + 1)]
    for digest in digests:
        uploads.put(digest, 2, 0, b"x")
    assert uploads.held(digests[0]) == 0 and uploads.held(digests[1]) == 1 and store.used == UPLOADS
    uploads.expire(time.monotonic() + UPLOAD_SECONDS - 5)
    assert store.used == UPLOADS
    uploads.expire(time.monotonic() + UPLOAD_SECONDS + 5)
    assert store.used == 0 and not list((store.folder / "partial").iterdir())
