"""What did not go: a fact that staff read in the outbox and in the record, and whom to spare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Actor, Role
from careflow.messaging.person import Way, without_contact
from careflow.messaging.stored import Message
from careflow.records.elements import decoded
from careflow.records.store import Records

WHY: Final[Mapping[str, str]] = {
    "nobody-to-write-to": "Not sent: there is no address that may be written to. Please call.",
    "no-mail-server": "Not sent: no e-mail server.",
    "no-sms-server": "Not sent: no provider of text messages.",
    "not-reached": "Not sent: the server could not be reached.",
    "refused": "Refused: the address or number does not take messages. Please call.",
    "stopped": "Refused: the recipient asked for no more messages. Please call.",
    "not-so-any-more": "Not sent: it is not so any more.",
    "stop-word": "The patient answered that they want no more text messages.",
    "late-cancel": "The patient cannot come, and says so after the time to cancel by link.",
}
"""What staff read of a message, by the code that is kept."""


def platform_actor(organisation: str) -> Actor:
    """Return who writes to people: the platform itself."""
    return Actor("messages", "Messages", Role.ADMIN, organisation, session="")


async def note_unsent(
    records: Records, work: Work, message: Message, why: str, *, organisation: str
) -> None:
    """Stage a Communication that was not done, in the patient's record; it holds no words."""
    body: dict[str, Any] = {
        "resourceType": "Communication",
        "status": "not-done",
        "statusReason": {"text": WHY[why]},
        "subject": {"reference": f"Patient/{message.patient}"},
    }
    await records.create(
        work, body, actor=platform_actor(organisation), scope=organisation_scope(organisation)
    )


async def stop_writing(
    records: Records, work: Work, patient: str, way: Way, contact: str, *, actor: Actor
) -> None:
    """Stage that nobody writes to a contact of a patient any more."""
    scope = organisation_scope(actor.organisation)
    found = await records.read("Patient", patient, scope)
    body = without_contact(decoded(found), way, contact)
    await records.update(work, body, actor=actor, id=patient, expected=found.version, scope=scope)
