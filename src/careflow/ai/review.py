"""Review of a draft: a person looks, corrects, and signs or turns it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar
from zoneinfo import ZoneInfo

from careflow.ai.draft import Draft, DraftClosedError, Status, accept
from careflow.ai.draft_view import DraftLine, DraftView, line_of_draft, view_of_draft
from careflow.ai.drafts import Drafts, StoredDraft
from careflow.ai.editing import RowEdit, edited
from careflow.ai.filing import Filed, file_lab_report
from careflow.ai.lab_report import LabReport, Previous
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.conditions import IdIn
from careflow.database.documents import Query
from careflow.database.scope import AccessScope
from careflow.database.work import Work
from careflow.errors import BadInputError, ConflictError, StaleVersionError, UnprocessableError
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.ids import Mint
from careflow.records.chart import Charts
from careflow.records.elements import Json, effective_text, instant_of, order_of
from careflow.records.inbox import Inbox
from careflow.records.matching import identity_problem
from careflow.records.measured import is_signed, unit_of, value_text_of
from careflow.records.paper import KIND as PAPER
from careflow.records.paper import DocumentUnmatchedError, Paper, paper_of
from careflow.records.person import PatientLine
from careflow.records.store import Records
from careflow.records.trends import by_analyte


class StaleDraftError(StaleVersionError):
    """The draft, or whose it is, changed since it was on screen."""

    code: ClassVar[str] = "ai-draft-stale"

    def __init__(self) -> None:
        super().__init__("Someone changed this draft or its patient meanwhile: read it again.")


class RowsToCheckError(ConflictError):
    """Rows are left that a person has to settle first."""

    code: ClassVar[str] = "ai-rows-to-check"

    def __init__(self, count: int) -> None:
        rows = "1 row has" if count == 1 else f"{count} rows have"
        super().__init__(f"{rows} to be checked, corrected or removed before signing.")


class IdentityDiffersError(UnprocessableError):
    """The report names someone else than the chart it would be filed to."""

    code: ClassVar[str] = "ai-identity-differs"

    def __init__(self, problem: str) -> None:
        super().__init__(f"{problem} Match it to another patient, or say why this one is right.")


@dataclass(frozen=True, slots=True)
class Reviews:
    """Drafts under review."""

    drafts: Drafts
    inbox: Inbox
    charts: Charts
    records: Records
    clock: Clock
    mint: Mint
    zone: ZoneInfo

    # --- reading ---------------------------------------------------------------------------

    async def listed(self, status: Status | None, scope: AccessScope) -> list[DraftLine]:
        """Return drafts of a state (or all), those with critical values first, then the newest."""
        stored = await self.drafts.listed(status, scope)
        papers = await self._papers(stored, scope)
        ids = {paper.patient_id for paper in papers.values() if paper.patient_id}
        patients = await self.inbox.directory.lines(ids, scope)
        lines = []
        for one in stored:
            paper = papers.get(one.draft.document_id or "")
            patient = patients.get((paper.patient_id if paper else None) or "")
            lines.append(line_of_draft(one.draft, patient, _version(one, paper)))
        return sorted(lines, key=lambda line: not (line.critical and line.status == "draft"))

    async def view(self, id: str, scope: AccessScope) -> DraftView:
        """Return a draft with everything a reviewer needs, or raise DraftNotFoundError."""
        stored, paper = await self._open(id, scope)
        patient = await self._patient(paper, scope)
        previous = await self._previous(patient, scope)
        return view_of_draft(
            _with_previous(stored.draft, previous),
            patient,
            _version(stored, paper),
            identity_problem(paper.read, patient) if patient else None,
        )

    # --- changing --------------------------------------------------------------------------

    async def edit(
        self,
        work: Work,
        id: str,
        *,
        version: int,
        edits: Sequence[RowEdit],
        collected_at: str | None = None,
        actor: Actor,
    ) -> None:
        """Stage changes to rows, and when the sample was taken where the report does not say.

        Raises:
            StaleDraftError: It is not the version that was on screen; nothing is changed.
            DraftClosedError: It was signed or rejected before.
            NoSuchRowError: An edit names a row that is not there.
        """
        stored, paper = await self._current(id, version, actor)
        report = edited(stored.draft.output, edits)
        if collected_at is not None:
            report = self._taken(report, collected_at)
        work.put(stored.put(replace(stored.draft, output=report)))
        self.inbox.was_checked(work, paper, critical=report.critical, must_check=report.must_check)
        self._record(work, "ai:draft:edit", actor, stored, paper)

    async def accept(
        self,
        work: Work,
        id: str,
        *,
        version: int,
        comment: str | None,
        identity_reason: str | None,
        actor: Actor,
    ) -> Filed:
        """Stage that the actor signs: the draft, the chart's new resources and the audit entry.

        Raises:
            careflow.errors.NotAllowedError: The actor may not sign.
            StaleDraftError: It is not the version that was on screen.
            DocumentUnmatchedError: Nobody has said whose report it is.
            RowsToCheckError: Rows are left to settle.
            IdentityDiffersError: The report names someone else, and no reason was given.
        """
        stored, paper = await self._current(id, version, actor)
        accepted = accept(stored.draft, by=actor, at=self.clock())
        patient = await self._patient(paper, scope_of(actor))
        if patient is None:
            raise DocumentUnmatchedError
        _require_settled(stored.draft.output)
        reason = _reason(identity_problem(paper.read, patient), identity_reason)
        content = await self.inbox.files.get(paper.file_key, organisation=paper.organisation)
        filed = await file_lab_report(
            accepted,
            work=work,
            records=self.records,
            mint=self.mint,
            zone=self.zone,
            paper=paper,
            content=content,
            patient_id=patient.id,
            comment=comment,
            at=self.clock(),
            reason=reason,
        )
        work.put(stored.put(accepted.draft))
        self.inbox.was_filed(work, paper)
        return filed

    async def reject(self, work: Work, id: str, *, version: int, reason: str, actor: Actor) -> None:
        """Stage that the draft is turned down; no chart is touched, the original is kept."""
        stored, paper = await self._current(id, version, actor)
        rejected = replace(
            stored.draft,
            status="rejected",
            reviewed_by=actor.id,
            reviewer_name=actor.name,
            reviewed_at=self.clock(),
        )
        work.put(stored.put(rejected))
        self.inbox.set_aside(work, paper, note=reason)
        self._record(work, "ai:draft:reject", actor, stored, paper, reason="turned down by hand")

    # --- inside ----------------------------------------------------------------------------

    async def _open(self, id: str, scope: AccessScope) -> tuple[StoredDraft[LabReport], Paper]:
        stored = await self.drafts.read(id, scope)
        return stored, await self.inbox.paper(stored.draft.document_id or "", scope)

    async def _current(
        self, id: str, version: int, actor: Actor
    ) -> tuple[StoredDraft[LabReport], Paper]:
        stored, paper = await self._open(id, scope_of(actor))
        if stored.draft.status != "draft":
            raise DraftClosedError
        if _version(stored, paper) != version:
            raise StaleDraftError
        paper.require_open()
        return stored, paper

    async def _patient(self, paper: Paper, scope: AccessScope) -> PatientLine | None:
        if not paper.patient_id:
            return None
        return await self.inbox.directory.line(paper.patient_id, scope)

    async def _previous(
        self, patient: PatientLine | None, scope: AccessScope
    ) -> Mapping[str, Previous]:
        """Return the newest signed value of every analyte in the patient's chart, by code."""
        if patient is None:
            return {}
        labs = await self.charts.labs(patient.id, scope)
        groups = by_analyte(one for one in labs if is_signed(one))
        return {key.code: self._newest(group) for key, group in groups.items()}

    def _newest(self, group: Sequence[Json]) -> Previous:
        newest = max(group, key=lambda one: order_of(effective_text(one), self.zone))
        return Previous(value_text_of(newest), unit_of(newest), effective_text(newest))

    async def _papers(
        self, stored: Sequence[StoredDraft[LabReport]], scope: AccessScope
    ) -> Mapping[str, Paper]:
        ids = tuple({one.draft.document_id for one in stored if one.draft.document_id})
        if not ids:
            return {}
        query = Query(PAPER, (IdIn(ids),), count=len(ids))
        page = await self.inbox.documents.find(query, scope)
        return {document.id: paper_of(document) for document in page.documents}

    def _taken(self, report: LabReport, collected_at: str) -> LabReport:
        taken = instant_of(collected_at, self.zone)
        if taken is None or taken > self.clock():
            raise BadInputError("This is not a past date or time.", place="collected_at")
        return replace(report, head=replace(report.head, collected_at=collected_at))

    def _record(
        self,
        work: Work,
        action: str,
        actor: Actor,
        stored: StoredDraft[LabReport],
        paper: Paper,
        *,
        reason: str | None = None,
    ) -> None:
        record(
            work,
            AuditEntry(
                at=self.clock(),
                action=action,
                organisation=actor.organisation,
                actor=actor.id,
                role=actor.role,
                patients=(paper.patient_id,) if paper.patient_id else (),
                subjects=(f"draft/{stored.draft.id}", f"{PAPER}/{paper.id}"),
                reason=reason,
            ),
        )


def _version(stored: StoredDraft[LabReport], paper: Paper | None) -> int:
    """Return a number that changes with the draft and with whose it is; both only ever grow."""
    return stored.version + (paper.version if paper else 0)


def _require_settled(report: LabReport) -> None:
    if report.must_check:
        raise RowsToCheckError(report.must_check)


def _reason(problem: str | None, given: str | None) -> str | None:
    if problem and not (given or "").strip():
        raise IdentityDiffersError(problem)
    return given if problem else None


def _with_previous(draft: Draft[LabReport], previous: Mapping[str, Previous]) -> Draft[LabReport]:
    """Return the draft with the chart's own newest value beside each row; nothing is stored."""
    if draft.status != "draft":
        return draft
    rows = tuple(
        replace(row, previous=previous.get(row.loinc or row.test.casefold()))
        for row in draft.output.rows
    )
    return replace(draft, output=replace(draft.output, rows=rows))
