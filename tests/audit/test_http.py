"""The trail over HTTP."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.requests import Request

from careflow.audit.http import router
from careflow.errors import CareFlowError, NotAllowedError
from tests.audit.conftest import Clinic


@dataclass(frozen=True)
class Person:
    """Who asks."""

    id: str
    role: str


async def names(actors: Collection[str]) -> Mapping[str, str]:
    known = {"nia": "Nia Nurse"}
    return {actor: known[actor] for actor in actors if actor in known}


def allowed(person: Person) -> None:
    if person.role != "admin":
        raise NotAllowedError("Only the administrator may see the trail.")


def browser(clinic: Clinic, person: Person) -> httpx2.AsyncClient:
    app = FastAPI()

    async def who() -> Person:
        return person

    async def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, CareFlowError)
        return JSONResponse({"code": error.code}, status_code=error.status)

    app.add_exception_handler(CareFlowError, refused)
    app.include_router(router(clinic.trail, who, allowed=allowed, names=names, clock=clinic.clock))
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1")


@pytest.fixture
def admin(clinic: Clinic) -> httpx2.AsyncClient:
    return browser(clinic, Person("ali", "admin"))


async def test_who_saw_this_patient_is_one_question(
    clinic: Clinic, admin: httpx2.AsyncClient
) -> None:
    await clinic.read("p1", "nia")
    await clinic.read("p2", "nia")
    await clinic.write("p1", "gone")

    answer = (await admin.get("/api/audit", params={"patient": "p1"})).json()

    assert [(line["actor_name"], line["action"]) for line in answer["entries"]] == [
        ("gone", "records:patient:update"),
        ("Nia Nurse", "records:patient:read"),
    ]
    first = answer["entries"][0]
    assert (first["patients"], first["subjects"], first["role"]) == (
        ["p1"],
        ["Patient/p1"],
        "nurse",
    )
    assert (first["outcome"], first["reason"]) == ("success", None)
    assert first["at"].endswith("Z")
    assert answer["next"] is None


async def test_looking_at_the_trail_is_on_the_trail(
    clinic: Clinic, admin: httpx2.AsyncClient
) -> None:
    await admin.get("/api/audit", params={"patient": "p1"})

    [entry] = (await clinic.trail.entries()).entries
    assert (entry.action, entry.actor, entry.patients) == ("audit:trail:read", "ali", ("p1",))


async def test_pages_follow_each_other(clinic: Clinic, admin: httpx2.AsyncClient) -> None:
    kept = [await clinic.read(f"p{number}") for number in range(5)]
    asked = {"actor": "nia", "count": "3", "since": kept[0].at.isoformat()}

    first = (await admin.get("/api/audit", params=asked)).json()
    second = (await admin.get("/api/audit", params=asked | {"after": first["next"]})).json()

    seen = [line["patients"][0] for line in first["entries"] + second["entries"]]
    assert seen == ["p4", "p3", "p2", "p1", "p0"]
    assert second["next"] is None


async def test_someone_who_may_not_see_the_trail_does_not(clinic: Clinic) -> None:
    await clinic.read()

    answer = await browser(clinic, Person("nia", "nurse")).get("/api/audit")

    assert answer.status_code == 403
    assert len((await clinic.trail.entries()).entries) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"count": "0"},
        {"count": "201"},
        {"since": "2026-11-24T09:00:00"},
        {"since": "yesterday"},
        {"after": "nowhere"},
        {"patient": "p" * 65},
    ],
)
async def test_a_wrong_question_is_refused(
    admin: httpx2.AsyncClient, asked: dict[str, str]
) -> None:
    answer = await admin.get("/api/audit", params=asked)

    assert answer.status_code in {400, 422}
