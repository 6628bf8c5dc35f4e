"""The outbox: what people are to be told, each under its own key, and the messages it went in.

Both stay when they are done: what was sent once is never sent again, whatever job comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Literal

import msgspec

from careflow.database.conditions import Condition, SortKey, TermIn
from careflow.database.documents import Documents, Entries, Page, Put, Query
from careflow.database.scope import COMPARTMENT, AccessScope, organisation_scope
from careflow.database.work import Work
from careflow.errors import NotFoundError
from careflow.messaging.person import Way
from careflow.records.wall_words import Language

NOTICE: Final = "visit-notice"
MESSAGE: Final = "message"
_MANY: Final = 500
_PAGE: Final = 100

Kind = Literal["booked", "moved", "cancelled", "reminder", "choose", "offer", "offer-lost"]
NoticeState = Literal["waiting", "taken", "dropped"]
MessageState = Literal["waiting", "sent", "captured", "not-sent", "refused", "dropped", "received"]


class NoSuchMessageError(NotFoundError):
    """There is no such message."""

    code: ClassVar[str] = "messaging-no-such-message"

    def __init__(self) -> None:
        super().__init__("There is no such message.")


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that somebody is to be told of one visit.

    Attributes:
        group: What it may share a message with.
        not_before: When it may go.
        why: Why nobody was told, where it was dropped.
    """

    id: str
    visit: str
    sequence: int
    kind: Kind
    about: str
    patient: str
    group: str
    not_before: datetime
    state: NoticeState = "waiting"
    message: str = ""
    why: str = ""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What goes to somebody, by one way, about one visit or several.

    Attributes:
        notices: What it tells, by id.
        way, contact: By which it went; none where nobody may be written to.
        why: Code of why it did not go.
        tries: How often it was given to the way.
    """

    id: str
    patient: str
    kind: str
    at: datetime
    notices: tuple[str, ...] = ()
    visits: tuple[str, ...] = ()
    direction: Literal["out", "in"] = "out"
    language: Language = "en"
    way: Way | None = None
    contact: str = ""
    state: MessageState = "waiting"
    why: str = ""
    subject: str = ""
    text: str = ""
    sent_at: datetime | None = None
    tries: int = 0


_notice = msgspec.json.Decoder(Notice)
_message = msgspec.json.Decoder(Message)


@dataclass(frozen=True, slots=True)
class Outbox:
    """One organisation's notices and messages."""

    documents: Documents
    organisation: str

    async def notice(self, id: str) -> tuple[Notice, int] | None:
        """Return a notice and its version."""
        found = await self.documents.read(NOTICE, id, organisation_scope(self.organisation))
        return None if found is None else (_notice.decode(found.body), found.version)

    async def waiting(self, patient: str, group: str) -> list[tuple[Notice, int]]:
        """Return what somebody is to be told of a group, with versions."""
        terms = (TermIn("waiting", (f"{patient}/{group}",)),)
        page = await self.documents.find(
            Query(NOTICE, terms, count=_MANY), organisation_scope(self.organisation)
        )
        return [(_notice.decode(one.body), one.version) for one in page.documents]

    async def message(self, id: str, scope: AccessScope) -> tuple[Message, int]:
        """Return a message and its version, or raise :class:`NoSuchMessageError`."""
        found = await self.documents.read(MESSAGE, id, scope)
        if found is None or found.deleted:
            raise NoSuchMessageError
        return _message.decode(found.body), found.version

    async def has(self, id: str, scope: AccessScope) -> bool:
        """Report whether there is such a message."""
        return await self.documents.read(MESSAGE, id, scope) is not None

    async def texted(self, number: str) -> list[tuple[str, str]]:
        """Return who was written to at a telephone number, and the number as they gave it."""
        page = await self.documents.find(
            Query(MESSAGE, (TermIn("texted", (_digits(number),)),), count=_MANY),
            organisation_scope(self.organisation),
        )
        found = (_message.decode(one.body) for one in page.documents)
        return list(dict.fromkeys((one.patient, one.contact) for one in found))

    async def page(
        self,
        scope: AccessScope,
        *,
        patient: str | None = None,
        state: str | None = None,
        cursor: str | None = None,
    ) -> Page:
        """Return messages, the newest first."""
        conditions: list[Condition] = []
        if patient is not None:
            conditions.append(TermIn("patient", (patient,)))
        if state is not None:
            conditions.append(TermIn("state", (state,)))
        newest = (SortKey("at", descending=True),)
        query = Query(MESSAGE, tuple(conditions), newest, count=_PAGE, cursor=cursor)
        return await self.documents.find(query, scope)

    def put_notice(self, work: Work, one: Notice, *, expected: int) -> None:
        """Stage a notice; 0 is the version of one that is not there yet."""
        terms = [("patient", one.patient), (COMPARTMENT, one.patient)]
        if one.state == "waiting":
            terms.append(("waiting", f"{one.patient}/{one.group}"))
        self._put(work, NOTICE, one.id, one, Entries(terms=terms), expected)

    def put_message(self, work: Work, one: Message, *, expected: int) -> None:
        """Stage a message."""
        at = float(int(one.at.timestamp() * 1000))
        terms = [("patient", one.patient), (COMPARTMENT, one.patient), ("state", one.state)]
        if one.way == "sms" and one.direction == "out":
            terms.append(("texted", _digits(one.contact)))
        self._put(
            work,
            MESSAGE,
            one.id,
            one,
            Entries(terms=terms, ranges=[("at", at, at, "")]),
            expected,
        )

    def _put(
        self,
        work: Work,
        kind: str,
        id: str,
        body: Notice | Message,
        entries: Entries,
        expected: int,
    ) -> None:
        encoded = msgspec.json.encode(body)
        work.put(Put(kind, id, encoded, self.organisation, entries, expected=expected))


def _digits(number: str) -> str:
    """Return what tells one number from another, with or without its country."""
    return "".join(one for one in number if one.isdigit())[-10:]


def message_of(body: bytes) -> Message:
    """Return a stored message."""
    return _message.decode(body)
