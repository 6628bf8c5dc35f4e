"""A clinic with its messages over one database, and ways out that keep what they are given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec

from careflow import settings as settings_room
from careflow.composition.telling import Messages, build_messages
from careflow.composition.visits import Visits, build_booking, build_visits
from careflow.database.documents import Documents
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Actor, Role
from careflow.ids import mint
from careflow.jobs.queue import JobQueue
from careflow.messaging.senders.twilio import TwilioSms
from careflow.messaging.stored import Message, message_of
from careflow.messaging.ways import Effect, Mail, MailWay, Reply, Sms, SmsWay, Ways
from careflow.records.owners import Owners
from careflow.records.registration.registering import CONTACT_CONSENT
from careflow.records.store import Records
from careflow.scheduling.plan import Calendar, Plan, VisitType
from tests.contracts.engines import SetClock
from tests.scheduling.clinic import ADA, BO, DESERT, ECG, FOLLOW_UP, GROUP, MAIN, ORGANISATION

KEY = bytes(range(32))
BASE = "https://clinic.example"
PLAN = Plan(
    places=(MAIN, DESERT),
    types=(
        msgspec.structs.replace(FOLLOW_UP, cutoff=24 * 60),
        ECG,
        GROUP,
        VisitType(id="video", name="Depression review", minutes=20, step=20, mode="video"),
    ),
)
"""Of a follow-up, a patient can be rid until the day before."""
DOCTOR = Actor("ada", "Dr Ada", Role.CLINICIAN, ORGANISATION, session="s")
LINK = re.compile(r"/link#([\w-]+)")


@dataclass
class Letters:
    """A way that keeps mail as a server would have had it; it may fail first."""

    effect: Effect = "sends"
    sender: str = "visits@clinic.example"
    got: list[Mail] = field(default_factory=list)
    failing: list[Exception] = field(default_factory=list)

    async def send(self, mail: Mail) -> None:
        if self.failing:
            raise self.failing.pop(0)
        self.got.append(mail)


@dataclass
class Texts:
    """The same for text messages; answers are as the provider's adapter hears them."""

    effect: Effect = "sends"
    got: list[Sms] = field(default_factory=list)
    failing: list[Exception] = field(default_factory=list)

    async def send(self, sms: Sms) -> None:
        if self.failing:
            raise self.failing.pop(0)
        self.got.append(sms)

    def heard(self, url: str, form: Mapping[str, str], signature: str) -> Reply | None:
        return TwilioSms("AC1", "a-token", sender="+12025550100").heard(url, form, signature)


@dataclass
class Office:
    """Everything a test of messages asks for."""

    documents: Documents
    records: Records
    visits: Visits
    messages: Messages
    queue: JobQueue
    clock: SetClock
    mail: Letters
    sms: Texts

    async def work(self, **later: float) -> None:
        """Let time go on, if said, in steps of an hour, and do what is due at each."""
        until = self.clock() + timedelta(**later)
        while True:
            while await self.queue.run_once():
                pass
            if self.clock() >= until:
                return
            self.clock.instant = min(until, self.clock() + timedelta(hours=1))

    async def settle(self) -> None:
        """Let notices find each other, and send what they make."""
        await self.work(seconds=11)
        await self.work(seconds=11)

    async def kept(self) -> list[Message]:
        """Return the outbox, the newest first."""
        page = await self.messages.sending.gathering.outbox.page(organisation_scope(ORGANISATION))
        return [message_of(one.body) for one in page.documents]

    async def states(self) -> list[tuple[str, str]]:
        """Return what became of each message, the oldest first."""
        return [(one.kind, one.state) for one in reversed(await self.kept())]

    async def put_patient(self, id: str, *telecom: dict[str, Any], **more: Any) -> None:
        """Store a patient with these contacts."""
        body = {
            "resourceType": "Patient",
            "id": id,
            "name": [{"family": "Tide", "given": ["Ebb"]}],
            "telecom": list(telecom),
            **more,
        }
        found = await self.documents.read("Patient", id, organisation_scope(ORGANISATION))
        async with Work(self.documents) as work:
            if found is None:
                await self.records.create(work, body, actor=DOCTOR, id=id)
            else:
                await self.records.update(work, body, actor=DOCTOR, id=id, expected=found.version)

    def links(self, to: str = "") -> dict[str, str]:
        """Return the links of the last mail, to somebody, by the words before them."""
        last = [one for one in self.mail.got if one.to.startswith(to)][-1]
        lines = [line for line in last.text.splitlines() if "/link#" in line]
        return {line.partition(":")[0]: LINK.findall(line)[0] for line in lines}


def email(address: str = "ebb@mail.example", *, consent: bool | None = None) -> dict[str, Any]:
    return _contact("email", address, consent)


def phone(number: str = "+12025550123", *, consent: bool | None = True) -> dict[str, Any]:
    return _contact("phone", number, consent)


def _contact(system: str, value: str, consent: bool | None) -> dict[str, Any]:
    found: dict[str, Any] = {"system": system, "value": value}
    if consent is not None:
        found["extension"] = [{"url": CONTACT_CONSENT, "valueBoolean": consent}]
    return found


def speaks(language: str) -> dict[str, Any]:
    coding = [{"system": "urn:ietf:bcp:47", "code": language}]
    return {"communication": [{"language": {"coding": coding}, "preferred": True}]}


def lives_in(zone: str) -> dict[str, Any]:
    url = "http://hl7.org/fhir/StructureDefinition/timezone"
    return {"extension": [{"url": url, "valueCode": zone}]}


def built(
    documents: Documents,
    clock: SetClock,
    *,
    mail: MailWay | None = None,
    sms: SmsWay | None = None,
    synthetic: bool = False,
    worker: str = "one",
) -> Office:
    """Build one node of the clinic, as composition does."""
    letters, texts = Letters(), Texts()
    booking = build_booking(documents, ORGANISATION, clock, mint)
    records = Records(documents, clock=clock, mint=mint, owners=Owners({"Appointment": booking}))
    visits = build_visits(records, booking, mint)
    settings = settings_room.load(
        {},
        clinic_zone="America/New_York",
        organisation=ORGANISATION,
        clinic_name="Harbour",
    )
    messages = build_messages(
        settings,
        records,
        visits,
        KEY,
        ways=Ways(mail or letters, sms or texts, BASE),
        clock=clock,
        mint=mint,
        synthetic=synthetic,
    )
    queue = JobQueue(
        documents,
        {**visits.handlers(), **messages.handlers()},
        organisation=ORGANISATION,
        clock=clock,
        worker=worker,
    )
    return Office(documents, records, visits, messages, queue, clock, letters, texts)


async def opened(
    documents: Documents,
    clock: SetClock,
    *,
    plan: Plan = PLAN,
    calendars: tuple[Calendar, ...] = (ADA, BO),
    **how: Any,
) -> Office:
    """Return a clinic that has its plan and four patients with an e-mail address each."""
    office = built(documents, clock, **how)
    async with Work(documents) as work:
        office.visits.plans.put_plan(work, plan)
        for calendar in calendars:
            office.visits.plans.put_calendar(work, calendar)
    for number in range(1, 5):
        await office.put_patient(f"p{number}", email(f"p{number}@mail.example"))
    return office
