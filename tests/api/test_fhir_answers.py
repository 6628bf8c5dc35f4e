"""FHIR answers are complete by themselves: numbered, inert in a browser, kept by nobody."""

from __future__ import annotations

import httpx2
import pytest

from careflow.app.assemble import assemble
from careflow.composition import Platform


@pytest.mark.parametrize("path", ["/metadata", "/Patient/p1", "/Nothing", ""])
async def test_every_fhir_answer_is_numbered_inert_and_not_kept(
    path: str, platform: Platform
) -> None:
    transport = httpx2.ASGITransport(app=assemble(platform))
    async with httpx2.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
        answer = await client.get(f"/api/fhir/R4{path}")

    assert answer.headers["content-type"].startswith("application/fhir+json")
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-request-id"]


async def test_an_address_beside_the_base_is_not_fhir(platform: Platform) -> None:
    transport = httpx2.ASGITransport(app=assemble(platform))
    async with httpx2.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
        answer = await client.get("/api/fhir/R4x/Patient/p1")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
