"""Messages over one platform: by which ways they leave, and visits as they see them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from careflow.clock import Clock
from careflow.composition.visits import Visits
from careflow.database.conditions import Condition, RangeWithin, SortKey, TermIn
from careflow.database.documents import Document, Documents, Query
from careflow.database.scope import organisation_scope
from careflow.identity.actor import Actor
from careflow.identity.slowing import Slowing
from careflow.ids import Mint
from careflow.jobs.job import Handler
from careflow.keys import derive
from careflow.messaging.feeds.own import Feeds
from careflow.messaging.gathering import Gathering
from careflow.messaging.links import Links
from careflow.messaging.outbox_view import OutboxView
from careflow.messaging.replies.hearing import Hearing
from careflow.messaging.senders.kept import KeptMail, KeptSms
from careflow.messaging.senders.smtp import SmtpMail
from careflow.messaging.senders.twilio import TwilioSms
from careflow.messaging.sending import Sending
from careflow.messaging.visitors.visiting import Visiting
from careflow.messaging.visits import OfferFacts, OpenTime, VisitFacts
from careflow.messaging.ways import Effect, Mail, MailWay, SmsWay, Ways
from careflow.messaging.writing import Writer
from careflow.records.store import Records
from careflow.scheduling.asking import Asked
from careflow.scheduling.finding import Wanted
from careflow.scheduling.flow.life import stage_of
from careflow.scheduling.plan import Calendar, Place, Plan
from careflow.scheduling.visit import DECODER, Appointment
from careflow.scheduling.waitlist.stored import NotWaitingError
from careflow.scheduling.wall import instant_of, minutes_of
from careflow.settings import Settings, SettingsError

_VISITS_MAX = 500


@dataclass(frozen=True, slots=True)
class Messages:
    """What tells people of their visits, and hears what they answer."""

    sending: Sending
    outbox: OutboxView
    visiting: Visiting
    feeds: Feeds
    hearing: Hearing

    def handlers(self) -> dict[str, Handler]:
        """Return what to do for messages' jobs."""
        return self.sending.handlers()


def build_ways(settings: Settings, *, synthetic: bool) -> Ways:
    """Build what the settings name; a synthetic clinic keeps what it has no server for."""
    kept: Effect = "captured" if synthetic else "off"
    mail: MailWay = KeptMail(kept)
    if settings.mail_host is not None:
        if settings.mail_sender is None:
            raise SettingsError("CAREFLOW_MAIL_HOST is set: set CAREFLOW_MAIL_SENDER.")
        secret = settings.mail_password
        mail = SmtpMail(
            settings.mail_host,
            settings.mail_port,
            security=settings.mail_security,
            sender=settings.mail_sender,
            sender_name=settings.clinic_name,
            user=settings.mail_user,
            password=secret.get_secret_value() if secret else None,
        )
    sms: SmsWay = KeptSms(kept)
    if settings.sms_account is not None:
        if settings.sms_token is None or settings.sms_sender is None:
            raise SettingsError(
                "CAREFLOW_SMS_ACCOUNT is set: set CAREFLOW_SMS_TOKEN and CAREFLOW_SMS_SENDER."
            )
        sms = TwilioSms(
            settings.sms_account,
            settings.sms_token.get_secret_value(),
            sender=settings.sms_sender,
            base=settings.sms_base_url,
        )
    return Ways(mail, sms, settings.public_url or "")


def build_messages(
    settings: Settings,
    records: Records,
    visits: Visits,
    key: bytes,
    *,
    ways: Ways,
    clock: Clock,
    mint: Mint,
    synthetic: bool,
) -> Messages:
    """Build messages over one platform's visits."""
    documents, organisation = records.documents, settings.organisation
    book = Book(documents, visits, organisation, settings.zone(), clock)
    links = Links(documents, organisation, derive(key, "visit links"), clock)
    gathering = Gathering(documents, book, organisation, clock, mint)
    writer = Writer(links, ways, settings.clinic_name, organisation)
    sending = Sending(gathering, records, writer, shows_links=synthetic)
    slowing = Slowing(documents, organisation=organisation, clock=clock)
    return Messages(
        sending=sending,
        outbox=OutboxView(sending),
        visiting=Visiting(links, book, records, slowing, clock),
        feeds=Feeds(documents, book, organisation, settings.clinic_name, clock),
        hearing=Hearing(gathering.outbox, records, ways.sms, ways.base, clock),
    )


