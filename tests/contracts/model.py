"""The documents port in plain Python: what an adapter must do, without a thought for speed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cmp_to_key
from typing import Any

from careflow.database.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Has,
    IdIn,
    Not,
    RangeWithin,
    SeriesIn,
    SortKey,
    TermIn,
    TextMatches,
)
from careflow.database.documents import (
    Append,
    Change,
    Claim,
    ClaimTakenError,
    Delete,
    Entries,
    Put,
    Query,
    Release,
    VersionMismatchError,
)
from careflow.database.scope import COMPARTMENT, AccessScope, Act

Identity = tuple[str, str, str]
"""(organisation, kind, id)."""


@dataclass(frozen=True)
class Version:
    """One version as the model knows it; sequence and instant are the adapter's."""

    version: int
    body: bytes
    deleted: bool = False


@dataclass
class Held:
    """A document, its kept versions (newest last), entries and place of first appearance."""

    order: int
    changed: int
    versions: list[Version]
    entries: Entries

    @property
    def current(self) -> Version:
        return self.versions[-1]


@dataclass
class Model:
    """All state; :meth:`commit` works on a copy, so that a refused commit changes nothing."""

    held: dict[Identity, Held] = field(default_factory=dict)
    claims: dict[tuple[str, str], str] = field(default_factory=dict)
    streams: dict[tuple[str, str], list[bytes]] = field(default_factory=dict)
    log: list[tuple[Identity, int, bool]] = field(default_factory=list)
    ticks: int = 0

    def copy(self) -> Model:
        held = {
            identity: Held(each.order, each.changed, list(each.versions), each.entries)
            for identity, each in self.held.items()
        }
        streams = {name: list(bodies) for name, bodies in self.streams.items()}
        return Model(held, dict(self.claims), streams, list(self.log), self.ticks)

    # --- changes ---------------------------------------------------------------------------

    def commit(self, changes: Sequence[Change]) -> tuple[Model, list[Version]]:
        after = self.copy()
        stored = [done for change in changes if (done := after._apply(change)) is not None]
        return after, stored

    def _apply(self, change: Change) -> Version | None:
        match change:
            case Put():
                return self._put(change)
            case Delete():
                return self._delete(change)
            case Claim():
                holder = self.claims.setdefault((change.organisation, change.key), change.holder)
                if holder != change.holder:
                    raise ClaimTakenError(change.key)
            case Release():
                if self.claims.get((change.organisation, change.key)) == change.holder:
                    del self.claims[change.organisation, change.key]
            case Append():
                self.streams.setdefault((change.organisation, change.stream), []).append(
                    change.body
                )
        return None

    def _check(self, change: Put | Delete) -> Held | None:
        held = self.held.get((change.organisation, change.kind, change.id))
        actual = held.current.version if held else 0
        fresh = held is None or held.current.deleted
        if change.expected in (None, actual) or (change.expected == 0 and fresh):
            return held
        assert change.expected is not None
        raise VersionMismatchError(change.kind, change.id, expected=change.expected, actual=actual)

    def _put(self, change: Put) -> Version:
        held = self._check(change)
        assert isinstance(change.body, bytes)
        self.ticks += 1
        identity = (change.organisation, change.kind, change.id)
        version = Version(held.current.version + 1 if held else 1, change.body)
        if held is None:
            self.held[identity] = Held(self.ticks, self.ticks, [version], change.entries)
        else:
            if not change.keep_history:
                self.log.remove((identity, held.current.version, held.current.deleted))
                held.versions.pop()
            held.versions.append(version)
            held.entries, held.changed = change.entries, self.ticks
        self.log.append((identity, version.version, False))
        return version

    def _delete(self, change: Delete) -> Version:
        held = self._check(change)
        if held is None:
            return Version(0, b"", deleted=True)
        if held.current.deleted:
            return held.current
        self.ticks += 1
        version = Version(held.current.version + 1, b"", deleted=True)
        held.versions.append(version)
        held.changed = self.ticks
        holder = f"{change.kind}/{change.id}"
        self.claims = {
            key: by
            for key, by in self.claims.items()
            if (key[0], by) != (change.organisation, holder)
        }
        self.log.append(((change.organisation, change.kind, change.id), version.version, True))
        return version

    # --- questions -------------------------------------------------------------------------

    def visible(self, identity: Identity, scope: AccessScope, act: Act) -> bool:
        organisation, kind, _ = identity
        if organisation != scope.organisation or not scope.allows_kind(kind):
            return False
        terms = self.held[identity].entries.terms
        if scope.narrows(kind):
            patients = scope.patients or frozenset()
            if not any((COMPARTMENT, patient) in terms for patient in patients):
                return False
        ways = scope.within.get(act, {}).get(kind)
        return ways is None or any(
            all(any((name, value) in terms for value in values) for name, values in way)
            for way in ways
        )

    def read(self, identity: Identity, scope: AccessScope, version: int | None) -> Version | None:
        held = self.held.get(identity)
        if held is None or not self.visible(identity, scope, "read"):
            return None
        if version is None:
            return held.current
        return next((each for each in held.versions if each.version == version), None)

    def find(self, query: Query, scope: AccessScope) -> list[str]:
        found = [
            (identity[2], held)
            for identity, held in self.held.items()
            if identity[1] == query.kind
            and self.visible(identity, scope, "find")
            and not held.current.deleted
            and all(meets(each, identity[2], held) for each in query.conditions)
        ]
        return [id for id, _ in sorted(found, key=cmp_to_key(order_of(query)))]

    def history(self, scope: AccessScope, kind: str | None) -> list[tuple[Identity, int, bool]]:
        return [
            line
            for line in reversed(self.log)
            if kind in (None, line[0][1]) and self.visible(line[0], scope, "find")
        ]


def plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def meets(condition: Condition, id: str, held: Held) -> bool:
    entries = held.entries
    match condition:
        case TermIn(parameter, values):
            return any((parameter, value) in entries.terms for value in values)
        case TextMatches(parameter, values, how):
            texts = [text for name, text in entries.texts if name == parameter]
            test: dict[str, Callable[[str, str], bool]] = {
                "prefix": lambda text, value: plain(text).startswith(plain(value)),
                "exact": str.__eq__,
                "contains": lambda text, value: plain(value) in plain(text),
            }
            return any(test[how](text, value) for text in texts for value in values)
        case RangeWithin():
            return any(within(condition, each) for each in entries.ranges)
        case SeriesIn(keys):
            return any(key in keys for key, _ in entries.series)
        case IdIn(ids):
            return id in ids
        case Has(parameter):
            every: list[Any] = [*entries.terms, *entries.texts, *entries.ranges]
            return any(entry[0] == parameter for entry in every)
        case Not(inner):
            return not meets(inner, id, held)
        case AnyOf(conditions):
            return any(meets(each, id, held) for each in conditions)
        case AllOf(conditions):
            return all(meets(each, id, held) for each in conditions)
        case _:
            raise NotImplementedError


def within(condition: RangeWithin, entry: tuple[str, float, float, str]) -> bool:
    parameter, low, high, qualifier = entry
    return (
        parameter == condition.parameter
        and (condition.low_min is None or low >= condition.low_min)
        and (condition.low_max is None or low <= condition.low_max)
        and (condition.high_min is None or high >= condition.high_min)
        and (condition.high_max is None or high <= condition.high_max)
        and (condition.qualifiers is None or qualifier in condition.qualifiers)
    )


Found = tuple[str, Held]


def order_of(query: Query) -> Callable[[Found, Found], int]:
    def compare(one: Found, other: Found) -> int:
        for key in query.sort:
            first, second = sort_value(key, one, query), sort_value(key, other, query)
            if first == second:
                continue
            if first is None or second is None:
                return 1 if first is None else -1
            # Numbers come before texts, should a parameter hold both.
            later = (isinstance(first, str), first) > (isinstance(second, str), second)
            return (1 if later else -1) * (-1 if key.descending else 1)
        backwards = bool(query.sort) and query.sort[0].descending
        return (one[1].order - other[1].order) * (-1 if backwards else 1)

    return compare


def sort_value(key: SortKey, found: Found, query: Query) -> Any:
    id, held = found
    match key.parameter:
        case "_id":
            return id
        case "_lastUpdated":
            return held.changed
        case "_series":
            keys = next(each.keys for each in query.conditions if isinstance(each, SeriesIn))
            return max(order for named, order in dict(held.entries.series).items() if named in keys)
        case parameter:
            lows = [low for name, low, _, _ in held.entries.ranges if name == parameter]
            texts = [plain(text) for name, text in held.entries.texts if name == parameter]
            return min(lows) if lows else min(texts, default=None)
