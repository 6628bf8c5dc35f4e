"""Conditions on coded values: codes, identifiers, truth values, phone numbers."""

from __future__ import annotations

from careflow.fhir.body_tests import TextBegins
from careflow.fhir.conditions import Condition, Judged, Not, TermIn
from careflow.fhir.definitions import (
    SearchParameter,
    code_set,
    search_parameters,
    type_definition,
)
from careflow.fhir.index_values import OF_TYPE
from careflow.fhir.search_asked import Asked, split_escaped, unescape
from careflow.fhir.search_errors import UnknownModifierError, UnsupportedSearchError

_BY_TERMINOLOGY = {"in", "not-in", "above", "below"}


def token_condition(parameter: SearchParameter, asked: Asked) -> Condition:
    """Return the condition of a token parameter."""
    if asked.modifier == "text":
        return _text(parameter, asked)
    if asked.modifier == "of-type":
        return _of_type(parameter, asked)
    if asked.modifier in _BY_TERMINOLOGY:
        text = "This server holds no terminology: name the codes that you mean."
        raise UnsupportedSearchError(text, parameter=asked.name)
    terms = [term for value in asked.values for term in token_terms(parameter, value, asked)]
    condition = TermIn(parameter.code, tuple(dict.fromkeys(terms)))
    if asked.modifier == "not":
        return Not(condition)
    if asked.modifier is not None:
        raise UnknownModifierError(asked.name)
    return condition


def _text(parameter: SearchParameter, asked: Asked) -> Condition:
    """Return the condition that a display or text begins with a value."""
    values = tuple(unescape(value) for value in asked.values)
    if parameter.is_bare or all(path.type == "ContactPoint" for path in parameter.paths):
        raise UnknownModifierError(asked.name)
    if not all(values):
        raise asked.bad("The text to look for is empty.")
    return Judged(TextBegins(parameter.paths, values))


def _of_type(parameter: SearchParameter, asked: Asked) -> Condition:
    """Return the condition that an identifier of a type has a value."""
    if not any(path.type == "Identifier" for path in parameter.paths):
        raise UnknownModifierError(asked.name)
    terms = []
    for value in asked.values:
        parts = [unescape(part) for part in split_escaped(value, "|")]
        if len(parts) != 3 or not all(parts):
            raise asked.bad("An identifier of a type is system|code|value.")
        terms.append("|".join(parts))
    return TermIn(parameter.code + OF_TYPE, tuple(dict.fromkeys(terms)))


def token_terms(parameter: SearchParameter, value: str, asked: Asked) -> list[str]:
    """Return the index forms that a token may have."""
    text = token_term(value)
    if text is None:
        raise asked.bad("A token is code, system|code, |code or system|.")
    system, bar, code = text.rpartition("|")
    if not bar or not parameter.is_bare:
        return [text]
    # Codes, truth values and the like are indexed bare: their system is implied by the element.
    if not system:
        return [code]
    implied = _implied_systems(asked.type, parameter.code)
    if not code:
        return [item.split("|", 1)[1] for item in implied if item.startswith(f"{system}|")]
    return [code] if f"{system}|{code}" in implied else [text]


def token_term(value: str) -> str | None:
    """Return the index form of a token, or ``None`` if it has none."""
    parts = [unescape(part) for part in split_escaped(value, "|")]
    if len(parts) > 2 or not any(parts):
        return None
    return "|".join(parts)


def _implied_systems(type_: str, code: str) -> tuple[str, ...]:
    """Return the ``system|code`` values that the elements of a parameter are bound to."""
    found: list[str] = []
    for path in search_parameters(type_)[code].paths:
        owner = type_
        for step in path.steps:
            member = step.split("[")[0]
            field = next((f for f in type_definition(owner).fields if f.name == member), None)
            if field is None:
                break
            found += code_set(field.codes) if field.codes else ()
            owner = field.types[0]
    return tuple(found)
