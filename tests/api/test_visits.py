"""Booking over HTTP: retries, patients' own limits, and what each may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from careflow.composition import Platform
from careflow.database.work import Work
from careflow.identity.actor import Role
from careflow.scheduling.plan import Calendar, Hours, Place, Plan, VisitType
from tests.api.conftest import AsRole

ZONE = ZoneInfo("America/New_York")
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)

Times = Callable[[int], str]


@pytest.fixture
async def times(platform: Platform) -> Times:
    """Plan a clinic; return a function from whole hours after tomorrow's nine to a start."""
    place = Place(id="main", name="Main", zone=ZONE.key)
    types = (
        VisitType(id="open", name="Open", minutes=20, step=20, who="anyone", cutoff=60),
        VisitType(id="strict", name="Strict", minutes=20, step=20, cutoff=3 * 1440),
        VisitType(id="desk", name="Desk", minutes=20, step=20, who="staff"),
    )
    hours = Hours(place="main", weekdays=EVERY_DAY, begin=9 * 60, end=17 * 60)
    calendar = Calendar(practitioner="d1", name="Dr One", hours=(hours,))
    async with Work(platform.documents) as work:
        platform.visits.plans.put_plan(work, Plan(places=(place,), types=types))
        platform.visits.plans.put_calendar(work, calendar)
        for id in ("p1", "p2"):
            patient = {"resourceType": "Patient", "id": id}
            await platform.records.create(work, patient, actor=platform.operator, id=id)
    day = platform.clock().astimezone(ZONE).date() + timedelta(days=1)
    nine = datetime.combine(day, datetime.min.time(), ZONE) + timedelta(hours=9)
    return lambda hours: (nine + timedelta(hours=hours)).isoformat()


def visit(start: str, **more: object) -> dict[str, Any]:
    return {"type": "open", "place": "main", "practitioner": "d1", "start": start, **more}


async def book(
    client: httpx2.AsyncClient, start: str, key: str = "k", **more: object
) -> httpx2.Response:
    return await client.post(
        "/api/visits", json=visit(start, **more), headers={"Idempotency-Key": key}
    )


async def test_e12_a_retry_books_once_and_another_body_is_refused(
    as_role: AsRole, times: Times
) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        first = await book(desk, times(0), patient="p1")
        again = await book(desk, times(0), patient="p1")
        other = await book(desk, times(1), patient="p1")
        cancelled = await desk.post(f"/api/visits/{first.json()['id']}/cancel", json={})
        anew = await book(desk, times(0), "k2", patient="p1")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json() == first.json()
    assert (cancelled.status_code, anew.status_code) == (200, 201)
    assert anew.json()["id"] != first.json()["id"]


async def test_a_booking_without_a_key_is_refused(as_role: AsRole, times: Times) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        answer = await desk.post("/api/visits", json=visit(times(0), patient="p1"))
    assert answer.status_code == 422


async def test_e9_who_comes_second_is_told_what_is_free(as_role: AsRole, times: Times) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        await book(desk, times(0), "a", patient="p1")
        second = await book(desk, times(0), "b", patient="p2")
    assert second.status_code == 409
    assert second.json()["code"] == "scheduling-slot-taken"
    assert len(second.json()["instead"]) == 3


async def test_e6_openings_carry_the_places_zone_and_its_letters(
    as_role: AsRole, times: Times
) -> None:
    async with as_role(Role.PATIENT) as patient:
        answer = await patient.get("/api/visits/openings", params={"type": "open"})
    (first, *_) = answer.json()["openings"]
    assert first["zone"] == "America/New_York"
    assert first["zone_letters"] in {"EST", "EDT"}
    assert times(0)


async def test_e24_a_patient_books_for_themselves_and_squeezes_nobody_in(
    as_role: AsRole, times: Times
) -> None:
    async with as_role(Role.PATIENT) as patient:
        own = await book(patient, times(0), "a")
        others = await book(patient, times(1), "b", patient="p2")
        squeezed = await book(patient, times(0), "c", squeeze="Please")
        staffs = await book(patient, times(2), "d", type="desk")
    assert own.status_code == 201
    assert [one.status_code for one in (others, squeezed, staffs)] == [400, 400, 403]


async def test_e33_a_patient_changes_a_visit_until_its_kinds_cut_off(
    as_role: AsRole, times: Times
) -> None:
    async with as_role(Role.PATIENT) as patient:
        free = (await book(patient, times(0), "a")).json()["id"]
        bound = (await book(patient, times(1), "b", type="strict")).json()["id"]
        gone = await patient.post(f"/api/visits/{free}/cancel", json={})
        late = await patient.post(f"/api/visits/{bound}/cancel", json={})
    async with as_role(Role.RECEPTIONIST) as desk:
        by_desk = await desk.post(f"/api/visits/{bound}/cancel", json={})
    assert (gone.status_code, late.status_code, by_desk.status_code) == (200, 422, 200)
    assert late.json()["code"] == "scheduling-past-cut-off"


