"""Any sequence of commits and questions has the answers that the plain model gives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace
from typing_extensions import override

from careflow.database.conditions import (
    AllOf,
    AnyOf,
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
    Documents,
    Entries,
    Put,
    Query,
    Release,
    VersionMismatchError,
)
from careflow.database.scope import COMPARTMENT, AccessScope
from tests.contracts.engines import ENGINES, SetClock
from tests.contracts.model import Model

organisations = st.sampled_from(["harbour", "harbour", "harbour", "hillside"])
kinds = st.sampled_from(["Patient", "Observation"])
ids = st.sampled_from(["1", "2", "3", "4", "5"])
parameters = st.sampled_from(["p", "q"])
values = st.sampled_from(["x", "y", "x|y"])
words = st.sampled_from(["", "Ann", "ann", "ÄNNE", "Annette", "o'Neill", "ß"])
numbers = st.sampled_from([0.0, 1.0, 1.5, 8.64e7, 3e9, -5.0, float("inf"), float("-inf")])
finite = numbers.filter(lambda number: abs(number) < 1e300)
units = st.sampled_from(["", "mg"])
series_keys = st.sampled_from(["a", "b"])
patients = st.sampled_from(["1", "2", "3"])


def some(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


def several(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.just(()) | st.lists(strategy, min_size=1, max_size=most).map(tuple)


ranges = st.tuples(parameters, numbers, numbers, units).map(
    lambda entry: (entry[0], min(entry[1:3]), max(entry[1:3]), entry[3])
)
entries = st.builds(
    Entries,
    terms=several(st.tuples(parameters, values) | st.tuples(st.just(COMPARTMENT), patients), 4),
    texts=several(st.tuples(parameters, words)),
    ranges=several(ranges),
    series=several(st.tuples(series_keys, finite), 2),
)

# Simple values come up most, so that most commits succeed and most questions have answers.
expected = st.sampled_from([None, None, None, None, 0, 1, 2])
versions = st.sampled_from([None, 1, 2, 3])
holders = st.tuples(kinds, ids).map("/".join)
keys = st.sampled_from(["9:00", "9:30"])
puts = st.builds(
    Put, kinds, ids, st.binary(max_size=3), organisations, entries, expected, st.booleans()
)
changes: st.SearchStrategy[Change] = st.one_of(
    puts,
    puts,
    puts,
    st.builds(Delete, kinds, ids, organisations, expected),
    st.builds(Claim, organisations, keys, holders),
    st.builds(Release, organisations, keys, holders),
    st.builds(Append, organisations, st.just("audit"), st.binary(max_size=3)),
)
bound = st.sampled_from([None, None, None, 0.0, 1.0, 8.64e7, 3e9])
leaves = st.one_of(
    st.builds(TermIn, parameters, several(values, 2)),
    st.builds(
        TextMatches, parameters, several(words, 2), st.sampled_from(["prefix", "exact", "contains"])
    ),
    st.builds(RangeWithin, parameters, bound, bound, bound, bound, st.none() | some(units)),
    st.builds(SeriesIn, some(series_keys)),
    st.builds(IdIn, some(ids)),
    st.builds(Has, parameters),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner), st.builds(AnyOf, some(inner)), st.builds(AllOf, some(inner))
    ),
    max_leaves=5,
)
sort_keys = st.builds(
    SortKey, st.sampled_from(["p", "q", "_id", "_lastUpdated", "never"]), st.booleans()
)
asked = st.just(()) | st.tuples(conditions) | some(conditions, 2)
ordinary = st.builds(Query, kinds, asked, some(sort_keys, 2), st.integers(1, 4))
by_series = st.builds(
    lambda kind, keys, more, descending, count: Query(
        kind, (SeriesIn(keys), *more), (SortKey("_series", descending),), count
    ),
    kinds,
    st.just(("a", "b")) | some(series_keys, 2),
    some(conditions.filter(lambda condition: not isinstance(condition, SeriesIn)), 1),
    st.booleans(),
    st.integers(1, 4),
)
held = st.tuples(parameters, several(values, 2)) | st.tuples(
    st.just(COMPARTMENT), several(patients, 2)
)
by_terms = st.dictionaries(kinds, some(some(held, 2), 2), max_size=1)
within: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.dictionaries(
    st.sampled_from(["read", "find"]), by_terms
)
scopes = st.builds(
    AccessScope,
    organisations,
    st.sampled_from([None, None, None, frozenset(), frozenset({"Patient"})]),
    st.sampled_from([None, None, None, frozenset(), frozenset({"1"}), frozenset({"1", "3"})]),
    st.frozensets(kinds, max_size=1),
    within,
)


class DocumentsAgainstModel(RuleBasedStateMachine):
    """Commits go to both; every question must be answered alike."""

    engine: ClassVar[str]
    folder: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = SetClock()
        self.own = Path(mkdtemp(dir=self.folder))
        self.documents = self.run(self.open())
        self.model = Model()

    def open(self) -> Awaitable[Documents]:
        return ENGINES[self.engine](self.own, self.clock)

    def run(self, waiting: Any) -> Any:
        return self.runner.run(waiting)

    @initialize(puts=st.lists(puts, min_size=12, max_size=20))
    def fill(self, puts: list[Put]) -> None:
        for put in puts:
            self.commit((replace(put, expected=None),), 1)

    @rule(changes=some(changes, 4), back=st.sampled_from([-5, 0, 0, 1]))
    def change(self, changes: tuple[Change, ...], back: int) -> None:
        self.commit(changes, back)

    def commit(self, changes: tuple[Change, ...], back: int) -> None:
        self.clock.move(seconds=back)
        try:
            self.model, expected = self.model.commit(changes)
        except (ClaimTakenError, VersionMismatchError) as refusal:
            with pytest.raises(type(refusal)):
                self.run(self.documents.commit(changes))
            return
        stored = self.run(self.documents.commit(changes))
        assert [(each.version, each.body, each.deleted) for each in stored] == [
            (each.version, each.body, each.deleted) for each in expected
        ]

    @rule(organisation=organisations, kind=kinds, id=ids, scope=scopes, version=versions)
    def read(
        self, organisation: str, kind: str, id: str, scope: AccessScope, version: int | None
    ) -> None:
        found = self.run(self.documents.read(kind, id, scope, version=version))
        expected = self.model.read((scope.organisation, kind, id), scope, version)
        shown = found and (found.version, found.body, found.deleted)
        assert shown == (expected and (expected.version, expected.body, expected.deleted))

    @rule(query=ordinary | by_series, scope=scopes)
    def find(self, query: Query, scope: AccessScope) -> None:
        expected = self.model.find(query, scope)
        found: list[str] = []
        cursor = None
        for _ in range(len(expected) + 1):
            asked = Query(query.kind, query.conditions, query.sort, query.count, cursor, total=True)
            page = self.run(self.documents.find(asked, scope))
            assert page.total == len(expected)
            found += [document.id for document in page.documents]
            cursor = page.next
            if cursor is None:
                break
        assert found == expected

    @rule(scope=scopes, kind=st.none() | kinds, count=st.integers(1, 5))
    def history(self, scope: AccessScope, kind: str | None, count: int) -> None:
        expected = self.model.history(scope, kind)
        page = self.run(self.documents.history(scope, kind=kind, count=count))
        found = list(page.documents)
        while page.next is not None:
            page = self.run(self.documents.history(scope, kind=kind, count=count, cursor=page.next))
            found += page.documents
        assert [(each.kind, each.id, each.version, each.deleted) for each in found] == [
            (*identity[1:], version, deleted) for identity, version, deleted in expected
        ]
        instants = [each.stored_at for each in found]
        assert instants == sorted(instants, reverse=True)

    @rule(organisation=organisations)
    def stream(self, organisation: str) -> None:
        found = self.run(self.documents.stream("audit", organisation))
        assert [each.body for each in found] == self.model.streams.get((organisation, "audit"), [])

    @rule()
    def open_again(self) -> None:
        self.run(self.documents.close())
        self.documents = self.run(self.open())

    @override
    def teardown(self) -> None:
        self.run(self.documents.close())
        self.runner.close()


def machine(engine: str, folder: Path) -> type[DocumentsAgainstModel]:
    """Return the machine bound to an adapter; each run opens a fresh database in the folder."""
    return type("Bound", (DocumentsAgainstModel,), {"engine": engine, "folder": folder})


SHORT = settings(
    max_examples=40,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # shrinking takes minutes; the long run does it
    suppress_health_check=list(HealthCheck),
)


EXAMPLES = {"mongo": 15}
"""Fewer where every step is several messages to a server."""


def test_every_answer_agrees_with_the_model(engine: str, tmp_path: Path) -> None:
    short = settings(SHORT, max_examples=EXAMPLES.get(engine, SHORT.max_examples))
    run_state_machine_as_test(machine(engine, tmp_path), settings=short)


@pytest.mark.sweep
@pytest.mark.timeout(1800)
def test_many_more_answers_agree_with_the_model(engine: str, tmp_path: Path) -> None:
    long = settings(
        SHORT, max_examples=250, stateful_step_count=50, derandomize=False, phases=tuple(Phase)
    )
    run_state_machine_as_test(machine(engine, tmp_path), settings=long)
