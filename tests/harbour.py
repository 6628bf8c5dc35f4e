"""A small clinic over real parts: store, trail, files, queue, engine and the screens' addresses."""

from __future__ import annotations

import asyncio
import io
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import msgspec
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from careflow.ai import http as ai_http
from careflow.ai.cards import http as cards_http
from careflow.ai.desk import Desk
from careflow.ai.drafts import Drafts
from careflow.ai.engines.local import LocalEngine
from careflow.ai.gateway import Gateway
from careflow.ai.histories import Histories
from careflow.ai.later import Later
from careflow.ai.messages import http as messages_http
from careflow.ai.messages.pool import Pool
from careflow.ai.messages.sorting import Sorter
from careflow.ai.portal import http as portal_http
from careflow.ai.portal.assistant import Assistant
from careflow.ai.read_document import DocumentReader
from careflow.ai.reading.page import PageText
from careflow.ai.reading.pages import read_pages, render_page
from careflow.ai.review import Reviews
from careflow.ai.running import http as running_http
from careflow.ai.safety import http as safety_http
from careflow.ai.safety.checking import SafetyChecks
from careflow.ai.task_drafts import http as task_drafts_http
from careflow.ai.task_drafts.looks import Looks
from careflow.ai.task_drafts.review import TaskReviews
from careflow.app.problems import of_error
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.database.documents import Documents, Query
from careflow.database.scope import organisation_scope
from careflow.database.sqlite import open_documents
from careflow.database.sqlite.audit_file import SqliteAuditFile, open_audit_file
from careflow.database.work import Work
from careflow.errors import CareFlowError, NotSignedInError
from careflow.files.disk import DiskFiles
from careflow.identity.actor import Actor, Role
from careflow.jobs.queue import JobQueue
from careflow.records import http as records_http
from careflow.records.chart import Charts
from careflow.records.day import Days
from careflow.records.directory import Directory
from careflow.records.inbox import Inbox
from careflow.records.portal import Portals
from careflow.records.store import Records

Json = dict[str, Any]
KEY = bytes(range(32))
ORGANISATION = "harbour"
ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
EVERYTHING = organisation_scope(ORGANISATION)
LOINC = "http://loinc.org"

ADA = Actor("a-1", "Dr Ada Okoye", Role.CLINICIAN, ORGANISATION, "s", practitioner_id="ada")
NIA = Actor("a-2", "Nia Patel", Role.NURSE, ORGANISATION, "s", practitioner_id="nia")
FIN = Actor("a-3", "Fin Lind", Role.RECEPTIONIST, ORGANISATION, "s")
ALI = Actor("a-4", "Ali Bell", Role.ADMIN, ORGANISATION, "s")
PAUL = Actor("a-5", "Paul", Role.PATIENT, ORGANISATION, "s", patient_id="p3")
MARY = Actor("a-6", "Mary", Role.PATIENT, ORGANISATION, "s", patient_id="p7")
PEOPLE = {"ada": ADA, "nia": NIA, "fin": FIN, "ali": ALI, "paul": PAUL, "mary": MARY}


class InProcessReader:
    """Reads files in a thread of this process; files of tests are our own."""

    async def pages(self, content: bytes, media_type: str) -> Sequence[PageText]:
        return await asyncio.to_thread(read_pages, content, media_type)

    async def page_image(
        self, content: bytes, media_type: str, number: int, rotation: int | None
    ) -> bytes:
        return await asyncio.to_thread(
            render_page, content, media_type, number, 900, rotation=rotation
        )


