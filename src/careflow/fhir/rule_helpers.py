"""The functions that compiled invariants call, by the names used in ``definitions/r4.jsonl``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from careflow.fhir.narrative import narrative_is_allowed
from careflow.fhir.times import span_of


def distinct(values: Iterable[Any]) -> bool:
    """Report whether no value occurs twice; absent values do not count."""
    present = [value for value in values if value is not None]
    return all(value not in present[:index] for index, value in enumerate(present))


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


HELPERS: dict[str, Any] = {
    "distinct": distinct,
    "listed": listed,
    "joined": joined,
    "narrative_is_allowed": narrative_is_allowed,
    "dates_in_order": dates_in_order,
    "quantities_in_order": quantities_in_order,
}
