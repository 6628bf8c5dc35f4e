"""Accounts: who may make whom, one per address, and never a clinic without an administrator."""

from __future__ import annotations

import asyncio
import json

import pytest

from careflow.database.documents import ClaimTakenError, Put, VersionMismatchError
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.account import (
    AccountNotFoundError,
    BadEmailError,
    BadNameError,
    EmailTakenError,
    LastAdminError,
    NotAPersonsRoleError,
    WrongPatientError,
)
from careflow.identity.actor import STAFF, Role
from careflow.identity.assembly import Identity
from careflow.identity.passwords import WeakPasswordError
from careflow.identity.permissions import PermissionMissingError
from tests.identity.clinic import ORGANISATION, PASSWORD, add_person, trail

NOT_ADMINS = [Role.PATIENT, Role.RECEPTIONIST, Role.NURSE, Role.CLINICIAN]


async def test_an_email_in_another_case_finds_the_same_account(identity: Identity) -> None:
    ada = await add_person(identity, "Ada@Harbour.Example", Role.NURSE)

    found = await identity.accounts.find_by_email("  ADA@harbour.EXAMPLE ")

    assert found == ada
    assert ada.email == "ada@harbour.example"


async def test_an_email_in_another_case_makes_no_second_account(identity: Identity) -> None:
    await add_person(identity, "ada@harbour.example", Role.NURSE)

    with pytest.raises(EmailTakenError):
        await add_person(identity, "ADA@harbour.example", Role.CLINICIAN)

    assert len(await identity.accounts.listed()) == 1


async def test_two_additions_of_one_email_at_once_make_one_account(identity: Identity) -> None:
    outcomes = await asyncio.gather(
        *(add_person(identity, "ada@harbour.example", Role.NURSE) for _ in range(5)),
        return_exceptions=True,
    )

    refused = [one for one in outcomes if isinstance(one, ClaimTakenError | EmailTakenError)]
    assert len(refused) == 4
    assert len(await identity.accounts.listed()) == 1


@pytest.mark.parametrize("role", NOT_ADMINS)
async def test_only_an_administrator_adds_accounts(identity: Identity, role: Role) -> None:
    asker = (await add_person(identity, "asker@harbour.example", role)).actor("session")

    with pytest.raises(PermissionMissingError):
        async with Work(identity.documents) as work:
            await identity.accounts.add(
                work,
                email="new@harbour.example",
                name="New",
                role=Role.ADMIN,
                password=PASSWORD,
                by=asker,
            )

    assert await identity.accounts.find_by_email("new@harbour.example") is None


@pytest.mark.parametrize("role", NOT_ADMINS)
async def test_only_an_administrator_changes_roles_or_disables(
    identity: Identity, role: Role
) -> None:
    asker = (await add_person(identity, "asker@harbour.example", role)).actor("session")

    for verb in (identity.accounts.disable, identity.accounts.enable):
        with pytest.raises(PermissionMissingError):
            await verb(Work(identity.documents), asker.id, by=asker)
    with pytest.raises(PermissionMissingError):
        await identity.accounts.set_role(Work(identity.documents), asker.id, Role.ADMIN, by=asker)


async def test_an_administrator_adds_staff(identity: Identity) -> None:
    admin = (await add_person(identity, "admin@harbour.example", Role.ADMIN)).actor("session")

    async with Work(identity.documents) as work:
        added = await identity.accounts.add(
            work,
            email="nurse@harbour.example",
            name="Nia Brandt",
            role=Role.NURSE,
            password=PASSWORD,
            by=admin,
        )

    assert (await identity.accounts.read(added.id)).account.role is Role.NURSE
    assert (await trail(identity))[-1]["actor"] == admin.id


async def test_the_last_admin_cannot_be_demoted(identity: Identity) -> None:
    admin = await add_person(identity, "admin@harbour.example", Role.ADMIN)

    with pytest.raises(LastAdminError):
        async with Work(identity.documents) as work:
            await identity.accounts.set_role(work, admin.id, Role.PATIENT, by=None)

    assert (await identity.accounts.read(admin.id)).account == admin


async def test_the_last_admin_cannot_be_disabled(identity: Identity) -> None:
    first = await add_person(identity, "first@harbour.example", Role.ADMIN)
    second = await add_person(identity, "second@harbour.example", Role.ADMIN)
    async with Work(identity.documents) as work:
        await identity.accounts.disable(work, first.id, by=None)

    # A disabled administrator administers nothing, so the other one is the last.
    with pytest.raises(LastAdminError):
        async with Work(identity.documents) as work:
            await identity.accounts.disable(work, second.id, by=None)


async def test_two_admins_who_demote_each_other_at_once_leave_one(identity: Identity) -> None:
    first = await add_person(identity, "first@harbour.example", Role.ADMIN)
    second = await add_person(identity, "second@harbour.example", Role.ADMIN)
    one, two = Work(identity.documents), Work(identity.documents)
    await identity.accounts.set_role(one, second.id, Role.NURSE, by=first.actor("s1"))
    await identity.accounts.set_role(two, first.id, Role.NURSE, by=second.actor("s2"))

    await one.commit()
    with pytest.raises(VersionMismatchError):
        await two.commit()

    admins = [a for a in await identity.accounts.listed() if a.role is Role.ADMIN]
    assert [a.id for a in admins] == [first.id]


