"""The grammar of FHIR searches: from the pairs of a query string to a typed request.

Nothing here touches a store. Anything that is not understood is an error that names the
parameter; a search never silently answers a wider question than the one asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from careflow.fhir.body_tests import HasWords
from careflow.fhir.conditions import Chained, Condition, Judged, ReferredToBy, any_of
from careflow.fhir.definitions import (
    SearchParameter,
    is_resource_type,
    search_parameters,
)
from careflow.fhir.search_asked import Asked, refuse_modifier, split_escaped
from careflow.fhir.search_errors import (
    BadValueError,
    SearchError,
    UnknownModifierError,
    UnknownParameterError,
    UnsupportedSearchError,
)
from careflow.fhir.search_ranges import id_condition, stored_condition
from careflow.fhir.search_request import Include, SearchRequest, Sort
from careflow.fhir.search_values import (
    condition_of,
    target_types,
)

__all__ = [
    "BadValueError",
    "Include",
    "SearchError",
    "SearchRequest",
    "Sort",
    "UnknownModifierError",
    "UnknownParameterError",
    "UnsupportedSearchError",
    "parse_search",
]

Pairs = Sequence[tuple[str, str]]
_IN_ORDER = {"date", "number", "quantity", "string"}
"""Types of parameters that the store keeps in order."""
_NOT_OFFERED = {"_filter", "_query", "_type", "_score", "near"}
_WORDS = {"_text": True, "_content": False}
"""Parameters that look for words, and whether in the narrative alone."""
CHAIN_LINKS_MAX = 4
CHAIN_TARGETS_MAX = 30
VALUES_MAX = 500
PARAMETERS_MAX = 100
ALL_VALUES_MAX = 2_000
REMEMBERED_CHARACTERS = 500


def parse_search(
    type_: str,
    pairs: Pairs,
    *,
    lenient: bool = False,
    now: datetime | None = None,
) -> SearchRequest:
    """Read the parameters of a search for one resource type.

    Args:
        type_: A resource type of the standard.
        pairs: Names and values in order, percent-decoded.
        lenient: Leave unknown parameters out and say so, as ``Prefer: handling=lenient`` asks.
        now: For ``ap`` on dates, which is wider the longer ago a date is.

    Raises:
        SearchError: Something is not understood or not offered; the error names the parameter.
    """
    if now is None and is_short(pairs):
        return _remembered(type_, tuple(pairs), lenient=lenient)
    return _read(type_, pairs, lenient=lenient, now=now)


def is_short(pairs: Pairs) -> bool:
    """Report whether a search is short enough to be remembered with what it means."""
    return sum([len(name) + len(value) for name, value in pairs]) <= REMEMBERED_CHARACTERS


def _read(type_: str, pairs: Pairs, *, lenient: bool, now: datetime | None) -> SearchRequest:
    _require_bounded(pairs)
    reader = _Reader(type_, now)
    ignored = []
    for name, value in pairs:
        try:
            reader.take(name, value)
        except UnknownParameterError:
            if not lenient:
                raise
            ignored.append(name)
    return reader.request(tuple(pair for pair in pairs if pair[0] not in ignored), tuple(ignored))


@lru_cache(maxsize=1024)
def _remembered(type_: str, pairs: tuple[tuple[str, str], ...], *, lenient: bool) -> SearchRequest:
    """Read a short search once: people and programs repeat them. An error is read anew."""
    return _read(type_, pairs, lenient=lenient, now=None)


def _require_bounded(pairs: Pairs) -> None:
    """Raise if there is more than a store should be asked at once, however it is spread."""
    values = sum(1 + value.count(",") for _, value in pairs)
    if len(pairs) > PARAMETERS_MAX or values > ALL_VALUES_MAX:
        text = f"A search has at most {PARAMETERS_MAX} parameters with {ALL_VALUES_MAX:,} values."
        raise BadValueError(text, parameter=pairs[-1][0])


class _Reader:
    """Collects what the pairs say."""

    def __init__(self, type_: str, now: datetime | None) -> None:
        self._type = type_
        self._now = now
        self._conditions: list[Condition] = []
        self._sort: tuple[Sort, ...] = ()
        self._includes: list[Include] = []
        self._revincludes: list[Include] = []
        self._count: int | None = None
        self._elements: tuple[str, ...] = ()
        self._chosen: dict[str, Any] = {}
        self._once: dict[str, str] = {}

    def take(self, name: str, value: str) -> None:
        """Read one pair."""
        base = name.partition(":")[0]
        if base in _ONCE and self._once.setdefault(base, value) != value:
            raise BadValueError("This is given twice, and differently.", parameter=name)
        result = _RESULT.get(base)
        if result is not None:
            result(self, name, value)
        elif base == "_has":
            self._conditions.append(_reverse_chain(self._type, name, value, self._now))
        else:
            read = _condition if len(value) > REMEMBERED_CHARACTERS else _condition_once
            self._conditions.append(read(self._type, name, value, self._now))

    def request(
        self, pairs: tuple[tuple[str, str], ...], ignored: tuple[str, ...]
    ) -> SearchRequest:
        """Return what was read."""
        summary = self._chosen.get("_summary", "false")
        return SearchRequest(
            type=self._type,
            conditions=tuple(self._conditions),
            sort=self._sort,
            count=0 if summary == "count" else self._count,
            total=self._chosen.get("_total"),
            includes=tuple(self._includes),
            revincludes=tuple(self._revincludes),
            summary=None if summary == "false" else summary,
            elements=self._elements,
            pretty=self._chosen.get("_pretty") == "true",
            pairs=pairs,
            ignored=ignored,
        )

    def choose(self, name: str, value: str) -> None:
        """Read a parameter with a closed list of values."""
        if name not in _CHOICES:
            raise UnknownModifierError(name)
        if value not in _CHOICES[name]:
            raise BadValueError(f"One of {', '.join(_CHOICES[name])} is expected.", parameter=name)
        self._chosen[name] = value

    def sort(self, name: str, value: str) -> None:
        """Read ``_sort``."""
        keys = [key.strip() for key in value.split(",")]
        self._sort = tuple(self._sort_key(key, name) for key in keys)

    def _sort_key(self, key: str, name: str) -> Sort:
        code, descending = key.removeprefix("-"), key.startswith("-")
        if code not in {"_id", "_lastUpdated"}:
            parameter = search_parameters(self._type).get(code)
            if parameter is None:
                raise UnknownParameterError(self._type, name)
            if parameter.type == "composite" or parameter.unites:
                text = "Sorting is offered by parameters of one value, not by combinations."
                raise UnsupportedSearchError(text, parameter=name)
            return Sort(code, descending, is_indexed=parameter.type in _IN_ORDER)
        return Sort(code, descending)

    def count(self, name: str, value: str) -> None:
        """Read ``_count``."""
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            raise BadValueError("A whole number of 0 or more is expected.", parameter=name)
        self._count = int(value)

    def elements(self, name: str, value: str) -> None:
        """Read ``_elements``."""
        self._elements += tuple(part.strip() for part in value.split(",") if part.strip())
        if not self._elements:
            raise BadValueError("Names of elements are expected.", parameter=name)

    def include(self, name: str, value: str) -> None:
        """Read ``_include`` or ``_revinclude``."""
        base, _, modifier = name.partition(":")
        if modifier not in {"", "iterate"}:
            raise UnknownModifierError(name)
        found = _include(name, value, iterate=bool(modifier))
        (self._includes if base == "_include" else self._revincludes).append(found)

    def format(self, name: str, value: str) -> None:
        """Read ``_format``: JSON is what there is."""
        if value not in {"json", "application/json", "application/fhir+json", "text/json"}:
            raise UnsupportedSearchError("This server speaks JSON only.", parameter=name)

    def refuse(self, name: str, _value: str) -> None:
        """Name a part of the standard that is not offered."""
        text = "This server does not offer this search parameter."
        raise UnsupportedSearchError(text, parameter=name)


_CHOICES = {
    "_total": ("none", "estimate", "accurate"),
    "_summary": ("true", "text", "data", "count", "false"),
    "_pretty": ("true", "false"),
    "_contained": ("false",),
}
_ONCE = {*_CHOICES, "_sort", "_count", "_format"}
_RESULT = {
    **dict.fromkeys(_CHOICES, _Reader.choose),
    **dict.fromkeys(_NOT_OFFERED, _Reader.refuse),
    "_sort": _Reader.sort,
    "_count": _Reader.count,
    "_elements": _Reader.elements,
    "_include": _Reader.include,
    "_revinclude": _Reader.include,
    "_format": _Reader.format,
}


def _include(name: str, value: str, *, iterate: bool) -> Include:
    if value == "*":
        return Include("*", "*", iterate=iterate)
    source, *rest = value.split(":")
    if not is_resource_type(source) or not 1 <= len(rest) <= 2:
        raise BadValueError(
            "This is written Type:parameter or Type:parameter:Type.", parameter=name
        )
    parameter, target = rest[0], rest[1] if len(rest) == 2 else None
    known = search_parameters(source).get(parameter)
    if parameter != "*" and (known is None or known.type != "reference"):
        raise BadValueError("This type has no reference parameter of this name.", parameter=name)
    if target is not None and not is_resource_type(target):
        raise BadValueError("The last part is a resource type.", parameter=name)
    return Include(source, parameter, target, iterate)


def _condition(type_: str, name: str, value: str, now: datetime | None) -> Condition:
    """Return the condition of one pair, following a chain if the name has one."""
    head, dot, rest = name.partition(".")
    code, colon, modifier = head.partition(":")
    if dot:
        return _chain(type_, name, (code, modifier), (rest, value), now)
    asked = Asked(type_, name, modifier if colon else None, _values(name, value), now)
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


_condition_once = lru_cache(maxsize=4096)(_condition)
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
    now: datetime | None,
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
    return any_of(list(_links(code, types, name, rest, now)))


def _links(
    code: str,
    types: Iterable[str],
    name: str,
    rest: tuple[str, str],
    now: datetime | None,
) -> list[Condition]:
    """Return one link for each type that has the next parameter."""
    found: list[Condition] = []
    for type_ in types:
        try:
            found.append(Chained(code, type_, _condition(type_, *rest, now)))
        except UnknownParameterError:
            continue
        except SearchError as error:
            error.parameter = error.place = name
            raise
    if not found:
        raise UnknownParameterError(" or ".join(list(types)[:3]), name)
    return found


def _reverse_chain(type_: str, name: str, value: str, now: datetime | None) -> Condition:
    """Return the condition of ``_has:Observation:patient:code=x``."""
    parts = name.split(":", 3)
    if len(parts) != 4 or not is_resource_type(parts[1]):
        raise BadValueError("This is written _has:Type:reference:parameter.", parameter=name)
    _, source, reference, rest = parts
    parameter = _known(source, reference, name)
    if parameter.type != "reference" or type_ not in target_types(parameter):
        raise BadValueError(f"This parameter does not refer to {type_}.", parameter=name)
    if rest.startswith("_has:"):
        inner = _reverse_chain(source, rest, value, now)
    else:
        inner = _condition(source, rest, value, now)
    return ReferredToBy(source, reference, inner)
