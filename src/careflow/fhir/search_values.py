"""Turns the values of one search parameter into a condition, by the parameter's type."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Literal

from careflow.fhir.body_tests import AddressBelow
from careflow.fhir.conditions import (
    AnyOf,
    Condition,
    Has,
    Judged,
    Not,
    TermIn,
    TextMatches,
    any_of,
)
from careflow.fhir.definitions import (
    SearchParameter,
    is_resource_type,
    resource_types,
    search_parameters,
)
from careflow.fhir.extractor import IDENTIFIER_OF
from careflow.fhir.reference import reference_term
from careflow.fhir.search_asked import Asked, unescape
from careflow.fhir.search_composites import composite_condition
from careflow.fhir.search_errors import (
    UnknownModifierError,
    UnsupportedSearchError,
)
from careflow.fhir.search_ranges import date_condition, number_condition, quantity_condition
from careflow.fhir.search_tokens import token_condition, token_term

_ID = re.compile(r"^[A-Za-z0-9\-.]{1,64}$")
_SLASHES_OF_HOST = 2
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


# --- reference -----------------------------------------------------------------------------


def _reference(parameter: SearchParameter, asked: Asked) -> Condition:
    if asked.modifier == "identifier":
        terms = [token_term(value) for value in asked.values]
        if None in terms:
            raise asked.bad("An identifier is value, system|value, |value or system|.")
        kept = tuple(term for term in terms if term is not None)
        return TermIn(parameter.code + IDENTIFIER_OF, kept)
    if asked.modifier in {"above", "below"} and _is_address(parameter):
        return _uri(parameter, asked)
    if asked.modifier in {"above", "below"}:
        text = "This server keeps no hierarchy of what is referred to."
        raise UnsupportedSearchError(text, parameter=asked.name)
    if asked.modifier is not None and asked.modifier not in target_types(parameter):
        raise UnknownModifierError(asked.name)
    terms = [term for value in asked.values for term in reference_terms(parameter, value, asked)]
    return TermIn(parameter.code, tuple(dict.fromkeys(term for term in terms if term)))


def reference_terms(parameter: SearchParameter, value: str, asked: Asked) -> list[str]:
    """Return the index forms that a reference may have: of an id alone, one for each type."""
    text = unescape(value)
    if asked.at.base and text.startswith(f"{asked.at.base}/"):
        text = text.removeprefix(f"{asked.at.base}/")
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


def _is_address(parameter: SearchParameter) -> bool:
    return all(path.type != "Reference" for path in parameter.paths)


def _uri(parameter: SearchParameter, asked: Asked) -> Condition:
    values = tuple(unescape(value) for value in asked.values)
    if not all(values):
        raise asked.bad("The address to look for is empty.")
    if asked.modifier == "above":
        values = tuple(dict.fromkeys(each for value in values for each in _addresses_above(value)))
    elif asked.modifier == "below":
        return Judged(AddressBelow(parameter.paths, values), Has(parameter.code))
    elif asked.modifier is not None:
        raise UnknownModifierError(asked.name)
    return TermIn(parameter.code, values)


def _addresses_above(address: str) -> list[str]:
    """Return an address and what contains it, up to its host; of ``urn:`` only itself."""
    found = [address]
    while address.count("/") > _SLASHES_OF_HOST and address.startswith(("http://", "https://")):
        address, _, last = address.rpartition("/")
        found += [address, f"{address}/"] if last else [address]
    return found


# --- composite -----------------------------------------------------------------------------


def _composite(parameter: SearchParameter, asked: Asked) -> Condition:
    return composite_condition(
        parameter, asked, condition_of=condition_of, reference_terms=reference_terms
    )


_BY_TYPE = {
    "token": token_condition,
    "reference": _reference,
    "string": _string,
    "uri": _uri,
    "date": date_condition,
    "number": number_condition,
    "quantity": quantity_condition,
    "composite": _composite,
}
