"""Addresses of the screens: day, patients, chart, documents, portal."""

# Annotations are evaluated here on purpose: FastAPI reads dependencies from a router's closure.

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.clock import Clock, instant_text
from careflow.database.documents import Documents
from careflow.database.work import Work
from careflow.files.store import FileTooLargeError
from careflow.identity.access import directory_scope_of, scope_of
from careflow.identity.actor import Actor, Role
from careflow.identity.permissions import require
from careflow.records.chart import Chart, Charts
from careflow.records.day import Day, Days
from careflow.records.directory import Directory
from careflow.records.inbox import Inbox, InboxDocument
from careflow.records.matching import Candidate, ReadIdentity
from careflow.records.paper import InboxStatus
from careflow.records.person import PatientLine
from careflow.records.portal import Portal, Portals
from careflow.records.store import Records
from careflow.records.trends import Trend

Who = Callable[..., Awaitable[Actor]]


class DemoSignIn(BaseModel):
    """How to sign in to a synthetic clinic as one role."""

    role: str
    name: str
    email: str
    password: str


class ClinicView(BaseModel):
    """The clinic as anyone may know it."""

    name: str
    zone: str
    now: str
    synthetic: bool
    demo_accounts: list[DemoSignIn]


class PatientsView(BaseModel):
    """Patients that a search found."""

    patients: list[PatientLine]


class DocumentsView(BaseModel):
    """Documents of the inbox."""

    documents: list[InboxDocument]


class WaitingView(BaseModel):
    """How many documents wait for a person."""

    waiting: int


class CandidatesView(BaseModel):
    """What was read, and whom it may be about."""

    read: ReadIdentity
    candidates: list[Candidate]


class MatchBody(BaseModel):
    """Whose document it is."""

    model_config = ConfigDict(extra="forbid")
    patient_id: str = Field(min_length=1, max_length=64)


class DiscardBody(BaseModel):
    """Why a document does not belong here."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(min_length=3, max_length=500)


class FileBody(BaseModel):
    """What a document is, for whoever looks for it in the chart."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=3, max_length=200)


@dataclass(frozen=True, slots=True)
class Clinic:
    """The clinic's public facts; ``demo_accounts`` are a synthetic clinic's, on loopback only."""

    name: str
    zone: str
    synthetic: bool
    demo_accounts: tuple[DemoSignIn, ...] = ()


@dataclass(frozen=True, slots=True)
class Screens:
    """Everything the screens' addresses stand on."""

    clinic: Clinic
    documents: Documents
    directory: Directory
    charts: Charts
    days: Days
    portals: Portals
    inbox: Inbox
    records: Records
    trail: Trail
    clock: Clock

    async def read_noted(
        self,
        action: str,
        actor: Actor,
        *,
        patients: list[str],
        subjects: tuple[str, ...] = (),
    ) -> None:
        """Return once the entry of this read is durable."""
        await self.trail.note(
            AuditEntry(
                at=self.clock(),
                action=action,
                organisation=actor.organisation,
                actor=actor.id,
                role=actor.role,
                patients=tuple(dict.fromkeys(patients)),
                subjects=subjects,
            )
        )


def router(screens: Screens, *, who: Who) -> APIRouter:
    """Return the screens' addresses under ``/api``."""
    api = APIRouter(prefix="/api", tags=["records"])
    _add_clinic(api, screens)
    _add_patients(api, screens, who)
    _add_inbox(api, screens, who)
    _add_pages(api, screens, who)
    _add_portal(api, screens, who)
    return api


def _add_clinic(api: APIRouter, screens: Screens) -> None:
    @api.get("/clinic")
    async def clinic() -> ClinicView:
        """Name the clinic, its zone and time; needs no sign-in."""
        facts = screens.clinic
        return ClinicView(
            name=facts.name,
            zone=facts.zone,
            now=instant_text(screens.clock()),
            synthetic=facts.synthetic,
            demo_accounts=list(facts.demo_accounts),
        )


