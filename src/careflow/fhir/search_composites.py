"""Conditions of composite parameters: parts, joined by ``$``, that hold on one element together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from careflow.fhir.conditions import AllOf, Condition, TermIn, TextMatches, any_of
from careflow.fhir.definitions import (
    Component,
    CompositeGroup,
    SearchParameter,
    search_parameters,
)
from careflow.fhir.search_asked import Asked, refuse_modifier, split_escaped, unescape
from careflow.fhir.search_bounds import Bounds
from careflow.fhir.search_ranges import bounds_of_date, bounds_of_number, quantity_of, within
from careflow.fhir.search_tokens import token_terms

ReferenceTerms = Callable[[SearchParameter, str, Asked], list[str]]
ConditionOf = Callable[[SearchParameter, Asked], Condition]
_MOST = 500
"""Combinations of what the parts of one value may stand for."""


def composite_condition(
    parameter: SearchParameter,
    asked: Asked,
    *,
    condition_of: ConditionOf,
    reference_terms: ReferenceTerms,
) -> Condition:
    """Return the condition of a composite parameter.

    A group without a base is the resource itself, whose parts are parameters of their own.
    """
    refuse_modifier(asked)
    found: list[Condition] = []
    for value in asked.values:
        parts = split_escaped(value, "$")
        for group in parameter.groups:
            if len(parts) != len(group.components):
                raise asked.bad(f"This takes {len(group.components)} values joined by $.")
            if group.base:
                found.append(_indexed(parameter.code, group, parts, asked, reference_terms))
            else:
                found.append(_together(group, parts, asked, condition_of))
    return any_of(found)


def _together(
    group: CompositeGroup, parts: Sequence[str], asked: Asked, condition_of: ConditionOf
) -> Condition:
    known = search_parameters(asked.type)
    return AllOf(
        tuple(
            condition_of(known[component.code], replace(asked, modifier=None, values=(part,)))
            for component, part in zip(group.components, parts, strict=True)
        )
    )


@dataclass(slots=True)
class _Parts:
    """What the parts of one value ask for: names, and bounds on what is measured."""

    names: list[list[str]]
    bounds: list[tuple[Bounds, ...]]
    unit: str = ""


def _indexed(
    code: str,
    group: CompositeGroup,
    parts: Sequence[str],
    asked: Asked,
    reference_terms: ReferenceTerms,
) -> Condition:
    """Return the condition over entries in which a composite's parts are joined by ``$``."""
    read = _Parts([], [])
    for component, part in zip(group.components, parts, strict=True):
        if component.type == "quantity":
            quantity = quantity_of(part, asked)
            read.bounds.append(quantity.bounds)
            read.unit = quantity.unit
        elif component.type == "number":
            read.bounds.append(bounds_of_number(part, asked))
        elif component.type == "date":
            read.bounds.append(bounds_of_date(part, asked))
        else:
            read.names.append(_names(component, part, asked, reference_terms))
    if read.bounds:
        read.names.append([read.unit])
    joined = tuple("$".join(names) for names in product(*read.names))
    if len(joined) > _MOST:
        raise asked.bad("A part of this value stands for too much: name its system or type.")
    if read.bounds:
        return any_of([within(code, bounds, joined) for bounds in _ends(read.bounds)])
    if any(component.type == "string" for component in group.components):
        return TextMatches(code, joined)
    return TermIn(code, joined)


def _names(
    component: Component, part: str, asked: Asked, reference_terms: ReferenceTerms
) -> list[str]:
    parameter = search_parameters(asked.type).get(component.code)
    names = [unescape(part)]
    if parameter is not None and component.type == "token":
        names = token_terms(parameter, part, asked)
    elif parameter is not None and component.type == "reference":
        names = reference_terms(parameter, part, asked)
    if not all(name and not name.endswith("|") for name in names):
        raise asked.bad("A part of this value is empty or names no code.")
    return names


def _ends(asked: Sequence[tuple[Bounds, ...]]) -> list[Bounds]:
    """Return the bounds of one interval; of two numbers, the first is its start, the other its end.

    Each of the two is a point, so what is asked of either end of it is asked of the point.
    """
    if len(asked) == 1:
        return list(asked[0])
    return [Bounds(*_of_point(start), *_of_point(end)) for start, end in product(*asked)]


def _of_point(bounds: Bounds) -> tuple[float | None, float | None]:
    least = [each for each in (bounds.low_min, bounds.high_min) if each is not None]
    most = [each for each in (bounds.low_max, bounds.high_max) if each is not None]
    return max(least, default=None), min(most, default=None)
