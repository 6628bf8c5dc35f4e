"""Types that another room owns are written by its verb, whichever way they come in."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from careflow.database.work import Staged, Work
from careflow.errors import ConflictError
from careflow.records.owners import Owners, Proposal, keep
from careflow.records.store import Records
from tests.records.front_door import (
    FrontDoor,
    SteadyClock,
    bundle,
    counting_mint,
    entry,
    several_doors,
    without_id,
)

PATCH = {"content-type": "application/json-patch+json"}
MOVE = [{"op": "replace", "path": "/description", "value": "moved"}]
BY_STATUS = "Appointment?status=booked"


class Desk:
    """A room that owns visits: it keeps what it was asked, or has no time for it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.has_time = True

    async def __call__(self, work: Work, proposal: Proposal) -> Staged:
        self.asked.append(proposal.act)
        if not self.has_time:
            raise ConflictError("There is no time for this visit.")
        return await keep(work, proposal)


def a_visit(id: str = "visit", **over: Any) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "id": id,
        "status": "booked",
        "start": "2026-03-02T09:00:00Z",
        "end": "2026-03-02T09:20:00Z",
        "description": "check-up",
        "participant": [{"actor": {"reference": "Patient/mara"}, "status": "accepted"}],
    } | over


def a_patch() -> dict[str, Any]:
    data = base64.b64encode(json.dumps(MOVE).encode()).decode()
    return {"resourceType": "Binary", "contentType": PATCH["content-type"], "data": data}


def owned(door: FrontDoor) -> tuple[FrontDoor, Desk]:
    """Return a server over the same record in which a desk owns visits."""
    desk = Desk()
    records = Records(
        door.documents,
        clock=SteadyClock(),
        mint=counting_mint("new"),
        owners=Owners({"Appointment": desk}),
    )
    (opened,) = several_doors(replace(door, records=records), 1)
    return opened, desk


def transaction(*entries: dict[str, Any]) -> tuple[str, str, Any, dict[str, str]]:
    return "POST", "", bundle("transaction", *entries), {}


def batch(*entries: dict[str, Any]) -> tuple[str, str, Any, dict[str, str]]:
    return "POST", "", bundle("batch", *entries), {}


WRITES = [
    ("POST", "/Appointment", without_id(a_visit()), {}),
    ("POST", "/Appointment", a_visit(), {"if-none-exist": "status=arrived"}),
    ("PUT", "/Appointment/visit", a_visit(), {}),
    ("PUT", f"/{BY_STATUS}", without_id(a_visit()), {}),
    ("PATCH", "/Appointment/visit", MOVE, PATCH),
    ("PATCH", f"/{BY_STATUS}", MOVE, PATCH),
    ("DELETE", "/Appointment/visit", None, {}),
    ("DELETE", f"/{BY_STATUS}", None, {}),
    transaction(entry("POST", "Appointment", a_visit())),
    transaction(entry("PUT", BY_STATUS, a_visit())),
    transaction(entry("PATCH", "Appointment/visit", a_patch())),
    transaction(entry("PATCH", BY_STATUS, a_patch())),
    transaction(entry("DELETE", BY_STATUS)),
    batch(entry("PUT", BY_STATUS, a_visit())),
    batch(entry("PATCH", BY_STATUS, a_patch())),
    batch(entry("DELETE", "Appointment/visit")),
]


@pytest.mark.parametrize(("method", "path", "content", "headers"), WRITES)
async def test_no_write_passes_the_owner_by(
    door: FrontDoor, method: str, path: str, content: Any, headers: dict[str, str]
) -> None:
    await door.put(a_visit())
    opened, desk = owned(door)

    answer = await opened.ask(method, path, content, actor="program", headers=headers)
    desk.has_time = False
    await door.put(a_visit())
    before = await door.count()
    refused = await opened.ask(method, path, content, actor="program", headers=headers)

    assert answer.is_success, answer.text
    assert len(desk.asked) == 2
    told = refused.json()
    if told["resourceType"] == "Bundle":
        assert told["entry"][0]["response"]["status"] == "409 Conflict"
    else:
        assert refused.status_code == 409
    assert await door.count() == before
