"""OperationOutcome: how FHIR says what went wrong, or that all is well."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from careflow.errors import CareFlowError
from careflow.fhir.issue import InvalidResourceError, Issue

_ERROR_CODES = "https://careflow.ai/fhir/CodeSystem/error"
"""Names our stable error codes in ``issue.details``."""


def outcome_of(error: CareFlowError) -> bytes:
    """Return the OperationOutcome of an error; an invalid resource tells each of its issues."""
    if isinstance(error, InvalidResourceError):
        return outcome(error.issues, code=error.code)
    issue = Issue("error", error.issue, error.message, error.place)
    return outcome([issue], code=error.code)


def outcome(issues: Iterable[Issue], *, code: str | None = None) -> bytes:
    """Return an OperationOutcome as JSON.

    Args:
        issues: At least one.
        code: Stable code that programs may test for, put into each issue's details.
    """
    listed = [_issue(issue, code) for issue in issues]
    return msgspec.json.encode({"resourceType": "OperationOutcome", "issue": listed})


def all_is_well(text: str) -> bytes:
    """Return an OperationOutcome of one informational issue."""
    return outcome([Issue("information", "informational", text)])


def _issue(issue: Issue, code: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"severity": issue.severity, "code": issue.code}
    if code is not None:
        found["details"] = {"coding": [{"system": _ERROR_CODES, "code": code}]}
    found["diagnostics"] = issue.diagnostics
    if issue.expression is not None:
        found["expression"] = [issue.expression]
    return found
