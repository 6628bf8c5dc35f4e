"""What a refusal looks like, on every address: a status, a stable code, a sentence, no insides."""

from __future__ import annotations

import json

import httpx2

INSIDES = ("Traceback", "site-packages", ".py", "sqlite", "apsw")


def refused(answer: httpx2.Response, status: int, code: str) -> None:
    """Assert that an address outside FHIR refused with this status and code."""
    assert (answer.status_code, code_of(answer)) == (status, code), answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) >= {"type", "title", "status", "detail", "code"}
    shows_nothing_inside(answer)


def code_of(answer: httpx2.Response) -> str | None:
    """Return the stable code of a problem document or an OperationOutcome, if it has one."""
    try:
        document = json.loads(answer.content)
    except ValueError:
        return None
    if document.get("resourceType") == "OperationOutcome":
        coding = document["issue"][0]["details"]["coding"]
        code: str = coding[0]["code"]
        return code
    found: str | None = document.get("code")
    return found


def outcome(answer: httpx2.Response, status: int, code: str, *, place: str | None = None) -> None:
    """Assert that FHIR refused with this status and code, and named the place."""
    assert (answer.status_code, code_of(answer)) == (status, code), answer.text[:300]
    assert answer.headers["content-type"].startswith("application/fhir+json")
    document = answer.json()
    assert document["resourceType"] == "OperationOutcome"
    if place is not None:
        assert document["issue"][0]["expression"] == [place]
    shows_nothing_inside(answer)


def shows_nothing_inside(answer: httpx2.Response) -> None:
    """Assert that an answer says nothing of how the server is made."""
    assert [word for word in INSIDES if word in answer.text] == []