def _add_patients(api: APIRouter, screens: Screens, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.get("/day")
    async def day(
        actor: Asker,
        on: Annotated[date | None, Query(alias="date")] = None,
        practitioner: str | None = None,
    ) -> Day:
        """List a day's visits: a clinician's own unless another or ``all`` is asked for."""
        require(actor, "schedule:read")
        chosen = _whose_day(actor, practitioner)
        answer = await screens.days.on(on, practitioner_id=chosen, scope=scope_of(actor))
        patients = [visit.patient.id for visit in answer.visits]
        await screens.read_noted("records:day:read", actor, patients=patients)
        return answer

    @api.get("/patients")
    async def patients(
        actor: Asker,
        query: Annotated[str, Query(max_length=200)] = "",
        count: Annotated[int, Query(ge=1, le=50)] = 20,
    ) -> PatientsView:
        """Find patients by name, birth date or record number."""
        require(actor, "patients:find")
        found = await screens.directory.find(query, count=count, scope=directory_scope_of(actor))
        await screens.read_noted(
            "records:patient:search", actor, patients=[one.id for one in found]
        )
        return PatientsView(patients=found)

    @api.get("/patients/{patient_id}/chart")
    async def chart(patient_id: str, actor: Asker) -> Chart:
        """Show one patient on one screen."""
        require(actor, "chart:read")
        answer = await screens.charts.of(patient_id, scope_of(actor))
        await screens.read_noted(
            "records:chart:read", actor, patients=[patient_id], subjects=(f"Patient/{patient_id}",)
        )
        return answer

    @api.get("/patients/{patient_id}/results/{code}")
    async def results(patient_id: str, code: str, actor: Asker) -> Trend:
        """Show one analyte of a patient over time."""
        require(actor, "chart:read")
        answer = await screens.charts.trend(patient_id, code, scope_of(actor))
        await screens.read_noted(
            "records:observation:read",
            actor,
            patients=[patient_id],
            subjects=tuple(f"Observation/{point.observation_id}" for point in answer.points),
        )
        return answer


def _add_inbox(api: APIRouter, screens: Screens, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type
    inbox = screens.inbox

    @api.post("/documents", status_code=201)
    async def receive(
        request: Request,
        actor: Asker,
        filename: Annotated[str, Query(min_length=1, max_length=255)],
    ) -> InboxDocument:
        """Take a document in (the body is its bytes); reading it is queued with it."""
        require(actor, "inbox:write")
        _refuse_declared(request, inbox.limit)
        async with Work(screens.documents) as work:
            received = await inbox.receive(work, request.stream(), filename=filename, actor=actor)
        return await inbox.get(received, scope_of(actor))

    @api.get("/inbox")
    async def waiting(actor: Asker) -> WaitingView:
        """Count what waits for a person: a number, so that badges need not read the inbox."""
        require(actor, "inbox:read")
        return WaitingView(waiting=await inbox.waiting(scope_of(actor)))

    @api.get("/documents")
    async def documents(actor: Asker, status: InboxStatus | None = None) -> DocumentsView:
        """List the inbox, newest first."""
        require(actor, "inbox:read")
        found = await inbox.listed(status, scope_of(actor))
        await screens.read_noted(
            "records:inbox:read",
            actor,
            patients=[one.patient.id for one in found if one.patient],
            subjects=tuple(f"inbox-document/{one.id}" for one in found),
        )
        return DocumentsView(documents=found)

    @api.get("/documents/{document_id}")
    async def document(document_id: str, actor: Asker) -> InboxDocument:
        """Show one document of the inbox."""
        require(actor, "inbox:read")
        found = await inbox.get(document_id, scope_of(actor))
        await _note_document(screens, "records:inbox:read", actor, found)
        return found

    @api.get("/documents/{document_id}/candidates")
    async def candidates(document_id: str, actor: Asker) -> CandidatesView:
        """Propose patients the document may be about, with reasons."""
        require(actor, "inbox:write")
        read, found = await inbox.candidates(document_id, scope_of(actor))
        await screens.read_noted(
            "records:patient:search",
            actor,
            patients=[one.patient.id for one in found],
            subjects=(f"inbox-document/{document_id}",),
        )
        return CandidatesView(read=read, candidates=found)

    @api.post("/documents/{document_id}/match")
    async def match(document_id: str, body: MatchBody, actor: Asker) -> InboxDocument:
        """Say whose document it is; a person decides, always."""
        require(actor, "inbox:write")
        async with Work(screens.documents) as work:
            await inbox.match(work, document_id, body.patient_id, actor=actor)
        return await inbox.get(document_id, scope_of(actor))

    @api.post("/documents/{document_id}/discard")
    async def discard(document_id: str, body: DiscardBody, actor: Asker) -> InboxDocument:
        """Set a document aside that does not belong here; nothing reaches a chart."""
        require(actor, "inbox:write")
        async with Work(screens.documents) as work:
            await inbox.discard(work, document_id, reason=body.reason, actor=actor)
        return await inbox.get(document_id, scope_of(actor))

    @api.post("/documents/{document_id}/file")
    async def file(document_id: str, body: FileBody, actor: Asker) -> InboxDocument:
        """Put a matched document that could not be read into the chart as it is."""
        require(actor, "draft:sign")
        async with Work(screens.documents) as work:
            await inbox.file_by_hand(
                work, document_id, title=body.title, records=screens.records, actor=actor
            )
        return await inbox.get(document_id, scope_of(actor))


def _refuse_declared(request: Request, limit: int) -> None:
    """Raise before the body is read, where the sender says that it is too long."""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and len(declared) < 20 and int(declared) > limit:
        raise FileTooLargeError(limit)


_PNG: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "image/png": {"schema": {"type": "string", "format": "binary"}},
            "image/svg+xml": {"schema": {"type": "string"}},
        }
    }
}
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    }
}


