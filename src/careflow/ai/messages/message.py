"""A patient's message as a FHIR Communication: written, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from careflow.ai.messages.sorting import URGENCY_OF, Lift, MessageClass, Sorted, Urgency
from careflow.clock import instant_text
from careflow.database.documents import Document
from careflow.identity.actor import Actor, Role
from careflow.records.elements import Json, code_in, decoded, reference_id

CLASSES: Final = "urn:careflow:message-class"
NOTED: Final = "urn:careflow:message"
MESSAGE: Final = "patient-message"
REPLY: Final = "reply"
KIND: Final = "urn:careflow:message-kind"

State = Literal["waiting", "taken", "answered"]
Channel = Literal["message", "assistant"]

ANSWER_WITHIN: Final[Mapping[Urgency, timedelta]] = {
    "now": timedelta(minutes=15),
    "soon": timedelta(hours=1),
    "today": timedelta(hours=4),
    "usual": timedelta(hours=48),
}
"""What the clinic aims at, on the clock and not by opening hours: the first is the time after which
an unacknowledged alert is passed on; the others are ours."""

_PRIORITY: Mapping[Urgency, str] = {
    "now": "stat",
    "soon": "asap",
    "today": "urgent",
    "usual": "routine",
}
_URGENCY: Mapping[str, Urgency] = {priority: name for name, priority in _PRIORITY.items()}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the clinic answered."""

    text: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed the class, from which, and why."""

    by: str
    at: str
    was: MessageClass
    reason: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message with where it stands.

    Attributes:
        texts: What was written; more than one where the same alarm went on.
        channel: ``assistant`` where the patient asked the assistant and rules found an emergency.
        due: When it should be answered at the latest.
        taken_by: Who answers it, by the name people read.
    """

    id: str
    version: int
    patient: str
    texts: tuple[str, ...]
    sent: str
    due: str
    state: State
    channel: Channel
    klass: MessageClass
    urgency: Urgency
    lifts: tuple[Lift, ...]
    method: str | None
    chance: float | None
    reason: str | None
    change: Change | None
    taken_by: str | None
    taken_at: str | None
    reply: Reply | None


def due_at(sent: datetime, urgency: Urgency) -> datetime:
    """Return when a message of this urgency should be answered at the latest."""
    return sent + ANSWER_WITHIN[urgency]


def written(
    text: str, patient: str, found: Sorted, *, channel: Channel, sent: datetime
) -> dict[str, Any]:
    """Return a new message as a Communication."""
    noted: list[Json] = [_noted("channel", channel)]
    for name, value in (("method", found.method), ("reason", found.reason)):
        noted += [_noted(name, value)] if value else []
    if found.chance is not None:
        noted.append({"url": "chance", "valueDecimal": round(found.chance, 4)})
    noted += [_lift(one) for one in found.lifts]
    reference = {"reference": f"Patient/{patient}"}
    return {
        "resourceType": "Communication",
        "extension": [{"url": NOTED, "extension": noted}],
        "status": "in-progress",
        "category": [_kind(MESSAGE), _class(found.klass)],
        "priority": _PRIORITY[found.urgency],
        "subject": reference,
        "sender": reference,
        "sent": instant_text(sent),
        "payload": [{"contentString": text}],
    }


def went_on(body: Json, text: str, found: Sorted) -> Json:
    """Return a message to which the patient added more of the same alarm."""
    noted = [*_of_noted(body), *(_lift(one) for one in found.lifts)]
    return {
        **body,
        "extension": [{"url": NOTED, "extension": noted}],
        "payload": [*body["payload"], {"contentString": text}],
    }


def taken(body: Json, by: Actor, at: datetime) -> Json:
    """Return a message that a named person has seen and will answer."""
    noted = [one for one in _of_noted(body) if one["url"] not in {"taken-by", "taken-at"}]
    noted += [_noted("taken-by", by.name), _noted("taken-at", instant_text(at))]
    return {
        **body,
        "extension": [{"url": NOTED, "extension": noted}],
        "received": instant_text(at),
        "recipient": [_person(by)],
    }


def reclassed(
    body: Json, klass: MessageClass, urgency: Urgency, *, by: Actor, at: datetime, reason: str
) -> Json:
    """Return a message to which a person gave another class."""
    was = code_of_class(body)
    change = {
        "url": "change",
        "extension": [
            _noted("by", by.name),
            _noted("at", instant_text(at)),
            _noted("was", was),
            _noted("reason", reason),
        ],
    }
    noted = [one for one in _of_noted(body) if one["url"] != "change"]
    return {
        **body,
        "extension": [{"url": NOTED, "extension": [*noted, change]}],
        "category": [_kind(MESSAGE), _class(klass)],
        "priority": _PRIORITY[urgency],
    }


