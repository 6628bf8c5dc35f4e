"""Visits over FHIR: the same truth and the same races as at the desk."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from careflow.database.documents import Documents
from careflow.scheduling.finding import Wanted
from careflow.scheduling.wall import instant_of
from tests.contracts.engines import SetClock
from tests.records.front_door import FrontDoor, bundle, entry
from tests.scheduling.clinic import FIN, NEW_YORK, Clinic, asked, at, node
from tests.scheduling.front import doors

DAY = "2026-03-03T05:00:00Z"
PATCH = {"content-type": "application/json-patch+json"}


@pytest.fixture
async def both(
    clinic: Clinic,
    open_again: Callable[[], Awaitable[Documents]],
    tmp_path: Path,
    engine: str,
    clock: SetClock,
) -> AsyncIterator[list[FrontDoor]]:
    """Two nodes' doors."""
    documents = await open_again()
    nodes = [clinic, node(documents, clock)]
    async with doors(nodes, folder=tmp_path, engine=engine, clock=clock) as opened:
        yield opened
    await documents.close()


def an_appointment(begin: int, patient: str = "p1", **over: Any) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "status": "booked",
        "start": instant_of(begin).isoformat(),
        "end": instant_of(begin + 20).isoformat(),
        "participant": [
            {"actor": {"reference": f"Patient/{patient}"}, "status": "accepted"},
            {"actor": {"reference": "Practitioner/ada"}, "status": "accepted"},
        ],
    } | over


async def test_one_of_fifty_creates_gets_the_time(both: list[FrontDoor]) -> None:
    body = an_appointment(at(3, 10))
    answers = await asyncio.gather(
        *(both[n % 2].ask("POST", "/Appointment", body, actor="program") for n in range(50))
    )
    assert Counter(one.status_code for one in answers) == {201: 1, 409: 49}
    for one in answers:
        if one.status_code == 409:
            assert one.json()["resourceType"] == "OperationOutcome"
            assert "no longer free" in one.text


