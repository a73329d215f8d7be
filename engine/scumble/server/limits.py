"""The engine's bounds, in one place: what a client may hold of it, and how long things are kept.

What a message may hold is in `wire.protocol.messages`.
"""

from __future__ import annotations

from ..wire.protocol.messages import MAX_AHEAD, MAX_BLOB, MAX_DIGESTS, MAX_FRAMES, MAX_RAW, SILENT_SECONDS
from ..wire.request.request import REQUEST_OPTIONS

WAITING_JOBS = 64
WAITING_BACKGROUND = 48  # of them that may be in the background: editors find room
YIELD_SECONDS = 3.0  # left: a job in the background that takes no longer is not interrupted
QUICK_PIXELS = 1 << 18  # of a content that is painted beside a longer job: little memory, a moment
QUICK_FAST_PIXELS = 1 << 22  # where the method is one that is quick whatever it is asked for
KEPT_JOBS = 256  # finished jobs remembered; the oldest goes first
KEPT_RESULTS = 256  # answers in the cache of results
KEPT_SECONDS = 3600.0  # a finished job and its result

CLIENTS = 256
CLIENT_SECONDS = 3600.0  # a client without jobs is remembered for so long
ALONE_SECONDS = 2.0  # that a client whose connection broke has to come back for its jobs, unless it says otherwise
MOST_ALONE = 60.0  # what it may say
PROBE_SECONDS = 0.2  # a client with jobs is told something at least so often: so it is seen when it has gone
OUTBOX_MESSAGES = 2048  # waiting for one client; a client that lets more pile up is gone

SILENT_OF_ONE = 32  # connections of another user, or another machine, that have said nothing yet
SILENT_IN_ALL = 256  # of all others together; at most a quarter of the files
FILES_KEPT = 256  # files that connections which say nothing leave to the engine, whoever holds them
HANDSHAKE_SECONDS = 5.0  # that a connection has to show its token

UPLOADS = 64  # unfinished at once
UPLOAD_SECONDS = 3600.0  # an upload that nobody continues is dropped after so long

SWEEP_SECONDS = 30.0  # between two looks for what killed workers left half-written

KEEP_BYTES = 2 << 30  # of what broken-off jobs leave to go on from, all together
KEEP_DAYS = 7.0  # that it is kept
PAUSE_SECONDS = 30.0  # that a job has to come to where it can be kept; then its worker is killed
GOING_ON = 20  # times that a job goes on after its worker died, each further than the last

LONG_SECONDS = 60.0  # beyond which an estimate offers a smaller size

CANCEL_SECONDS = 5.0  # from the flag to the kill
QUICK_CANCEL_SECONDS = 20.0  # of a job that is soon over: a new worker loads longer than that one goes on
FETCH_SECONDS = 10.0  # that an engine told to end waits for results to be fetched
SHORT_SECONDS = 20.0  # that a job waits for the system to have room for a worker
EXIT_SECONDS = 2.0  # from asking a worker to end to the kill

LIMITS = {  # as `hello` tells them
    "frame_bytes": MAX_RAW,
    "frames": MAX_FRAMES,
    "blob_bytes": MAX_BLOB,
    "digests": MAX_DIGESTS,
    "chunks_ahead": MAX_AHEAD,
    "waiting_jobs": WAITING_JOBS,
    "quick_pixels": QUICK_PIXELS,
    "quick_fast_pixels": QUICK_FAST_PIXELS,
    "quick_size": int(REQUEST_OPTIONS["size"].quick_most or 0),
    "quick_iterations": int(REQUEST_OPTIONS["iterations"].quick_most or 0),
    "silent_seconds": SILENT_SECONDS,
    "kept_seconds": KEPT_SECONDS,
}
