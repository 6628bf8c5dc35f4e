"""Turns the values of one search parameter into a condition, by the parameter's type."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Literal

from careflow.fhir.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Has,
    Not,
    TermIn,
    TextMatches,
    any_of,
)
from careflow.fhir.definitions import (
    CompositeGroup,
    SearchParameter,
    code_set,
    is_resource_type,
    resource_types,
    search_parameters,
    type_definition,
)
from careflow.fhir.extractor import IDENTIFIER_OF
from careflow.fhir.reference import reference_term
from careflow.fhir.search_asked import Asked, refuse_modifier, split_escaped, unescape
from careflow.fhir.search_bounds import (
    Bounds,
)
from careflow.fhir.search_errors import (
    UnknownModifierError,
    UnsupportedSearchError,
)
from careflow.fhir.search_ranges import (
    bounds_of_date,
    bounds_of_number,
    date_condition,
    number_condition,
    quantity_condition,
    split_quantity,
    within,
)

_ID = re.compile(r"^[A-Za-z0-9\-.]{1,64}$")
_NOT_OFFERED = {"text", "in", "not-in", "above", "below", "of-type"}
_HOW: dict[str | None, Literal["prefix", "exact", "contains"]] = {
    None: "prefix",
    "exact": "exact",
    "contains": "contains",
}


def condition_of(parameter: SearchParameter, asked: Asked) -> Condition:
    """Return the condition that a parameter and its values stand for."""
    if asked.modifier == "missing":
        return _missing(parameter, asked)
    if parameter.unites:
        return _united(parameter, asked)
    if asked.modifier in _NOT_OFFERED:
        text = "This server does not offer this modifier."
        raise UnsupportedSearchError(text, parameter=asked.name)
    return _BY_TYPE[parameter.type](parameter, asked)


def _united(parameter: SearchParameter, asked: Asked) -> Condition:
    """Return the condition that one of the united parts holds; with ``:not``, that none does."""
    parts = [search_parameters(asked.type)[code] for code in parameter.unites]
    if asked.modifier == "not":
        plain = replace(asked, modifier=None)
        return Not(any_of([condition_of(part, plain) for part in parts]))
    return any_of([condition_of(part, asked) for part in parts])


def _missing(parameter: SearchParameter, asked: Asked) -> Condition:
    if asked.values not in {("true",), ("false",)}:
        raise asked.bad("With :missing the value is true or false.")
    present = presence(parameter, asked)
    return Not(present) if asked.values == ("true",) else present


def presence(parameter: SearchParameter, asked: Asked) -> Condition:
    """Return the condition that the resource has any value for the parameter."""
    if parameter.type == "composite":
        raise UnknownModifierError(asked.name)
    if parameter.unites:
        parts = [search_parameters(asked.type)[code] for code in parameter.unites]
        return any_of([presence(part, asked) for part in parts])
    if parameter.type == "reference":
        return AnyOf((Has(parameter.code), Has(parameter.code + IDENTIFIER_OF)))
    return Has(parameter.code)


# --- token ---------------------------------------------------------------------------------


def _token(parameter: SearchParameter, asked: Asked) -> Condition:
    terms = [term for value in asked.values for term in _token_terms(parameter, value, asked)]
    condition = TermIn(parameter.code, tuple(dict.fromkeys(terms)))
    if asked.modifier == "not":
        return Not(condition)
    if asked.modifier is not None:
        raise UnknownModifierError(asked.name)
    return condition


def _token_terms(parameter: SearchParameter, value: str, asked: Asked) -> list[str]:
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


# --- reference -----------------------------------------------------------------------------


def _reference(parameter: SearchParameter, asked: Asked) -> Condition:
    if asked.modifier == "identifier":
        terms = [token_term(value) for value in asked.values]
        if None in terms:
            raise asked.bad("An identifier is value, system|value, |value or system|.")
        kept = tuple(term for term in terms if term is not None)
        return TermIn(parameter.code + IDENTIFIER_OF, kept)
    if asked.modifier is not None and asked.modifier not in target_types(parameter):
        raise UnknownModifierError(asked.name)
    terms = [term for value in asked.values for term in _reference_terms(parameter, value, asked)]
    return TermIn(parameter.code, tuple(dict.fromkeys(term for term in terms if term)))


def _reference_terms(parameter: SearchParameter, value: str, asked: Asked) -> list[str]:
    text = unescape(value)
    if not text:
        raise asked.bad("A reference is an id, Type/id or an address.")
    if _ID.match(text):
        types = (asked.modifier,) if asked.modifier else target_types(parameter)
        bare = [text] if any(path.type != "Reference" for path in parameter.paths) else []
        return [f"{type_}/{text}" for type_ in types] + bare
    term, type_ = reference_term(text)
    if asked.modifier is not None and type_ != asked.modifier:
        raise asked.bad("The reference and the type in the modifier differ.")
    if type_ is not None and ":" not in text and not is_resource_type(type_):
        raise asked.bad("A reference is an id, Type/id or an address.")
    return [term]


def target_types(parameter: SearchParameter) -> tuple[str, ...]:
    """Return the types that a parameter's references may point to."""
    return parameter.targets or _every_type()


