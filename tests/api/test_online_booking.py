"""Booking without an account: a time is kept, an address proved, and nobody's record is shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from careflow.app.assemble import assemble
from careflow.composition import Platform, open_platform
from careflow.database.documents import Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Role
from careflow.records.elements import decoded
from careflow.scheduling.plan import Calendar, Hours, Place, Plan, VisitType
from careflow.scheduling.visitors import keeping
from tests.api.conftest import FAST_HASH, PASSWORD, add_people, scratch_settings

Json = dict[str, Any]
ZONE = ZoneInfo("America/New_York")
BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)
NINE = datetime(2026, 3, 3, 9, tzinfo=ZONE)
TYPES = (
    VisitType(id="new", name="New problem", minutes=20, step=20, who="anyone", cutoff=60),
    VisitType(
        id="video", name="Video", minutes=20, step=20, who="anyone", mode="video", intake="short"
    ),
    VisitType(id="follow-up", name="Follow-up", minutes=20, step=20, who="known", intake=""),
    VisitType(id="ecg", name="ECG", minutes=20, step=20, who="staff"),
)
PAUL = {
    "resourceType": "Patient",
    "name": [{"family": "Johnson", "given": ["Paul"]}],
    "birthDate": "1984-03-02",
    "gender": "male",
    "telecom": [
        {"system": "phone", "value": "+1 207 555 0107"},
        {"system": "email", "value": "paul@mail.example"},
    ],
}
ANSWERS = {
    "reason": ["A cough"],
    "allergies": ["Penicillin", "Peanuts"],
    "medicines": ["Ramipril 5 mg"],
    "problems": [],
    "phone": ["+1 207 555 0199"],
}


class Clinic:
    """The platform at an hour of ours, and visitors who come to it."""

    def __init__(self) -> None:
        self.at = BEGAN
        self.platform: Platform

    def clock(self) -> datetime:
        return self.at

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[Visitor]:
        transport = httpx2.ASGITransport(app=assemble(self.platform))
        async with httpx2.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
            yield Visitor(client)

    @asynccontextmanager
    async def signed_in(self, role: Role) -> AsyncIterator[httpx2.AsyncClient]:
        async with self.visitor() as one:
            login = {"email": f"{role}@clinic.example", "password": PASSWORD}
            answer = await one.client.post("/api/auth/login", json=login)
            one.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            yield one.client

    async def stored(self, kind: str) -> list[Json]:
        scope = organisation_scope(self.platform.organisation)
        page = await self.platform.documents.find(Query(kind, count=500), scope)
        return [decoded(one) for one in page.documents]


class Visitor:
    """Somebody with a telephone and no account."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client
        self.code = ""

    async def post(self, path: str, body: Json | None = None, **headers: str) -> httpx2.Response:
        return await self.client.post(f"/api/public/booking{path}", json=body, headers=headers)

    async def hold(self, hour: float = 0, kind: str = "new") -> httpx2.Response:
        start = (NINE + timedelta(hours=hour)).isoformat()
        body = {"type": kind, "place": "main", "practitioner": "d1", "start": start}
        answer = await self.post("/hold", body)
        if answer.status_code == 201:
            self.client.headers["x-careflow-visitor"] = answer.json()["visitor"]
        return answer

    async def ask_code(self, email: str = "paul@mail.example") -> httpx2.Response:
        answer = await self.post("/code", {"email": email})
        self.code = answer.json().get("shown", self.code)
        return answer

    async def book(self, key: str = "k", **more: Any) -> httpx2.Response:
        body = {
            "code": self.code,
            "email": "paul@mail.example",
            "family": "Johnson",
            "given": "Paul",
            "birth_date": "1984-03-02",
            "phone": "+1 207 555 0107",
            "answers": ANSWERS,
            "agreed": {"privacy": "2026-11-24", "video": "2026-11-24"},
            **more,
        }
        return await self.post("/visit", body, **{"Idempotency-Key": key})

    async def booked(self, hour: float = 0, kind: str = "new", **more: Any) -> httpx2.Response:
        assert (await self.hold(hour, kind)).status_code == 201
        assert (await self.ask_code(str(more.get("email", "paul@mail.example")))).is_success
        return await self.book(**more)

    async def starts(self, kind: str = "new") -> list[str]:
        answer = await self.client.get(
            "/api/public/booking/openings", params={"type": kind, "count": 60}
        )
        return [one["when"]["start"] for one in answer.json()["openings"]]


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    one = Clinic()
    one.platform = await open_platform(
        scratch_settings(tmp_path), synthetic=True, clock=one.clock, password_cost=FAST_HASH
    )
    await add_people(one.platform)
    place = Place(id="main", name="Main", zone=ZONE.key, address="1 Quay Street")
    hours = Hours(place="main", weekdays=(1, 2, 3, 4, 5), begin=9 * 60, end=17 * 60)
    plans = one.platform.visits.plans
    async with Work(one.platform.documents) as work:
        plans.put_plan(work, Plan(places=(place,), types=TYPES))
        plans.put_calendar(work, Calendar(practitioner="d1", name="Dr One", hours=(hours,)))
        await one.platform.records.create(work, PAUL, actor=one.platform.operator, id="p7")
    yield one
    await one.platform.close()


