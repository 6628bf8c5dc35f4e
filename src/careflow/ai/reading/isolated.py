"""Reads and renders documents in a process of their own, with limits on memory and time.

A PDF may be made to hang its reader or to unfold without end, and the reader is native code;
a process that can be stopped is the one sure guard.
"""

from __future__ import annotations

import base64
import subprocess
import sys
from dataclasses import dataclass

import msgspec

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
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PYTHONPATH": ""}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take.

    Attributes:
        memory_bytes: Address space of the process.
        timeout_s: Wall time for the whole document, recognition included.
    """

    memory_bytes: int = 2_000_000_000
    timeout_s: float = 120.0


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
    order = Order("read", media_type, bounds.memory_bytes, _processor_s(bounds), recogniser)
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
        _processor_s(bounds),
        recogniser,
        number,
        max_width,
        rotation,
    )
    return base64.b64decode(_ask(order, content, bounds).picture)


def _processor_s(limits: Limits) -> int:
    return max(int(limits.timeout_s), 1)


def _ask(order: Order, content: bytes, limits: Limits) -> Answer:
    command = [sys.executable, "-I", "-m", "careflow.ai.reading.worker"]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own module.
            command,
            input=msgspec.json.encode(order) + b"\n" + content,
            capture_output=True,
            timeout=limits.timeout_s,
            env=_ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimedOutError(TIMED_OUT) from error
    return _understood(done.stdout, done.returncode)


def _understood(output: bytes, returncode: int) -> Answer:
    """Return the worker's answer, or raise what it says; a worker that died met damage."""
    if returncode == -24:  # SIGXCPU: the processor time was used up.
        raise TimedOutError(TIMED_OUT)
    if returncode != 0:
        raise DamagedError(DAMAGED)
    answer = msgspec.json.decode(output, type=Answer)
    if answer.code:
        raise _ERRORS.get(answer.code, ReadingError)(answer.message)
    return answer