@dataclass(frozen=True, slots=True)
class Book:
    """Visits as messages reach them: scheduling's reads, and its own verbs by their channels.

    Attributes:
        zone: The clinic's, for a visit at no place that the plan knows.
    """

    documents: Documents
    visits_of: Visits
    organisation: str
    zone: ZoneInfo
    clock: Clock

    async def visit(self, id: str) -> VisitFacts | None:
        """Return a visit, ``None`` where there is none with a time."""
        found = await self.documents.read("Appointment", id, organisation_scope(self.organisation))
        if found is None or found.deleted:
            return None
        return self._facts(found, *await self._planned())

    async def visits(
        self, *, since: datetime, patient: str | None = None, practitioner: str | None = None
    ) -> list[VisitFacts]:
        """Return somebody's visits that end after an instant, by time; cancelled ones too."""
        whose: Condition = TermIn("patient", (f"Patient/{patient}",))
        if practitioner is not None:
            whose = TermIn("practitioner", (f"Practitioner/{practitioner}",))
        ahead = RangeWithin("date", high_min=since.timestamp() * 1000)
        query = Query("Appointment", (whose, ahead), (SortKey("date"),), count=_VISITS_MAX)
        page = await self.documents.find(query, organisation_scope(self.organisation))
        planned = await self._planned()
        facts = (self._facts(one, *planned) for one in page.documents)
        return [one for one in facts if one is not None]

    async def offer(self, id: str) -> OfferFacts | None:
        """Return an offered time."""
        try:
            offer, _ = await self.visits_of.waitlist.offer(id)
        except NotWaitingError:
            return None
        plan, calendars = await self._planned()
        place = next((one for one in plan.places if one.id == offer.place), None)
        zone = place.clock if place else self.zone
        visit = VisitFacts(
            id=offer.id,
            version=0,
            patient=offer.patient,
            status="offered",
            stage=None,
            settle="",
            sequence=0,
            start=instant_of(offer.begin, zone),
            end=instant_of(offer.end, zone),
            zone=zone,
            **_where(place),
            **_who(offer.practitioner, calendars),
            mode=_mode(plan, offer.type),
            cutoff=_cutoff(plan, offer.type),
            changed_at=offer.offered_at,
        )
        return OfferFacts(offer.id, offer.patient, offer.state, offer.until, visit)

    async def confirm(self, visit: VisitFacts, *, actor: Actor) -> None:
        """Say that the patient comes."""
        await self.visits_of.flow.move(visit.id, "confirmed", actor=actor, expected=visit.version)

    async def cancel(self, visit: VisitFacts, *, actor: Actor) -> None:
        """Give a visit up, if it is not too late."""
        await self.visits_of.desk.cancel(
            visit.id, actor=actor, expected=visit.version, channel="portal"
        )

    async def openings(
        self, visit: VisitFacts, *, after: datetime | None, count: int
    ) -> list[OpenTime]:
        """Return times that a visit could move to."""
        asked = await self._asked(visit)
        if asked is None:
            return []
        wanted = Wanted(
            asked.type,
            places=(asked.place,),
            after=minutes_of(after) if after else 0,
            count=count,
        )
        found = await self.visits_of.finder.find(wanted, channel="portal")
        plan, calendars = await self._planned()
        times = []
        for one in found:
            place = plan.place(one.place)
            who = _who(one.practitioner, calendars)
            times.append(
                OpenTime(
                    start=instant_of(one.begin, place.clock),
                    zone=place.clock,
                    place=place.id,
                    place_name=place.name,
                    **who,
                )
            )
        return times

    async def move(
        self, visit: VisitFacts, start: datetime, practitioner: str, *, actor: Actor
    ) -> None:
        """Give a visit another time, if it is not too late."""
        asked = await self._asked(visit)
        if asked is None:
            raise NotWaitingError
        wish = Asked(
            type=asked.type,
            place=asked.place,
            practitioner=practitioner,
            begin=minutes_of(start),
            patient=asked.patient,
        )
        await self.visits_of.desk.move(
            visit.id, wish, actor=actor, expected=visit.version, channel="portal"
        )

    async def answer(self, offer: str, *, accept: bool, actor: Actor) -> str | None:
        """Take or decline an offered time; return the visit that came of it."""
        if accept:
            return (await self.visits_of.answering.accept(offer, actor=actor)).id
        await self.visits_of.answering.decline(offer, actor=actor)
        return None

    async def _asked(self, visit: VisitFacts) -> Asked | None:
        return await self.visits_of.desk.asked_for(visit.id)

    async def _planned(self) -> tuple[Plan, list[Calendar]]:
        return await self.visits_of.finder.planned()

    def _facts(
        self, document: Document, plan: Plan, calendars: Sequence[Calendar]
    ) -> VisitFacts | None:
        one: Appointment = DECODER.decode(document.body)
        if one.start is None or one.end is None:
            return None
        place, noted = one.place(plan), one.noted()
        zone = place.clock if place else ZoneInfo(str(noted.get("zone", self.zone.key)))
        clinicians = one.references("Practitioner")
        practitioner = clinicians[0].removeprefix("Practitioner/") if clinicians else ""
        return VisitFacts(
            id=document.id,
            version=document.version,
            patient=one.patient,
            status=one.status,
            stage=stage_of(one),
            settle=str(noted.get("settle", "")),
            sequence=int(noted.get("sequence", 0)),
            start=one.start,
            end=one.end,
            zone=zone,
            **_where(place),
            **_who(practitioner, calendars),
            mode=_mode(plan, one.type_id),
            cutoff=_cutoff(plan, one.type_id),
            changed_at=document.stored_at,
        )


def _where(place: Place | None) -> dict[str, Any]:
    return {
        "place": place.id if place else "",
        "place_name": place.name if place else "",
        "address": place.address if place else "",
    }


def _who(practitioner: str, calendars: Sequence[Calendar]) -> dict[str, Any]:
    name = next((one.name for one in calendars if one.practitioner == practitioner), "")
    return {"practitioner": practitioner, "practitioner_name": name}


def _mode(plan: Plan, type_: str) -> str:
    return next((one.mode for one in plan.types if one.id == type_), "in-person")


def _cutoff(plan: Plan, type_: str) -> int:
    return next((one.cutoff for one in plan.types if one.id == type_), 0)


def mail_alone(ways: Ways, mint: Mint) -> Callable[[str, str, str], Awaitable[None]] | None:
    """Return how a mail goes that answers somebody at once; ``None`` without a mail server."""
    if ways.mail.effect != "sends":
        return None

    async def send(to: str, subject: str, text: str) -> None:
        await ways.mail.send(Mail(mint(), to, subject, text))

    return send
