"""What a search asks of a resource, in the words of the documents port.

The names and fields are those of the store's conditions, so that turning one into the other is
mechanical; ``fhir`` itself knows no store.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from careflow.fhir.body_tests import BodyTest


class TermIn(msgspec.Struct, frozen=True, gc=False):
    """The resource has (parameter, one of values)."""

    parameter: str
    values: tuple[str, ...]


class TextMatches(msgspec.Struct, frozen=True, gc=False):
    """One of the resource's texts under the parameter matches one of the values."""

    parameter: str
    values: tuple[str, ...]
    how: Literal["prefix", "exact", "contains"] = "prefix"


class RangeWithin(msgspec.Struct, frozen=True, gc=False):
    """One of the resource's intervals lies within the bounds; all inclusive, ``None`` is open."""

    parameter: str
    low_min: float | None = None
    low_max: float | None = None
    high_min: float | None = None
    high_max: float | None = None
    qualifiers: tuple[str, ...] | None = None


class IdIn(msgspec.Struct, frozen=True, gc=False):
    """The resource has one of these ids."""

    ids: tuple[str, ...]


class StoredBetween(msgspec.Struct, frozen=True, gc=False):
    """The current version was stored within [after, before], inclusive, ``None`` open."""

    after: datetime | None = None
    before: datetime | None = None


class Has(msgspec.Struct, frozen=True, gc=False):
    """The resource has any value under the parameter."""

    parameter: str


class Not(msgspec.Struct, frozen=True, gc=False):
    """The condition does not hold."""

    condition: Condition


class AnyOf(msgspec.Struct, frozen=True, gc=False):
    """At least one condition holds."""

    conditions: tuple[Condition, ...]


class AllOf(msgspec.Struct, frozen=True, gc=False):
    """Every condition holds."""

    conditions: tuple[Condition, ...]


class Chained(msgspec.Struct, frozen=True, gc=False):
    """The parameter refers to a resource of ``type`` that meets the condition."""

    parameter: str
    type: str
    condition: Condition


class ReferredToBy(msgspec.Struct, frozen=True, gc=False):
    """A resource of ``type`` that meets the condition refers here by ``parameter`` (``_has``)."""

    type: str
    parameter: str
    condition: Condition


class Judged(msgspec.Struct, frozen=True, gc=False):
    """The resource passes a test that no index answers: it has to be read.

    Attributes:
        narrowed: What every resource that passes meets, if there is such a thing.
    """

    test: BodyTest
    narrowed: Condition | None = None


Condition = (
    TermIn
    | TextMatches
    | RangeWithin
    | IdIn
    | StoredBetween
    | Has
    | Not
    | AnyOf
    | AllOf
    | Chained
    | ReferredToBy
    | Judged
)


def any_of(conditions: Sequence[Condition]) -> Condition:
    """Return the disjunction, without a wrapper around a single condition."""
    return conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions))
