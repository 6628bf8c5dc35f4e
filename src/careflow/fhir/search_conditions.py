"""What one parameter of a search asks: the part of its name before the value, chains and all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from careflow.fhir.body_tests import HasWords
from careflow.fhir.conditions import Chained, Condition, Judged, ReferredToBy, any_of
from careflow.fhir.definitions import (
    SearchParameter,
    is_resource_type,
    search_parameters,
)
from careflow.fhir.search_asked import Asked, AskedAt, refuse_modifier, split_escaped
from careflow.fhir.search_errors import (
    BadValueError,
    SearchError,
    UnknownModifierError,
    UnknownParameterError,
    UnsupportedSearchError,
)
from careflow.fhir.search_ranges import id_condition, stored_condition
from careflow.fhir.search_values import condition_of, target_types

CHAIN_LINKS_MAX = 4
CHAIN_TARGETS_MAX = 30
VALUES_MAX = 500
_WORDS = {"_text": True, "_content": False}
"""Parameters that look for words, and whether in the narrative alone."""


def condition_from(type_: str, name: str, value: str, at: AskedAt) -> Condition:
    """Return the condition of one pair, following a chain if the name has one."""
    head, dot, rest = name.partition(".")
    code, colon, modifier = head.partition(":")
    if dot:
        return _chain(type_, name, (code, modifier), (rest, value), at)
    asked = Asked(type_, name, modifier if colon else None, _values(name, value), at)
    if code == "_id":
        return id_condition(asked)
    if code == "_lastUpdated":
        return stored_condition(asked)
    if code == "_list":
        return _list(asked)
    if code in _WORDS:
        return _words(asked, narrative=_WORDS[code])
    return condition_of(_known(type_, code, name), asked)


def _list(asked: Asked) -> Condition:
    """Return the condition that a List refers to the resource."""
    refuse_modifier(asked)
    if any(value.startswith("$") for value in asked.values):
        text = "This server keeps no functional lists: name the id of a List."
        raise UnsupportedSearchError(text, parameter=asked.name)
    return ReferredToBy("List", "item", id_condition(asked))


def _words(asked: Asked, *, narrative: bool) -> Condition:
    refuse_modifier(asked)
    if not all(re.search(r"\w", value) for value in asked.values):
        raise asked.bad("Words to look for are expected.")
    return Judged(HasWords(asked.values, narrative))


condition_once = lru_cache(maxsize=4096)(condition_from)
"""The same patient, code or day is asked for in many searches."""


def _known(type_: str, code: str, name: str) -> SearchParameter:
    parameter = search_parameters(type_).get(code)
    if parameter is None:
        raise UnknownParameterError(type_, name)
    return parameter


def _values(name: str, value: str) -> tuple[str, ...]:
    values = tuple(split_escaped(value, ","))
    if len(values) > VALUES_MAX:
        raise BadValueError(f"At most {VALUES_MAX} values may be given.", parameter=name)
    return values


def _chain(
    type_: str,
    name: str,
    link: tuple[str, str],
    rest: tuple[str, str],
    at: AskedAt,
) -> Condition:
    """Return the condition of ``subject:Patient.name=x``."""
    code, modifier = link
    if name.count(".") > CHAIN_LINKS_MAX:
        text = f"A chain has at most {CHAIN_LINKS_MAX} links."
        raise UnsupportedSearchError(text, parameter=name)
    parameter = _known(type_, code, name)
    if parameter.type != "reference":
        raise UnknownModifierError(name)
    targets = target_types(parameter)
    if modifier and modifier not in targets:
        raise UnknownModifierError(name)
    if not modifier and len(targets) > CHAIN_TARGETS_MAX:
        text = "This refers to many types: name one, as in subject:Patient.name."
        raise UnsupportedSearchError(text, parameter=name)
    types = (modifier,) if modifier else targets
    return any_of(list(_links(code, types, name, rest, at)))


def _links(
    code: str,
    types: Iterable[str],
    name: str,
    rest: tuple[str, str],
    at: AskedAt,
) -> list[Condition]:
    """Return one link for each type that has the next parameter."""
    found: list[Condition] = []
    for type_ in types:
        try:
            found.append(Chained(code, type_, condition_from(type_, *rest, at)))
        except UnknownParameterError:
            continue
        except SearchError as error:
            error.parameter = error.place = name
            raise
    if not found:
        raise UnknownParameterError(" or ".join(list(types)[:3]), name)
    return found


def reverse_chain(type_: str, name: str, value: str, at: AskedAt) -> Condition:
    """Return the condition of ``_has:Observation:patient:code=x``."""
    parts = name.split(":", 3)
    if len(parts) != 4 or not is_resource_type(parts[1]):
        raise BadValueError("This is written _has:Type:reference:parameter.", parameter=name)
    _, source, reference, rest = parts
    parameter = _known(source, reference, name)
    if parameter.type != "reference" or type_ not in target_types(parameter):
        raise BadValueError(f"This parameter does not refer to {type_}.", parameter=name)
    if rest.startswith("_has:"):
        inner = reverse_chain(source, rest, value, at)
    else:
        inner = condition_from(source, rest, value, at)
    return ReferredToBy(source, reference, inner)
