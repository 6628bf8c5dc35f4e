"""Errors as answers: each an OperationOutcome, and nothing of ours ever a traceback."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from typing import ClassVar

from careflow.errors import (
    CareFlowError,
    NotSignedInError,
    TooManyRequestsError,
    UnavailableError,
)
from careflow.fhir.outcome import outcome_of
from careflow.records.address import MethodNotAllowedError
from careflow.records.answer import Answer
from careflow.records.offered import PATCH_TYPES
from careflow.records.request import BodyTooLargeError, Header, UnsupportedContentTypeError

log = logging.getLogger(__name__)


class UnexpectedError(CareFlowError):
    """A fault of ours; the log has it under the request's id."""

    code: ClassVar[str] = "records-unexpected"

    def __init__(self, request_id: str) -> None:
        super().__init__(f"Something went wrong on our side (request {request_id}).")


def error_answer(error: CareFlowError) -> Answer:
    """Return an error as an OperationOutcome with its status."""
    headers: list[Header] = []
    if isinstance(error, NotSignedInError):
        headers.append((b"www-authenticate", b"Bearer"))
    later = (TooManyRequestsError, UnavailableError)
    if isinstance(error, later) and error.retry_after_s is not None:
        headers.append((b"retry-after", str(error.retry_after_s).encode("ascii")))
    if isinstance(error, MethodNotAllowedError):
        headers.append((b"allow", ", ".join(error.allowed).encode("ascii")))
    if isinstance(error, UnsupportedContentTypeError) and error.wanted in PATCH_TYPES:
        headers.append((b"accept-patch", ", ".join(PATCH_TYPES).encode("ascii")))
    if isinstance(error, BodyTooLargeError):
        # What was not read is still on its way: this connection cannot carry another request.
        headers.append((b"connection", b"close"))
    return Answer(error.status, outcome_of(error), headers)


def log_fault(error: Exception, request_id: str) -> None:
    """Log where it broke, never what was said: a message may quote the content."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-6:]))
    log.error(
        "fhir request failed",
        extra={"request_id": request_id, "error": type(error).__name__, "where": where},
    )
