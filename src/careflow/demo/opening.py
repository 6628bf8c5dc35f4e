"""Opens Harbour: fills an empty database, keeps today's visits coming, prints who may sign in."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from careflow.composition import Platform
from careflow.database.documents import Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.demo.histories import History, histories, history_resources
from careflow.demo.hours import CALENDARS, HARBOUR
from careflow.demo.messages import send_messages
from careflow.demo.people import (
    CLINIC_NAME,
    ORGANISATION,
    STAFF,
    Person,
    Resource,
    clinic_resources,
    patient_resource,
    people,
)
from careflow.demo.reports import waiting_reports
from careflow.demo.today import today_resources
from careflow.identity.accounts import Accounts
from careflow.identity.actor import Actor, Role
from careflow.keys import derive

SEED = 7
PATIENT_NUMBER = 1
MACHINE_SCOPES = ("system/*.cruds",)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class SignIn:
    """How someone signs in to the synthetic clinic."""

    role: str
    name: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class OpenedClinic:
    """Who may use the clinic that was opened."""

    sign_ins: tuple[SignIn, ...]
    client_id: str
    client_secret: str

    def greeting(self, address: str) -> str:
        """Return what the terminal shows."""
        width = max(len(one.email) for one in self.sign_ins)
        lines = [
            f"{CLINIC_NAME}, a synthetic clinic, is open at {address}",
            "Every person in it is invented. Sign in as:",
            "",
            *(f"  {one.role:<13} {one.email:<{width}}  {one.password}" for one in self.sign_ins),
            "",
            f"Machine client (FHIR at {address}/api/fhir/R4, token at {address}/api/auth/token):",
            f"  client_id     {self.client_id}",
            f"  client_secret {self.client_secret}",
            "",
            "Stop with Ctrl C; what you do here is kept. Begin afresh with: careflow demo --reset",
        ]
        return "\n".join(lines)


def sign_ins(people_: Sequence[Person], key: bytes) -> tuple[SignIn, ...]:
    """Return one sign-in per role; passwords are derived from the clinic's own key, not fixed."""
    patient = next(person for person in people_ if person.number == PATIENT_NUMBER)
    found = [
        SignIn(m.role, m.name, f"{m.id}@harbour.example", _password(key, m.id))
        for m in STAFF
        if m.id != "bo"
    ]
    return (
        *found,
        SignIn(
            "patient",
            f"{patient.given} {patient.family}",
            f"{patient.given.lower()}@mail.example",
            _password(key, patient.id),
        ),
    )


def _password(key: bytes, who: str) -> str:
    text = base64.b32encode(derive(key, f"demo password {who}"))[:12].decode().lower()
    return f"harbour-{text[:6]}-{text[6:]}"


async def open_clinic(platform: Platform, key: bytes, *, seed: int = SEED) -> OpenedClinic:
    """Fill the clinic if it is empty, add today's visits if they are missing, renew its client.

    The same seed and day give the same clinic.
    """
    now = platform.clock()
    today = now.astimezone(platform.zone).date()
    first_day = await _first_day(platform) or today
    everyone = people(seed, first_day)
    pasts = histories(everyone, seed, first_day)
    signed = sign_ins(everyone, key)
    if first_day == today and not await _any(platform, "Patient"):
        await _store(platform, _past(everyone, pasts, seed))
        await _plan(platform)
        await _add_accounts(platform, signed)
    if not await _visits_on(platform, today):
        await _store(platform, today_resources(pasts, seed, today, now))
    if not await _any(platform, "inbox-document"):
        await _receive_reports(platform, everyone, seed, today)
    if not await _any(platform, "Communication"):
        await send_messages(platform, everyone)
    client_id, secret = await _renew_client(platform)
    return OpenedClinic(signed, client_id, secret)


async def _plan(platform: Platform) -> None:
    async with Work(platform.documents) as work:
        platform.visits.plans.put_plan(work, HARBOUR)
        for calendar in CALENDARS:
            platform.visits.plans.put_calendar(work, calendar)


def _past(everyone: Sequence[Person], pasts: Sequence[History], seed: int) -> Iterable[Resource]:
    yield from clinic_resources()
    for person in everyone:
        yield patient_resource(person, seed)
    for past in pasts:
        yield from history_resources(past, seed)


async def _first_day(platform: Platform) -> date | None:
    """Return the day the clinic was first opened, on which every history ends."""
    organisation = await platform.documents.read(
        "Organization", ORGANISATION, organisation_scope(platform.organisation), version=1
    )
    return None if organisation is None else organisation.stored_at.astimezone(platform.zone).date()


async def _any(platform: Platform, kind: str) -> bool:
    page = await platform.documents.find(
        Query(kind, count=1), organisation_scope(platform.organisation)
    )
    return bool(page.documents)


async def _visits_on(platform: Platform, day: date) -> bool:
    visit = f"p{PATIENT_NUMBER}-{day:%Y%m%d}"
    scope = organisation_scope(platform.organisation)
    return await platform.documents.read("Appointment", visit, scope) is not None


async def _store(platform: Platform, resources: Iterable[Resource]) -> None:
    scope = organisation_scope(platform.organisation)
    waiting = list(resources)
    for start in range(0, len(waiting), _CHUNK):
        async with Work(platform.documents) as work:
            for resource in waiting[start : start + _CHUNK]:
                await platform.records.update(
                    work, resource, actor=platform.operator, expected=0, scope=scope
                )


async def _add_accounts(platform: Platform, signed: Sequence[SignIn]) -> None:
    accounts: Accounts = platform.identity.accounts
    staff = {f"{member.id}@harbour.example": member.id for member in STAFF}
    for one in signed:
        is_patient = one.role == Role.PATIENT
        async with Work(platform.documents) as work:
            await accounts.add(
                work,
                email=one.email,
                name=one.name,
                role=Role(one.role),
                password=one.password,
                by=None,
                patient_id=f"p{PATIENT_NUMBER}" if is_patient else None,
                practitioner_id=None if is_patient else staff[one.email],
            )


async def _receive_reports(
    platform: Platform, everyone: Sequence[Person], seed: int, today: date
) -> None:
    account = await platform.identity.accounts.find_by_email("fin@harbour.example")
    fin: Actor = account.actor(session="") if account is not None else platform.operator
    for report in waiting_reports(list(everyone), seed, today):
        async with Work(platform.documents) as work:
            await platform.inbox.receive(work, report.content, filename=report.filename, actor=fin)


async def _renew_client(platform: Platform) -> tuple[str, str]:
    """Replace the demo's machine client, so that its secret need never be kept."""
    clients = platform.identity.clients
    async with Work(platform.documents) as work:
        for old in await clients.listed():
            if old.disabled_at is None and old.name == "demo":
                await clients.disable(work, old.id, by=None)
        made = await clients.add(work, name="demo", scopes=MACHINE_SCOPES, by=None)
    return made.client.id, made.secret
