"""Resources inside resources: contained ones, bundle entries, parameters.

Structs keep them as raw bytes; here each is read as its own type, and what FHIR says about
contained resources and the references to them (dom-2 to dom-5, ref-1) is checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from careflow.fhir.issue import Issue, problem

ReadNested = Callable[[bytes, str, bool], tuple[Any, list[Issue]]]
"""Given bytes, place and whether it is contained, return the struct (or ``None``) and issues."""

_LOCAL_NAME = re.compile(rb'"#([^"\\]*)"')
_LOCAL_REFERENCE = re.compile(rb'"reference"\s*:\s*"#([^"\\]*)"')


def nested_issues(
    type_: str,
    value: Any,  # noqa: ANN401 - the struct of `type_`.
    body: bytes,
    place: str,
    read: ReadNested,
) -> list[Issue]:
    """Return what is wrong with the resources inside a resource and with references to them."""
    issues: list[Issue] = []
    if type_ in {"Bundle", "Parameters"}:
        for raw, inner in _nested(type_, value, place):
            issues += read(bytes(raw), inner, False)[1]  # noqa: FBT003
        return issues
    contained = getattr(value, "contained", None)
    if contained is None:
        if b"#" in body and b'"#' in body:
            issues += _dangling(body, frozenset(), place)
        return issues
    return issues + _contained_issues(contained, body, place, read)


def _nested(type_: str, value: Any, place: str) -> Iterator[tuple[Any, str]]:  # noqa: ANN401
    if type_ == "Bundle":
        for index, entry in enumerate(value.entry or ()):
            inner = f"{place}.entry[{index}]"
            if entry.resource is not None:
                yield entry.resource, f"{inner}.resource"
            if entry.response is not None and entry.response.outcome is not None:
                yield entry.response.outcome, f"{inner}.response.outcome"
    elif type_ == "Parameters":
        yield from _parameters(value.parameter, f"{place}.parameter")


def _parameters(parameters: Any, place: str) -> Iterator[tuple[Any, str]]:  # noqa: ANN401
    for index, parameter in enumerate(parameters or ()):
        if parameter.resource is not None:
            yield parameter.resource, f"{place}[{index}].resource"
        yield from _parameters(parameter.part, f"{place}[{index}].part")


def _contained_issues(
    contained: list[Any], body: bytes, place: str, read: ReadNested
) -> list[Issue]:
    issues: list[Issue] = []
    ids: set[str] = set()
    named = {name.decode() for name in _LOCAL_NAME.findall(body)}
    for index, raw in enumerate(contained):
        inner = f"{place}.contained[{index}]"
        value, found = read(bytes(raw), inner, True)  # noqa: FBT003
        issues += found
        if value is not None:
            issues += _single_issues(value, named, inner)
            ids.add(value.id)
    if issues:
        return issues
    return _dangling(body, frozenset(ids), place)


def _single_issues(value: Any, named: set[str], place: str) -> Iterator[Issue]:  # noqa: ANN401
    if getattr(value, "contained", None) is not None:
        yield problem("invariant", "dom-2: A contained resource contains no other.", place)
    meta = value.meta
    if meta is not None and (meta.versionId is not None or meta.lastUpdated is not None):
        yield problem("invariant", "dom-4: A contained resource has no version.", place)
    if meta is not None and meta.security is not None:
        yield problem("invariant", "dom-5: A contained resource has no security label.", place)
    # An empty name is a reference from inside to the container.
    if value.id not in named and "" not in named:
        yield problem("invariant", "dom-3: A contained resource must be referred to.", place)


def _dangling(body: bytes, ids: frozenset[str], place: str) -> list[Issue]:
    """Return an issue if a local reference names a contained resource that is not there."""
    for name in _LOCAL_REFERENCE.findall(body):
        if name and name.decode() not in ids:
            text = "ref-1: A reference to a contained resource finds none of that id."
            return [problem("invariant", text, place)]
    return []
