"""What an audited read may cost, counted: statements, and commits of the audit file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from careflow.composition import Platform
from careflow.database.sqlite import SqliteAuditFile, SqliteDocuments
from careflow.identity.actor import Role
from tests.api.conftest import AsRole

BASE = "/api/fhir/R4"
CODE = "http://loinc.org|2823-3"


def _result(number: int) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": f"2026-03-{1 + number:02d}T09:00:00Z",
    }


@contextmanager
def _statements(platform: Platform) -> Iterator[list[str]]:
    """Gather the statements that the event loop's own connection runs."""
    assert isinstance(platform.documents, SqliteDocuments)
    connection = platform.documents._loop_reader._connection
    ran: list[str] = []

    def note(_: object, statement: str, __: object) -> bool:
        ran.append(statement)
        return True

    connection.exec_trace = note
    yield ran
    connection.exec_trace = None


@pytest.mark.parametrize(
    ("address", "budget"),
    [
        ("/Patient/{id}", 1),
        ("/Observation?patient=p1&code=" + CODE + "&_sort=-date&_count=10", 1),
        ("/Patient?family=Budgeted&birthdate=1962-03-14", 1),
    ],
)
async def test_a_read_keeps_to_its_statements(
    address: str, budget: int, platform: Platform, as_role: AsRole
) -> None:
    async with as_role(Role.MACHINE) as client:
        made = await client.post(
            f"{BASE}/Patient",
            json={
                "resourceType": "Patient",
                "name": [{"family": "Budgeted"}],
                "birthDate": "1962-03-14",
            },
        )
        for number in range(12):
            assert (
                await client.post(f"{BASE}/Observation", json=_result(number))
            ).status_code == 201
        asked = BASE + address.format(id=made.json()["id"])
        # The first shows who asks, and learns the numbers of names.
        await client.get(asked)
        with _statements(platform) as ran:
            answer = await client.get(asked)

    assert answer.status_code == 200
    assert len(ran) <= budget, ran
    assert answer.json().get("entry", [None])


async def test_reads_that_wait_together_share_a_commit_of_the_audit_file(
    platform: Platform, as_role: AsRole
) -> None:
    assert isinstance(platform.audit_file, SqliteAuditFile)
    writer = platform.audit_file.writer
    async with as_role(Role.MACHINE) as client:
        made = await client.post(f"{BASE}/Patient", json={"resourceType": "Patient"})
        address = f"{BASE}/Patient/{made.json()['id']}"
        await client.get(address)
        commits, lines = writer.transactions, await platform.audit_file.last()
        await asyncio.gather(*(client.get(address) for _ in range(16)))

    assert await platform.audit_file.last() == lines + 16
    assert writer.transactions - commits <= 4
