"""The outbox as staff see it: what went to whom, and what did not and why."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.database.scope import AccessScope
from careflow.messaging.person import masked, person_of
from careflow.messaging.sending import Sending, is_repeatable
from careflow.messaging.stored import Message, message_of
from careflow.messaging.unsent import WHY
from careflow.messaging.ways import Effect


@dataclass(frozen=True, slots=True)
class Row:
    """One message; ``contact`` is masked, ``why`` a sentence."""

    message: Message
    patient_name: str
    contact: str | None
    why: str | None
    can_send_again: bool


@dataclass(frozen=True, slots=True)
class OutboxView:
    """The outbox of one organisation, to be read."""

    sending: Sending

    async def rows(
        self,
        scope: AccessScope,
        *,
        patient: str | None = None,
        state: str | None = None,
        cursor: str | None = None,
    ) -> tuple[list[Row], str | None]:
        """Return messages, the newest first, and where the next page begins."""
        page = await self.sending.gathering.outbox.page(
            scope, patient=patient, state=state, cursor=cursor
        )
        found = [message_of(one.body) for one in page.documents]
        return [await self.row(one, scope) for one in found], page.next

    async def row(self, message: Message, scope: AccessScope) -> Row:
        """Return one message as staff see it."""
        person = await person_of(self.sending.records.documents, message.patient, scope)
        contact = masked(message.way, message.contact) if message.way else None
        return Row(
            message=message,
            patient_name=person.full_name if person else "",
            contact=contact,
            why=WHY.get(message.why),
            can_send_again=is_repeatable(message, self.sending.gathering.clock()),
        )

    @property
    def effects(self) -> tuple[Effect, Effect]:
        """Return what becomes of mail and of text messages."""
        ways = self.sending.writer.ways
        return ways.mail.effect, ways.sms.effect
