"""At the desk: the new patient on the telephone, and the walk-in."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from careflow.composition import Platform
from careflow.database.documents import Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Role
from careflow.scheduling.plan import Calendar, Hours, Place, Plan, VisitType
from tests.api.conftest import AsRole

PAUL = {
    "family": "Johnson",
    "given": "Paul",
    "birth_date": "1984-03-02",
    "phones": [{"value": "+1-207-555-0107", "may_write": False}],
    "emails": [{"value": "paul@mail.example", "may_write": True}],
}
NEW = {"name": "Nell Van Dam", "birth_date": "1979-12-01", "phone": "212 555 0101"}


async def register(desk: httpx2.AsyncClient, key: str = "k", **more: Any) -> httpx2.Response:
    return await desk.post("/api/patients", json={**PAUL, **more}, headers={"Idempotency-Key": key})


async def walk_in(desk: httpx2.AsyncClient, key: str = "w", **more: Any) -> httpx2.Response:
    body = {**NEW, "reason": "Cough", **more}
    return await desk.post("/api/walk-ins", json=body, headers={"Idempotency-Key": key})


async def plan_clinic(platform: Platform, *, hours: tuple[Hours, ...]) -> None:
    place = Place(id="main", name="Main", zone="America/New_York")
    type_ = VisitType(id="open", name="Open", minutes=20, step=5)
    async with Work(platform.documents) as work:
        platform.visits.plans.put_plan(work, Plan(places=(place,), types=(type_,)))
        calendar = Calendar(practitioner="d1", name="Dr One", hours=hours)
        platform.visits.plans.put_calendar(work, calendar)


ALWAYS = tuple(Hours(place="main", weekdays=(d,), begin=0, end=1440) for d in range(1, 8))


@pytest.fixture
async def open_clinic(platform: Platform) -> None:
    await plan_clinic(platform, hours=ALWAYS)


@pytest.fixture
async def closed_clinic(platform: Platform) -> None:
    await plan_clinic(platform, hours=())


async def test_j2_p7_is_shown_while_a_misspelt_name_is_typed(as_role: AsRole) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        id = (await register(desk)).json()["id"]
        typed = {"family": "Jonson", "birth_date": "1984-03-02"}
        (twin,) = (await desk.get("/api/patients/twins", params=typed)).json()["twins"]
    assert twin["patient"]["id"] == id
    assert twin["why"] == ["same birth date", "family name differs by one letter"]
    assert twin["is_likely"]


async def test_j2_who_insists_on_a_new_record_gives_a_reason(
    as_role: AsRole, platform: Platform
) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        first = await register(desk)
        again = await register(desk, "k2")
        insisted = await register(desk, "k3", despite="The son, who has his father's name.")
    assert (first.status_code, again.status_code, insisted.status_code) == (201, 409, 201)
    assert again.json()["code"] == "records-likely-twin"
    assert again.json()["patients"] == [first.json()["id"]]
    scope = organisation_scope(platform.organisation)
    tasks = await platform.documents.find(Query("Task", count=9), scope)
    assert len(tasks.documents) == 1


async def test_a_registration_sent_again_adds_nobody(as_role: AsRole) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        first, again = await register(desk), await register(desk)
    assert first.json() == again.json()


async def test_showing_twins_stands_in_the_trail(as_role: AsRole, platform: Platform) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        id = (await register(desk)).json()["id"]
        await desk.get("/api/patients/twins", params={"family": "Johnson", "given": "Paul"})
    async with as_role(Role.ADMIN) as admin:
        trail = (await admin.get("/api/audit", params={"patient": id})).text
    assert "records:patient:search" in trail


@pytest.mark.parametrize(
    "wrong",
    [
        {"emails": [{"value": "no address"}]},
        {"phones": [{"value": "ring me"}]},
        {"family": "  "},
        {"birth_date": "1984-02-30"},
        {"birth_date": "2999-01-01"},
        {"language": "Spanish, please"},
    ],
)
async def test_what_cannot_be_is_refused(as_role: AsRole, wrong: dict[str, Any]) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        answer = await register(desk, **wrong)
    assert answer.status_code in {400, 422}


@pytest.mark.usefixtures("open_clinic")
async def test_a_walk_in_is_on_the_board_with_four_fields(as_role: AsRole) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        came = await walk_in(desk)
        assert came.status_code == 201, came.text
        day = came.json()["appointment"]["start"][:10]
        asked = {"practitioner": "all", "date": day}
        shown = (await desk.get("/api/day", params=asked)).json()["visits"]
    assert came.json()["is_new"]
    (visit,) = shown
    assert (visit["stage"], visit["reason"]) == ("arrived", "Cough")
    assert visit["patient"]["family"] == "Dam"
    assert visit["practitioner"]["name"] == "Dr One"


@pytest.mark.usefixtures("closed_clinic")
async def test_a_walk_in_without_an_opening_waits_for_anyone(as_role: AsRole) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        first, second = await walk_in(desk), await walk_in(desk, "w2", name="Dam, Ola", phone=None)
        board = (await desk.get("/api/day", params={"practitioner": "all"})).json()["visits"]
        moved = await desk.post(
            f"/api/visits/{first.json()['id']}/stage", json={"stage": "roomed", "version": 1}
        )
    assert (first.status_code, second.status_code) == (201, 201)
    assert {one["stage"] for one in board} == {"arrived"}
    assert [one["practitioner"] for one in board] == [None, None]
    assert moved.status_code == 200


@pytest.mark.usefixtures("closed_clinic")
async def test_a_walk_in_who_is_registered_is_found(as_role: AsRole) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        known = (await register(desk)).json()["id"]
        came = await walk_in(desk, name="Paul Johnson", birth_date="1984-03-02")
    assert (came.json()["patient"], came.json()["is_new"]) == (known, False)


@pytest.mark.usefixtures("closed_clinic")
async def test_a_walk_in_who_is_not_certain_is_chosen_or_explained(as_role: AsRole) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        known = (await register(desk)).json()["id"]
        typed: dict[str, Any] = {
            "name": "Paul Johnson",
            "birth_date": "1984-03-12",
            "phone": None,
        }
        unsure = await walk_in(desk, **typed)
        chosen = await walk_in(desk, "w2", **typed, patient=known)
        other = await walk_in(desk, "w3", **typed, despite="A namesake.")
        nobody = await walk_in(desk, "w4", **typed, patient="nobody")
    assert (unsure.status_code, unsure.json()["patients"]) == (409, [known])
    assert (chosen.json()["patient"], chosen.json()["is_new"]) == (known, False)
    assert other.json()["is_new"]
    assert nobody.status_code == 404


@pytest.mark.usefixtures("closed_clinic")
async def test_a_walk_in_of_one_name_is_asked_for_both(as_role: AsRole) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        answer = await walk_in(desk, name="Cher")
    assert answer.json()["code"] == "scheduling-name-incomplete"


async def test_a_walk_in_stores_nobody_where_no_visits_are_planned(
    as_role: AsRole, platform: Platform
) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        answer = await walk_in(desk)
        found = (await desk.get("/api/patients", params={"query": "Dam"})).json()["patients"]
    assert answer.status_code == 404
    assert found == []


@pytest.mark.usefixtures("closed_clinic")
async def test_j2_twins_are_merged_with_their_visits_and_parted_again(as_role: AsRole) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        first = (await register(desk)).json()["id"]
        second = (await register(desk, "k2", despite="Says he is new.")).json()["id"]
        came = await walk_in(desk, name="Paul Johnson", birth_date="1984-03-02", patient=second)
        seen = (await desk.get(f"/api/patients/{second}/merge", params={"into": first})).json()
        body = {"into": first, "reason": "Same person, same card."}
        merged = await desk.post(f"/api/patients/{second}/merge", json=body)
        at_first = await who_comes(desk)
        twins = (await desk.get("/api/patients/twins", params=TYPED)).json()
        undone = await desk.post(
            f"/api/merges/{merged.json()['id']}/undo", json={"reason": "Father and son."}
        )
        at_second = await who_comes(desk)
    assert came.status_code == 201, came.text
    assert (seen["visits"], seen["is_open"]) == (1, False)
    assert merged.json()["moved"] == seen["moves"] == 2
    assert (at_first, at_second) == ([first], [second])
    assert [one["patient"]["id"] for one in twins["twins"]] == [first]
    assert undone.json()["is_undone"]


TYPED = {"family": "Johnson", "given": "Paul", "birth_date": "1984-03-02"}


async def who_comes(desk: httpx2.AsyncClient) -> list[str]:
    day = (await desk.get("/api/day", params={"practitioner": "all"})).json()
    return [one["patient"]["id"] for one in day["visits"]]


@pytest.mark.usefixtures("open_clinic")
async def test_a_place_on_the_waiting_list_is_settled_before_a_merge(as_role: AsRole) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        first = (await register(desk)).json()["id"]
        second = (await register(desk, "k2", despite="Says he is new.")).json()["id"]
        waiting = {"patient": second, "type": "open", "place": "main"}
        assert (await desk.post("/api/waitlist", json=waiting)).is_success
        body = {"into": first, "reason": "Same person."}
        refused = await desk.post(f"/api/patients/{second}/merge", json=body)
    assert refused.json()["code"] == "records-still-open"