@cache
def _every_type() -> tuple[str, ...]:
    return tuple(sorted(resource_types()))


# --- string and uri ------------------------------------------------------------------------


def _string(parameter: SearchParameter, asked: Asked) -> Condition:
    if asked.modifier not in _HOW:
        raise UnknownModifierError(asked.name)
    values = tuple(unescape(value) for value in asked.values)
    if not all(values):
        raise asked.bad("The text to look for is empty.")
    return TextMatches(parameter.code, values, _HOW[asked.modifier])


def _uri(parameter: SearchParameter, asked: Asked) -> Condition:
    if asked.modifier is not None:
        raise UnknownModifierError(asked.name)
    values = tuple(unescape(value) for value in asked.values)
    if not all(values):
        raise asked.bad("The address to look for is empty.")
    return TermIn(parameter.code, values)


# --- composite -----------------------------------------------------------------------------


def _composite(parameter: SearchParameter, asked: Asked) -> Condition:
    refuse_modifier(asked)
    return any_of(
        [
            _composite_part(parameter, group, value, asked)
            for value in asked.values
            for group in parameter.groups
        ]
    )


def _composite_part(
    parameter: SearchParameter, group: CompositeGroup, value: str, asked: Asked
) -> Condition:
    parts = split_escaped(value, "$")
    if len(parts) != len(group.components):
        raise asked.bad(f"This takes {len(group.components)} values joined by $.")
    if not group.base:
        known = search_parameters(asked.type)
        return AllOf(
            tuple(
                condition_of(known[component.code], _only(asked, part))
                for component, part in zip(group.components, parts, strict=True)
            )
        )
    kinds = [component.type for component in group.components]
    return _indexed_composite(parameter.code, kinds, parts, asked)


def _only(asked: Asked, value: str) -> Asked:
    return Asked(asked.type, asked.name, None, (value,), asked.now)


def _indexed_composite(code: str, kinds: list[str], parts: list[str], asked: Asked) -> Condition:
    """Return the condition over entries in which a composite's parts are joined by ``$``."""
    names: list[str] = []
    bounds: tuple[Bounds, ...] = ()
    unit: list[str] = []
    for kind, part in zip(kinds, parts, strict=True):
        if kind == "quantity":
            number, name = split_quantity(part, asked)
            bounds, unit = bounds_of_number(number, asked), [name]
        elif kind == "number":
            bounds, unit = bounds_of_number(part, asked), [""]
        elif kind == "date":
            bounds, unit = bounds_of_date(part, asked), [""]
        else:
            names.append(_composite_name(kind, part, asked))
    if bounds:
        qualifiers = ("$".join(names + unit),)
        return any_of([within(code, bound, qualifiers) for bound in bounds])
    joined = "$".join(names)
    return TextMatches(code, (joined,)) if "string" in kinds else TermIn(code, (joined,))


def _composite_name(kind: str, part: str, asked: Asked) -> str:
    text = token_term(part) if kind == "token" else unescape(part)
    if not text or text.endswith("|"):
        raise asked.bad("A part of this value is empty or names no code.")
    return text


_BY_TYPE = {
    "token": _token,
    "reference": _reference,
    "string": _string,
    "uri": _uri,
    "date": date_condition,
    "number": number_condition,
    "quantity": quantity_condition,
    "composite": _composite,
}
