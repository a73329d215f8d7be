"""What OpenAPI says is what the gateway does: schemathesis asks what it allows, and what it does not."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as spoken

from .serving import TOKEN, Served

pytestmark = pytest.mark.timeout(240)
FEW = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS = [
    checks.not_a_server_error,
    spoken.status_code_conformance,
    spoken.content_type_conformance,
    spoken.response_schema_conformance,
    spoken.unsupported_method,
]


@schemathesis.serializer("application/offset+octet-stream")
def _as_it_is(context: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def test_it_does_what_it_says(slow: Served) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    schema = schemathesis.openapi.from_url(f"{slow.url}/openapi.json", headers=headers)
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.endswith("/events"):
            continue  # a stream
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            ask = given(case=operation.as_strategy(generation_mode=mode))(_ask)
            FEW(ask)()
            asked += 1
    assert asked >= 26


def test_answers_of_headers_alone_are_said_to_have_no_body(slow: Served) -> None:
    paths = slow.http.get("/openapi.json").json()["paths"]
    told = [answer for path in paths if path.startswith("/v1/uploads") for answer in _good(paths[path])]
    assert len(told) == 5 and not any("content" in answer for answer in told)


def _good(operations: dict[str, dict[str, dict[str, object]]]) -> list[object]:
    return [told for o in operations.values() for code, told in o["responses"].items() if code.startswith("2")]


def _ask(case: schemathesis.Case) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"}, checks=CHECKS, timeout=20)
