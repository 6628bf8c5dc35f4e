"""Addresses of the outbox: what went to whom, and sending again what did not."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.clock import Clock
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.identity.permissions import require
from careflow.messaging.outbox_view import OutboxView, Row

Who = Callable[..., Awaitable[Actor]]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]
State = Literal["waiting", "sent", "captured", "not-sent", "refused", "dropped", "received"]


class MessageView(BaseModel):
    """A message; ``to`` is masked, ``text`` without its links outside a synthetic clinic."""

    id: str
    direction: Literal["out", "in"]
    kind: str
    patient: str
    patient_name: str
    way: Literal["mail", "sms"] | None
    to: str | None
    state: State
    why: str | None
    subject: str | None
    text: str | None
    visits: list[str]
    at: datetime
    sent_at: datetime | None
    can_send_again: bool


class WaysView(BaseModel):
    """Whether mail and text messages are sent, only kept for staff to see, or off."""

    mail: Literal["sends", "captured", "off"]
    sms: Literal["sends", "captured", "off"]


class MessagesView(BaseModel):
    """Messages, the newest first."""

    messages: list[MessageView]
    next: str | None
    ways: WaysView


@dataclass(frozen=True, slots=True)
class Counter:
    """Everything these addresses stand on."""

    outbox: OutboxView
    trail: Trail
    clock: Clock

    async def noted(self, actor: Actor, rows: list[Row]) -> None:
        """Return once it is durable who read whose messages."""
        await self.trail.note(
            AuditEntry(
                at=self.clock(),
                action="records:outbox:read",
                organisation=actor.organisation,
                actor=actor.id,
                role=actor.role,
                patients=tuple(dict.fromkeys(one.message.patient for one in rows)),
                subjects=(),
            )
        )


def router(counter: Counter, *, who: Who) -> APIRouter:
    """Return the addresses under ``/api/outbox``."""
    api = APIRouter(prefix="/api/outbox", tags=["outbox"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - an annotation

    @api.get("")
    async def outbox(
        actor: Asker,
        patient: Id | None = None,
        state: State | None = None,
        before: str | None = None,
    ) -> MessagesView:
        """Return what went to patients and what did not, the newest first."""
        require(actor, "visits:write")
        rows, following = await counter.outbox.rows(
            scope_of(actor), patient=patient, state=state, cursor=before
        )
        await counter.noted(actor, rows)
        mail, sms = counter.outbox.effects
        return MessagesView(
            messages=[_message(one) for one in rows],
            next=following,
            ways=WaysView(mail=mail, sms=sms),
        )

    @api.post("/{message_id}/send-again")
    async def send_message_again(message_id: Id, actor: Asker) -> MessageView:
        """Send a message that did not go; what it tells is looked at again."""
        require(actor, "visits:write")
        message = await counter.outbox.sending.send_again(message_id, scope_of(actor))
        row = await counter.outbox.row(message, scope_of(actor))
        await counter.noted(actor, [row])
        return _message(row)

    return api


def _message(row: Row) -> MessageView:
    one = row.message
    return MessageView(
        id=one.id,
        direction=one.direction,
        kind=one.kind,
        patient=one.patient,
        patient_name=row.patient_name,
        way=one.way,
        to=row.contact,
        state=one.state,
        why=row.why,
        subject=one.subject or None,
        text=one.text or None,
        visits=list(one.visits),
        at=one.at,
        sent_at=one.sent_at,
        can_send_again=row.can_send_again,
    )
