"""Addresses of what patients answered before a visit: reading it, and looking at each answer."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.clock import Clock
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.identity.permissions import require
from careflow.records.intake.reviewing import Answer, Filled, IntakeReviews
from careflow.records.person import PatientLine

Who = Callable[..., Awaitable[Actor]]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class FilledView(BaseModel):
    """A form that a patient filled in, each answer with what came of it."""

    id: str
    patient: PatientLine
    visit: str | None
    authored: str
    waiting: int
    answers: list[Answer]


class FilledListView(BaseModel):
    """Forms that wait to be looked at, the oldest first."""

    forms: list[FilledView]


class AcceptAnswerBody(BaseModel):
    """The reviewer's words, where they are not the patient's."""

    model_config = ConfigDict(extra="forbid")
    text: Text | None = None


class DeclineAnswerBody(BaseModel):
    """Why an answer is left out of the chart."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[Text, Field(min_length=3)]


@dataclass(frozen=True, slots=True)
class Counter:
    """Everything these addresses stand on."""

    reviews: IntakeReviews
    trail: Trail
    clock: Clock


def router(counter: Counter, *, who: Who) -> APIRouter:
    """Return the addresses under ``/api/intake``."""
    api = APIRouter(prefix="/api/intake", tags=["intake"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - an annotation
    reviews = counter.reviews

    @api.get("")
    async def filled_forms(actor: Asker, patient: Id | None = None) -> FilledListView:
        """Return the forms that wait to be looked at."""
        require(actor, "chart:read")
        found = await reviews.waiting(scope_of(actor), patient=patient)
        await _note(counter, actor, found)
        return FilledListView(forms=[_view(one) for one in found])

    @api.get("/{form_id}")
    async def filled_form(form_id: Id, actor: Asker) -> FilledView:
        """Return one form."""
        require(actor, "chart:read")
        found = await reviews.read(form_id, scope_of(actor))
        await _note(counter, actor, [found])
        return _view(found)

    @api.post("/{form_id}/answers/{key}/accept")
    async def accept_answer(
        form_id: Id, key: Id, body: AcceptAnswerBody, actor: Asker
    ) -> FilledView:
        """Take one answer into the chart."""
        require(actor, "chart:read")
        return _view(await reviews.accept(form_id, key, actor=actor, text=body.text))

    @api.post("/{form_id}/answers/{key}/decline")
    async def decline_answer(
        form_id: Id, key: Id, body: DeclineAnswerBody, actor: Asker
    ) -> FilledView:
        """Leave one answer out of the chart."""
        require(actor, "chart:read")
        return _view(await reviews.decline(form_id, key, actor=actor, reason=body.reason))

    return api


async def _note(counter: Counter, actor: Actor, found: Sequence[Filled]) -> None:
    """Return once it is durable that these were shown."""
    await counter.trail.note(
        AuditEntry(
            at=counter.clock(),
            action="records:questionnaireresponse:read",
            organisation=actor.organisation,
            actor=actor.id,
            role=actor.role,
            patients=tuple(dict.fromkeys(one.patient.id for one in found)),
            subjects=tuple(f"QuestionnaireResponse/{one.id}" for one in found),
        )
    )


def _view(one: Filled) -> FilledView:
    return FilledView(
        id=one.id,
        patient=one.patient,
        visit=one.visit,
        authored=one.authored,
        waiting=one.waiting,
        answers=one.answers,
    )
