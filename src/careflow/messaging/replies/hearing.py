"""Hears an answer to a text message: a stop word ends text messages, anything else is for the desk.

An edge: it commits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from careflow.clock import Clock
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import NotAllowedError
from careflow.messaging.stored import Message, Outbox
from careflow.messaging.unsent import platform_actor, stop_writing
from careflow.messaging.ways import SmsWay
from careflow.records.store import Records

PATH: Final = "/api/replies/sms"
STOP_WORDS: Final = frozenset(
    {
        "stop",
        "stopall",
        "stop all",
        "unsubscribe",
        "cancel",
        "end",
        "quit",
        "alto",
        "parar",
        "basta",
        "baja",
        "cancelar",
    }
)
"""Whole answers that end text messages, in either language, whatever their case."""
_TEXT_MAX: Final = 500


class NotGenuineError(NotAllowedError):
    """An answer that does not carry the provider's signature."""

    code: ClassVar[str] = "messaging-not-genuine"

    def __init__(self) -> None:
        super().__init__("This does not come from the provider of text messages.")


@dataclass(frozen=True, slots=True)
class Hearing:
    """Answers to one organisation's texts; ``base`` is its address as the provider has it."""

    outbox: Outbox
    records: Records
    sms: SmsWay
    base: str
    clock: Clock

    async def hear(self, form: Mapping[str, str], signature: str) -> None:
        """Take in what the provider hands on, once.

        Raises:
            NotGenuineError: The provider's signature is missing or wrong.
        """
        reply = self.sms.heard(f"{self.base}{PATH}", form, signature)
        if reply is None:
            raise NotGenuineError
        is_stop = reply.text.strip().strip(".!").casefold() in STOP_WORDS
        actor = platform_actor(self.outbox.organisation)
        scope = organisation_scope(self.outbox.organisation)
        for patient, contact in await self.outbox.texted(reply.number):
            message = Message(
                id=f"reply-{reply.id}-{patient}"[:64],
                patient=patient,
                kind="reply",
                at=self.clock(),
                direction="in",
                way="sms",
                contact=contact,
                state="received",
                why="stop-word" if is_stop else "",
                text=reply.text[:_TEXT_MAX],
            )
            if await self.outbox.has(message.id, scope):
                continue
            async with Work(self.records.documents) as work:
                self.outbox.put_message(work, message, expected=0)
                if is_stop:
                    await stop_writing(self.records, work, patient, "sms", contact, actor=actor)