def _add_pages(api: APIRouter, screens: Screens, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type
    inbox = screens.inbox

    @api.get("/documents/{document_id}/pages/{number}", responses=_PNG, response_class=Response)
    async def page(document_id: str, number: int, actor: Asker) -> Response:
        """Draw one page, upright, as PNG (a text as SVG); boxes of rows are fractions of it."""
        require(actor, "inbox:read")
        found = await _opened(inbox, document_id, actor)
        image = await inbox.page(document_id, number, scope_of(actor))
        await _note_document(screens, "records:document:read", actor, found)
        kind = "image/svg+xml" if found.media_type == "text/plain" else "image/png"
        return Response(image, media_type=kind, headers=_PRIVATE)

    @api.get("/documents/{document_id}/content", responses=_BYTES, response_class=Response)
    async def content(document_id: str, actor: Asker) -> Response:
        """Return the original, byte-identical, as a download."""
        require(actor, "inbox:read")
        found = await _opened(inbox, document_id, actor)
        body = await inbox.content(document_id, scope_of(actor))
        await _note_document(screens, "records:document:read", actor, found)
        name = quote(found.filename, safe="")
        headers = {**_PRIVATE, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(body, media_type=found.media_type, headers=headers)


def _add_portal(api: APIRouter, screens: Screens, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.get("/portal")
    async def portal(actor: Asker) -> Portal:
        """Show a patient their own signed results and next visit."""
        require(actor, "portal:read")
        answer = await screens.portals.of(actor.patient_id or "", scope_of(actor))
        subjects = tuple(f"DiagnosticReport/{report.id}" for report in answer.reports)
        await screens.read_noted(
            "records:portal:read", actor, patients=[actor.patient_id or ""], subjects=subjects
        )
        return answer


_PRIVATE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


async def _opened(inbox: Inbox, document_id: str, actor: Actor) -> InboxDocument:
    """Return a document whose pages the actor may see: once in a chart, it takes chart access."""
    found = await inbox.get(document_id, scope_of(actor))
    if found.status == "filed":
        require(actor, "chart:read")
    return found


async def _note_document(
    screens: Screens, action: str, actor: Actor, document: InboxDocument
) -> None:
    patients = [document.patient.id] if document.patient else []
    subjects = (f"inbox-document/{document.id}",)
    await screens.read_noted(action, actor, patients=patients, subjects=subjects)


def _whose_day(actor: Actor, asked: str | None) -> str | None:
    if asked == "all":
        return None
    if asked:
        return asked
    return actor.practitioner_id if actor.role is Role.CLINICIAN else None
