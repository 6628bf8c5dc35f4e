"""What is wrong with a resource, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from careflow.errors import BadInputError, UnprocessableError


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding, as an OperationOutcome tells it.

    Attributes:
        severity: ``fatal``, ``error``, ``warning`` or ``information``.
        code: FHIR issue type (``structure``, ``required``, ``value``, ``invariant`` …).
        diagnostics: One sentence without the sender's values.
        expression: FHIRPath of the place (``Patient.contact[0].name``), or ``None``.
    """

    severity: str
    code: str
    diagnostics: str
    expression: str | None = None


class InvalidResourceError(UnprocessableError):
    """A resource breaks a rule of FHIR; ``issues`` says which and where."""

    code: ClassVar[str] = "fhir-invalid-resource"
    issue: ClassVar[str] = "invalid"

    def __init__(self, issues: Sequence[Issue]) -> None:
        first = issues[0]
        super().__init__(first.diagnostics, place=first.expression)
        self.issues = list(issues)


class MalformedJsonError(InvalidResourceError, BadInputError):
    """The body is not JSON, or not JSON that can be a resource."""

    code: ClassVar[str] = "fhir-malformed-json"
    status: ClassVar[int] = 400
    issue: ClassVar[str] = "structure"


def problem(code: str, diagnostics: str, expression: str | None = None) -> Issue:
    """Return an issue of severity ``error``."""
    return Issue("error", code, diagnostics, expression)
