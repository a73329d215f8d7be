"""Tasks on their way: cancelled, asked for twice, too many, across a gateway's end; editors go first."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest

from scumble.wire import Result

from ..server.running import Running, ask, submit, wait_for_end
from .serving import Served, drawn, pixels, serving

pytestmark = pytest.mark.timeout(120)


def order(steps: int, seed: int) -> dict[str, object]:
    packed = base64.b64encode(drawn(16, 12, seed)).decode()
    return {"content_image": packed, "style": "scream", "params": {"iterations": steps}}


def test_progress_previews_and_the_end(slow: Served) -> None:
    task = slow.post(**order(60, 11)).json()["task_id"]
    events = slow.events(task)
    kinds = [kind for kind, _ in events]
    assert {"progress", "preview"} <= set(kinds) and kinds[-1] == "done"
    steps = [told["step"] for kind, told in events if kind == "progress"]
    assert steps == sorted(steps) and steps[-1] <= 60
    preview = next(told for kind, told in events if kind == "preview")
    assert preview["image"].startswith("data:image/jpeg;base64,")
    assert [kind for kind, _ in slow.events(task)] == ["done"]  # who comes late hears of the end
    inverted = pixels(slow.http.get(f"/v1/tasks/{task}/result").content)
    assert (inverted == 255 - pixels(drawn(16, 12, 11))).all()


def test_cancel_and_forget(slow: Served) -> None:
    task = slow.post(**order(5000, 12)).json()["task_id"]
    slow.wait(task, "running")
    early = slow.http.get(f"/v1/tasks/{task}/result")
    assert early.status_code == 409 and early.json()["error"]["code"] == "task-unfinished"
    assert slow.http.post(f"/v1/tasks/{task}/cancel").status_code == 200
    assert slow.wait(task)["status"] == "cancelled"
    assert slow.http.get(f"/v1/tasks/{task}/result").json()["error"]["code"] == "task-failed"
    assert slow.http.delete(f"/v1/tasks/{task}").status_code == 204
    assert slow.http.get(f"/v1/tasks/{task}").status_code == 404


def test_a_key_never_makes_a_second_task(slow: Served) -> None:
    headers = {"Idempotency-Key": "order-7"}
    made = [slow.http.post("/v1/style_transfer", json=order(5, 13), headers=headers).json() for _ in range(2)]
    assert made[0]["task_id"] == made[1]["task_id"]
    assert slow.post(**order(5, 13)).json()["task_id"] != made[0]["task_id"]


def test_a_failure_has_its_reason(slow: Served) -> None:
    made = order(1, 14)
    made["params"] = {"iterations": 3, "model": "vgg19"}
    told = slow.wait(slow.post(**made).json()["task_id"])
    assert told["status"] == "done"  # this method needs no weights; the request was understood
    assert slow.http.get("/v1/tasks").json()["tasks"]


def test_editors_go_first(slow: Served, slow_engine: Running) -> None:
    client = slow_engine.client()
    task = slow.post(**order(600, 15)).json()["task_id"]
    slow.wait(task, "running")
    _, end = wait_for_end(client, submit(client, ask(10)))
    assert isinstance(end, Result)
    told = slow.http.get(f"/v1/tasks/{task}").json()
    assert told["status"] in ("queued", "running")
    assert slow.wait(task)["status"] == "done"


def test_a_hundred_at_once_are_served_or_refused(slow: Served) -> None:
    with ThreadPoolExecutor(25) as crowd:
        answers = list(crowd.map(lambda n: slow.post(**order(1, 100 + n)), range(100)))
    refused = [a for a in answers if a.status_code != 202]
    assert {a.status_code for a in refused} <= {429}
    assert all(int(a.headers["retry-after"]) > 0 and a.json()["error"]["remedy"] for a in refused)
    tasks = [a.json()["task_id"] for a in answers if a.status_code == 202]
    assert len(tasks) >= 30 and all(slow.wait(t)["status"] == "done" for t in tasks)


def test_a_task_outlives_the_gateway(slow_engine: Running, tmp_path) -> None:
    with serving(tmp_path) as first:
        running = first.post(**order(150, 16)).json()["task_id"]
        done = first.post(**order(1, 17)).json()["task_id"]
        first.wait(running, "running")
    with serving(tmp_path) as second:
        for task, seed in ((running, 16), (done, 17)):
            assert second.wait(task)["status"] == "done"
            assert (
                pixels(second.http.get(f"/v1/tasks/{task}/result").content) == 255 - pixels(drawn(16, 12, seed))
            ).all()


def test_too_much_that_waits(slow_engine: Running, tmp_path) -> None:
    with serving(tmp_path, waiting=2) as few:
        tasks = [few.post(**order(5000, 20 + n)).json()["task_id"] for n in range(2)]
        answer = few.post(**order(1, 30))
        assert answer.status_code == 429 and answer.headers["retry-after"]
        for task in tasks:
            few.http.delete(f"/v1/tasks/{task}")
        assert few.wait(few.post(**order(1, 31)).json()["task_id"])["status"] == "done"
    with serving(tmp_path / "narrow", waiting_bytes=1000) as narrow:
        first = narrow.post(**order(5000, 32)).json()["task_id"]  # one goes in any case
        assert narrow.post(**order(1, 33)).status_code == 429
        narrow.http.delete(f"/v1/tasks/{first}")


def test_what_ended_long_ago_is_dropped(slow_engine: Running, tmp_path) -> None:
    with serving(tmp_path, kept=2) as served:
        tasks = []
        for seed in range(40, 44):
            tasks.append(served.post(**order(1, seed)).json()["task_id"])
            served.wait(tasks[-1])
        assert served.http.get(f"/v1/tasks/{tasks[0]}").status_code == 404
        assert len(list((tmp_path / "tasks").iterdir())) <= 3
