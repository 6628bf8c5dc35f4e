"""Addresses of patients' messages: a patient's own, and the clinic's inbox of them."""

# Annotations are evaluated here on purpose: FastAPI reads dependencies from a router's closure.

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from careflow.ai.messages.message import Change, Message, Reply
from careflow.ai.messages.pool import Pool, Waiting
from careflow.ai.messages.sorting import Lift, MessageClass, Urgency
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.clock import Clock, instant_text
from careflow.identity.actor import Actor
from careflow.identity.permissions import require
from careflow.records.person import PatientLine

Who = Callable[..., Awaitable[Actor]]
_WORDS_MAX = 4000


class MessageBody(BaseModel):
    """What a patient wants the clinic to know."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=_WORDS_MAX)


class OwnMessage(BaseModel):
    """A message as the patient who sent it sees it."""

    id: str
    texts: list[str]
    sent: str
    due: str
    urgency: Urgency
    state: Literal["waiting", "taken", "answered"]
    taken_by: str | None
    reply: Reply | None


class OwnMessages(BaseModel):
    """What a patient sent."""

    messages: list[OwnMessage]


class LiftView(BaseModel):
    """Words that no one may overlook, and the rule that says so."""

    phrase: str
    rule: str


class PatientMessageView(OwnMessage):
    """A message as the clinic sees it, and why it stands where it stands."""

    version: int
    patient: PatientLine | None
    channel: Literal["message", "assistant"]
    klass: MessageClass
    lifts: list[LiftView]
    method: str | None
    chance: float | None
    reason: str | None
    change: Change | None
    taken_at: str | None


class PatientMessagesView(BaseModel):
    """Messages of the clinic; ``now`` is the clinic's time, for the clocks beside them."""

    now: str
    messages: list[PatientMessageView]


class TakeBody(BaseModel):
    """The version that was on the screen."""

    model_config = ConfigDict(extra="forbid")
    version: int = Field(ge=1)


class ClassBody(TakeBody):
    """The class that a person gives, and why."""

    klass: MessageClass
    reason: str = Field(min_length=3, max_length=300)


class ReplyBody(TakeBody):
    """The clinic's answer."""

    text: str = Field(min_length=1, max_length=_WORDS_MAX)


@dataclass(frozen=True, slots=True)
class Letterbox:
    """What the addresses stand on."""

    pool: Pool
    trail: Trail
    clock: Clock

    async def read_noted(self, actor: Actor, messages: Sequence[Message]) -> None:
        """Return once the entry of this read is durable."""
        await self.trail.note(
            AuditEntry(
                at=self.clock(),
                action="records:communication:read",
                organisation=actor.organisation,
                actor=actor.id,
                role=actor.role,
                patients=tuple(dict.fromkeys(one.patient for one in messages)),
                subjects=tuple(f"Communication/{one.id}" for one in messages),
            )
        )


def router(box: Letterbox, *, who: Who) -> APIRouter:
    """Return the addresses of messages."""
    api = APIRouter(prefix="/api", tags=["messages"])
    _add_own(api, box, who)
    _add_inbox(api, box, who)
    return api


def _add_own(api: APIRouter, box: Letterbox, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.post("/portal/messages", status_code=201)
    async def send_message(body: MessageBody, actor: Asker) -> OwnMessage:
        """Send the clinic a message; it is sorted by how soon somebody must read it."""
        require(actor, "messages:own")
        return _own(await box.pool.send(body.text, actor))

    @api.get("/portal/messages")
    async def own_messages(actor: Asker) -> OwnMessages:
        """List what one sent the clinic, each with the answer."""
        require(actor, "messages:own")
        found = await box.pool.own(actor)
        await box.read_noted(actor, found)
        return OwnMessages(messages=[_own(one) for one in found])


def _add_inbox(api: APIRouter, box: Letterbox, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.get("/patient-messages")
    async def patient_messages(
        actor: Asker, show: Literal["open", "answered"] = "open"
    ) -> PatientMessagesView:
        """List patients' messages: open ones the most urgent first."""
        require(actor, "messages:answer")
        found = await box.pool.listed(actor, is_closed=show == "answered")
        await box.read_noted(actor, found)
        people = await box.pool.people(found, actor)
        return PatientMessagesView(
            now=instant_text(box.clock()),
            messages=[_view(one, people.get(one.patient)) for one in found],
        )

    @api.get("/patient-messages/waiting")
    async def messages_waiting(actor: Asker) -> Waiting:
        """Count messages that nobody has taken; no message is read for it."""
        require(actor, "messages:answer")
        return await box.pool.waiting(actor)

    @api.post("/patient-messages/{message_id}/take")
    async def take_message(message_id: str, body: TakeBody, actor: Asker) -> PatientMessageView:
        """Say by name that one has seen a message and answers it."""
        require(actor, "messages:answer")
        return await shown(await box.pool.take(message_id, actor, expected=body.version), actor)

    @api.post("/patient-messages/{message_id}/class")
    async def sort_message(message_id: str, body: ClassBody, actor: Asker) -> PatientMessageView:
        """Give a message another class; the reason is kept."""
        require(actor, "messages:answer")
        changed = await box.pool.sort_anew(
            message_id, body.klass, actor, reason=body.reason, expected=body.version
        )
        return await shown(changed, actor)

    @api.post("/patient-messages/{message_id}/reply")
    async def reply_to_message(
        message_id: str, body: ReplyBody, actor: Asker
    ) -> PatientMessageView:
        """Answer a message; the patient reads the answer in the portal."""
        require(actor, "messages:answer")
        told = await box.pool.reply(message_id, body.text, actor, expected=body.version)
        return await shown(told, actor)

    async def shown(message: Message, actor: Actor) -> PatientMessageView:
        people = await box.pool.people([message], actor)
        return _view(message, people.get(message.patient))


def _own(one: Message) -> OwnMessage:
    return OwnMessage(
        id=one.id,
        texts=list(one.texts),
        sent=one.sent,
        due=one.due,
        urgency=one.urgency,
        state=one.state,
        taken_by=one.taken_by,
        reply=one.reply,
    )


def _view(one: Message, patient: PatientLine | None) -> PatientMessageView:
    return PatientMessageView(
        **_own(one).model_dump(),
        version=one.version,
        patient=patient,
        channel=one.channel,
        klass=one.klass,
        lifts=[_lift(lift) for lift in one.lifts],
        method=one.method,
        chance=one.chance,
        reason=one.reason,
        change=one.change,
        taken_at=one.taken_at,
    )


def _lift(one: Lift) -> LiftView:
    return LiftView(phrase=one.phrase, rule=one.rule)
