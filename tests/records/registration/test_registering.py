"""Twins are found through the index, and a new patient beside one takes a reason."""

from __future__ import annotations

import msgspec
import pytest

from careflow.database.documents import Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Actor, Role
from careflow.records.elements import decoded
from careflow.records.registration.person import Said
from careflow.records.registration.registering import (
    CONTACT_CONSENT,
    BornInFutureError,
    LikelyTwinError,
    Newcomer,
    Registration,
    Way,
)

FIN = Actor("fin", "Fin", Role.RECEPTIONIST, "harbour", session="s")
PAUL = Newcomer(
    family="Johnson",
    given="Paul",
    birth_date="1984-03-02",
    preferred="Paulie",
    language="es-US",
    phones=(Way("+1-207-555-0107", may_write=False),),
    emails=(Way("paul@mail.example", may_write=True),),
    line="4 Quay Rd",
)


async def add(
    registration: Registration, newcomer: Newcomer = PAUL, despite: str | None = None
) -> str:
    async with Work(registration.documents) as work:
        staged = await registration.register(work, newcomer, actor=FIN, despite=despite)
    return staged.document.id


@pytest.mark.parametrize(
    "said",
    [
        Said(family="Jonson", birth_date="1984-03-02"),
        Said(family="Jonson", given="Paul", birth_date="1984-02-03"),
        Said(family="Jhonson", given="Paul", birth_date="1984-03-12"),
        Said(family="Paul", given="Johnson", birth_date="1984-03-02"),
        Said(family="Jonson", given="Paul", phone="(207) 555-0107"),
        Said(given="Paul", email="Paul@mail.example"),
    ],
)
async def test_p7_is_shown_to_whoever_types_a_misspelt_name(
    registration: Registration, said: Said
) -> None:
    id = await add(registration)
    found = await registration.likely(said)
    assert [(one.patient.id, one.is_likely) for one in found] == [(id, True)]
    assert found[0].why


async def test_nobody_is_shown_for_a_stranger_or_for_nothing(registration: Registration) -> None:
    await add(registration)
    strange = Said(family="Okafor", given="Ngozi", birth_date="1990-05-05", phone="2125550100")
    assert await registration.likely(strange) == []
    assert await registration.likely(Said()) == []


async def test_an_inactive_record_is_nobodys_twin(registration: Registration) -> None:
    id = await add(registration)
    scope = organisation_scope("harbour")
    async with Work(registration.documents) as work:
        stored = await registration.records.read("Patient", id, scope)
        body = {**msgspec.json.decode(stored.body), "active": False}
        await registration.records.update(work, body, actor=FIN, id=id, scope=scope)
    assert await registration.likely(PAUL.said()) == []


async def test_permission_to_write_stands_at_each_number_and_address(
    registration: Registration,
) -> None:
    id = await add(registration)
    stored = await registration.records.read("Patient", id, organisation_scope("harbour"))
    patient = decoded(stored)
    said = {one["system"]: one["extension"] for one in patient["telecom"]}
    assert said == {
        "phone": [{"url": CONTACT_CONSENT, "valueBoolean": False}],
        "email": [{"url": CONTACT_CONSENT, "valueBoolean": True}],
    }
    assert [one["use"] for one in patient["name"]] == ["official", "usual"]
    assert patient["communication"][0]["preferred"] is True


async def test_a_likely_twin_is_refused_and_named_by_id(registration: Registration) -> None:
    id = await add(registration)
    with pytest.raises(LikelyTwinError) as refused:
        await add(registration)
    assert refused.value.facts == {"patients": [id]}


async def test_a_reason_lets_them_in_and_raises_one_task(registration: Registration) -> None:
    first = await add(registration)
    second = await add(registration, despite="Twin brother, same first name.")
    page = await registration.documents.find(Query("Task", count=9), organisation_scope("harbour"))
    (task,) = [decoded(one) for one in page.documents]
    assert task["focus"]["reference"] == f"Patient/{second}"
    assert [one["valueReference"]["reference"] for one in task["input"]] == [f"Patient/{first}"]
    assert task["reasonCode"]["text"] == "Twin brother, same first name."


async def test_a_reason_without_a_twin_raises_no_task(registration: Registration) -> None:
    await add(registration, despite="Just in case.")
    page = await registration.documents.find(Query("Task", count=9), organisation_scope("harbour"))
    assert page.documents == []


async def test_nobody_is_born_tomorrow(registration: Registration) -> None:
    with pytest.raises(BornInFutureError):
        await add(registration, Newcomer("Tide", "Ebb", "2026-03-04"))
