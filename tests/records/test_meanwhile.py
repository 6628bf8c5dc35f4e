"""What a condition found has changed by the time of the commit: all is looked up again."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, cast

from careflow.database.documents import Documents, Page, Query
from careflow.database.scope import AccessScope
from careflow.records.store import Records
from tests.records.front_door import (
    FrontDoor,
    SteadyClock,
    an_observation,
    bundle,
    counting_mint,
    entry,
    several_doors,
    without_id,
)

DRAFTS = "Observation?status=preliminary"
PATCH = {"content-type": "application/json-patch+json"}
SIGN = [{"op": "replace", "path": "/status", "value": "final"}]


class _Interrupted:
    """Any database, in which something else happens right after the first search."""

    def __init__(self, documents: Documents, meanwhile: Callable[[], Awaitable[Any]]) -> None:
        self._documents = documents
        self._meanwhile: Callable[[], Awaitable[Any]] | None = meanwhile

    async def find(self, query: Query, scope: AccessScope) -> Page:
        page = await self._documents.find(query, scope)
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        return page

    def __getattr__(self, verb: str) -> Any:
        return getattr(self._documents, verb)


def interrupted(door: FrontDoor, meanwhile: Callable[[], Awaitable[Any]]) -> FrontDoor:
    documents = cast("Documents", _Interrupted(door.documents, meanwhile))
    records = Records(documents, clock=SteadyClock(), mint=counting_mint("new"))
    (opened,) = several_doors(replace(door, records=records), 1)
    return opened


def a_patch() -> dict[str, Any]:
    data = base64.b64encode(json.dumps(SIGN).encode()).decode()
    return {"resourceType": "Binary", "contentType": PATCH["content-type"], "data": data}


async def a_draft_that_is_amended_meanwhile(door: FrontDoor) -> FrontDoor:
    await door.put(an_observation("draft", status="preliminary"))

    async def amend() -> None:
        await door.put(an_observation("draft", status="amended"))

    return interrupted(door, amend)


async def status_now(door: FrontDoor) -> Any:
    return (await door.ask("GET", "/Observation/draft")).json()["status"]


async def test_what_no_longer_meets_the_condition_is_not_deleted(door: FrontDoor) -> None:
    opened = await a_draft_that_is_amended_meanwhile(door)

    answer = await opened.ask("DELETE", f"/{DRAFTS}", actor="program")

    assert answer.status_code == 204
    assert await status_now(door) == "amended"


async def test_what_no_longer_meets_the_condition_is_not_replaced(door: FrontDoor) -> None:
    opened = await a_draft_that_is_amended_meanwhile(door)

    answer = await opened.ask("PUT", f"/{DRAFTS}", without_id(an_observation()))

    assert (answer.status_code, answer.json()["id"]) == (201, "new-1")
    assert await status_now(door) == "amended"


async def test_what_no_longer_meets_the_condition_is_not_patched(door: FrontDoor) -> None:
    opened = await a_draft_that_is_amended_meanwhile(door)

    answer = await opened.ask("PATCH", f"/{DRAFTS}", SIGN, headers=PATCH)

    assert answer.status_code == 404
    assert await status_now(door) == "amended"


async def test_a_transaction_looks_everything_up_again(door: FrontDoor) -> None:
    for sent, status in (
        (entry("DELETE", DRAFTS), "204"),
        (entry("PUT", DRAFTS, without_id(an_observation())), "201"),
        (entry("PATCH", DRAFTS, a_patch()), None),
    ):
        opened = await a_draft_that_is_amended_meanwhile(door)

        answer = await opened.ask("POST", "", bundle("transaction", sent), actor="program")

        if status is None:
            assert answer.status_code == 404
        else:
            assert answer.json()["entry"][0]["response"]["status"].startswith(status)
        assert await status_now(door) == "amended"


async def test_what_begins_to_meet_a_condition_meanwhile_is_found(door: FrontDoor) -> None:
    async def someone_else_creates_it() -> None:
        await door.ask("PUT", f"/{DRAFTS}", an_observation("theirs", status="preliminary"))

    opened = interrupted(door, someone_else_creates_it)

    answer = await opened.ask(
        "POST",
        "/Observation",
        an_observation(),
        headers={"if-none-exist": DRAFTS.partition("?")[2]},
    )

    assert (answer.status_code, answer.json()["id"]) == (200, "theirs")
