"""The address of the trail."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from typing import Annotated, Protocol, TypeVar

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.clock import Clock, now


class Asker(Protocol):
    """What the trail must know of who is asking; identity's actor fits."""

    @property
    def id(self) -> str:
        """The account."""
        ...

    @property
    def role(self) -> str:
        """What they are to the clinic."""
        ...


AnyAsker = TypeVar("AnyAsker", bound=Asker)


class AuditLine(BaseModel):
    """One line, as people read it."""

    at: datetime
    action: str
    actor: str
    actor_name: str
    role: str
    patients: list[str]
    subjects: list[str]
    outcome: str
    reason: str | None


class AuditLines(BaseModel):
    """A page of lines, newest first; ``next`` asks for older ones."""

    entries: list[AuditLine]
    next: str | None


NamesOf = Callable[[Collection[str]], Awaitable[Mapping[str, str]]]
"""Finds the names that people read for accounts; one that is unknown is left out."""


def router(
    trail: Trail,
    who: Callable[..., Awaitable[AnyAsker]],
    *,
    allowed: Callable[[AnyAsker], None],
    names: NamesOf,
    clock: Clock = now,
) -> APIRouter:
    """Return the routes; ``allowed`` raises for an asker who may not see the trail."""
    api = APIRouter(prefix="/api/audit", tags=["audit"])

    @api.get("")
    async def entries(
        asker: Annotated[AnyAsker, Depends(who)],
        patient: Annotated[str | None, Query(max_length=64)] = None,
        actor: Annotated[str | None, Query(max_length=64)] = None,
        since: AwareDatetime | None = None,
        after: Annotated[str | None, Query(max_length=64)] = None,
        count: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> AuditLines:
        """Show who did what to whose record, newest first; looking is itself kept."""
        allowed(asker)
        page = await trail.entries(
            patient=patient, actor=actor, since=since, after=after, count=count
        )
        await trail.note(_seen(asker, patient, trail.organisation, clock))
        known = await names({entry.actor for entry in page.entries})
        return AuditLines(entries=[_line(entry, known) for entry in page.entries], next=page.next)

    return api


def _seen(asker: Asker, patient: str | None, organisation: str, clock: Clock) -> AuditEntry:
    return AuditEntry(
        at=clock(),
        action="audit:trail:read",
        organisation=organisation,
        actor=asker.id,
        role=asker.role,
        patients=(patient,) if patient else (),
    )


def _line(entry: AuditEntry, names: Mapping[str, str]) -> AuditLine:
    return AuditLine(
        at=entry.at,
        action=entry.action,
        actor=entry.actor,
        actor_name=names.get(entry.actor, entry.actor),
        role=entry.role,
        patients=list(entry.patients),
        subjects=list(entry.subjects),
        outcome=entry.outcome,
        reason=entry.reason,
    )
