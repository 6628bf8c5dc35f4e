"""Turns the values of one search parameter into a condition, by the parameter's type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from careflow.fhir.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Has,
    IdIn,
    Not,
    RangeWithin,
    StoredBetween,
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
from careflow.fhir.extract import IDENTIFIER_OF
from careflow.fhir.reference import reference_term
from careflow.fhir.search_bounds import (
    Bounds,
    date_bounds,
    date_span,
    number_bounds,
    number_span,
    split_prefix,
)
from careflow.fhir.search_errors import (
    BadValueError,
    UnknownModifierError,
    UnsupportedSearchError,
)

_ID = re.compile(r"^[A-Za-z0-9\-.]{1,64}$")
_NOT_OFFERED = {"text", "in", "not-in", "above", "below", "of-type"}
_HOW: dict[str | None, Literal["prefix", "exact", "contains"]] = {
    None: "prefix",
    "exact": "exact",
    "contains": "contains",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One parameter as asked for.

    Attributes:
        name: As written, for errors.
        modifier: What follows the colon, or ``None``.
        values: Alternatives, still escaped.
    """

    type: str
    name: str
    modifier: str | None
    values: tuple[str, ...]
    now: datetime | None = None

    def bad(self, what: str) -> BadValueError:
        """Return the error for a value that does not have the right form."""
        return BadValueError(what, parameter=self.name)


def split_escaped(text: str, mark: str) -> list[str]:
    """Split on a mark that is not escaped; escapes stay for :func:`unescape`."""
    parts, current, escaped = [], "", False
    for letter in text:
        if letter == mark and not escaped:
            parts.append(current)
            current = ""
        else:
            current += letter
        escaped = letter == "\\" and not escaped
    return [*parts, current]


def unescape(text: str) -> str:
    r"""Return the text meant by ``\,`` ``\|`` ``\$`` and ``\\``."""
    return re.sub(r"\\([,|$\\])", r"\1", text)


def condition_of(parameter: SearchParameter, asked: Asked) -> Condition:
    """Return the condition that a parameter and its values stand for."""
    if asked.modifier == "missing":
        return _missing(parameter, asked)
    if parameter.unites:
        parts = [search_parameters(asked.type)[code] for code in parameter.unites]
        return any_of([condition_of(part, asked) for part in parts])
    if asked.modifier in _NOT_OFFERED:
        text = "This server does not offer this modifier."
        raise UnsupportedSearchError(text, parameter=asked.name)
    return _BY_TYPE[parameter.type](parameter, asked)


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
    if not bar or not _is_bare(parameter):
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


def _is_bare(parameter: SearchParameter) -> bool:
    return all(path.type[0].islower() for path in parameter.paths)


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
    only = [
        path.steps[-1].removesuffix("]").split("[is ")[1]
        for path in parameter.paths
        if "[is " in path.steps[-1]
    ]
    if only and len(only) == len(parameter.paths):
        return tuple(dict.fromkeys(only))
    return parameter.targets or tuple(sorted(resource_types()))


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


# --- date, number, quantity ----------------------------------------------------------------


def _date(parameter: SearchParameter, asked: Asked) -> Condition:
    _refuse_modifier(asked)
    ranges = [
        _within(parameter.code, bounds, None)
        for value in asked.values
        for bounds in _bounds_of_date(value, asked)
    ]
    return any_of(ranges)


def _number(parameter: SearchParameter, asked: Asked) -> Condition:
    _refuse_modifier(asked)
    ranges = [
        _within(parameter.code, bounds, None)
        for value in asked.values
        for bounds in _bounds_of_number(value, asked)
    ]
    return any_of(ranges)


def _quantity(parameter: SearchParameter, asked: Asked) -> Condition:
    _refuse_modifier(asked)
    ranges: list[Condition] = []
    for value in asked.values:
        number, unit = _split_quantity(value, asked)
        qualifiers = (unit,) if unit else None
        ranges += [
            _within(parameter.code, bounds, qualifiers)
            for bounds in _bounds_of_number(number, asked)
        ]
    return any_of(ranges)


def _refuse_modifier(asked: Asked) -> None:
    if asked.modifier is not None:
        raise UnknownModifierError(asked.name)


