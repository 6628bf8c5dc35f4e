"""Everything that is wrong with a resource, for whoever asks to have it checked.

A write is refused by the first finding, which costs nothing to find. Here what was refused is taken
apart: each element that does not stand as a whole is looked into, so that every finding is told.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, Final, Literal

import msgspec

from careflow.fhir.checks import attribute, telling_check
from careflow.fhir.contained import nested_issues
from careflow.fhir.definitions import (
    Field,
    code_set,
    is_resource_type,
    type_definition,
)
from careflow.fhir.issue import InvalidResourceError, Issue, MalformedJsonError
from careflow.fhir.json_text import walked_issues
from careflow.fhir.primitives import ANNOTATIONS
from careflow.fhir.refusals import refusal_issue
from careflow.fhir.resource import parse
from careflow.fhir.structs import decoder

ISSUES_MAX: Final = 200
"""Whoever has more than this to mend begins with these."""

_members: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_items: Final = msgspec.json.Decoder(list[msgspec.Raw])


def every_issue(body: bytes, *, expected_type: str | None = None) -> list[Issue]:
    """Return all that is wrong with a resource, nothing if it is valid."""
    try:
        parse(body, expected_type=expected_type)
    except MalformedJsonError as error:
        return error.issues
    except InvalidResourceError as error:
        return _all_beside(error.issues, body, expected_type)
    return []


def _all_beside(first: list[Issue], body: bytes, expected_type: str | None) -> list[Issue]:
    """Return what was found first and all that is found by looking into every part."""
    found = dict.fromkeys(first)
    type_ = _type_of(body)
    if type_ is not None and expected_type in {None, type_}:
        try:
            found.update(dict.fromkeys(_Search().resource(body, type_)))
        except RecursionError:
            # Nested too deep to be looked into: what was found first says so.
            return first
    return list(found)[:ISSUES_MAX]


def _type_of(body: bytes) -> str | None:
    try:
        type_ = _members.decode(body).get("resourceType")
        name = msgspec.json.decode(type_, type=str) if type_ is not None else ""
    except msgspec.DecodeError:
        return None
    return name if is_resource_type(name) else None


_WRONG: Final = object()


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where an element stands, and of which type it is."""

    type: str
    place: str


@dataclass(frozen=True, slots=True)
class _Member:
    """One JSON member of a field: a form of a choice, or what holds a primitive's extensions."""

    field: Field
    name: str
    form: str

    @property
    def attribute(self) -> str:
        return self.name if self.name.startswith("_") else attribute(self.name)

    @property
    def codes(self) -> str | None:
        return self.field.codes if self.form == "code" else None


class _Search:
    """Looks into what does not stand as a whole.

    An element that is wrong is described by what of it is right, as an object with attributes:
    a member that is wrong itself has none, so that no rule is held against it.
    """

    def __init__(self) -> None:
        self._issues: list[Issue] = []

    def resource(self, body: bytes, type_: str) -> list[Issue]:
        """Return what is wrong with a resource, resources inside it included."""
        self._resource(body, type_, type_)
        return self._issues

    def _resource(self, body: bytes, type_: str, place: str) -> Any:  # noqa: ANN401 - a struct.
        self._issues += walked_issues(body, place)
        value = self._element(body, type_, place)
        with suppress(AttributeError):  # what holds resources is wrong itself, and has been told
            self._issues += nested_issues(type_, value, body, place, self._read_nested)
        return value

    def _read_nested(self, body: bytes, place: str, contained: bool) -> tuple[Any, list[Issue]]:  # noqa: ARG002, FBT001
        type_ = _type_of(body)
        if type_ is None:
            try:
                parse(body)
            except InvalidResourceError as error:
                return None, [_at(issue, place) for issue in error.issues]
            return None, []
        return self._resource(body, type_, place), []

    def _element(self, body: bytes, type_: str, place: str) -> Any:  # noqa: ANN401 - a struct.
        """Return an element as far as it is right, or ``_WRONG`` if it is no object."""
        try:
            return decoder(type_).decode(body)
        except msgspec.ValidationError as error:
            try:
                members = _members.decode(body)
            except msgspec.ValidationError:
                self._refuse(str(error), _Spot(type_, place))
                return _WRONG
        return self._taken_apart(members, _Spot(type_, place))

    def _taken_apart(self, members: dict[str, msgspec.Raw], spot: _Spot) -> SimpleNamespace:
        value = SimpleNamespace()
        for field in type_definition(spot.type).fields:
            for member, form in field.members():
                self._member(value, members, spot, _Member(field, member, form))
                if form in ANNOTATIONS and not (member == "id" and form == "string"):
                    self._member(value, members, spot, _Member(field, f"_{member}", "Element"))
        for name in members.keys() - {"resourceType"}:
            self._refuse(f"Object contains unknown field `{name}`", spot)
        for message in _telling(spot.type)(value):
            self._refuse(message, spot)
        return value

    def _member(
        self,
        value: SimpleNamespace,
        members: dict[str, msgspec.Raw],
        spot: _Spot,
        member: _Member,
    ) -> None:
        """Move one member from what was sent to what is right, as far as it is."""
        field = member.field
        if member.name not in members:
            setattr(value, member.attribute, None)
            if field.required and not field.is_choice and field.types[0] not in ANNOTATIONS:
                self._refuse(f"Object missing required field `{member.name}`", spot)
            return
        raw = members.pop(member.name)
        try:
            parts = _items.decode(raw) if field.many else [raw]
        except msgspec.ValidationError as error:
            self._refuse(f"{error} - at `$.{member.name}`", spot)
            return
        found = [
            self._value(bytes(part), spot, member, f"[{index}]" if field.many else "")
            for index, part in enumerate(parts)
        ]
        if found and not any(one is _WRONG for one in found):
            setattr(value, member.attribute, found if field.many else found[0])

    def _value(self, raw: bytes, spot: _Spot, member: _Member, index: str) -> Any:  # noqa: ANN401
        path = f"$.{member.name}{index}"
        form = member.form
        if form == "Resource":
            return msgspec.Raw(raw)
        if form not in ANNOTATIONS and raw != b"null":
            place = refusal_issue(f"x - at `{path}`", spot.type, spot.place).expression
            return self._element(raw, form, place or spot.place)
        if raw == b"null" and index and (form in ANNOTATIONS or member.name.startswith("_")):
            return None
        try:
            return _primitive(form, member.codes).decode(raw)
        except msgspec.ValidationError as error:
            self._refuse(f"{error} - at `{path}`", spot)
            return _WRONG

    def _refuse(self, message: str, spot: _Spot) -> None:
        if len(self._issues) < ISSUES_MAX:
            self._issues.append(refusal_issue(message, spot.type, spot.place))


@cache
def _telling(type_: str) -> Callable[[Any], list[str]]:
    """Return the check of a type that tells every failed test."""
    return telling_check(type_definition(type_))


@cache
def _primitive(type_: str, codes: str | None) -> msgspec.json.Decoder[Any]:
    if type_ not in ANNOTATIONS:
        return decoder(type_)
    if codes is not None:
        values = tuple(value.split("|", 1)[1] for value in code_set(codes))
        return msgspec.json.Decoder(Literal[values])
    return msgspec.json.Decoder(ANNOTATIONS[type_])


def _at(issue: Issue, place: str) -> Issue:
    return Issue(issue.severity, issue.code, issue.diagnostics, issue.expression or place)
