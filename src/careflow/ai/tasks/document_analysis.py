"""``document-analysis``: what a document is, and the results in it, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from careflow.ai.draft import Maker, Source
from careflow.ai.engine import Answer
from careflow.ai.explaining import findings_of
from careflow.ai.lab_report import LabReport, Row
from careflow.ai.page_words import line_around
from careflow.ai.reading.page import Box, PageText, union
from careflow.ai.reading.plain_text import line_at
from careflow.ai.task import AbstainedError, Given, PaperInput, Task, TaskOutput
from careflow.ai.task import Span as Words
from careflow.ai.tasks.lab_results import SaidRow, of_pages, rows_said

METHOD = Maker(engine="local", model="careflow-document-reader/1", prompt="document-kind/1")
_LETTER = re.compile(r"\b(dear|sincerely|kind regards|yours faithfully)\b", re.IGNORECASE)
_RESULTS_MIN = 2

Kind = Literal["lab-report", "letter", "other"]


@dataclass(frozen=True, slots=True)
class Span:
    """A place that says what the document is: offsets into a text, or a box on a page."""

    text: str
    page: int
    box: Box | None
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class DocumentAnalysis:
    """What a document is.

    Attributes:
        findings: What stands out, one sentence each: results beyond their range.
        spans: The lines that the answer rests on.
    """

    kind: Kind
    summary: str
    report: LabReport
    findings: tuple[str, ...]
    spans: tuple[Span, ...]
    pages: int


class SaidDocument(TaskOutput, frozen=True, kw_only=True):
    """A document as a model reads it; ``lines`` are those that say what it is."""

    kind: Kind
    summary: str
    rows: tuple[SaidRow, ...]
    findings: tuple[str, ...]
    lines: tuple[Words, ...]


def _analysis_said(said: SaidDocument, given: Given) -> DocumentAnalysis:
    return DocumentAnalysis(
        kind=said.kind,
        summary=said.summary,
        report=rows_said(said.rows, given),
        findings=said.findings,
        spans=tuple(_said_span(one, given) for one in said.lines),
        pages=len(given.pages or ()),
    )


def _said_span(place: Words, given: Given) -> Span:
    line = line_around(given.pages or (), place) if given.file else None
    if line is not None:
        return Span(line.text, line.page, line.box, None, None)
    return Span((given.text or "")[slice(*place)], 1, None, *place)


DOCUMENT_ANALYSIS: Task[DocumentAnalysis] = Task(
    name="document-analysis",
    title="Say what a document is and what it reports",
    version="1",
    input=PaperInput,
    output=DocumentAnalysis,
    wire=SaidDocument,
    taken=_analysis_said,
)


def analysed_by_rules(given: Given) -> Answer[DocumentAnalysis]:
    """Say what a document is by its words alone.

    Raises:
        AbstainedError: There is no word in it.
    """
    pages = list(given.pages or ())
    # The reader and its vocabulary are loaded with the first document, not with the server.
    from careflow.ai.reading.lab_rows import find_rows
    from careflow.ai.reading.lines import lines_of

    lines = [(page, line) for page in pages for line in lines_of(page)]
    if not lines:
        raise AbstainedError("No word could be read in this document.")
    report = of_pages(find_rows(pages))
    spans = [_row_span(row, given) for row in report.rows]
    kind: Kind = "lab-report" if len(report.rows) >= _RESULTS_MIN else "other"
    if kind == "other":
        spans = [
            _span(line.text, page.number, union([t.box for t in line.tokens]), given)
            for page, line in lines
            if _LETTER.search(line.text)
        ]
        kind = "letter" if spans else "other"
    analysis = DocumentAnalysis(
        kind=kind,
        summary=_summary(kind, report, pages),
        report=report,
        findings=findings_of(report),
        spans=tuple(spans),
        pages=len(pages),
    )
    return Answer(
        analysis, METHOD, tuple(_source(span, given) for span in spans), {"pages": len(pages)}
    )


def _summary(kind: Kind, report: LabReport, pages: list[PageText]) -> str:
    length = "1 page" if len(pages) == 1 else f"{len(pages)} pages"
    match kind:
        case "lab-report":
            by = f" from {report.head.lab}" if report.head.lab else ""
            return f"Laboratory report{by}, {length}. {report.explanation}"
        case "letter":
            return f"Letter, {length}."
        case "other":
            return f"Document of {length}, neither a laboratory report nor a letter."


def _row_span(row: Row, given: Given) -> Span:
    return _span(row.text, row.page or 1, row.box, given)


def _span(text: str, page: int, box: Box | None, given: Given) -> Span:
    if given.text is None or box is None:
        return Span(text, page, box, None, None)
    start, end = line_at(given.text, (box[1] + box[3]) / 2)
    return Span(given.text[start:end], page, None, start, end)


def _source(span: Span, given: Given) -> Source:
    key = f"file:{given.file.key}" if given.file else "text"
    return Source(key, span.page, span.box, span.start, span.end)