async def test_creates_of_different_times_never_refuse_each_other(both: list[FrontDoor]) -> None:
    answers = await asyncio.gather(
        *(
            both[n % 2].ask("POST", "/Appointment", an_appointment(at(3, 9 + n // 3, 20 * (n % 3))))
            for n in range(20)
        )
    )
    assert Counter(one.status_code for one in answers) == {201: 20}


async def test_every_way_of_writing_waits_for_its_turn(both: list[FrontDoor]) -> None:
    """A transaction, an update, a condition and a patch at once, each at its own time."""
    stored = await both[0].ask("POST", "/Appointment", an_appointment(at(3, 9)))
    id = stored.json()["id"]
    later = [{"op": "replace", "path": "/start", "value": instant_of(at(3, 12)).isoformat()}]
    later += [{"op": "replace", "path": "/end", "value": instant_of(at(3, 12, 20)).isoformat()}]
    put = an_appointment(at(3, 13), id="own")
    sent = bundle("transaction", entry("POST", "Appointment", an_appointment(at(3, 14))))
    conditional = {"if-none-exist": "identifier=none"}
    answers = await asyncio.gather(
        both[0].ask("PATCH", f"/Appointment/{id}", later, headers=PATCH),
        both[1].ask("PUT", "/Appointment/own", put),
        both[0].ask("POST", "", sent),
        both[1].ask("POST", "/Appointment", an_appointment(at(3, 15)), headers=conditional),
        both[0].ask("POST", "/Appointment", an_appointment(at(3, 16))),
    )
    assert [one.status_code for one in answers] == [200, 201, 200, 201, 201]
    again = await both[1].ask("POST", "", sent)
    moved = await both[1].ask(
        "PATCH",
        f"/Appointment/{id}",
        headers=PATCH,
        content=[
            {"op": "replace", "path": "/start", "value": put["start"]},
            {"op": "replace", "path": "/end", "value": put["end"]},
        ],
    )
    assert (again.status_code, moved.status_code) == (409, 409)


def parameters(**values: str) -> dict[str, Any]:
    return {
        "resourceType": "Parameters",
        "parameter": [{"name": name, "valueString": value} for name, value in values.items()],
    }


def a_time(begin: int, **more: str) -> dict[str, Any]:
    start = instant_of(begin).isoformat()
    return parameters(type="follow-up", place="main", practitioner="ada", start=start, **more)


async def test_operations_find_hold_and_book_one_time(both: list[FrontDoor]) -> None:
    door, other = both
    asking = f"/Appointment/$find?type=follow-up&practitioner=ada&after={DAY}&count=2"
    found = (await door.ask("GET", asking)).json()
    first = found["entry"][0]["resource"]
    assert (first["resourceType"], first["status"]) == ("Appointment", "proposed")
    assert first["start"] == "2026-03-03T09:00:00-05:00"
    held = await door.ask("POST", "/Appointment/$hold", a_time(at(3, 9)))
    assert held.status_code == 201
    hold = held.json()["parameter"][0]["valueId"]
    without = await other.ask("POST", "/Appointment/$book", a_time(at(3, 9), patient="p1"))
    assert (without.status_code, without.json()["resourceType"]) == (409, "OperationOutcome")
    booked = await other.ask(
        "POST", "/Appointment/$book", a_time(at(3, 9), patient="p1", hold=hold)
    )
    assert booked.status_code == 201
    stored = await door.ask("GET", f"/Appointment/{booked.json()['id']}")
    assert stored.json() == booked.json()
    assert booked.headers["location"].endswith(f"/{booked.json()['id']}/_history/1")
    again = (await other.ask("GET", asking)).json()
    assert again["entry"][0]["resource"]["start"] == "2026-03-03T09:40:00-05:00"


async def test_a_program_books_as_far_as_its_scopes_reach(both: list[FrontDoor]) -> None:
    answers = [
        await both[0].ask("POST", "/Appointment/$book", a_time(at(3, 9), patient="p1"), actor=who)
        for who in ("app", "lab", "editor", "elsewhere", "admin", "program")
    ]
    assert [one.status_code for one in answers] == [403, 403, 403, 403, 403, 201]


async def test_a_patient_books_for_nobody_else(both: list[FrontDoor]) -> None:
    for more in ({"patient": "p2"}, {"squeeze": "Please"}, {"despite": "Please"}):
        sent = a_time(at(3, 9), **more)
        answer = await both[0].ask("POST", "/Appointment/$book", sent, actor="mara")
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "wrong", [{"start": "2026-03-03T09:00:00"}, {"start": "soon"}, {"type": ""}, {"other": "x"}]
)
async def test_an_operation_says_what_it_does_not_understand(
    both: list[FrontDoor], wrong: dict[str, str]
) -> None:
    sent = {"type": "follow-up", "place": "main", "practitioner": "ada", "start": DAY} | wrong
    answer = await both[0].ask("POST", "/Appointment/$hold", parameters(**sent))
    assert answer.status_code == 400
    assert next(iter(wrong)) in answer.text


async def test_slots_are_the_openings_that_everyone_finds(
    both: list[FrontDoor], clinic: Clinic
) -> None:
    await clinic.desk.book(asked(at(3, 9)), actor=FIN)
    query = f"schedule=Schedule/ada&status=free&service-type=follow-up&start=ge{DAY}&_count=4"
    found = (await both[1].ask("GET", f"/Slot?{query}")).json()
    slots = [one["resource"] for one in found["entry"]]
    wanted = Wanted("follow-up", practitioners=("ada",), after=at(3, 0), count=4)
    assert [one["start"] for one in slots] == [
        instant_of(one.begin, NEW_YORK).isoformat() for one in await clinic.finder.find(wanted)
    ]
    assert {one["schedule"]["reference"] for one in slots} == {"Schedule/ada"}
    by_day = await both[0].ask("GET", "/Slot?schedule=Schedule/ada&start=2026-03-07")
    assert "entry" not in by_day.json()
    of_all = await both[0].ask("GET", f"/Slot?start=ge{DAY}&_count=30")
    kinds = {one["resource"]["serviceType"][0]["text"] for one in of_all.json()["entry"]}
    assert kinds == {"Follow-up", "ECG", "Group"}


async def test_a_schedule_is_whose_time_it_is(both: list[FrontDoor]) -> None:
    found = (await both[0].ask("GET", "/Schedule?actor=Practitioner/bo")).json()
    (schedule,) = [one["resource"] for one in found["entry"]]
    assert schedule["actor"] == [{"reference": "Practitioner/bo", "display": "Dr Bo"}]
    read = await both[0].ask("GET", f"/Schedule/{schedule['id']}")
    assert read.json() == schedule
    assert (await both[0].ask("GET", "/Schedule/nobody")).status_code == 404


@pytest.mark.parametrize("kind", ["Schedule", "Slot"])
async def test_nobody_writes_what_is_computed(both: list[FrontDoor], kind: str) -> None:
    schedule = {"actor": [{"reference": "Practitioner/ada"}]}
    slot = {"schedule": {"reference": "Schedule/ada"}, "status": "free", "start": DAY, "end": DAY}
    more: dict[str, Any] = schedule if kind == "Schedule" else slot
    body = {"resourceType": kind, "id": "x", **more}
    sent = bundle("transaction", entry("POST", kind, body))
    answers = [
        await both[0].ask("POST", f"/{kind}", body, actor="program"),
        await both[0].ask("PUT", f"/{kind}/x", body, actor="program"),
        await both[0].ask("POST", "", sent, actor="program"),
    ]
    assert [one.status_code for one in answers] == [405, 405, 405]
    assert all("read-only view" in one.text for one in answers)


async def test_what_a_view_does_not_answer_is_refused(both: list[FrontDoor]) -> None:
    for query in ("/Slot?status=busy", "/Slot?_sort=start", "/Schedule?date=2026", "/Slot?x=1"):
        answer = await both[0].ask("GET", query)
        assert answer.status_code == 400, query