def answered(body: Json, by: Actor, at: datetime) -> Json:
    """Return a message that was answered."""
    held = body if body.get("received") else taken(body, by, at)
    return {**held, "status": "completed"}


def reply_to(message: Document, text: str, by: Actor, at: datetime) -> dict[str, Any]:
    """Return the answer to a message as a Communication of its own."""
    subject = decoded(message)["subject"]
    return {
        "resourceType": "Communication",
        "extension": [{"url": NOTED, "extension": [_noted("sent-by", by.name)]}],
        "inResponseTo": [{"reference": f"Communication/{message.id}"}],
        # FHIR R4 finds a Communication by what it is part of, not by what it answers.
        "partOf": [{"reference": f"Communication/{message.id}"}],
        "status": "completed",
        "category": [_kind(REPLY)],
        "subject": subject,
        "recipient": [subject],
        "sender": _person(by),
        "sent": instant_text(at),
        "payload": [{"contentString": text}],
    }


def message_of(document: Document, replies: Sequence[Document] = ()) -> Message:
    """Return a stored message with the clinic's answer to it."""
    body = decoded(document)
    noted = {one["url"]: one for one in _of_noted(body)}
    sent = datetime.fromisoformat(body["sent"])
    urgency = _URGENCY[body.get("priority", "routine")]
    chance = noted.get("chance", {}).get("valueDecimal")
    return Message(
        id=document.id,
        version=document.version,
        patient=reference_id(body.get("subject"), "Patient") or "",
        texts=tuple(one.get("contentString", "") for one in body["payload"]),
        sent=body["sent"],
        due=instant_text(due_at(sent, urgency)),
        state=_state(body),
        channel="assistant" if _text(noted, "channel") == "assistant" else "message",
        klass=code_of_class(body),
        urgency=urgency,
        lifts=tuple(
            Lift(*(_inner(one, name) for name in ("phrase", "rule")))
            for one in _of_noted(body)
            if one["url"] == "lift"
        ),
        method=_text(noted, "method"),
        chance=None if chance is None else float(chance),
        reason=_text(noted, "reason"),
        change=_change(noted.get("change")),
        taken_by=_text(noted, "taken-by"),
        taken_at=_text(noted, "taken-at"),
        reply=next((_reply(one) for one in replies if _answers(one, document.id)), None),
    )


def is_message(body: Json) -> bool:
    """Report whether a Communication is a patient's message to the clinic."""
    return MESSAGE in {code_in(one, KIND) for one in body.get("category", ())}


def code_of_class(body: Json) -> MessageClass:
    """Return the class that a message has now."""
    codes = {code_in(one, CLASSES) for one in body.get("category", ())}
    return next((one for one in URGENCY_OF if one in codes), "unsorted")


def _state(body: Json) -> State:
    if body.get("status") == "completed":
        return "answered"
    return "taken" if body.get("received") else "waiting"


def _answers(reply: Document, id: str) -> bool:
    asked = decoded(reply).get("inResponseTo", ())
    return any(reference_id(one, "Communication") == id for one in asked)


def _reply(document: Document) -> Reply:
    body = decoded(document)
    noted = {one["url"]: one for one in _of_noted(body)}
    return Reply(
        text=body["payload"][0].get("contentString", ""),
        by=_text(noted, "sent-by") or "the clinic",
        at=body["sent"],
    )


def _change(part: Json | None) -> Change | None:
    if part is None:
        return None
    said = {name: _inner(part, name) for name in ("by", "at", "was", "reason")}
    return Change(**said)  # type: ignore[arg-type]


def _of_noted(body: Json) -> list[Json]:
    found = (one for one in body.get("extension", ()) if one.get("url") == NOTED)
    return [part for one in found for part in one.get("extension", ())]


def _text(noted: Mapping[str, Json], name: str) -> str | None:
    value = noted.get(name, {}).get("valueString")
    return None if value is None else str(value)


def _inner(part: Json, name: str) -> str:
    found = [one.get("valueString", "") for one in part.get("extension", ()) if one["url"] == name]
    return str(found[0]) if found else ""


def _noted(name: str, value: str) -> Json:
    return {"url": name, "valueString": value}


def _lift(one: Lift) -> Json:
    return {"url": "lift", "extension": [_noted("phrase", one.phrase), _noted("rule", one.rule)]}


def _kind(code: str) -> Json:
    return {"coding": [{"system": KIND, "code": code}]}


def _class(klass: MessageClass) -> Json:
    return {"coding": [{"system": CLASSES, "code": klass}]}


def _person(actor: Actor) -> Json:
    if actor.practitioner_id and actor.role is not Role.PATIENT:
        return {"reference": f"Practitioner/{actor.practitioner_id}", "display": actor.name}
    return {"type": "Practitioner", "display": actor.name}
