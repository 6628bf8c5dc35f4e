"""Sending, reading, taking, sorting anew and answering patients' messages. An edge: it commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from careflow.ai.messages.message import (
    MESSAGE,
    Channel,
    Message,
    answered,
    is_message,
    message_of,
    reclassed,
    reply_to,
    taken,
    went_on,
    written,
)
from careflow.ai.messages.sorting import ORDER, URGENCY_OF, MessageClass, Sorter
from careflow.clock import Clock
from careflow.database.conditions import SortKey, TermIn
from careflow.database.documents import Document, Documents, Query
from careflow.database.scope import COMPARTMENT, AccessScope
from careflow.database.work import Work
from careflow.errors import BadInputError, ConflictError, NotFoundError
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.records.directory import Directory
from careflow.records.elements import decoded
from careflow.records.person import PatientLine
from careflow.records.store import Records

OPEN_MAX: Final = 500
CLOSED_MAX: Final = 100
SAME_ALARM: Final = timedelta(minutes=30)
"""Within this time more words of alarm to the assistant join the message that nobody took yet."""
_KIND = "Communication"


class NoSuchMessageError(NotFoundError):
    """No such message, or none that the asker may see."""

    code: ClassVar[str] = "ai-no-such-message"

    def __init__(self) -> None:
        super().__init__("There is no such message.")


class MessageEmptyError(BadInputError):
    """A message without a word."""

    code: ClassVar[str] = "ai-message-empty"

    def __init__(self) -> None:
        super().__init__("Write a few words first.", place="text")


class MessageAnsweredError(ConflictError):
    """Somebody answered it already."""

    code: ClassVar[str] = "ai-message-answered"

    def __init__(self) -> None:
        super().__init__("This message was answered already: reload to see the answer.")


class MessageTakenError(ConflictError):
    """Somebody else is answering it."""

    code: ClassVar[str] = "ai-message-taken"

    def __init__(self) -> None:
        super().__init__("Somebody else is answering this message: take it over first.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages wait, and how many of them must be read now."""

    waiting: int
    now: int


