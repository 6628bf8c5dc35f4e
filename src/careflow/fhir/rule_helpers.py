"""The functions that compiled invariants call, by the names used in ``definitions/r4.jsonl``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from careflow.fhir.narrative import narrative_is_allowed
from careflow.fhir.times import span_of


class _Meta(msgspec.Struct):
    versionId: str | None = None  # noqa: N815 - FHIR's name.


class _Versioned(msgspec.Struct):
    meta: _Meta | None = None


_versioned = msgspec.json.Decoder(_Versioned)


def distinct(values: Iterable[Any]) -> bool:
    """Report whether no value occurs twice; absent values do not count."""
    present = [_identity(value) for value in values if value is not None]
    return len(set(present)) == len(present)


def codes_apart(code: Any, components: Any) -> bool:  # noqa: ANN401 - Observation's structs.
    """Report whether no component of an observation has a coding of the observation's own code."""
    if not components:
        return True
    own = {_identity(coding) for coding in code.coding or ()}
    return not any(
        _identity(coding) in own
        for component in components or ()
        for coding in component.code.coding or ()
    )


def _identity(value: Any) -> bytes:  # noqa: ANN401 - any element.
    """Return the same bytes for equal elements, which structs themselves cannot hash to."""
    return msgspec.json.encode(value)


def listed(value: Any) -> list[Any]:  # noqa: ANN401 - any element.
    """Return a single value as a collection."""
    return [] if value is None else [value]


def joined(left: str | None, right: str | None) -> str:
    """Return FHIRPath's ``&`` of two strings."""
    return (left or "") + (right or "")


def dates_in_order(earlier: str | None, later: str | None) -> bool:
    """Report whether a date may lie before (or at) another, given how precise they are."""
    if earlier is None or later is None:
        return False
    return span_of(earlier)[0] <= span_of(later)[1]


def quantities_in_order(smaller: Any, larger: Any) -> bool:  # noqa: ANN401 - Quantity structs.
    """Report whether one quantity is not above another; different units cannot be compared."""
    if smaller is None or larger is None or smaller.value is None or larger.value is None:
        return True
    if (smaller.system, smaller.code or smaller.unit) != (
        larger.system,
        larger.code or larger.unit,
    ):
        return True
    return bool(smaller.value <= larger.value)


def link_ids(items: Any) -> list[str]:  # noqa: ANN401 - Questionnaire.item structs.
    """Return the linkIds of questions at every depth."""
    found = []
    for item in items or ():
        found += [item.linkId, *link_ids(item.item)]
    return [link_id for link_id in found if link_id is not None]


def full_urls_distinct(entries: Any) -> bool:  # noqa: ANN401 - Bundle.entry structs.
    """Report whether no two entries of a bundle are the same version of one resource."""
    named = [entry for entry in entries or () if entry.fullUrl is not None]
    if len({entry.fullUrl for entry in named}) == len(named):
        return True
    return len({(entry.fullUrl, _version_of(entry.resource)) for entry in named}) == len(named)


def _version_of(resource: msgspec.Raw | None) -> str | None:
    try:
        meta = _versioned.decode(resource).meta if resource is not None else None
    except msgspec.DecodeError:
        # What is wrong inside an entry is told where the entry is read.
        return None
    return meta.versionId if meta is not None else None


HELPERS: dict[str, Any] = {
    "codes_apart": codes_apart,
    "distinct": distinct,
    "listed": listed,
    "full_urls_distinct": full_urls_distinct,
    "joined": joined,
    "link_ids": link_ids,
    "narrative_is_allowed": narrative_is_allowed,
    "dates_in_order": dates_in_order,
    "quantities_in_order": quantities_in_order,
}