@dataclass
class Clinic:
    """The running parts and a way to ask them."""

    documents: Documents
    trail: Trail
    audit_file: SqliteAuditFile
    records: Records
    inbox: Inbox
    charts: Charts
    days: Days
    portals: Portals
    directory: Directory
    gateway: Gateway
    reviews: Reviews
    queue: JobQueue
    app: FastAPI

    async def ask(
        self, method: str, path: str, *, by: str | None = "nia", **more: Any
    ) -> httpx2.Response:
        """Send one request as someone."""
        headers = more.pop("headers", {}) | ({"authorization": f"Bearer {by}"} if by else {})
        transport = httpx2.ASGITransport(self.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
            return await client.request(method, path, headers=headers, **more)

    async def got(self, path: str, *, by: str = "nia") -> Any:
        """Return the JSON of a read that must succeed."""
        answer = await self.ask("GET", path, by=by)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def store(self, *resources: Json) -> None:
        """Put resources into the record under the ids they carry."""
        async with Work(self.documents) as work:
            for one in resources:
                await self.records.update(work, one, actor=ADA, scope=EVERYTHING)

    async def upload(
        self, content: bytes, *, filename: str = "scan.pdf", by: str = "fin"
    ) -> httpx2.Response:
        """Send a document to the inbox."""
        path = "/api/documents"
        return await self.ask("POST", path, by=by, params={"filename": filename}, content=content)

    async def read_in(self, content: bytes, *, patient: str | None = None) -> Json:
        """Upload a document, run its job, match it, and return it as the inbox shows it."""
        id = (await self.upload(content)).json()["id"]
        assert await self.queue.run_once()
        if patient:
            await self.match(id, patient)
        shown: Json = await self.got(f"/api/documents/{id}")
        return shown

    async def match(self, document_id: str, patient: str, *, by: str = "nia") -> httpx2.Response:
        """Say whose document it is."""
        path = f"/api/documents/{document_id}/match"
        return await self.ask("POST", path, by=by, json={"patient_id": patient})

    async def stored(self, kind: str) -> list[Json]:
        """Return every current document of a kind."""
        page = await self.documents.find(Query(kind, count=200), EVERYTHING)
        return [msgspec.json.decode(document.body) for document in page.documents]

    async def trail_of(self, action: str) -> list[AuditEntry]:
        """Return the entries of one act, newest first."""
        page = await self.trail.entries(count=200)
        return [entry for entry in page.entries if entry.action == action]


@asynccontextmanager
async def open_clinic(folder: Path, *, now: datetime = NOW) -> AsyncIterator[Clinic]:
    """Open everything anew in a folder, and close it again."""
    clock = stepping_clock(now)
    mint = counting_mint()
    documents = await open_documents(folder / "careflow.db", key=KEY, clock=clock)
    audit_file = await open_audit_file(folder / "audit.db", key=KEY, clock=clock)
    try:
        yield _built(folder, documents, audit_file, clock, mint)
    finally:
        await documents.close()
        await audit_file.close()


def _built(
    folder: Path,
    documents: Documents,
    audit_file: SqliteAuditFile,
    clock: Callable[[], datetime],
    mint: Callable[[], str],
) -> Clinic:
    trail = Trail(
        documents,
        audit_file,
        organisation=ORGANISATION,
        master_key=KEY,
        head_path=folder / "head",
    )
    records = Records(documents, clock=clock, mint=mint)
    directory = Directory(documents)
    charts = Charts(documents, directory, clock, ZONE)
    days = Days(documents, directory, clock, ZONE)
    portals = Portals(documents, directory, clock, ZONE)
    reader = InProcessReader()
    files = DiskFiles(folder / "files", KEY, clock=clock)
    inbox = Inbox(documents, files, directory, clock, mint, ZONE, paint=reader.page_image)
    gateway = Gateway((LocalEngine(),), reader)
    reviews = Reviews(Drafts(documents), inbox, charts, records, clock, mint, ZONE)
    histories = Histories(documents, directory, clock, ZONE)
    task_reviews = TaskReviews(
        Drafts(documents), directory, records, Looks(documents, clock), clock, mint
    )
    later = Later(documents, gateway, histories, task_reviews, inbox, clock, mint)
    reading = DocumentReader(inbox, gateway, reader, clock, mint)
    handlers = {**reading.handlers(), **later.handlers()}
    queue = JobQueue(documents, handlers, organisation=ORGANISATION, clock=clock, worker="test")
    screens = records_http.Screens(
        clinic=records_http.Clinic("Harbour", ZONE.key, synthetic=True),
        documents=documents,
        directory=directory,
        charts=charts,
        days=days,
        portals=portals,
        inbox=inbox,
        records=records,
        trail=trail,
        clock=clock,
    )
    desk = Desk(documents, inbox, gateway, reviews, histories, task_reviews, later, trail, clock)
    app = _app(screens, desk)
    return Clinic(
        documents,
        trail,
        audit_file,
        records,
        inbox,
        charts,
        days,
        portals,
        directory,
        gateway,
        reviews,
        queue,
        app,
    )


def _app(screens: records_http.Screens, desk: Desk) -> FastAPI:
    app = FastAPI()
    drafts = task_drafts_http.router(desk.task_reviews, desk.documents, desk.trail, who=_who)
    app.include_router(drafts)
    app.include_router(records_http.router(screens, who=_who))
    app.include_router(ai_http.router(desk, who=_who))
    app.include_router(running_http.router(desk, who=_who))
    pool = Pool(
        desk.documents, screens.records, screens.directory, Sorter(desk.gateway), desk.clock
    )
    app.include_router(portal_http.router(desk, Assistant(desk, pool), who=_who))
    box = messages_http.Letterbox(pool, desk.trail, desk.clock)
    app.include_router(messages_http.router(box, who=_who))
    checks = SafetyChecks(screens.charts, desk.clock)
    app.include_router(safety_http.router(desk, checks, who=_who))
    app.include_router(cards_http.router(desk.gateway, who=_who))
    app.add_exception_handler(CareFlowError, _problem)
    return app


async def _who(request: Request) -> Actor:
    name = request.headers.get("authorization", "").removeprefix("Bearer ")
    if name not in PEOPLE:
        raise NotSignedInError("Sign in first.")
    return PEOPLE[name]


async def _problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CareFlowError)
    return JSONResponse(of_error(error), status_code=error.status)