async def test_what_can_be_booked_is_told_with_cut_off_questions_and_agreements(
    clinic: Clinic,
) -> None:
    async with clinic.visitor() as one:
        found = (await one.client.get("/api/public/booking", params={"language": "es"})).json()
        staffs = await one.hold(kind="ecg")
    by_id = {each["id"]: each for each in found["types"]}
    assert set(by_id) == {"new", "video", "follow-up"}
    assert [each["waits"] for each in by_id.values()] == [False, False, True]
    assert by_id["new"]["cutoff_minutes"] == 60
    assert len(by_id["new"]["questions"]) == 6
    assert [each["id"] for each in by_id["video"]["agreements"]] == ["privacy", "video"]
    assert "clínica" in by_id["new"]["agreements"][0]["text"]
    assert staffs.status_code == 403


async def test_e6_a_visitor_reads_the_places_clock_with_its_letters(clinic: Clinic) -> None:
    async with clinic.visitor() as one:
        answer = await one.client.get("/api/public/booking/openings", params={"type": "new"})
    when = answer.json()["openings"][0]["when"]
    assert when["text"] == "Monday, March 2, 2026, 9:00 AM EST"
    assert when["zone"] == "America/New_York"


async def test_e11_a_visitors_time_is_theirs_to_see_and_free_when_they_leave(
    clinic: Clinic,
) -> None:
    nine = NINE.isoformat()
    async with clinic.visitor() as one, clinic.visitor() as other:
        held = await one.hold()
        assert held.json()["seconds"] == 300
        assert nine in await one.starts()
        assert nine not in await other.starts()
        assert (await other.hold()).status_code == 409

        await one.hold(1)
        assert nine in await other.starts()
        assert (await one.post("/hold/release")).status_code == 204
        assert (NINE + timedelta(hours=1)).isoformat() in await other.starts()


async def test_e11_a_time_runs_out_unless_its_visitor_goes_on_and_not_for_ever(
    clinic: Clinic,
) -> None:
    nine = NINE.isoformat()
    async with clinic.visitor() as one, clinic.visitor() as other:
        await one.hold()
        for _ in range(7):
            clinic.at += timedelta(minutes=4)
            assert (await one.post("/hold/renew")).status_code == 200
        assert nine not in await other.starts()
        clinic.at += timedelta(minutes=4)
        assert (await one.post("/hold/renew")).json()["seconds"] == 60
        clinic.at += timedelta(minutes=2)
        late = await one.post("/hold/renew")
        assert nine in await other.starts()
    assert (late.status_code, late.json()["code"]) == (410, "scheduling-hold-over")


async def test_e12_a_visitors_retry_books_once_and_they_can_book_again_after_cancelling(
    clinic: Clinic,
) -> None:
    async with clinic.visitor() as one:
        first = await one.booked()
        again = await one.book()
        other = await one.book(given="Pauline")
        assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
        assert again.json() == first.json()
        assert len(await clinic.stored("Appointment")) == 1

        async with clinic.signed_in(Role.RECEPTIONIST) as desk:
            gone = await desk.post(f"/api/visits/{first.json()['id']}/cancel", json={})
            assert gone.status_code == 200
        anew = await one.booked(key="k2")
    assert anew.status_code == 201
    assert anew.json()["id"] != first.json()["id"]


async def test_e33_the_last_moment_to_change_is_told_with_the_visit(clinic: Clinic) -> None:
    async with clinic.visitor() as one:
        visit = (await one.booked()).json()
    assert visit["when"]["text"] == "Tuesday, March 3, 2026, 9:00 AM EST"
    assert visit["until"]["text"] == "Tuesday, March 3, 2026, 8:00 AM EST"
    assert "DTSTART;TZID=America/New_York:20260303T090000" in visit["calendar"]