async def test_a_person_cannot_be_given_a_machines_role(identity: Identity) -> None:
    nurse = await add_person(identity, "nurse@harbour.example", Role.NURSE)

    with pytest.raises(NotAPersonsRoleError):
        await add_person(identity, "robot@harbour.example", Role.MACHINE)
    with pytest.raises(NotAPersonsRoleError):
        await identity.accounts.set_role(Work(identity.documents), nurse.id, Role.MACHINE, by=None)


async def test_sign_up_makes_a_patient_without_a_record(identity: Identity) -> None:
    async with Work(identity.documents) as work:
        await identity.accounts.sign_up(
            work, email="pat@mail.example", name="Pat", password=PASSWORD
        )

    account = await identity.accounts.find_by_email("pat@mail.example")
    assert account is not None
    assert account.role is Role.PATIENT
    assert account.patient_id is None


async def test_sign_up_with_a_taken_address_changes_nothing_and_says_nothing(
    identity: Identity,
) -> None:
    nurse = await add_person(identity, "nurse@harbour.example", Role.NURSE)

    async with Work(identity.documents) as work:
        await identity.accounts.sign_up(
            work, email="NURSE@harbour.example", name="Thief", password="another password"
        )

    assert await identity.accounts.listed() == [nurse]


@pytest.mark.parametrize("email", ["", "ada", "@", "a@", "@b", "a b@c", "a@b@c", "a@b\x00c"])
async def test_what_is_no_email_is_refused(identity: Identity, email: str) -> None:
    with pytest.raises(BadEmailError):
        await add_person(identity, email, Role.NURSE)


async def test_an_empty_password_is_refused_on_the_server(identity: Identity) -> None:
    with pytest.raises(WeakPasswordError):
        await add_person(identity, "ada@harbour.example", Role.NURSE, password="")


async def test_a_name_that_shows_nothing_is_refused(identity: Identity) -> None:
    with pytest.raises(BadNameError):
        await identity.accounts.sign_up(
            Work(identity.documents), email="a@b.example", name=" \t ", password=PASSWORD
        )


async def test_an_unknown_account_cannot_be_changed(identity: Identity) -> None:
    with pytest.raises(AccountNotFoundError):
        await identity.accounts.disable(Work(identity.documents), "nobody", by=None)


async def put_patient(identity: Identity, id: str) -> None:
    async with Work(identity.documents) as work:
        body = json.dumps({"resourceType": "Patient", "id": id}).encode()
        work.put(Put(kind="Patient", id=id, body=body, organisation=ORGANISATION))


async def test_the_front_desk_links_a_patients_account_to_a_record(identity: Identity) -> None:
    desk = (await add_person(identity, "desk@harbour.example", Role.RECEPTIONIST)).actor("s")
    pat = await add_person(identity, "pat@mail.example", Role.PATIENT)
    await put_patient(identity, "p1")

    async with Work(identity.documents) as work:
        await identity.accounts.link_patient(work, pat.id, "p1", by=desk)

    assert (await identity.accounts.read(pat.id)).account.patient_id == "p1"


async def test_nobody_links_their_own_account(identity: Identity) -> None:
    pat = (await add_person(identity, "pat@mail.example", Role.PATIENT)).actor("s")
    await put_patient(identity, "p1")

    with pytest.raises(PermissionMissingError):
        await identity.accounts.link_patient(Work(identity.documents), pat.id, "p1", by=pat)


async def test_only_a_patient_on_record_and_only_a_patients_account_is_linked(
    identity: Identity,
) -> None:
    pat = await add_person(identity, "pat@mail.example", Role.PATIENT)
    nurse = await add_person(identity, "nurse@harbour.example", Role.NURSE)
    await put_patient(identity, "p1")

    for account, patient in ((pat.id, "nobody"), (nurse.id, "p1")):
        with pytest.raises(WrongPatientError):
            await identity.accounts.link_patient(
                Work(identity.documents), account, patient, by=None
            )


async def test_the_password_is_kept_as_a_hash_alone(identity: Identity) -> None:
    account = await add_person(identity, "ada@harbour.example", Role.NURSE)

    document = await identity.documents.read(
        "account", account.id, organisation_scope(ORGANISATION)
    )

    assert document is not None
    assert PASSWORD.encode() not in document.body
    assert b"$2b$04$" in document.body


async def test_every_change_of_an_account_is_in_the_trail(identity: Identity) -> None:
    await add_person(identity, "admin@harbour.example", Role.ADMIN)
    nurse = await add_person(identity, "nurse@harbour.example", Role.NURSE)
    accounts, id = identity.accounts, nurse.id
    async with Work(identity.documents) as work:
        await accounts.set_role(work, id, Role.CLINICIAN, by=None)
    async with Work(identity.documents) as work:
        await accounts.set_password(work, id, "another password", by=None)
    async with Work(identity.documents) as work:
        await accounts.disable(work, id, by=None)
    async with Work(identity.documents) as work:
        await accounts.enable(work, id, by=None)

    actions = [e["action"] for e in await trail(identity) if f"account/{nurse.id}" in e["subjects"]]
    assert actions == [
        "identity:account:create",
        "identity:account:role",
        "identity:password:update",
        "identity:account:disable",
        "identity:account:enable",
    ]


def test_staff_are_everyone_whom_the_clinic_gives_a_role() -> None:
    assert frozenset(Role) - {Role.PATIENT, Role.MACHINE} == STAFF
