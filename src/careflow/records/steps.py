"""What one entry of a transaction or batch asks for, read and checked before anything is done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

import msgspec

from careflow.database.documents import Document
from careflow.errors import CareFlowError
from careflow.fhir.issue import InvalidResourceError
from careflow.fhir.times import moment_of
from careflow.identity.access import Interaction
from careflow.records.conditional import Criteria, criteria_in
from careflow.records.envelope import BadEntryError, Entry, Method, Request
from careflow.records.offered import PATCH_TYPES
from careflow.records.preconditions import BadVersionTagError, expected_version

_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")

ORDER: Final[Mapping[Method, int]] = {
    "DELETE": 0,
    "POST": 1,
    "PUT": 2,
    "PATCH": 2,
    "GET": 3,
    "HEAD": 3,
}
"""The order in which the standard has a transaction carried out."""
INTERACTIONS: Final[Mapping[str, Interaction]] = {
    "POST": "create",
    "PUT": "update",
    "PATCH": "patch",
    "DELETE": "delete",
}


@dataclass(slots=True)
class Step:
    """One entry of a bundle, understood.

    Attributes:
        index: Where it stands in the bundle.
        id: What it will be stored under; where a condition says it, set when that is answered.
        content: The resource as sent, or the JSON Patch; empty for GET and DELETE.
        expected: The version that must be current (0: none), ``None`` for any.
        criteria: What names the resource instead of an id.
        known_tag: ``ifNoneMatch``, as sent.
        known_since: ``ifModifiedSince``.
        found: What stands in the record, as far as that was looked up.
    """

    index: int
    method: Method
    url: str
    kind: str
    id: str
    content: bytes
    full_url: str | None = None
    expected: int | None = None
    criteria: Criteria | None = None
    condition: str | None = None
    known_tag: str | None = None
    known_since: datetime | None = None
    found: Document | None = None

    @property
    def address(self) -> str:
        """Return ``Type/id``."""
        return f"{self.kind}/{self.id}"

    @property
    def writes(self) -> bool:
        """Report whether it asks for a change; an operation that is called (``$…``) does not."""
        return self.method in INTERACTIONS and not self.id.rpartition("/")[2].startswith("$")

    @property
    def is_idle(self) -> bool:
        """Report, once it was looked up, whether nothing is to be done.

        What it would create is there, or what it would delete is not.
        """
        if self.method == "POST":
            return self.found is not None
        return self.method == "DELETE" and self.found is None


@contextmanager
def at_entry(index: int, inside: str = "") -> Iterator[None]:
    """Let an error name the entry it is about."""
    place = f"Bundle.entry[{index}]"
    try:
        yield
    except InvalidResourceError as error:
        raise type(error)(
            [
                replace(
                    issue,
                    expression=f"{place}.resource" + "".join(_below(issue.expression)),
                    diagnostics=f"Entry {index}: {issue.diagnostics}",
                )
                for issue in error.issues
            ]
        ) from error
    except CareFlowError as error:
        if not (error.place or "").startswith(place):
            error.place = place + inside
        raise


def _below(expression: str | None) -> tuple[str, str]:
    return (expression or "").partition(".")[1:]


def step_of(index: int, entry: Entry, *, base: str, types: frozenset[str]) -> Step:
    """Understand an entry.

    Raises:
        BadEntryError: Its request is missing or makes no sense inside a bundle.
    """
    request = entry.request
    if request is None:
        raise BadEntryError(index, "An entry of a transaction or batch needs a request.")
    url = request.url.removeprefix(f"{base}/").removeprefix("/")
    path, _, query = url.partition("?")
    kind, _, id = path.strip("/").partition("/")
    step = Step(
        index=index,
        method=request.method,
        url=url,
        kind=kind,
        id=id,
        content=bytes(entry.resource),
        full_url=entry.full_url,
        expected=_expected(index, request),
        condition=request.if_none_exist,
        known_tag=request.if_none_match,
        known_since=_instant(index, request.if_modified_since),
    )
    if step.writes:
        if kind not in types:
            raise BadEntryError(index, "The url names no resource type.", inside=".request.url")
        _require_shape(step, query)
        _take_criteria(step, query)
        if step.method == "PATCH":
            step.content = _patch_in(step)
    return step


def _expected(index: int, request: Request) -> int | None:
    try:
        expected = expected_version(request.if_match)
    except BadVersionTagError as error:
        raise BadEntryError(index, error.message, inside=".request.ifMatch") from error
    return 0 if expected is None and _only_new(request) else expected


def _only_new(request: Request) -> bool:
    return request.method == "PUT" and request.if_none_match == "*"


def _instant(index: int, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return moment_of(text)
    except ValueError as error:
        message = "An instant with its zone is expected, like 2026-11-24T09:00:00Z."
        raise BadEntryError(index, message, inside=".request.ifModifiedSince") from error


def _require_shape(step: Step, query: str) -> None:
    """Raise unless url, method and content fit together."""
    if step.method == "POST":
        if step.id or query:
            raise BadEntryError(step.index, "POST takes a type alone.", inside=".request.url")
    elif bool(query) == bool(step.id) or (step.id and _ID.fullmatch(step.id) is None):
        message = (
            f"{step.method} takes a type and a valid id, like Patient/123, "
            "or a type and a condition, like Patient?identifier=…"
        )
        raise BadEntryError(step.index, message, inside=".request.url")
    if step.method != "DELETE" and not step.content:
        raise BadEntryError(step.index, "This entry needs a resource.", inside=".resource")


def _take_criteria(step: Step, query: str) -> None:
    if step.method == "POST" and step.condition is not None:
        with at_entry(step.index, ".request.ifNoneExist"):
            step.criteria = criteria_in(step.kind, step.condition)
    elif query:
        with at_entry(step.index, ".request.url"):
            step.criteria = criteria_in(step.kind, query)


class _Binary(msgspec.Struct, rename="camel"):
    resource_type: Literal["Binary"]
    content_type: str
    data: bytes


_BINARY: Final = msgspec.json.Decoder(_Binary)


def _patch_in(step: Step) -> bytes:
    """Return the JSON Patch that an entry carries in a Binary, as the standard has it."""
    try:
        binary = _BINARY.decode(step.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        binary = None
    if binary is None or binary.content_type.partition(";")[0].strip() not in PATCH_TYPES:
        message = f"A PATCH in a bundle is a Binary of type {PATCH_TYPES[0]}, its data in base64."
        raise BadEntryError(step.index, message, inside=".resource")
    return binary.data


class _Named(msgspec.Struct):
    id: str | None = None


_ID_OF: Final = msgspec.json.Decoder(_Named)


def id_within(content: bytes) -> str | None:
    """Return the id a resource carries, ``None`` if it has none that is valid."""
    try:
        id = _ID_OF.decode(content).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return id if id is not None and _ID.fullmatch(id) else None
