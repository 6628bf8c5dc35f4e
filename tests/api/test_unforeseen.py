"""A fault of ours: a problem document with the request's number, and a log line without content."""

from __future__ import annotations

import io
import json
from typing import Any

import httpx2
import pytest

from careflow.app.assemble import Dispatch, api_of
from careflow.app.guards import Guards
from careflow.composition import Platform
from tests.api.conftest import CANARY
from tests.api.refusals import refused


async def breaks(scope: object, receive: object, send: object) -> None:
    """Be an application with a fault, whose text quotes a patient."""
    raise RuntimeError(CANARY)


def asked(platform: Platform, api: Any) -> httpx2.AsyncClient:
    """Return a client of a platform whose parts break."""
    dispatch = Dispatch(platform, api=api, frontend=breaks)
    transport = httpx2.ASGITransport(app=Guards(dispatch, mint=lambda: "request-1"))
    return httpx2.AsyncClient(transport=transport, base_url="http://clinic.test")


@pytest.mark.parametrize("path", ["/page", "/api/day"])
async def test_a_fault_in_any_part_is_answered_by_number_and_logged_without_content(
    path: str, platform: Platform, written: io.StringIO
) -> None:
    async with asked(platform, breaks) as client:
        answer = await client.get(path)

    refused(answer, 500, "internal")
    assert answer.json()["request"] == answer.headers["x-request-id"] == "request-1"
    assert CANARY not in answer.text + written.getvalue()
    errors = [line for line in written.getvalue().splitlines() if '"level": "error"' in line]
    assert [json.loads(line)["error"] for line in errors] == ["RuntimeError"]


async def test_a_fault_behind_a_route_is_a_problem_document_too(
    platform: Platform, written: io.StringIO
) -> None:
    api = api_of(platform)

    @api.get("/api/broken")
    async def broken() -> None:
        raise RuntimeError(CANARY)

    async with asked(platform, api) as client:
        answer = await client.get("/api/broken")

    refused(answer, 500, "internal")
    assert CANARY not in answer.text + written.getvalue()
    assert written.getvalue().count('"level": "error"') == 1