def _bounds_of_date(value: str, asked: Asked) -> tuple[Bounds, ...]:
    split = split_prefix(value)
    span = date_span(split[1]) if split else None
    if split is None or span is None:
        raise asked.bad("A date is written 2024, 2024-03, 2024-03-14 or 2024-03-14T09:30:00Z.")
    return date_bounds(split[0], span, asked.now)


def _bounds_of_number(value: str, asked: Asked) -> tuple[Bounds, ...]:
    split = split_prefix(value)
    read = number_span(split[1]) if split else None
    if split is None or read is None:
        raise asked.bad("A number is written 5.4, or gt5.4 with one of FHIR's prefixes.")
    return number_bounds(split[0], *read)


def _split_quantity(value: str, asked: Asked) -> tuple[str, str]:
    """Return (number with prefix, unit as indexed); the unit is empty where any will do."""
    parts = [unescape(part) for part in split_escaped(value, "|")]
    if len(parts) == 1:
        return parts[0], ""
    if len(parts) != 3 or not parts[2]:
        raise asked.bad("A quantity is number, number|system|code or number||unit.")
    return parts[0], f"{parts[1]}|{parts[2]}" if parts[1] else parts[2]


def _within(code: str, bounds: Bounds, qualifiers: tuple[str, ...] | None) -> RangeWithin:
    return RangeWithin(
        code, bounds.low_min, bounds.low_max, bounds.high_min, bounds.high_max, qualifiers
    )


# --- composite -----------------------------------------------------------------------------


def _composite(parameter: SearchParameter, asked: Asked) -> Condition:
    _refuse_modifier(asked)
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
            number, name = _split_quantity(part, asked)
            bounds, unit = _bounds_of_number(number, asked), [name]
        elif kind == "number":
            bounds, unit = _bounds_of_number(part, asked), [""]
        elif kind == "date":
            bounds, unit = _bounds_of_date(part, asked), [""]
        else:
            names.append(_composite_name(kind, part, asked))
    if bounds:
        qualifiers = ("$".join(names + unit),)
        return any_of([_within(code, bound, qualifiers) for bound in bounds])
    joined = "$".join(names)
    return TextMatches(code, (joined,)) if "string" in kinds else TermIn(code, (joined,))


def _composite_name(kind: str, part: str, asked: Asked) -> str:
    text = token_term(part) if kind == "token" else unescape(part)
    if not text or text.endswith("|"):
        raise asked.bad("A part of this value is empty or names no code.")
    return text


# --- what the store keeps itself -----------------------------------------------------------


def id_condition(asked: Asked) -> Condition:
    """Return the condition of ``_id``."""
    ids = tuple(unescape(value) for value in asked.values)
    if not all(_ID.match(id) for id in ids):
        raise asked.bad("An id has 1 to 64 letters, digits, hyphens and dots.")
    if asked.modifier == "not":
        return Not(IdIn(ids))
    _refuse_modifier(asked)
    return IdIn(ids)


def stored_condition(asked: Asked) -> Condition:
    """Return the condition of ``_lastUpdated``."""
    _refuse_modifier(asked)
    return any_of([_stored(value, asked) for value in asked.values])


def _stored(value: str, asked: Asked) -> Condition:
    split = split_prefix(value)
    span = date_span(split[1]) if split else None
    if split is None or span is None:
        raise asked.bad("A date is written 2024, 2024-03, 2024-03-14 or 2024-03-14T09:30:00Z.")
    prefix, (low, high) = split[0], span
    if prefix == "ne":
        return Not(StoredBetween(_instant(low), _instant(high)))
    if prefix in {"gt", "sa"}:
        return StoredBetween(after=_instant(high + 1))
    if prefix in {"lt", "eb"}:
        return StoredBetween(before=_instant(low - 1))
    after = _instant(low) if prefix in {"eq", "ap", "ge"} else None
    before = _instant(high) if prefix in {"eq", "ap", "le"} else None
    return StoredBetween(after, before)


def _instant(ms: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)


_BY_TYPE = {
    "token": _token,
    "reference": _reference,
    "string": _string,
    "uri": _uri,
    "date": _date,
    "number": _number,
    "quantity": _quantity,
    "composite": _composite,
}