def stepping_clock(start: datetime) -> Callable[[], datetime]:
    """Return a clock that goes on by a second each time it is asked."""
    seconds = itertools.count()
    return lambda: start + timedelta(seconds=next(seconds))


def counting_mint() -> Callable[[], str]:
    """Return a mint of ids that are known beforehand: id-0001, id-0002 …"""
    numbers = itertools.count(1)
    return lambda: f"id-{next(numbers):04d}"


# --- resources, valid by default -----------------------------------------------------------


def a_patient(id: str = "p3", **changes: Any) -> Json:
    """Return Paul Johnston, born 2 March 1984, record number H-1003."""
    return {
        "resourceType": "Patient",
        "id": id,
        "identifier": [
            {
                "type": {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/v2-0203",
                            "code": "MR",
                        }
                    ]
                },
                "system": "urn:harbour:mrn",
                "value": f"H-10{id.removeprefix('p').zfill(2)}",
            }
        ],
        "name": [{"use": "official", "family": "Johnston", "given": ["Paul"], "prefix": ["Mr"]}],
        "gender": "male",
        "birthDate": "1984-03-02",
        "telecom": [{"system": "phone", "value": "555 0103"}],
    } | changes


def named(family: str, *given: str) -> list[Json]:
    """Return a name element."""
    return [{"use": "official", "family": family, "given": list(given)}]


def an_observation(
    id: str,
    value: str,
    *,
    code: str = "2823-3",
    name: str = "Potassium",
    unit: str = "mmol/L",
    at: str = "2026-10-01T08:15:00-04:00",
    patient: str = "p3",
    category: str = "laboratory",
    **changes: Any,
) -> Json:
    """Return a signed result."""
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": category,
                    }
                ]
            }
        ],
        "code": {"coding": [{"system": LOINC, "code": code}], "text": name},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": at,
        "valueQuantity": {
            "value": msgspec.Raw(value.encode()),
            "unit": unit,
            "system": "http://unitsofmeasure.org",
            "code": unit,
        },
    } | changes


# --- a report on paper ---------------------------------------------------------------------

ROWS = (
    ("Sodium", "139", "mmol/L", "136 - 145", ""),
    ("Potassium", "4.4", "mmol/L", "3.5 - 5.1", ""),
    ("Creatinine", "1.42", "mg/dL", "0.70 - 1.30", "H"),
    ("Glucose", "92", "mg/dL", "70 - 99", ""),
)


def a_report(
    rows: Sequence[tuple[str, ...]] = ROWS,
    *,
    name: str = "JOHNSTON, Paul",
    born: str = "02-Mar-1984",
    number: str = "H-1003",
    collected: str | None = "20-Nov-2026 08:15",
) -> bytes:
    """Draw a laboratory report as a PDF with a text layer."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(60, 790, "Tideline Laboratory")
    canvas.setFont("Helvetica", 10)
    head = [f"Patient: {name}", f"Date of Birth: {born}", f"MRN: {number}"]
    if collected:
        head.append(f"Collected: {collected}")
    for line, text in enumerate(head):
        canvas.drawString(60, 760 - 16 * line, text)
    _table(canvas, rows)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def a_letter() -> bytes:
    """Draw a letter that reports no result."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    canvas.setFont("Helvetica", 11)
    lines = ("Dear colleague,", "thank you for seeing this patient with a sore knee.", "Sincerely")
    for number, text in enumerate(lines):
        canvas.drawString(60, 760 - 20 * number, text)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _table(canvas: Canvas, rows: Sequence[tuple[str, ...]]) -> None:
    columns = (60, 230, 310, 390, 500)
    canvas.setFont("Helvetica-Bold", 10)
    for x, title in zip(
        columns, ("Test", "Result", "Units", "Reference Range", "Flag"), strict=True
    ):
        canvas.drawString(x, 670, title)
    canvas.setFont("Helvetica", 10)
    for line, row in enumerate(rows, 1):
        for x, text in zip(columns, row, strict=False):
            canvas.drawString(x, 670 - 18 * line, text)
