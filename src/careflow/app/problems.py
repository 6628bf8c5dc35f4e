"""Turns errors into RFC 9457 problem details: the one place for everything outside FHIR."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import msgspec

from careflow.errors import (
    BadInputError,
    CareFlowError,
    NotFoundError,
    TooManyRequestsError,
    UnavailableError,
)

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    410: "Gone",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Unsupported media type",
    422: "Cannot be processed",
    429: "Too many requests",
    500: "Internal error",
    503: "Unavailable",
}


def problem(status: int, code: str, detail: str, **more: object) -> dict[str, Any]:
    """Return the members of a problem document."""
    return {
        "type": f"urn:careflow:error:{code}",
        "title": _TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "code": code,
    } | {name: value for name, value in more.items() if value is not None}


def of_error(error: CareFlowError) -> dict[str, Any]:
    """Return the problem document of an error of the domain."""
    return problem(error.status, error.code, error.message, place=error.place, **dict(error.facts))


def of_status(status: int) -> dict[str, Any]:
    """Return the problem document for what the framework refused itself."""
    details = {
        404: (NotFoundError.code, "There is nothing at this address."),
        405: ("method-not-allowed", "This address does not take that method."),
    }
    code, detail = details.get(status, (BadInputError.code, "The request cannot be processed."))
    return problem(status, code, detail)


def of_invalid_fields(errors: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the problem document of a body that does not fit: places and rules, never values."""
    fields = [
        {
            "field": ".".join(str(part) for part in error["loc"] if part != "body"),
            "rule": str(error["type"]),
        }
        for error in errors
    ]
    return problem(422, "fields-invalid", "Some fields are missing or not valid.", fields=fields)


def log_unexpected(error: Exception, request: str) -> None:
    """Log a bug by type and place."""
    log.error("request failed", exc_info=error, extra={"request": request})


def unexpected(request: str) -> dict[str, Any]:
    """Return the problem document of a bug: it names the request alone."""
    detail = f"Something went wrong on our side. Tell support the request number {request}."
    return problem(500, "internal", detail, request=request)


def body(document: Mapping[str, Any]) -> bytes:
    """Return the document as JSON."""
    return msgspec.json.encode(document)


def headers(error: CareFlowError) -> dict[str, str]:
    """Return headers that the error asks for."""
    later = (TooManyRequestsError, UnavailableError)
    if isinstance(error, later) and error.retry_after_s is not None:
        return {"Retry-After": str(error.retry_after_s)}
    if error.status == 401:
        return {"WWW-Authenticate": "Bearer"}
    return {}
