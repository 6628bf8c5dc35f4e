"""The grammar of FHIR searches: from the pairs of a query string to a typed request.

Nothing here touches a store. Anything that is not understood is an error that names the
parameter; a search never silently answers a wider question than the one asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from careflow.fhir.conditions import Condition
from careflow.fhir.definitions import is_resource_type, search_parameters
from careflow.fhir.search_asked import SOMEWHERE, AskedAt
from careflow.fhir.search_conditions import (
    CHAIN_LINKS_MAX,
    CHAIN_TARGETS_MAX,
    VALUES_MAX,
    condition_from,
    condition_once,
    reverse_chain,
)
from careflow.fhir.search_errors import (
    BadValueError,
    SearchError,
    UnknownModifierError,
    UnknownParameterError,
    UnsupportedSearchError,
)
from careflow.fhir.search_request import Include, SearchRequest, Sort

__all__ = [
    "CHAIN_LINKS_MAX",
    "CHAIN_TARGETS_MAX",
    "VALUES_MAX",
    "AskedAt",
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
PARAMETERS_MAX = 100
ALL_VALUES_MAX = 2_000
REMEMBERED_CHARACTERS = 500


def parse_search(
    type_: str,
    pairs: Pairs,
    *,
    lenient: bool = False,
    at: AskedAt = SOMEWHERE,
) -> SearchRequest:
    """Read the parameters of a search for one resource type.

    Args:
        type_: A resource type of the standard.
        pairs: Names and values in order, percent-decoded.
        lenient: Leave unknown parameters out and say so, as ``Prefer: handling=lenient`` asks.
        at: Where and when it is asked.

    Raises:
        SearchError: Something is not understood or not offered; the error names the parameter.
    """
    _require_bounded(pairs)
    reader = _Reader(type_, at)
    ignored = []
    for name, value in pairs:
        try:
            reader.take(name, value)
        except UnknownParameterError:
            if not lenient:
                raise
            ignored.append(name)
    return reader.request(tuple(pair for pair in pairs if pair[0] not in ignored), tuple(ignored))


def _require_bounded(pairs: Pairs) -> None:
    """Raise if there is more than a store should be asked at once, however it is spread."""
    values = len(pairs) + sum([value.count(",") for _, value in pairs])
    if len(pairs) > PARAMETERS_MAX or values > ALL_VALUES_MAX:
        text = f"A search has at most {PARAMETERS_MAX} parameters with {ALL_VALUES_MAX:,} values."
        raise BadValueError(text, parameter=pairs[-1][0])


class _Reader:
    """Collects what the pairs say."""

    def __init__(self, type_: str, at: AskedAt) -> None:
        self._type = type_
        self._at = at
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
            self._conditions.append(reverse_chain(self._type, name, value, self._at))
        else:
            read = condition_from if len(value) > REMEMBERED_CHARACTERS else condition_once
            self._conditions.append(read(self._type, name, value, self._at))

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
