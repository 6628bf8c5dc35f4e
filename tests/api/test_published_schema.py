"""Every address but FHIR's does what the published OpenAPI says, whatever it is asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from random import Random
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from careflow.app.guards import Application
from careflow.composition import Platform
from careflow.database.work import Work
from careflow.identity.actor import Role
from tests.api.conftest import AsRole
from tests.api.fuzzing import Fuzzed
from tests.api.test_fuzzing import HANGS_AFTER_S, Answered, ask
from tests.records.front_door import a_patient

pytestmark = pytest.mark.usefixtures("quiet")

HERE = "http://clinic.test"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
EVENTS = "text/event-stream"
"""Answers that go on for as long as somebody listens."""
KNOWN = {"patient_id": "p1", "code": "2823-3"}
"""What path parameters are given now and then, so that something is there."""
ENDS_SESSIONS = "/api/auth/logout"


Case = schemathesis.Case[Any]


class Published:
    """The running application, its schema, and who may ask."""

    def __init__(self, application: Application, schema: dict[str, Any]) -> None:
        self.application = application
        found = schemathesis.openapi.from_dict(schema)
        self.operations = [
            each.ok()
            for each in found.get_all_operations()
            if isinstance(each, Ok) and EVENTS not in str(each.ok().definition.raw)
        ]
        self.tokens: list[bytes] = []
        self.fell: Counter[int] = Counter()

    async def send(self, case: Case, random: Random, patience_s: float) -> None:
        """Ask what was generated, as several people, and hold the answers against the schema."""
        for name in case.path_parameters or {}:
            if name in KNOWN and random.random() < 0.5:
                case.path_parameters[name] = KNOWN[name]
        request = requests.Request(**case.as_transport_kwargs(base_url=HERE)).prepare()
        for token in self._askers(case, random):
            async with asyncio.timeout(patience_s):
                answer = await ask(self.application, self._raw(request), token)
            self.fell[answer.status] += 1
            case.validate_response(_as_told(answer, request), checks=CHECKS)
            if answer.status not in {401, 403}:
                return

    def _raw(self, request: requests.PreparedRequest) -> Fuzzed:
        headers = [
            (name.lower().encode("latin-1"), value if isinstance(value, bytes) else value.encode())
            for name, value in request.headers.items()
            if name.lower() not in {"authorization", "host"}
        ]
        body = request.body or b""
        assert isinstance(body, bytes | str)
        assert request.method is not None
        sent = body if isinstance(body, bytes) else body.encode()
        return Fuzzed(request.method, request.path_url, headers, sent)

    def _askers(self, case: Case, random: Random) -> list[bytes]:
        return [b""] if case.path == ENDS_SESSIONS else random.sample(self.tokens, 4)


def _as_told(answer: Answered, request: requests.PreparedRequest) -> Response:
    return Response(
        status_code=answer.status,
        headers={k.decode(): [v.decode()] for k, v in answer.headers.items()},
        content=answer.body,
        request=request,
        elapsed=0.0,
        verify=False,
    )


@pytest.fixture
async def published(platform: Platform, application: Application, as_role: AsRole) -> Published:
    async with Work(platform.documents) as work:
        await platform.records.update(work, a_patient("p1"), actor=platform.operator)
    tokens = []
    for role in Role:
        async with as_role(role) as client:
            tokens.append(client.headers["authorization"].encode())
    async with as_role(Role.CLINICIAN) as client:
        schema = (await client.get("/api/openapi.json")).json()
    made = Published(application, schema)
    made.tokens = [*tokens, b""]
    return made


FIXED = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@FIXED
@given(data=st.data(), random=st.randoms(use_true_random=False, note_method_calls=False))
async def test_every_answer_is_as_the_schema_says(
    published: Published, data: st.DataObject, random: Random
) -> None:
    operation = data.draw(st.sampled_from(published.operations))
    await published.send(data.draw(operation.as_strategy()), random, patience_s=60)


@pytest.mark.sweep
@pytest.mark.timeout(1800)
@settings(FIXED, max_examples=3_000)
@given(data=st.data(), random=st.randoms(use_true_random=False, note_method_calls=False))
async def test_three_thousand_answers_are_as_the_schema_says(
    published: Published, data: st.DataObject, random: Random
) -> None:
    operation = data.draw(st.sampled_from(published.operations))
    await published.send(data.draw(operation.as_strategy()), random, patience_s=HANGS_AFTER_S * 4)
