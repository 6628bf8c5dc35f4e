"""Names places in a resource as FHIRPath does, from the JSON path where a decoder stopped."""

from __future__ import annotations

import re

from careflow.fhir.definitions import Field, is_type, type_definition

_STEP = re.compile(r"\.?([A-Za-z_]\w*)|(\[[0-9]+\])")


def expression_of(path: str, type_: str) -> str:
    """Return ``Observation.value.unit`` for ``$.valueQuantity.unit`` in an Observation."""
    place, current = type_, type_
    for match in _STEP.finditer(path.removeprefix("$")):
        member, index = match.groups()
        if index:
            place += index
        else:
            name, current = _resolve(member.removeprefix("_"), current)
            place += f".{name}"
    return place


def _resolve(member: str, type_: str) -> tuple[str, str]:
    """Return the FHIRPath name and the type of a JSON member; unknown ones keep their name."""
    field, inner = _field_of(member, type_)
    return (field.stem if field else member), inner


def field_at(path: str, type_: str) -> tuple[Field | None, str]:
    """Return the field that a JSON path ends in and the type of its value."""
    current: str = type_
    found: Field | None = None
    for match in _STEP.finditer(path.removeprefix("$")):
        member = (match.group(1) or "").removeprefix("_")
        if member:
            found, current = _field_of(member, current)
    return found, current


def _field_of(member: str, type_: str) -> tuple[Field | None, str]:
    if is_type(type_):
        for field in type_definition(type_).fields:
            for name, inner in field.members():
                if name == member:
                    return field, inner
    return None, ""