async def test_to_a_patient_the_visits_of_others_do_not_exist(
    as_role: AsRole, times: Times
) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        other = (await book(desk, times(0), patient="p2")).json()["id"]
    async with as_role(Role.PATIENT) as patient:
        answers = [
            await patient.post(f"/api/visits/{id}/cancel", json={}) for id in (other, "nothing")
        ]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json()["code"] == answers[1].json()["code"]


async def test_e14_visits_outside_changed_hours_stay_and_go_on(
    as_role: AsRole, times: Times
) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        visit_id = (await book(desk, times(7), patient="p1")).json()["id"]
        calendar = (await desk.get("/api/calendars/d1")).json()
        shorter = [{**one, "end": 12 * 60} for one in calendar["hours"]]
        body = {"version": calendar["version"], "hours": shorter}
        stranded = await desk.post("/api/calendars/d1/stranded", json=body)
        saved = await desk.put("/api/calendars/d1", json=body)
        refused = await book(desk, times(6), "z", patient="p2")
        on = await desk.post(
            f"/api/visits/{visit_id}/stage", json={"stage": "confirmed", "version": 1}
        )
    assert [one["visit"] for one in stranded.json()["visits"]] == [visit_id]
    assert (saved.status_code, refused.status_code, on.status_code) == (200, 422, 200)


async def test_e15_the_desk_and_the_portal_read_the_same_openings(
    as_role: AsRole, times: Times
) -> None:
    found = []
    for role in (Role.RECEPTIONIST, Role.PATIENT):
        async with as_role(role) as client:
            answer = await client.get(
                "/api/visits/openings", params={"type": "open", "after": times(0), "count": 20}
            )
            found.append(answer.json())
    assert found[0] == found[1]
    assert len(found[0]["openings"]) == 20


async def test_e7_a_cut_off_is_judged_by_instants_whatever_zone_the_phone_has(
    as_role: AsRole, times: Times
) -> None:
    madrid = datetime.fromisoformat(times(0)).astimezone(ZoneInfo("Europe/Madrid")).isoformat()
    async with as_role(Role.PATIENT) as patient:
        answer = await book(patient, madrid)
    assert answer.status_code == 201
    assert answer.json()["appointment"]["start"] == times(0)


async def test_the_desk_sees_how_far_a_visit_is_and_no_reason(
    as_role: AsRole, times: Times
) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        booked = await book(desk, times(0), patient="p1")
        id = booked.json()["id"]
        body = {"stage": "confirmed", "version": 1, "reason": "Called back"}
        await desk.post(f"/api/visits/{id}/stage", json=body)
        day = await desk.get("/api/day", params={"date": times(0)[:10]})
    (shown,) = day.json()["visits"]
    assert (shown["stage"], shown["status_text"]) == ("confirmed", "Confirmed")
    assert shown["since"] is not None
    assert "Called back" not in day.text


async def test_what_a_move_does_not_say_stays_as_it_is(as_role: AsRole, times: Times) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        one = (await book(desk, times(0), patient="p1")).json()
        moved = await desk.post(
            f"/api/visits/{one['id']}/move", json={"version": one["version"], "start": times(1)}
        )
    assert moved.status_code == 200
    was, now = one["appointment"], moved.json()["appointment"]
    assert now["start"] != was["start"]
    assert now["serviceType"] == was["serviceType"]
    assert now["participant"] == was["participant"]


async def test_e26_whoever_comes_too_late_is_told_who_changed_what(
    as_role: AsRole, times: Times
) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        one = (await book(desk, times(0), patient="p1")).json()
        address = f"/api/visits/{one['id']}"
        booked = (await desk.get(f"{address}/last-change")).json()
        await desk.post(f"{address}/move", json={"version": one["version"], "start": times(1)})
        late = await desk.post(
            f"{address}/move", json={"version": one["version"], "start": times(2)}
        )
        told = (await desk.get(f"{address}/last-change")).json()
    assert late.status_code == 412
    assert (booked["act"], told["act"]) == ("booked", "moved")
    assert datetime.fromisoformat(told["start"]) == datetime.fromisoformat(times(1))
    assert told["by_name"]


async def test_a_patient_sees_their_own_visits_and_until_when_each_may_be_changed(
    as_role: AsRole, times: Times
) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        await book(desk, times(1), "other", patient="p2")
    async with as_role(Role.PATIENT) as patient:
        free = (await book(patient, times(0), "a")).json()["id"]
        bound = (await book(patient, times(2), "b", type="strict")).json()["id"]
        seen = (await patient.get("/api/visits/own")).json()["visits"]
    assert [(one["id"], one["may_change"]) for one in seen] == [(free, True), (bound, False)]
    assert seen[0]["text"].endswith(("9:00 AM EST", "9:00 AM EDT"))
