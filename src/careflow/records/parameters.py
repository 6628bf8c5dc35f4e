"""What an operation is called with: the query, or a Parameters resource, or a bare resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

import msgspec

from careflow.errors import BadInputError
from careflow.records.request import (
    JSON_TYPES,
    FhirRequest,
    Pairs,
    read_body,
    require_content_type,
)

_ABOUT_THE_ANSWER: Final = frozenset({"_format", "_pretty"})


class BadParameterError(BadInputError):
    """A parameter of an operation that is unknown, given twice or not understood."""

    code: ClassVar[str] = "records-bad-parameter"

    def __init__(self, name: str) -> None:
        shown = name if name.removeprefix("_").replace("-", "").isalnum() else "one"
        super().__init__(f"The parameter {shown[:64]} is not known or not valid here.")


@dataclass(frozen=True, slots=True)
class Given:
    """Parameters by name, and the resource that came with them, if one."""

    pairs: Pairs
    resource: bytes | None = None

    def taken(self, *allowed: str) -> dict[str, str]:
        """Return the values by name.

        Raises:
            BadParameterError: Another one is given, or one twice.
        """
        found: dict[str, str] = {}
        for name, value in self.pairs:
            if name in _ABOUT_THE_ANSWER:
                continue
            if name not in allowed or name in found:
                raise BadParameterError(name)
            found[name] = value
        return found


class _Kind(msgspec.Struct):
    resourceType: str = ""  # noqa: N815 - FHIR's name.


class _Parameters(msgspec.Struct):
    parameter: list[dict[str, msgspec.Raw]] = []


_kind: Final = msgspec.json.Decoder(_Kind)
_parameters: Final = msgspec.json.Decoder(_Parameters)


async def given_in(request: FhirRequest, *, limit_bytes: int) -> Given:
    """Return what an operation is called with."""
    if request.method == "GET":
        return Given(request.pairs)
    body = await read_body(request, limit_bytes=limit_bytes)
    if not body.strip():
        return Given(request.pairs)
    require_content_type(request.headers, JSON_TYPES)
    if not _are_parameters(body):
        return Given(request.pairs, body)
    try:
        inside = _taken_apart(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadParameterError("parameter") from error
    return Given([*request.pairs, *inside.pairs], inside.resource)


def _are_parameters(body: bytes) -> bool:
    try:
        return _kind.decode(body).resourceType == "Parameters"
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _taken_apart(body: bytes) -> Given:
    """Return what a Parameters resource holds; what its resources are worth is not asked here."""
    pairs: Pairs = []
    resource: bytes | None = None
    for parameter in _parameters.decode(body).parameter:
        name = msgspec.json.decode(parameter.get("name", b'""'), type=str)
        if name == "resource" and "resource" in parameter and resource is None:
            resource = bytes(parameter["resource"])
        else:
            pairs.append((name, _value_in(name, parameter)))
    return Given(pairs, resource)


def _value_in(name: str, parameter: dict[str, msgspec.Raw]) -> str:
    """Return the one primitive value of a parameter, as a query would have it."""
    values: list[Any] = [
        msgspec.json.decode(raw) for member, raw in parameter.items() if member.startswith("value")
    ]
    if len(values) != 1 or not isinstance(values[0], str | int):
        raise BadParameterError(name)
    return str(values[0])
