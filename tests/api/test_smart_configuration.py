"""What programs find out by themselves is what they then can do."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from careflow.composition import Platform
from careflow.database.work import Work
from careflow.identity.actor import Role
from careflow.identity.clients import NewClient
from tests.api.conftest import AsRole
from tests.identity.signing import SigningKey, asking_with

CONFIGURATION = "/api/fhir/R4/.well-known/smart-configuration"


async def configuration(client: httpx2.AsyncClient) -> Mapping[str, Any]:
    answer = await client.get(CONFIGURATION)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    found: Mapping[str, Any] = answer.json()
    return found


async def a_client(platform: Platform, scopes: list[str], patient: str | None = None) -> NewClient:
    async with Work(platform.documents) as work:
        if patient is not None:
            content = {"resourceType": "Patient", "id": patient}
            await platform.records.update(work, content, actor=platform.operator)
    async with Work(platform.documents) as work:
        return await platform.identity.clients.add(
            work, name="App", scopes=scopes, by=None, patient_id=patient
        )


def basic(made: NewClient) -> dict[str, Any]:
    proof = base64.b64encode(f"{made.client.id}:{made.secret}".encode()).decode()
    return {"headers": {"Authorization": f"Basic {proof}"}, "data": {}}


def post(made: NewClient) -> dict[str, Any]:
    return {"data": {"client_id": made.client.id, "client_secret": made.secret}}


METHODS = {"client_secret_basic": basic, "client_secret_post": post}
SIGNED = "private_key_jwt"
"""How it is done is in the tests of identity; here it is done once, as the document tells."""


async def test_each_way_to_ask_for_a_token_works(as_role: AsRole, platform: Platform) -> None:
    made = await a_client(platform, ["system/*.cruds"])
    async with as_role(None) as client:
        told = await configuration(client)
        assert set(told["token_endpoint_auth_methods_supported"]) == {*METHODS, SIGNED}
        for proved in METHODS.values():
            for grant in told["grant_types_supported"]:
                asked = proved(made)
                asked["data"]["grant_type"] = grant
                answer = await client.post(told["token_endpoint"], **asked)
                assert answer.status_code == 200, answer.text


async def test_a_program_that_signs_does_as_the_configuration_tells(
    as_role: AsRole, platform: Platform
) -> None:
    async with as_role(None) as client:
        told = await configuration(client)
        for algorithm in told["token_endpoint_auth_signing_alg_values_supported"]:
            key = SigningKey(algorithm)
            async with Work(platform.documents) as work:
                made = await platform.identity.clients.add(
                    work, name="Feed", scopes=["system/*.rs"], by=None, keys=key.registered()
                )
            signed = key.signed(made.client.id, told["token_endpoint"], platform.clock())
            answer = await client.post(told["token_endpoint"], data=asking_with(signed))
            assert answer.status_code == 200, answer.text
            bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
            assert (await client.get("/api/fhir/R4/Patient", headers=bearer)).status_code == 200


async def test_each_scope_that_is_told_is_granted(as_role: AsRole, platform: Platform) -> None:
    async with as_role(None) as client:
        told = await configuration(client)
        scopes = told["scopes_supported"]
        made = await a_client(platform, scopes, patient="p1")
        answer = await client.post(
            told["token_endpoint"], data={"grant_type": "client_credentials"} | post(made)["data"]
        )

    assert answer.json()["scope"].split() == sorted(scopes)
    assert answer.json()["patient"] == "p1"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_it_is_only_read(as_role: AsRole, method: str) -> None:
    async with as_role(None) as client:
        assert (await client.request(method, CONFIGURATION)).status_code == 405


async def test_a_scope_with_a_query_reaches_that_part_over_http(
    as_role: AsRole, platform: Platform
) -> None:
    made = await a_client(platform, ["system/Observation.rs?status=final"])
    for id, status in (("a", "final"), ("b", "preliminary")):
        result = {"resourceType": "Observation", "id": id, "status": status, "code": {"text": "K"}}
        async with Work(platform.documents) as work:
            await platform.records.update(work, result, actor=platform.operator)
    async with as_role(None) as client:
        form = {"grant_type": "client_credentials"} | post(made)["data"]
        token = (await client.post("/api/auth/token", data=form)).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        page = await client.get("/api/fhir/R4/Observation")
        refused = await client.get("/api/fhir/R4/Patient")

    assert [entry["resource"]["id"] for entry in page.json()["entry"]] == ["a"]
    assert refused.status_code == 403


async def test_a_person_needs_no_scopes(as_role: AsRole) -> None:
    async with as_role(Role.CLINICIAN) as clinician:
        assert (await clinician.get("/api/fhir/R4/Observation")).status_code == 200