async def test_e7_a_visitors_lead_and_cut_off_are_judged_by_instants(clinic: Clinic) -> None:
    async with clinic.visitor() as one:
        madrid = NINE.astimezone(ZoneInfo("Europe/Madrid")).isoformat()
        body = {"type": "new", "place": "main", "practitioner": "d1", "start": madrid}
        held = await one.post("/hold", body)
    assert datetime.fromisoformat(held.json()["start"]) == NINE


async def test_nothing_is_booked_before_the_address_is_proved(clinic: Clinic) -> None:
    async with clinic.visitor() as one:
        await one.hold()
        unasked = await one.book(code="000000")
        await one.ask_code()
        elsewhere = await one.book(email="other@mail.example")
        right = one.code
        wrong = "000000" if right != "000000" else "000001"
        for _ in range(keeping.TRIES_MAX):
            await one.book(code=wrong)
        tried_out = await one.book(code=right)
        await one.ask_code()
        clinic.at += timedelta(minutes=4)
        await one.post("/hold/renew")
        booked = await one.book()
    assert {unasked.json()["code"], elsewhere.json()["code"], tried_out.json()["code"]} == {
        "scheduling-wrong-code"
    }
    assert booked.status_code == 201
    assert len(await clinic.stored("Patient")) == 1


async def test_an_unproved_booking_lapses_and_nothing_of_it_is_kept(clinic: Clinic) -> None:
    async with clinic.visitor() as one, clinic.visitor() as other:
        await one.hold()
        await one.ask_code("someone@mail.example")
        clinic.at += timedelta(minutes=6)
        late = await one.book(email="someone@mail.example")
        assert NINE.isoformat() in await other.starts()
        clinic.at += timedelta(days=2)
        await other.hold(48)
    assert late.json()["code"] == "scheduling-hold-over"
    assert len(await clinic.stored("Appointment")) == 0
    assert len(await clinic.stored("visit-visitor")) == 1


async def test_a_known_patients_visit_is_in_their_record_and_the_answer_is_a_strangers(
    clinic: Clinic,
) -> None:
    async with clinic.visitor() as one, clinic.visitor() as other, clinic.visitor() as third:
        known = await one.booked()
        namesake = await other.booked(1, email="else@mail.example")
        stranger = await third.booked(
            2, email="ebb@mail.example", family="Tide", birth_date="1970-01-02"
        )
    assert known.json().keys() == namesake.json().keys() == stranger.json().keys()
    patients = {one["id"] for one in await clinic.stored("Patient")}
    assert len(patients) == 3
    visits = {
        one["start"]: one["participant"][0]["actor"]["reference"]
        for one in await clinic.stored("Appointment")
    }
    assert visits[NINE.isoformat()] == "Patient/p7"
    assert len(set(visits.values())) == 3
    (task,) = await clinic.stored("Task")
    assert task["input"][0]["valueReference"]["reference"] == "Patient/p7"


async def test_a_kind_for_known_people_waits_for_the_clinic_whoever_asks(clinic: Clinic) -> None:
    async with clinic.visitor() as one:
        answer = await one.booked(kind="follow-up", answers={})
    assert answer.json()["waits"] is True
    (visit,) = await clinic.stored("Appointment")
    assert visit["status"] == "proposed"


async def test_a_patient_who_has_another_visit_then_is_not_told_so(clinic: Clinic) -> None:
    async with clinic.visitor() as one:
        await one.booked()
    async with Work(clinic.platform.documents) as work:
        elsewhere = Calendar(
            practitioner="d2",
            name="Dr Two",
            hours=(Hours(place="main", weekdays=(2,), begin=540, end=1020),),
        )
        clinic.platform.visits.plans.put_calendar(work, elsewhere)
    async with clinic.visitor() as one:
        body = {"type": "new", "place": "main", "practitioner": "d2", "start": NINE.isoformat()}
        held = await one.post("/hold", body)
        one.client.headers["x-careflow-visitor"] = held.json()["visitor"]
        await one.ask_code()
        answer = await one.book("k2")
    assert (answer.status_code, answer.json()["code"]) == (409, "scheduling-not-bookable-here")


async def test_e34_codes_holds_and_visits_are_few_a_contact_and_a_network(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "HELD_BY_NETWORK_MAX", 2)
    monkeypatch.setattr(keeping, "VISITS_BY_CONTACT_MAX", 1)
    async with clinic.visitor() as one, clinic.visitor() as two, clinic.visitor() as three:
        assert (await one.hold(0)).status_code == 201
        assert (await two.hold(1)).status_code == 201
        crowded = await three.hold(2)
        await two.post("/hold/release")
        room = await three.hold(2)
        codes = [await one.ask_code() for _ in range(keeping.CODES_BY_CONTACT_MAX + 1)]
        assert (await one.book()).status_code == 201
        clinic.at += timedelta(minutes=4)
        clinic.at += timedelta(hours=1)
        await three.hold(5)
        second = await three.ask_code()
    assert (crowded.status_code, crowded.json()["code"]) == (429, "scheduling-too-many-visitors")
    assert room.status_code == 201
    assert [answer.status_code for answer in codes] == [202] * 5 + [429]
    assert second.json()["code"] == "scheduling-too-many-visits"


