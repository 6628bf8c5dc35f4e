"""Reads and renders documents in a process of their own, with limits on memory and time."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import msgspec

from careflow.ai.apart import DiedError, Limits, TookTooLongError, said_by
from careflow.ai.reading.errors import (
    DAMAGED,
    TIMED_OUT,
    DamagedError,
    DocumentTooLargeError,
    EmptyError,
    EncryptedError,
    NoSuchPageError,
    OcrNotAvailableError,
    ReadingError,
    TimedOutError,
    UnsupportedDocumentError,
)
from careflow.ai.reading.page import PageText
from careflow.ai.reading.recogniser import Recogniser
from careflow.ai.reading.report import ReadReport
from careflow.ai.reading.worker import Answer, Order
from careflow.errors import CareFlowError

_ERRORS: dict[str, type[CareFlowError]] = {
    error.code: error
    for error in (
        ReadingError,
        EncryptedError,
        DamagedError,
        EmptyError,
        TimedOutError,
        DocumentTooLargeError,
        NoSuchPageError,
        UnsupportedDocumentError,
        OcrNotAvailableError,
    )
}
_WORKER = "careflow.ai.reading.worker"


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as read: its pages and what they report."""

    pages: list[PageText]
    report: ReadReport


def read_document_isolated(
    content: bytes,
    media_type: str,
    *,
    recogniser: Recogniser | None = None,
    limits: Limits | None = None,
) -> ReadDocument:
    """Return pages and results of a document, opened in a process of its own; blocks until done.

    Raises:
        ReadingError: As `careflow.ai.reading.pages.read_pages`; a reader that dies or hangs is
            a damaged document or a timeout.
    """
    from careflow.ai.reading.lab_rows import find_rows

    pages = read_pages_isolated(content, media_type, recogniser=recogniser, limits=limits)
    return ReadDocument(pages, find_rows(pages))


def read_pages_isolated(
    content: bytes,
    media_type: str,
    *,
    recogniser: Recogniser | None = None,
    limits: Limits | None = None,
) -> list[PageText]:
    """Return the pages of a document, opened in a process of its own; blocks until done."""
    bounds = limits or Limits()
    order = Order("read", media_type, bounds.memory_bytes, bounds.processor_s, recogniser)
    return list(_ask(order, content, bounds).pages)


def render_page_isolated(
    content: bytes,
    media_type: str,
    number: int,
    max_width: int,
    *,
    rotation: int | None = None,
    recogniser: Recogniser | None = None,
    limits: Limits | None = None,
) -> bytes:
    """Return one page as an upright PNG, rendered in a process of its own; blocks until done."""
    bounds = limits or Limits()
    order = Order(
        "render",
        media_type,
        bounds.memory_bytes,
        bounds.processor_s,
        recogniser,
        number,
        max_width,
        rotation,
    )
    return base64.b64decode(_ask(order, content, bounds).picture)


def _ask(order: Order, content: bytes, limits: Limits) -> Answer:
    """Return the worker's answer, or raise what it says; a worker that died met damage."""
    try:
        said = said_by(_WORKER, msgspec.json.encode(order), content, timeout_s=limits.timeout_s)
    except TookTooLongError as error:
        raise TimedOutError(TIMED_OUT) from error
    except DiedError as error:
        raise DamagedError(DAMAGED) from error
    answer = msgspec.json.decode(said, type=Answer)
    if answer.code:
        raise _ERRORS.get(answer.code, ReadingError)(answer.message)
    return answer
