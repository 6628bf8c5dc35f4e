"""Reads a document of the inbox and leaves a draft of what it reports; a job does this."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from careflow.ai.context import Reader
from careflow.ai.draft import Draft
from careflow.ai.drafts import StoredDraft
from careflow.ai.engine import Answer
from careflow.ai.gateway import Gateway
from careflow.ai.lab_report import LabReport
from careflow.ai.policy import BlockedByPolicyError
from careflow.ai.reading.errors import (
    DocumentTooLargeError,
    OcrNotAvailableError,
    ReadingError,
    UnsupportedDocumentError,
)
from careflow.ai.reading.page import PageText
from careflow.ai.task import AbstainedError, Given, GivenFile, NoEngineError, Task
from careflow.ai.tasks.document_analysis import DOCUMENT_ANALYSIS, DocumentAnalysis
from careflow.ai.tasks.lab_results import LAB_RESULTS
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.ids import Mint
from careflow.jobs.job import Handler, Job
from careflow.jobs.progress import report_progress
from careflow.records.inbox import READ_JOB, Inbox
from careflow.records.matching import ReadIdentity
from careflow.records.paper import Paper

log = logging.getLogger(__name__)

O = TypeVar("O")  # noqa: E741 - output

_NO_RESULT = "No laboratory result could be read in this document: read it by hand."
_GAVE_UP = "Reading this document failed several times: read it by hand."
_CANNOT_BE_READ = (
    ReadingError,
    DocumentTooLargeError,
    UnsupportedDocumentError,
    OcrNotAvailableError,
    AbstainedError,
    NoEngineError,
    BlockedByPolicyError,
)


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """Turns documents of the inbox into drafts."""

    inbox: Inbox
    gateway: Gateway
    reader: Reader
    clock: Clock
    mint: Mint

    def handlers(self) -> Mapping[str, Handler]:
        """Return what the queue calls for this room's jobs."""
        return {READ_JOB: self.read}

    async def read(self, job: Job, work: Work) -> Mapping[str, Any]:
        """Read one document and stage its draft, or why it could not be read.

        A document that is no longer waiting is left alone, so a second run changes nothing.
        """
        scope = organisation_scope(job.organisation)
        paper = await self.inbox.paper(str(job.arguments["document"]), scope)
        if paper.status != "reading":
            return {"document": paper.id, "status": paper.status}
        content = await self.inbox.files.get(paper.file_key, organisation=job.organisation)
        pages: Sequence[PageText] = ()
        try:
            pages = await self.reader.pages(content, paper.media_type)
            await report_progress(0.6)
            analysis, answer = await self._ask(paper, content, pages)
        except _CANNOT_BE_READ as error:
            note = _page_problem(pages) or error.message
            return self._unreadable(work, paper, pages, note, error.code)
        except Exception as error:
            # Whoever waits is told once trying again is over; until then the queue retries.
            if job.attempt < job.attempts_max:
                raise
            return self._unreadable(work, paper, pages, _GAVE_UP, type(error).__name__)
        if not answer.output.rows:
            note = _page_problem(pages) or _NO_RESULT
            return self._unreadable(work, paper, pages, note, analysis.kind)
        return self._drafted(work, job, paper, pages, answer)

    async def _ask(
        self, paper: Paper, content: bytes, pages: Sequence[PageText]
    ) -> tuple[DocumentAnalysis, Answer[LabReport]]:
        file = GivenFile(content, paper.media_type, paper.file_key)
        given = Given(file=file, pages=pages)
        analysis = await self._answered(DOCUMENT_ANALYSIS, given, paper)
        return analysis.output, await self._answered(LAB_RESULTS, given, paper)

    async def _answered(self, task: Task[O], given: Given, paper: Paper) -> Answer[O]:
        call = await self.gateway.call(
            task, organisation=paper.organisation, actor=paper.sender, patient=paper.patient_id
        )
        return await self.gateway.answer(task, given, call)

    def _unreadable(
        self, work: Work, paper: Paper, pages: Sequence[PageText], note: str, code: str
    ) -> Mapping[str, Any]:
        self.inbox.could_not_be_read(work, paper, rotations=_rotations(pages), note=note)
        log.info("document not read", extra={"document": paper.id, "code": code})
        return {"document": paper.id, "status": "unreadable", "code": code}

    def _drafted(
        self,
        work: Work,
        job: Job,
        paper: Paper,
        pages: Sequence[PageText],
        answer: Answer[LabReport],
    ) -> Mapping[str, Any]:
        report = answer.output
        draft: Draft[LabReport] = Draft(
            id=self.mint(),
            task=LAB_RESULTS.name,
            made_by=answer.made_by,
            created_at=self.clock(),
            output=report,
            inputs=(f"file:{paper.file_key}", f"sha256:{paper.digest}"),
            sources=answer.sources,
            document_id=paper.id,
        )
        work.put(StoredDraft(draft, paper.organisation).put(draft))
        head = report.head
        self.inbox.was_read(
            work,
            paper,
            rotations=_rotations(pages),
            draft_id=draft.id,
            read=ReadIdentity(head.name, head.birth_date, head.record_number),
            critical=report.critical,
            must_check=report.must_check,
        )
        self._record(work, job, paper, draft)
        return {"document": paper.id, "draft": draft.id}

    def _record(self, work: Work, job: Job, paper: Paper, draft: Draft[LabReport]) -> None:
        record(
            work,
            AuditEntry(
                at=self.clock(),
                action="ai:lab-results:draft",
                organisation=paper.organisation,
                actor=paper.sender,
                role="job",
                patients=(paper.patient_id,) if paper.patient_id else (),
                subjects=(f"inbox-document/{paper.id}", f"draft/{draft.id}"),
                request=job.id,
            ),
        )


def _rotations(pages: Sequence[PageText]) -> tuple[int, ...]:
    return tuple(page.rotation for page in pages)


def _page_problem(pages: Sequence[PageText]) -> str | None:
    return next((page.problem for page in pages if page.problem), None)