async def test_what_was_agreed_to_is_kept_with_its_version_and_time(clinic: Clinic) -> None:
    async with clinic.visitor() as one:
        await one.hold(kind="video")
        await one.ask_code()
        short = {"reason": ["A cough"]}
        not_agreed = await one.book(answers=short, agreed={"privacy": "2026-11-24"})
        old = await one.book(answers=short, agreed={"privacy": "2025-01-01", "video": "x"})
        booked = await one.book(answers=short)
    assert (not_agreed.json()["code"], old.json()["code"]) == ("scheduling-not-consented",) * 2
    assert booked.status_code == 201
    kept = await clinic.stored("Consent")
    assert {one["policy"][0]["uri"] for one in kept} == {
        "urn:careflow:agreement:privacy:2026-11-24",
        "urn:careflow:agreement:video:2026-11-24",
    }
    assert {one["dateTime"] for one in kept} == {"2026-03-02T12:00:00.000Z"}


async def test_answers_wait_and_enter_the_chart_one_by_one(clinic: Clinic) -> None:
    async with clinic.visitor() as one:
        await one.booked()
    for kind in ("AllergyIntolerance", "MedicationStatement", "Condition"):
        assert await clinic.stored(kind) == []
    async with clinic.signed_in(Role.CLINICIAN) as ada:
        (form,) = (await ada.get("/api/intake")).json()["forms"]
        address = f"/api/intake/{form['id']}/answers"
        assert form["waiting"] == 5
        await ada.post(f"{address}/allergies.0/accept", json={"text": "Penicillin (rash)"})
        twice = await ada.post(f"{address}/allergies.0/accept", json={})
        await ada.post(f"{address}/allergies.1/decline", json={"reason": "Tolerates them"})
        for key in ("reason.0", "medicines.0"):
            await ada.post(f"{address}/{key}/accept", json={})
        done = (await ada.post(f"{address}/phone.0/accept", json={})).json()
        left = (await ada.get("/api/intake")).json()["forms"]
        none = await ada.post(f"{address}/none.0/accept", json={})
    assert (twice.status_code, none.status_code) == (409, 404)
    assert (done["waiting"], left) == (0, [])
    assert [one["state"] for one in done["answers"]].count("accepted") == 4
    (allergy,) = await clinic.stored("AllergyIntolerance")
    assert allergy["code"]["text"] == "Penicillin (rash)"
    made = {one["target"][0]["reference"] for one in await clinic.stored("Provenance")}
    assert f"AllergyIntolerance/{allergy['id']}" in made
    (patient,) = await clinic.stored("Patient")
    phones = {w["value"]: w.get("use") for w in patient["telecom"] if w["system"] == "phone"}
    assert phones == {"+1 207 555 0199": None, "+1 207 555 0107": "old"}
    (answered,) = await clinic.stored("QuestionnaireResponse")
    assert answered["item"][1]["answer"][0]["valueString"] == "Penicillin"
    assert [one["url"] for one in await clinic.stored("Questionnaire")] == [
        "urn:careflow:intake:general"
    ]


async def test_answers_that_fit_no_question_are_refused(clinic: Clinic) -> None:
    wrong: list[Json] = [
        {},
        {"reason": ["A"], "shoe-size": ["43"]},
        {"reason": ["A", "B"]},
        {"reason": ["A"], "phone": ["none"]},
        {"reason": ["A" * 301]},
    ]
    async with clinic.visitor() as one:
        await one.hold()
        await one.ask_code()
        answers = [await one.book(answers=each) for each in wrong]
    assert [each.status_code for each in answers] == [400, 400, 400, 400, 422]


async def test_a_clinic_that_lets_nobody_book_says_so(clinic: Clinic) -> None:
    async with Work(clinic.platform.documents) as work:
        clinic.platform.visits.plans.put_plan(work, Plan(types=TYPES[3:]))
    async with clinic.visitor() as one:
        answer = await one.client.get("/api/public/booking")
    assert (answer.status_code, answer.json()["code"]) == (404, "scheduling-online-closed")
