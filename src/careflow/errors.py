"""What can go wrong, as facts of the domain.

::

    CareFlowError
    ├── BadInputError            400  what was sent cannot be understood
    │   └── TooLargeError        413
    ├── NotSignedInError         401
    ├── NotAllowedError          403
    ├── NotFoundError            404
    │   └── GoneError            410
    ├── ConflictError            409  two people, or two facts, want the same thing
    ├── StaleVersionError        412  the thing changed since it was read
    ├── UnsupportedMediaError    415
    ├── UnprocessableError       422  understood, but breaks a rule
    ├── TooManyRequestsError     429
    └── UnavailableError         503  a part the request needs is not there

Rooms subclass these. Every class carries a stable ``code`` (``room-fact``), an HTTP ``status``
and a FHIR ``issue`` type; they are turned into problem details and OperationOutcome in one place
each. The message is one sentence that a person can act on and never holds patient data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class CareFlowError(Exception):
    """A fact of the domain that stops what was asked.

    Attributes:
        code: Stable name that programs may test for.
        status: HTTP status code.
        issue: FHIR R4 issue type (http://hl7.org/fhir/R4/valueset-issue-type.html).
        place: Where in the input it was found (a FHIRPath or field name), if anywhere.
        facts: What a program needs to go on (what else is free, say); never patient data.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    issue: ClassVar[str] = "exception"

    def __init__(
        self,
        message: str,
        *,
        place: str | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.facts = facts or {}


class BadInputError(CareFlowError):
    """What was sent cannot be understood."""

    code: ClassVar[str] = "bad-input"
    status: ClassVar[int] = 400
    issue: ClassVar[str] = "invalid"


class TooLargeError(BadInputError):
    """More was sent than the limit allows."""

    code: ClassVar[str] = "too-large"
    status: ClassVar[int] = 413
    issue: ClassVar[str] = "too-long"


class NotSignedInError(CareFlowError):
    """No valid proof of who is asking."""

    code: ClassVar[str] = "not-signed-in"
    status: ClassVar[int] = 401
    issue: ClassVar[str] = "login"


class NotAllowedError(CareFlowError):
    """Known who is asking, and they may not."""

    code: ClassVar[str] = "not-allowed"
    status: ClassVar[int] = 403
    issue: ClassVar[str] = "forbidden"


class NotFoundError(CareFlowError):
    """Nothing there that the asker may see."""

    code: ClassVar[str] = "not-found"
    status: ClassVar[int] = 404
    issue: ClassVar[str] = "not-found"


class GoneError(NotFoundError):
    """It was there and has been deleted."""

    code: ClassVar[str] = "gone"
    status: ClassVar[int] = 410
    issue: ClassVar[str] = "deleted"


class ConflictError(CareFlowError):
    """Two people, or two facts, want the same thing."""

    code: ClassVar[str] = "conflict"
    status: ClassVar[int] = 409
    issue: ClassVar[str] = "conflict"


class StaleVersionError(CareFlowError):
    """The thing changed since it was read; nothing was stored."""

    code: ClassVar[str] = "stale-version"
    status: ClassVar[int] = 412
    issue: ClassVar[str] = "conflict"


class UnsupportedMediaError(CareFlowError):
    """The content is of a type that is not taken here."""

    code: ClassVar[str] = "unsupported-media"
    status: ClassVar[int] = 415
    issue: ClassVar[str] = "not-supported"


class UnprocessableError(CareFlowError):
    """Understood, but it breaks a rule; nothing was stored."""

    code: ClassVar[str] = "unprocessable"
    status: ClassVar[int] = 422
    issue: ClassVar[str] = "business-rule"


class TooManyRequestsError(CareFlowError):
    """Too many in too short a time.

    Attributes:
        retry_after_s: Seconds to wait, for the ``Retry-After`` header.
    """

    code: ClassVar[str] = "too-many-requests"
    status: ClassVar[int] = 429
    issue: ClassVar[str] = "throttled"

    def __init__(
        self, message: str, *, place: str | None = None, retry_after_s: int | None = None
    ) -> None:
        super().__init__(message, place=place)
        self.retry_after_s = retry_after_s


class UnavailableError(CareFlowError):
    """A part that the request needs is not there now.

    Attributes:
        retry_after_s: Seconds after which it may be there again, for the ``Retry-After`` header;
            ``None`` where waiting alone does not help.
    """

    code: ClassVar[str] = "unavailable"
    status: ClassVar[int] = 503
    issue: ClassVar[str] = "transient"
    retry_after_s: ClassVar[int | None] = None