@dataclass(frozen=True, slots=True)
class Pool:
    """Messages that the patients of one clinic sent, for all who answer them."""

    documents: Documents
    records: Records
    directory: Directory
    sorter: Sorter
    clock: Clock

    # --- the patient -----------------------------------------------------------------------

    async def send(self, text: str, actor: Actor, *, channel: Channel = "message") -> Message:
        """Keep a patient's message, sorted, and return it.

        Raises:
            MessageEmptyError: It says nothing.
        """
        words, patient = text.strip(), actor.patient_id or ""
        if not words:
            raise MessageEmptyError
        found = await self.sorter.sorted(
            words, organisation=actor.organisation, actor=actor.id, patient=patient
        )
        same = await self._same_alarm(patient, actor) if channel == "assistant" else None
        async with Work(self.documents) as work:
            if same is None:
                body = written(words, patient, found, channel=channel, sent=self.clock())
                staged = await self.records.create(work, body, actor=actor)
            else:
                body = went_on(decoded(same), words, found)
                staged = await self.records.update(
                    work, body, actor=actor, id=same.id, expected=same.version
                )
        return message_of(staged.document)

    async def own(self, actor: Actor) -> list[Message]:
        """Return what a patient sent, the newest first, each with the clinic's answer."""
        asked = (TermIn(COMPARTMENT, (actor.patient_id or "",)), _of_kind)
        page = await self.documents.find(_newest(asked), scope_of(actor))
        return await self._with_replies(page.documents, scope_of(actor))

    async def _same_alarm(self, patient: str, actor: Actor) -> Document | None:
        asked = (TermIn(COMPARTMENT, (patient,)), _of_kind, _open)
        page = await self.documents.find(_newest(asked), scope_of(actor))
        since = self.clock() - SAME_ALARM
        for document in page.documents:
            one = message_of(document)
            if one.channel == "assistant" and one.state == "waiting" and _sent_at(one) >= since:
                return document
        return None

    # --- the clinic ------------------------------------------------------------------------

    async def listed(self, actor: Actor, *, is_closed: bool = False) -> list[Message]:
        """Return messages: open ones as they should be read, closed ones newest first."""
        scope = scope_of(actor)
        if is_closed:
            page = await self.documents.find(_newest((_of_kind, _done)), scope)
            return await self._with_replies(page.documents, scope)
        query = Query(_KIND, (_of_kind, _open), sort=(SortKey("sent"),), count=OPEN_MAX)
        page = await self.documents.find(query, scope)
        return sorted(map(message_of, page.documents), key=_order)

    async def waiting(self, actor: Actor) -> Waiting:
        """Count what nobody has taken yet."""
        found = [one for one in await self.listed(actor) if one.state == "waiting"]
        return Waiting(len(found), sum(one.urgency == "now" for one in found))

    async def people(self, messages: Sequence[Message], actor: Actor) -> dict[str, PatientLine]:
        """Return who wrote, by id."""
        return await self.directory.lines({one.patient for one in messages}, scope_of(actor))

    async def take(self, id: str, actor: Actor, *, expected: int) -> Message:
        """Say by name that one has seen a message and answers it; also in somebody's place."""
        document = await self._open_one(id, actor)
        body = taken(decoded(document), actor, self.clock())
        return await self._changed(document.id, body, actor, expected)

    async def sort_anew(
        self, id: str, klass: MessageClass, actor: Actor, *, reason: str, expected: int
    ) -> Message:
        """Give a message another class; how urgent it is follows, the red flags stay shown."""
        document = await self._open_one(id, actor)
        body = reclassed(
            decoded(document),
            klass,
            URGENCY_OF[klass],
            by=actor,
            at=self.clock(),
            reason=reason,
        )
        return await self._changed(document.id, body, actor, expected)

    async def reply(self, id: str, text: str, actor: Actor, *, expected: int) -> Message:
        """Answer a message; the patient reads it at once, and nobody answers it twice.

        Raises:
            MessageTakenError: Somebody else has taken it.
        """
        words = text.strip()
        if not words:
            raise MessageEmptyError
        document = await self._open_one(id, actor)
        before, at = message_of(document), self.clock()
        if before.taken_by not in {None, actor.name}:
            raise MessageTakenError
        async with Work(self.documents) as work:
            body = answered(decoded(document), actor, at)
            staged = await self.records.update(work, body, actor=actor, id=id, expected=expected)
            told = await self.records.create(
                work, reply_to(document, words, actor, at), actor=actor
            )
        return message_of(staged.document, (told.document,))

    # --- inside ----------------------------------------------------------------------------

    async def _open_one(self, id: str, actor: Actor) -> Document:
        document = await self.documents.read(_KIND, id, scope_of(actor))
        if document is None or document.deleted or not is_message(decoded(document)):
            raise NoSuchMessageError
        if decoded(document).get("status") == "completed":
            raise MessageAnsweredError
        return document

    async def _changed(
        self, id: str, body: dict[str, object], actor: Actor, expected: int
    ) -> Message:
        async with Work(self.documents) as work:
            staged = await self.records.update(work, body, actor=actor, id=id, expected=expected)
        return message_of(staged.document)

    async def _with_replies(
        self, documents: Sequence[Document], scope: AccessScope
    ) -> list[Message]:
        if not documents:
            return []
        parents = tuple(f"{_KIND}/{one.id}" for one in documents)
        asked = Query(_KIND, (TermIn("part-of", parents),), count=2 * len(parents))
        replies = (await self.documents.find(asked, scope)).documents
        return [message_of(one, replies) for one in documents]


_of_kind = TermIn("category", (MESSAGE,))
_open = TermIn("status", ("in-progress",))
_done = TermIn("status", ("completed",))


def _newest(conditions: tuple[TermIn, ...]) -> Query:
    return Query(_KIND, conditions, sort=(SortKey("sent", descending=True),), count=CLOSED_MAX)


def _order(one: Message) -> tuple[int, str]:
    return ORDER.index(one.urgency), one.sent


def _sent_at(one: Message) -> datetime:
    return datetime.fromisoformat(one.sent)
