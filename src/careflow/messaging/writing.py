"""Writes a message: the sentences, the links and the calendar entries of what still stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from careflow.database.work import Work
from careflow.messaging.calendar import Method, Parties, Shown, calendar_of
from careflow.messaging.links import PATH, Link, Links, Purpose
from careflow.messaging.person import Person, Way
from careflow.messaging.stored import Message, Notice
from careflow.messaging.visits import OfferFacts, VisitFacts
from careflow.messaging.ways import Entry, Mail, Sms, Ways
from careflow.messaging.words import Told, line_of, mail_text, sms_text, subject
from careflow.records.wall_words import Language, When

HIDDEN: Final = "…"
"""Stands for a link in what is kept of a message."""
_CHOOSES_FOR: Final = timedelta(days=14)
_STOPS_FOR: Final = timedelta(days=365)
_OFFERED: Final = frozenset({"offer", "offer-lost"})
_SOON: Final = timedelta(hours=14)
"""A visit so near is told by telephone first, where its owner agreed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A notice that is still so, and of what."""

    notice: Notice
    visit: VisitFacts
    offer: OfferFacts | None

    def purposes(self, way: Way) -> tuple[Purpose, ...]:
        """Return what can be done by link about it; few, where a message is short."""
        kind = self.notice.kind
        if kind in {"offer", "choose"}:
            return ("offer",) if kind == "offer" else ("choose",)
        if kind in {"cancelled", "offer-lost"}:
            return ()
        confirm: tuple[Purpose, ...] = () if self.visit.stage == "confirmed" else ("confirm",)
        return (*confirm, "cancel") if way == "sms" else (*confirm, "move", "cancel")

    def link(self, purpose: Purpose, patient: str) -> Link:
        """Return a link about it."""
        until = self.visit.start
        if self.offer is not None:
            until = self.offer.until
        elif purpose == "choose":
            until = max(self.visit.start, self.notice.not_before) + _CHOOSES_FOR
        return Link(
            purpose=purpose,
            patient=patient,
            visit="" if self.offer else self.visit.id,
            sequence=self.notice.sequence,
            offer=self.offer.id if self.offer else "",
            until=until,
        )


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes for one organisation; ``clinic`` is the name people read."""

    links: Links
    ways: Ways
    clinic: str
    organisation: str

    def way_of(self, person: Person, standing: Sequence[Standing], now: datetime) -> Way | None:
        """Return by which one way somebody is told, ``None`` where they may not be written to."""
        presses = any(
            one.notice.kind in _OFFERED or one.visit.start <= now + _SOON for one in standing
        )
        order: tuple[Way, ...] = ("sms", "mail") if presses else ("mail", "sms")
        theirs = [one for one in order if one in person.contacts]
        works = [one for one in theirs if self.ways.effect(one) != "off"]
        return next(iter([*works, *theirs]), None)

    def kept(self, message: Message, standing: Sequence[Standing], person: Person) -> Message:
        """Return the message with what is kept of its words: all but the links."""
        told = [self._told(None, message, one, person) for one in standing]
        if message.way == "sms":
            return _with(message, "", sms_text(told, clinic=self.clinic, language=person.language))
        return self._with_mail(message, told, person, stop=HIDDEN)

    def mail(
        self, work: Work, message: Message, standing: Sequence[Standing], person: Person
    ) -> Mail:
        """Return a message as mail, its links staged."""
        told = [self._told(work, message, one, person) for one in standing]
        stop = self._stop(work, message)
        whole = self._with_mail(message, told, person, stop=stop)
        entries = tuple(self._entries(told, message, person.language))
        return Mail(message.id, message.contact, whole.subject, whole.text, entries, stop)

    def sms(
        self, work: Work, message: Message, standing: Sequence[Standing], person: Person
    ) -> Sms:
        """Return a message as text message, its links staged."""
        told = [self._told(work, message, one, person) for one in standing]
        text = sms_text(told, clinic=self.clinic, language=person.language)
        return Sms(message.id, message.contact, text)

    def _with_mail(
        self, message: Message, told: list[Told], person: Person, *, stop: str
    ) -> Message:
        language = person.language
        text = mail_text(told, name=person.name, clinic=self.clinic, language=language, stop=stop)
        return _with(message, subject(told, self.clinic, language), text)

    def _told(self, work: Work | None, message: Message, one: Standing, person: Person) -> Told:
        links: dict[Purpose, str] = {}
        for purpose in one.purposes(message.way or "mail"):
            links[purpose] = HIDDEN
            if work is not None:
                link = one.link(purpose, message.patient)
                links[purpose] = self._address(self.links.put(work, link, message=message.id))
        visit, language = one.visit, person.language
        also = visit.theirs(person.zone, language)
        until = When.of(one.offer.until, visit.zone, language) if one.offer else None
        return Told(one.notice.kind, visit, links, also, until)

    def _stop(self, work: Work, message: Message) -> str:
        link = Link(
            purpose="stop",
            patient=message.patient,
            way=message.way or "",
            contact=message.contact,
            until=self.links.clock() + _STOPS_FOR,
        )
        return self._address(self.links.put(work, link, message=message.id))

    def _address(self, token: str) -> str:
        return f"{self.ways.base}{PATH}{token}"

    def _entries(self, told: list[Told], message: Message, language: Language) -> list[Entry]:
        parties = Parties(self.ways.mail.sender, self.clinic, message.contact)
        found = []
        for one in told:
            if one.kind in _OFFERED:
                continue
            is_off = one.kind in {"cancelled", "choose"}
            method: Method = "CANCEL" if is_off else "REQUEST"
            shown = Shown(one.visit, self.clinic, line_of(one, language))
            text = calendar_of([shown], method, organisation=self.organisation, parties=parties)
            found.append(Entry(text, method))
        return found


def _with(message: Message, title: str, text: str) -> Message:
    return msgspec.structs.replace(message, subject=title, text=text)
