"""Reads, checks and stamps resources.

``parse`` takes bytes and answers a checked resource or says what is wrong and where; ``stamp``
gives the bytes to store: the sender's, with id, version and time put in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from careflow.clock import instant_text
from careflow.fhir.contained import nested_issues
from careflow.fhir.definitions import is_resource_type
from careflow.fhir.issue import InvalidResourceError, Issue, MalformedJsonError, problem
from careflow.fhir.json_text import MAX_DEPTH, text_issues
from careflow.fhir.refusals import refusal_issue
from careflow.fhir.structs import decoder

__all__ = ["InvalidResourceError", "Issue", "MalformedJsonError", "Resource", "parse", "stamp"]


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource that was parsed and found valid.

    Attributes:
        id: As sent, or ``None``.
        body: Exactly what was sent.
        value: The same as a msgspec struct of :func:`careflow.fhir.structs.struct`; numbers are
            floats here, so text for people comes from ``body``.
    """

    type: str
    id: str | None
    body: bytes
    value: Any

    def under(self, id: str) -> Resource:
        """Return the resource as one that carries this id, whatever was sent."""
        return self if self.id == id else Resource(self.type, id, self.body, self.value)


class _Header(msgspec.Struct):
    resourceType: str | None = None  # noqa: N815 - FHIR's name.


_header = msgspec.json.Decoder(_Header)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])

_FIRST_TYPE = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"')
"""The type where most senders have it; what follows is read as that type or refused."""

_BEGINNING = re.compile(
    rb'\s*\{\s*"resourceType"\s*:\s*"[A-Za-z]+"\s*,\s*(?P<id>"id"\s*:\s*"[^"\\]*"\s*,\s*)?(?=")'
)
"""Type and id where most senders have them, before another member."""


def parse(
    body: bytes,
    *,
    expected_type: str | None = None,
    nested: bool = True,
) -> Resource:
    """Parse and validate a resource.

    Args:
        body: UTF-8 JSON.
        expected_type: Refuse any other type.
        nested: Whether resources inside it (contained, bundle entries, parameters) are checked
            too; an import that takes entries one by one checks them itself.

    Raises:
        MalformedJsonError: It is not JSON (status 400).
        InvalidResourceError: It breaks a rule; ``issues`` says which and where (status 422).
    """
    try:
        body.decode()
    except UnicodeDecodeError:
        raise MalformedJsonError([problem("structure", "The body is not UTF-8.")]) from None
    resource, issues = _read(body, expected_type, nested=nested, place=None)
    if resource is None or issues:
        raise InvalidResourceError(issues)
    return resource


def _read(
    body: bytes, expected_type: str | None, *, nested: bool, place: str | None
) -> tuple[Resource | None, list[Issue]]:
    type_ = _type_of(body)
    if not is_resource_type(type_) or (expected_type is not None and type_ != expected_type):
        return None, [_wrong_type(type_, expected_type, place)]
    place = place or type_
    try:
        value: Any = decoder(type_).decode(body)
    except msgspec.ValidationError as error:
        _read_type(body)  # what is no JSON further on is told as that
        return None, [refusal_issue(str(error), type_, place)]
    except (msgspec.DecodeError, RecursionError) as error:
        raise _malformed(error) from None
    issues = text_issues(body, msgspec.json.encode(value), place)
    if nested and not issues:
        issues = nested_issues(type_, value, body, place, _read_nested)
    return Resource(type_, value.id, body, value), issues


def _read_nested(
    body: bytes,
    place: str,
    contained: bool,  # noqa: FBT001 - a callback.
) -> tuple[Any, list[Issue]]:
    """Read a resource inside another one; ``place`` is where it stands.

    A contained resource refers to what its container holds, so its container checks that.
    """
    try:
        resource, issues = _read(body, None, nested=not contained, place=place)
    except MalformedJsonError as error:
        return None, [problem(issue.code, issue.diagnostics, place) for issue in error.issues]
    return (resource.value if resource else None), issues


def _type_of(body: bytes) -> str:
    first = _FIRST_TYPE.match(body)
    if first is not None and is_resource_type(found := first[1].decode()):
        return found
    return _read_type(body)


def _read_type(body: bytes) -> str:
    """Return the type, having read the JSON to its end."""
    try:
        type_ = _header.decode(body).resourceType
    except msgspec.ValidationError:
        raise MalformedJsonError(
            [problem("structure", "A resource is a JSON object with a resourceType.")]
        ) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise _malformed(error) from None
    if type_ is None:
        raise MalformedJsonError([problem("structure", "The resourceType is missing.")])
    return type_


def _malformed(error: Exception) -> MalformedJsonError:
    if isinstance(error, RecursionError):
        return MalformedJsonError(
            [problem("too-costly", f"Nested deeper than {MAX_DEPTH} levels.")]
        )
    text = f"The body is not JSON: {str(error).removeprefix('JSON is malformed: ')}."
    return MalformedJsonError([problem("structure", text)])


def _wrong_type(type_: str, expected: str | None, place: str | None) -> Issue:
    if expected is not None and is_resource_type(type_):
        text = f"A {expected} is expected here, not a {type_}."
        return problem("invalid", text, place or type_)
    return problem("structure", "This resourceType is not one of FHIR R4.", place)


def stamp(resource: Resource, *, id: str, version: int, updated: datetime) -> bytes:
    """Return the bytes to store: the sender's, with id, versionId and lastUpdated put in.

    ``resourceType``, ``id`` and ``meta`` come first; every other member keeps its place and its
    exact text, other members of ``meta`` included.
    """
    head = (
        f'{{"resourceType":"{resource.type}","id":"{id}","meta":{{'
        f'"versionId":"{version}","lastUpdated":"{instant_text(updated)}"'
    ).encode()
    value = resource.value
    if value.meta is None:
        begun = _BEGINNING.match(resource.body)
        if begun is not None and (begun["id"] is not None or value.id is None):
            # Nothing to move: the rest follows as it is.
            return b"".join((head, b"},", resource.body[begun.end() :].rstrip()))
    members = _members.decode(resource.body)
    meta = _members.decode(members["meta"]) if "meta" in members else {}
    kept = _parts(meta, ("versionId", "lastUpdated"))
    rest = _parts(members, ("resourceType", "id", "meta"))
    return b"".join((head, *kept, b"}", *rest, b"}"))


def _parts(members: dict[str, msgspec.Raw], without: tuple[str, ...]) -> list[bytes | msgspec.Raw]:
    parts: list[bytes | msgspec.Raw] = []
    for name, raw in members.items():
        if name not in without:
            parts += (b',"', name.encode(), b'":', raw)
    return parts
