"""From a message to somebody: looked at again, written in their words, given to a way, recorded.

The way is called before the record of it is stored. A process that dies in between sends the same
message once more when it is back, under the same number; none is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

import msgspec

from careflow.database.scope import AccessScope, organisation_scope
from careflow.database.work import Work
from careflow.errors import ConflictError
from careflow.jobs.job import Handler, Job
from careflow.messaging.gathering import SEND, Gathering
from careflow.messaging.person import Person, person_of
from careflow.messaging.stored import Message, MessageState
from careflow.messaging.unsent import note_unsent, platform_actor, stop_writing
from careflow.messaging.ways import NotReachedError, RefusedError
from careflow.messaging.writing import Standing, Writer
from careflow.records.store import Records

_GIVEN_UP: Final = timedelta(hours=3)
"""How long after it was made no try of a message is left, whatever became of its processes."""


class NotToBeSentAgainError(ConflictError):
    """A message that went, or that nothing stands in any more."""

    code: ClassVar[str] = "messaging-not-to-be-sent-again"

    def __init__(self) -> None:
        super().__init__("This message was sent, or what it tells is not so any more.")


@dataclass(frozen=True, slots=True)
class Sending:
    """Messages of one organisation on their way out.

    Attributes:
        shows_links: Whether links stand in what is kept: in a synthetic clinic alone.
    """

    gathering: Gathering
    records: Records
    writer: Writer
    shows_links: bool = False

    @property
    def organisation(self) -> str:
        """Return whose messages these are."""
        return self.gathering.organisation

    def handlers(self) -> dict[str, Handler]:
        """Return what to do with notices and messages."""
        return {**self.gathering.handlers(), SEND: self._send}

    async def send_again(self, id: str, scope: AccessScope) -> Message:
        """Queue a message that did not go; an edge, it commits.

        Raises:
            NotToBeSentAgainError: It went, or nothing in it stands.
        """
        outbox = self.gathering.outbox
        message, version = await outbox.message(id, scope)
        if not is_repeatable(message, self.gathering.clock()) or not await self._standing(message):
            raise NotToBeSentAgainError
        again = msgspec.structs.replace(message, state="waiting", why="")
        async with Work(self.records.documents) as work:
            outbox.put_message(work, again, expected=version)
            self.gathering.send(work, id)
        return again

    async def _send(self, job: Job, work: Work) -> Mapping[str, Any]:
        scope = organisation_scope(self.organisation)
        message, version = await self.gathering.outbox.message(str(job.arguments["message"]), scope)
        if message.state != "waiting":
            return {"reason": message.state}
        standing = await self._standing(message)
        if not standing:
            self._end(work, message, version, state="dropped", why="not-so-any-more")
            return {"reason": "not so any more"}
        person = await person_of(self.records.documents, message.patient, scope)
        way = None
        if person is not None:
            way = self.writer.way_of(person, standing, self.gathering.clock())
        if person is None or way is None:
            await self._not_done(work, message, version, "nobody-to-write-to")
            return {"reason": "nobody to write to"}
        message = msgspec.structs.replace(
            message,
            way=way,
            contact=person.contacts[way],
            language=person.language,
            tries=message.tries + 1,
        )
        message = self.writer.kept(message, standing, person)
        effect = self.writer.ways.effect(way)
        if effect == "off":
            await self._not_done(work, message, version, f"no-{way}-server")
            return {"reason": "no way"}
        try:
            message = await self._give(work, message, standing, person)
        except RefusedError as error:
            await self._refused(work, message, version, stops=error.stops)
            return {"reason": "refused"}
        except NotReachedError:
            if job.attempt < job.attempts_max:
                raise
            await self._not_done(work, message, version, "not-reached")
            return {"reason": "not reached"}
        self._end(work, message, version, state="sent" if effect == "sends" else "captured")
        return {"message": message.id}

    async def _give(
        self, work: Work, message: Message, standing: list[Standing], person: Person
    ) -> Message:
        """Give a message to its way, and return it as it is kept."""
        ways = self.writer.ways
        if message.way == "sms":
            sms = self.writer.sms(work, message, standing, person)
            await ways.sms.send(sms)
            text = sms.text
        else:
            mail = self.writer.mail(work, message, standing, person)
            await ways.mail.send(mail)
            text = mail.text
        sent = msgspec.structs.replace(message, sent_at=self.gathering.clock())
        return msgspec.structs.replace(sent, text=text) if self.shows_links else sent

    async def _standing(self, message: Message) -> list[Standing]:
        """Return what of a message is still so."""
        found = []
        for id in message.notices:
            stored = await self.gathering.outbox.notice(id)
            if stored is None:
                continue
            notice, _ = stored
            visit, offer = await self.gathering.looked_up(notice)
            shown = offer.visit if offer else visit
            if shown is not None and self.gathering.why_not(notice, visit, offer) is None:
                found.append(Standing(notice, shown, offer))
        return sorted(found, key=lambda one: one.visit.start)

    # --- how it ended ----------------------------------------------------------------------

    def _end(
        self, work: Work, message: Message, version: int, *, state: MessageState, why: str = ""
    ) -> None:
        ended = msgspec.structs.replace(message, state=state, why=why)
        self.gathering.outbox.put_message(work, ended, expected=version)

    async def _not_done(self, work: Work, message: Message, version: int, why: str) -> None:
        self._end(work, message, version, state="not-sent", why=why)
        await note_unsent(self.records, work, message, why, organisation=self.organisation)

    async def _refused(self, work: Work, message: Message, version: int, *, stops: bool) -> None:
        why = "stopped" if stops else "refused"
        # The links that were staged go with what did not go.
        self._end(work, message, version, state="refused", why=why)
        await note_unsent(self.records, work, message, why, organisation=self.organisation)
        if stops and message.way is not None:
            actor = platform_actor(self.organisation)
            await stop_writing(
                self.records, work, message.patient, message.way, message.contact, actor=actor
            )


def is_repeatable(message: Message, now: datetime) -> bool:
    """Report whether a message may be sent again: it did not go, or nobody tries any more."""
    is_given_up = message.state == "waiting" and message.at < now - _GIVEN_UP
    return message.direction == "out" and (message.state in {"not-sent", "refused"} or is_given_up)
