"""Addresses of registration: whom somebody may be, and adding them."""

# Annotations are evaluated here on purpose: FastAPI reads dependencies from a router's closure.

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.clock import Clock
from careflow.database.work import Work
from careflow.identity.actor import Actor
from careflow.identity.permissions import require
from careflow.records.elements import decoded
from careflow.records.person import PatientLine, line_of
from careflow.records.registration.person import Said
from careflow.records.registration.registering import Newcomer, Registration, Way
from careflow.records.registration.twins import Twin

Who = Callable[..., Awaitable[Actor]]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
Asked = Annotated[str | None, Query(max_length=100)]


class TwinsView(BaseModel):
    """Patients whom somebody may be, the likeliest first, with what speaks for it."""

    twins: list[Twin]


class WayBody(BaseModel):
    """A telephone number or e-mail address, and whether the clinic may write to it."""

    model_config = ConfigDict(extra="forbid")
    value: Name
    may_write: bool | None = None


class PhoneBody(WayBody):
    """A telephone number."""

    value: Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ().\-]{5,30}$")]


class EmailBody(WayBody):
    """An e-mail address."""

    value: Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,100}@[^@\s]{1,150}$")]


class NewPatientBody(BaseModel):
    """Somebody to be registered. ``despite`` says why they are not one of the likely twins."""

    model_config = ConfigDict(extra="forbid")
    family: Name
    given: Name
    birth_date: date
    preferred: Name | None = None
    sex: Literal["male", "female", "other", "unknown"] | None = None
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    needs_interpreter: bool = False
    phones: Annotated[list[PhoneBody], Field(max_length=5)] = []
    emails: Annotated[list[EmailBody], Field(max_length=5)] = []
    line: Name | None = None
    city: Name | None = None
    state: Name | None = None
    postal_code: Name | None = None
    despite: Reason | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """Everything these addresses stand on."""

    registration: Registration
    trail: Trail
    clock: Clock


def router(counter: Counter, *, who: Who) -> APIRouter:
    """Return the addresses of registration under ``/api/patients``."""
    api = APIRouter(prefix="/api/patients", tags=["registration"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type
    Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1)]  # noqa: N806

    @api.get("/twins")
    async def twins(
        actor: Asker,
        family: Asked = None,
        given: Asked = None,
        birth_date: date | None = None,
        phone: Asked = None,
        email: Asked = None,
        address: Asked = None,
        postal_code: Asked = None,
        record_number: Asked = None,
    ) -> TwinsView:
        """Find whom somebody may be already, while their name is typed."""
        require(actor, "patients:register")
        said = Said(
            family=family,
            given=given,
            birth_date=birth_date.isoformat() if birth_date else None,
            phone=phone,
            email=email,
            address=address,
            postal_code=postal_code,
            record_number=record_number,
        )
        found = await counter.registration.likely(said)
        await _note_shown(counter, actor, (one.patient.id for one in found))
        return TwinsView(twins=found)

    @api.post("", status_code=201)
    async def register_patient(
        body: NewPatientBody,
        actor: Asker,
        key: Key,  # noqa: ARG001
    ) -> PatientLine:
        """Register somebody; a key is required, so that sending it again adds them once."""
        require(actor, "patients:register")
        registration = counter.registration
        async with Work(registration.documents) as work:
            staged = await registration.register(
                work, _newcomer(body), actor=actor, despite=body.despite
            )
        return line_of(decoded(staged.document))

    return api


async def _note_shown(counter: Counter, actor: Actor, patients: Iterable[str]) -> None:
    """Return once it is durable that these patients were shown."""
    await counter.trail.note(
        AuditEntry(
            at=counter.clock(),
            action="records:patient:search",
            organisation=actor.organisation,
            actor=actor.id,
            role=actor.role,
            patients=tuple(patients),
        )
    )


def _newcomer(body: NewPatientBody) -> Newcomer:
    return Newcomer(
        family=body.family,
        given=body.given,
        birth_date=body.birth_date.isoformat(),
        preferred=body.preferred,
        sex=body.sex,
        language=body.language,
        needs_interpreter=body.needs_interpreter,
        phones=tuple(Way(one.value, one.may_write) for one in body.phones),
        emails=tuple(Way(one.value, one.may_write) for one in body.emails),
        line=body.line,
        city=body.city,
        state=body.state,
        postal_code=body.postal_code,
    )
