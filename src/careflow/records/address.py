"""The addresses below the FHIR base: what they may name, and which methods they take."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from careflow.errors import BadInputError, CareFlowError, NotFoundError
from careflow.records.proposing import ResourceNotFoundError
from careflow.records.request import FhirRequest

_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")


class UnknownTypeError(NotFoundError):
    """A path that names no resource type."""

    code: ClassVar[str] = "records-unknown-type"

    def __init__(self) -> None:
        super().__init__("There is no such resource type in FHIR R4.")


class UnknownPathError(NotFoundError):
    """A path that is no FHIR interaction."""

    code: ClassVar[str] = "records-unknown-path"

    def __init__(self) -> None:
        super().__init__("There is nothing at this address.")


class BadIdError(BadInputError):
    """An id that FHIR does not allow."""

    code: ClassVar[str] = "records-bad-id"

    def __init__(self) -> None:
        super().__init__("An id is 1 to 64 letters, digits, hyphens and dots.")


class MethodNotAllowedError(CareFlowError):
    """A method that this address does not take."""

    code: ClassVar[str] = "records-method-not-allowed"
    status: ClassVar[int] = 405
    issue: ClassVar[str] = "not-supported"

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(f"This address takes {', '.join(allowed)} only.")
        self.allowed = allowed


def require_method(request: FhirRequest, *allowed: str) -> None:
    """Raise unless the request's method is one of these."""
    if request.method not in allowed:
        raise MethodNotAllowedError((*allowed, "HEAD") if "GET" in allowed else allowed)


def valid_id(id: str) -> str:
    """Return the id, or raise if FHIR does not allow it."""
    if not is_id(id):
        raise BadIdError
    return id


def is_id(id: str) -> bool:
    """Report whether FHIR allows it as an id."""
    return _ID.fullmatch(id) is not None


def valid_version(version: str, kind: str) -> int:
    """Return the version as a number; nothing has another kind of version here."""
    if not version.isascii() or not version.isdecimal() or len(version) > 18:
        raise ResourceNotFoundError(kind)
    return int(version)
