"""Documents that arrived and belong to no chart yet: received, matched, filed, set aside."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock, instant_text
from careflow.database.conditions import Condition, SortKey, TermIn
from careflow.database.documents import Documents, Query
from careflow.database.scope import AccessScope
from careflow.database.work import Work
from careflow.files.store import Files
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.ids import Mint
from careflow.jobs.queue import queue
from careflow.records.directory import Directory, born_on, date_typed, numbered, starting_with
from careflow.records.elements import day_text
from careflow.records.matching import (
    Candidate,
    ReadIdentity,
    parsed_name,
    ranked,
)
from careflow.records.originals import Original
from careflow.records.paper import (
    CLOSED,
    KIND,
    OPEN,
    WAITING,
    DocumentNotFoundError,
    InboxStatus,
    PageNotFoundError,
    Paper,
    paper_of,
    plain_name,
)
from careflow.records.person import PatientLine
from careflow.records.store import Records

READ_JOB = "ai.read-document"
UPLOAD_BYTES_MAX = 20 * 1024 * 1024
_LISTED_MAX = 200
_CANDIDATES_MAX = 200

Paint = Callable[[bytes, str, int, int], Awaitable[bytes]]
"""Content, media type, page number (from 1) and rotation to the upright page as PNG."""


@dataclass(frozen=True, slots=True)
class InboxDocument:
    """A document of the inbox as screens show it.

    Attributes:
        critical: A value in it lies beyond a limit at which someone must be told at once.
        must_check: Rows that a person has to settle before it can be signed.
    """

    id: str
    filename: str
    media_type: str
    size: int
    received_at: str
    received_by: str
    status: InboxStatus
    patient: PatientLine | None
    pages: int | None
    draft_id: str | None
    job_id: str | None
    duplicate_of: str | None
    note: str | None
    critical: bool
    must_check: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """The inbox of one clinic.

    Attributes:
        paint: Draws a page; drawing needs what only ``ai`` may import, so it is handed in.
    """

    documents: Documents
    files: Files
    directory: Directory
    clock: Clock
    mint: Mint
    zone: ZoneInfo
    paint: Paint
    limit: int = UPLOAD_BYTES_MAX

    # --- reading ---------------------------------------------------------------------------

    async def paper(self, id: str, scope: AccessScope) -> Paper:
        """Return one document as stored, or raise DocumentNotFoundError."""
        document = await self.documents.read(KIND, id, scope)
        if document is None or document.deleted:
            raise DocumentNotFoundError
        return paper_of(document)

    async def get(self, id: str, scope: AccessScope) -> InboxDocument:
        """Return one document, or raise DocumentNotFoundError."""
        return (await self._shown([await self.paper(id, scope)], scope))[0]

    async def listed(self, status: InboxStatus | None, scope: AccessScope) -> list[InboxDocument]:
        """Return documents of a state (or all), critical ones first, then the newest.

        However many were closed since, what is open is always among them.
        """
        asked = ((status,),) if status else (OPEN, CLOSED)
        papers = [paper for some in asked for paper in await self._newest(some, scope)]
        shown = await self._shown(papers, scope)
        return sorted(shown, key=lambda one: not one.critical or one.status in CLOSED)

    async def waiting(self, scope: AccessScope) -> int:
        """Return how many documents wait for a person; a number tells nothing of anyone."""
        asked = Query(KIND, (TermIn("status", WAITING),), count=0, total=True)
        return (await self.documents.find(asked, scope)).total or 0

    async def candidates(self, id: str, scope: AccessScope) -> tuple[ReadIdentity, list[Candidate]]:
        """Return who the pages name, and which patients that may be."""
        paper = await self.paper(id, scope)
        conditions = tuple(_likely(paper.read))
        patients = await self.directory.matching(conditions, count=_CANDIDATES_MAX, scope=scope)
        return paper.read, ranked(paper.read, patients)

    async def page(self, id: str, number: int, scope: AccessScope) -> bytes:
        """Return a page as PNG, or raise PageNotFoundError."""
        paper = await self.paper(id, scope)
        if not 1 <= number <= (paper.pages or 0):
            raise PageNotFoundError
        content = await self.files.get(paper.file_key, organisation=scope.organisation)
        rotation = paper.rotations[number - 1]
        return await self.paint(content, paper.media_type, number, rotation)

    async def content(self, id: str, scope: AccessScope) -> bytes:
        """Return the original, byte-identical."""
        paper = await self.paper(id, scope)
        return await self.files.get(paper.file_key, organisation=scope.organisation)

    # --- what people do --------------------------------------------------------------------

    async def receive(
        self, work: Work, content: AsyncIterator[bytes] | bytes, *, filename: str, actor: Actor
    ) -> str:
        """Store an upload and stage its entry in the inbox, with the job that reads it.

        A file that is in the inbox already is recognised by its content: it is listed as a copy and
        not read again. Returns the new document's id.

        Raises:
            careflow.files.store.FileTooLargeError: Larger than the limit; nothing is stored.
            careflow.files.store.FileTypeError: Not a type that is taken; nothing is stored.
        """
        stored = await self.files.put(content, organisation=actor.organisation, limit=self.limit)
        paper = Paper(
            id=self.mint(),
            organisation=actor.organisation,
            filename=plain_name(filename),
            file_key=stored.key,
            digest=stored.digest,
            media_type=stored.media_type,
            size=stored.size,
            received_at=self.clock(),
            received_by=actor.name,
            sender=actor.id,
            status="reading",
        )
        earlier = await self._same_file(stored.key, scope_of(actor))
        paper = self._copy(paper, earlier) if earlier else self._queued(work, paper)
        work.put(paper.put())
        self._record(work, "records:document:upload", actor, paper)
        return paper.id

    async def match(self, work: Work, id: str, patient_id: str, *, actor: Actor) -> None:
        """Stage that a document is about this patient; again, as long as it is open.

        Raises:
            DocumentClosedError: It was filed or set aside.
            PatientNotFoundError: No such patient for the actor.
        """
        scope = scope_of(actor)
        paper = await self.paper(id, scope)
        paper.require_open()
        await self.directory.line(patient_id, scope)
        matched = replace(paper, patient_id=patient_id)
        if paper.status == "to-match":
            matched = replace(matched, status="to-review")
        work.put(matched.put())
        involved = (patient_id, paper.patient_id) if paper.patient_id else (patient_id,)
        self._record(work, "records:document:match", actor, matched, patients=involved)

    async def discard(self, work: Work, id: str, *, reason: str, actor: Actor) -> None:
        """Stage that a document does not belong here; the original is kept, no chart is touched."""
        paper = await self.paper(id, scope_of(actor))
        paper.require_open()
        self.set_aside(work, paper, note=reason)
        self._record(work, "records:document:discard", actor, paper, reason="set aside by hand")

    async def file_by_hand(
        self, work: Work, id: str, *, title: str, records: Records, actor: Actor
    ) -> str:
        """Stage a paper that could not be read as a document of its patient's chart.

        Returns the new document's id.

        Raises:
            DocumentClosedError: It was filed or set aside.
            DocumentHasDraftError: Results were read from it: review those.
            DocumentUnmatchedError: Nobody has said whose it is.
        """
        scope = scope_of(actor)
        paper = await self.paper(id, scope)
        patient_id = paper.fileable_by_hand()
        original = Original(
            paper=paper,
            content=await self.files.get(paper.file_key, organisation=paper.organisation),
            patient_id=patient_id,
            title=title,
            kind={"text": title},
            author=None,
            signer=actor,
            at=self.clock(),
        )
        document_id = self.mint()
        resource = original.document_reference(document_id)
        await records.create(work, resource, actor=actor, id=document_id)
        work.claim(original.claim(paper.id))
        self.was_filed(work, paper)
        self._record(work, "records:document:file", actor, paper)
        return document_id

    # --- what reading and review tell ------------------------------------------------------

    def was_read(
        self,
        work: Work,
        paper: Paper,
        *,
        rotations: tuple[int, ...],
        draft_id: str,
        read: ReadIdentity,
        critical: bool,
        must_check: int,
    ) -> None:
        """Stage that the document was read and a draft of it waits."""
        known = replace(
            paper,
            rotations=rotations,
            draft_id=draft_id,
            read=read,
            critical=critical,
            must_check=must_check,
            note=None,
        )
        work.put(replace(known, status=known.awaiting).put())

    def could_not_be_read(
        self, work: Work, paper: Paper, *, rotations: tuple[int, ...], note: str
    ) -> None:
        """Stage that no result was read from it, and why; the original stays."""
        work.put(replace(paper, status="unreadable", rotations=rotations, note=note).put())

    def was_checked(self, work: Work, paper: Paper, *, critical: bool, must_check: int) -> None:
        """Stage how much of its draft is left to settle."""
        work.put(replace(paper, critical=critical, must_check=must_check).put())

    def was_filed(self, work: Work, paper: Paper) -> None:
        """Stage that what was read from it is in the chart."""
        work.put(replace(paper, status="filed", must_check=0).put())

    def set_aside(self, work: Work, paper: Paper, *, note: str) -> None:
        """Stage that it will not be filed, and why."""
        work.put(replace(paper, status="rejected", note=note).put())

    # --- inside ----------------------------------------------------------------------------

    def _queued(self, work: Work, paper: Paper) -> Paper:
        job = queue(
            work,
            READ_JOB,
            {"document": paper.id},
            organisation=paper.organisation,
            clock=self.clock,
            mint=self.mint,
            actor=paper.sender,
        )
        return replace(paper, job_id=job.id)

    def _copy(self, paper: Paper, earlier: Paper) -> Paper:
        day = day_text(earlier.received_at, self.zone)
        note = f"The same file arrived on {day} and was not read again."
        return replace(paper, status="rejected", duplicate_of=earlier.id, note=note)

    async def _newest(self, statuses: Iterable[str], scope: AccessScope) -> list[Paper]:
        asked = (TermIn("status", tuple(sorted(statuses))),)
        newest = (SortKey("received", descending=True),)
        page = await self.documents.find(Query(KIND, asked, sort=newest, count=_LISTED_MAX), scope)
        return [paper_of(document) for document in page.documents]

    async def _same_file(self, key: str, scope: AccessScope) -> Paper | None:
        """Return the document that holds the same file and was not set aside, if there is one."""
        query = Query(KIND, (TermIn("file", (key,)),), sort=(SortKey("received"),), count=20)
        page = await self.documents.find(query, scope)
        papers = [paper_of(document) for document in page.documents]
        return next((one for one in papers if one.status != "rejected"), None)

    async def _shown(self, papers: list[Paper], scope: AccessScope) -> list[InboxDocument]:
        ids = {paper.patient_id for paper in papers if paper.patient_id}
        lines = await self.directory.lines(ids, scope)
        return [_view(paper, lines.get(paper.patient_id or "")) for paper in papers]

    def _record(
        self,
        work: Work,
        action: str,
        actor: Actor,
        paper: Paper,
        *,
        patients: tuple[str, ...] = (),
        reason: str | None = None,
    ) -> None:
        named = patients or ((paper.patient_id,) if paper.patient_id else ())
        record(
            work,
            AuditEntry(
                at=self.clock(),
                action=action,
                organisation=actor.organisation,
                actor=actor.id,
                role=actor.role,
                patients=named,
                subjects=(f"{KIND}/{paper.id}",),
                reason=reason,
            ),
        )


def _view(paper: Paper, patient: PatientLine | None) -> InboxDocument:
    return InboxDocument(
        id=paper.id,
        filename=paper.filename,
        media_type=paper.media_type,
        size=paper.size,
        received_at=instant_text(paper.received_at),
        received_by=paper.received_by,
        status=paper.status,
        patient=patient,
        pages=paper.pages,
        draft_id=paper.draft_id,
        job_id=paper.job_id,
        duplicate_of=paper.duplicate_of,
        note=paper.note,
        critical=paper.critical,
        must_check=paper.must_check,
    )


def _likely(read: ReadIdentity) -> list[Condition]:
    """Return conditions that the patient meant would meet at least one of, misprints included."""
    conditions: list[Condition] = []
    if read.record_number:
        conditions.append(numbered(read.record_number))
    if read.birth_date and (born := date_typed(read.birth_date)):
        conditions.append(born_on(born))
    name = parsed_name(read.name)
    if name:
        conditions.append(starting_with(name.family[:3]))
    return conditions
