"""What finding guarantees, example by example, on every adapter."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from math import inf
from typing import Any

import pytest

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
    StoredBetween,
    TermIn,
    TextMatches,
)
from careflow.database.documents import BadCursorError, Delete, Documents, Entries, Put, Query
from careflow.database.scope import COMPARTMENT, AccessScope, organisation_scope
from tests.contracts.engines import SetClock

HARBOUR = "harbour"
ALL = organisation_scope(HARBOUR)
DAY = 86_400_000.0


async def store(documents: Documents, id: str, kind: str = "Patient", **entries: Any) -> None:
    organisation = entries.pop("organisation", HARBOUR)
    await documents.commit([Put(kind, id, id.encode(), organisation, Entries(**entries))])


async def ids(
    documents: Documents,
    *conditions: Condition,
    sort: tuple[SortKey, ...] = (),
    scope: AccessScope = ALL,
    count: int = 50,
) -> list[str]:
    page = await documents.find(Query("Patient", conditions, sort, count), scope)
    return [document.id for document in page.documents]


async def all_pages(documents: Documents, query: Query) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        asked = Query(query.kind, query.conditions, query.sort, query.count, cursor)
        page = await documents.find(asked, ALL)
        assert len(page.documents) <= query.count
        found += [document.id for document in page.documents]
        cursor = page.next
        if cursor is None:
            return found


# --- conditions ------------------------------------------------------------------------------


async def test_a_term_matches_exactly_and_under_its_own_parameter(documents: Documents) -> None:
    await store(documents, "a", terms=[("gender", "female"), ("code", "x|1")])
    await store(documents, "b", terms=[("gender", "Female"), ("other", "female")])
    await store(documents, "c", kind="Observation", terms=[("gender", "female")])

    assert await ids(documents, TermIn("gender", ("female",))) == ["a"]
    assert await ids(documents, TermIn("gender", ("female", "Female"))) == ["a", "b"]
    assert await ids(documents, TermIn("gender", ())) == []
    assert await ids(documents, TermIn("gender x", ("female",))) == []


async def test_a_document_with_several_values_asked_for_is_found_once(
    documents: Documents,
) -> None:
    await store(
        documents, "a", terms=[("code", "1"), ("code", "2")], texts=[("n", "xa"), ("n", "xb")]
    )

    assert await ids(documents, TermIn("code", ("1", "2"))) == ["a"]
    assert await ids(documents, TextMatches("n", ("x",))) == ["a"]


@pytest.mark.parametrize(
    ("how", "asked", "found"),
    [
        ("prefix", "mül", ["a", "b"]),
        ("prefix", "MUL", ["a", "b"]),
        ("prefix", "ller", []),
        ("exact", "Müller", ["a"]),
        ("exact", "muller", []),
        ("exact", "müller", []),
        ("exact", "mull", []),
        ("contains", "LLER", ["a", "b"]),
        ("contains", "%", []),
        ("prefix", "", ["a", "b", "c"]),
        ("prefix", "strasse", ["c"]),
    ],
)
async def test_a_text_matches_without_case_and_accents_unless_exactly(
    documents: Documents, how: Any, asked: str, found: list[str]
) -> None:
    await store(documents, "a", texts=[("family", "Müller")])
    await store(documents, "b", texts=[("family", "MULLER-Lüdenscheidt")])
    await store(documents, "c", texts=[("family", "Straße")])
    await store(documents, "d", texts=[("given", "Muller")])

    assert await ids(documents, TextMatches("family", (asked,), how)) == found
    everyone = TermIn("gender", ("female",))
    assert await ids(documents, AnyOf((everyone, TextMatches("family", (asked,), how)))) == found


async def test_ranges_are_found_by_overlap_and_by_containment(documents: Documents) -> None:
    widths = {"point": 0.0, "day": DAY - 1, "month": 31 * DAY - 1, "year": 366 * DAY, "long": 9e12}
    for name, width in widths.items():
        await store(documents, name, ranges=[("date", 1000 * DAY, 1000 * DAY + width, "")])
    await store(documents, "open", ranges=[("date", -inf, inf, "")])
    await store(documents, "before", ranges=[("date", 10 * DAY, 11 * DAY, "")])

    overlap = RangeWithin("date", low_max=1000.5 * DAY, high_min=1000.5 * DAY)
    within = RangeWithin("date", low_min=1000 * DAY, high_max=1031 * DAY)
    after = RangeWithin("date", high_min=1010 * DAY)

    assert await ids(documents, overlap) == ["day", "month", "year", "long", "open"]
    assert await ids(documents, within) == ["point", "day", "month"]
    assert await ids(documents, after) == ["month", "year", "long", "open"]
    assert await ids(documents, RangeWithin("date", low_max=11 * DAY)) == ["open", "before"]
    assert len(await ids(documents, RangeWithin("date"))) == 7


async def test_bounds_are_met_by_one_and_the_same_interval(documents: Documents) -> None:
    await store(documents, "a", ranges=[("date", 1, 2, ""), ("date", 8, 9, "")])

    assert await ids(documents, RangeWithin("date", low_min=3, high_max=7)) == []
    assert await ids(documents, RangeWithin("date", low_min=1, high_max=2)) == ["a"]


async def test_a_range_can_be_asked_for_with_its_unit(documents: Documents) -> None:
    await store(documents, "a", ranges=[("value", 5, 5, "mg")])
    await store(documents, "b", ranges=[("value", 5, 5, "g")])

    five = RangeWithin("value", low_max=5, high_min=5)
    assert await ids(documents, five) == ["a", "b"]
    assert await ids(documents, RangeWithin("value", 5, 5, qualifiers=("g",))) == ["b"]
    assert await ids(documents, RangeWithin("value", 5, 5, qualifiers=("g", "mg"))) == ["a", "b"]
    assert await ids(documents, RangeWithin("value", 5, 5, qualifiers=())) == []


async def test_conditions_nest(documents: Documents) -> None:
    for n in range(8):
        terms = [("bit", str(bit)) for bit in range(3) if n >> bit & 1]
        await store(documents, str(n), terms=terms)
    bit = [TermIn("bit", (str(n),)) for n in range(3)]

    assert await ids(documents, bit[0], bit[1]) == ["3", "7"]
    assert await ids(documents, AnyOf((bit[1], bit[2])), Not(bit[0])) == ["2", "4", "6"]
    assert await ids(documents, Not(AllOf((bit[0], bit[1]))), bit[2]) == ["4", "5", "6"]
    assert await ids(documents, Not(Not(bit[2])), Not(AnyOf((bit[0], bit[1])))) == ["4"]
    assert await ids(documents, AnyOf((AllOf((bit[0], bit[2])), IdIn(("6",))))) == ["5", "6", "7"]
    assert await ids(documents, AllOf(())) == [str(n) for n in range(8)]
    assert await ids(documents, AnyOf(())) == []


async def test_has_finds_what_carries_any_entry_of_the_parameter(documents: Documents) -> None:
    await store(documents, "term", terms=[("x", "1")])
    await store(documents, "text", texts=[("x", "")])
    await store(documents, "range", ranges=[("x", 1, 1, "")])
    await store(documents, "none", terms=[("y", "1")])

    assert await ids(documents, Has("x")) == ["term", "text", "range"]
    assert await ids(documents, Not(Has("x"))) == ["none"]
    assert await ids(documents, Not(Has("never"))) == ["term", "text", "range", "none"]


async def test_documents_are_found_by_id_and_by_when_they_were_stored(
    documents: Documents, clock: SetClock
) -> None:
    await store(documents, "a")
    clock.move(seconds=10)
    between = clock.instant
    await store(documents, "b")
    clock.move(seconds=10)
    await store(documents, "c")

    assert await ids(documents, IdIn(("c", "a", "nobody", "a"))) == ["a", "c"]
    assert await ids(documents, IdIn(())) == []
    assert await ids(documents, StoredBetween(after=between)) == ["b", "c"]
    assert await ids(documents, StoredBetween(before=between)) == ["a", "b"]
    assert await ids(documents, StoredBetween(between, between)) == ["b"]
    later = between + timedelta(microseconds=1)
    assert await ids(documents, StoredBetween(after=later)) == ["c"]


async def test_an_update_replaces_what_a_document_is_found_by(documents: Documents) -> None:
    every: dict[str, Any] = {
        "terms": [("code", "1"), ("kept", "1")],
        "texts": [("name", "old")],
        "ranges": [("date", 1, 2, "")],
        "series": [("s", 1.0)],
    }
    await store(documents, "a", **every)
    await store(documents, "a", terms=[("code", "2"), ("kept", "1")])

    by_old = (
        TermIn("code", ("1",)),
        TextMatches("name", ("old",)),
        RangeWithin("date"),
        SeriesIn(("s",)),
        Has("name"),
    )
    assert [await ids(documents, condition) for condition in by_old] == [[], [], [], [], []]
    assert await ids(documents, TermIn("code", ("2",)), TermIn("kept", ("1",))) == ["a"]


async def test_a_deleted_document_is_not_found_until_it_is_made_again(
    documents: Documents,
) -> None:
    await store(documents, "a", terms=[("code", "1")], texts=[("n", "x")], series=[("s", 1)])
    await documents.commit([Delete("Patient", "a", HARBOUR)])

    assert await ids(documents) == []
    assert await ids(documents, TermIn("code", ("1",))) == []
    assert await ids(documents, IdIn(("a",))) == []
    assert await ids(documents, Not(TermIn("code", ("2",)))) == []
    for key in ("_id", "_lastUpdated", "n"):
        assert await ids(documents, sort=(SortKey(key),)) == []
    page = await documents.find(Query("Patient", count=0), ALL)
    assert page.total == 0

    await store(documents, "a", terms=[("code", "1")])
    assert await ids(documents, TermIn("code", ("1",))) == ["a"]


async def test_a_condition_judges_one_document_as_it_finds_it_among_all(
    documents: Documents,
) -> None:
    entries: list[dict[str, Any]] = [
        {"terms": [("p", "1")], "texts": [("p", "Anna Maria")], "series": [("s", 1.0)]},
        {"terms": [("p", "2")], "texts": [("q", "anna")], "ranges": [("p", 1, 5, "mg")]},
        {"texts": [("p", "Mariánna")], "ranges": [("p", 1, 5, "g"), ("p", 9, 9, "")]},
        {"ranges": [("p", -inf, 2, "mg"), ("q", 3, 4, "g")], "series": [("t", 1.0)]},
        {},
    ]
    for n, each in enumerate(entries):
        await store(documents, f"d{n}", **each)
    conditions: list[Condition] = [
        *(TermIn("p", values) for values in ((), ("1",), ("1", "2"))),
        *(TextMatches("p", ("anna", "x"), how) for how in ("prefix", "exact", "contains")),
        TextMatches("p", ("ANNA MARIA",), "exact"),
        *(RangeWithin("p", qualifiers=units) for units in (None, (), ("mg",), ("g", ""))),
        *(RangeWithin("p", *bounds) for bounds in ((2,), (None, 1), (None, None, 5), (1, 1, 5, 5))),
        *(SeriesIn(keys) for keys in ((), ("s",), ("s", "t"))),
        Has("p"),
        IdIn(("d1", "d4")),
        AllOf((TermIn("p", ("1",)), TextMatches("p", ("anna",)))),
    ]

    for condition in conditions:
        among_all = await ids(documents, condition)
        others = await ids(documents, Not(condition))
        for n in range(len(entries)):
            alone = await ids(documents, IdIn((f"d{n}",)), condition)
            not_alone = await ids(documents, IdIn((f"d{n}",)), Not(condition))
            assert alone == [id for id in among_all if id == f"d{n}"], condition
            assert not_alone == [id for id in others if id == f"d{n}"], condition


# --- scope -----------------------------------------------------------------------------------


async def test_another_organisation_is_never_found(documents: Documents) -> None:
    await store(documents, "a", terms=[("code", "1")])
    await store(documents, "b", terms=[("code", "1")], organisation="hillside")

    assert await ids(documents, TermIn("code", ("1",))) == ["a"]
    assert await ids(documents, IdIn(("a", "b"))) == ["a"]
    assert await ids(documents) == ["a"]
    assert await ids(documents, scope=organisation_scope("third")) == []


async def test_a_scope_narrows_whatever_is_asked(documents: Documents) -> None:
    await store(documents, "a", terms=[(COMPARTMENT, "p1"), ("code", "1")], series=[("s", 1)])
    await store(documents, "b", terms=[(COMPARTMENT, "p2"), ("code", "1")], series=[("s", 2)])
    await store(documents, "c", terms=[("code", "1")])
    one = AccessScope(HARBOUR, patients=frozenset({"p1", "p9"}))
    none = AccessScope(HARBOUR, patients=frozenset())
    other_kind = AccessScope(HARBOUR, kinds=frozenset({"Observation"}))

    newest = (SortKey("_series", descending=True),)
    assert await ids(documents, scope=one) == ["a"]
    assert await ids(documents, Not(TermIn("code", ("2",))), scope=one) == ["a"]
    assert await ids(documents, SeriesIn(("s",)), sort=newest, scope=one) == ["a"]
    assert await ids(documents, AnyOf((IdIn(("a",)), IdIn(("b",)))), scope=one) == ["a"]
    assert await ids(documents, scope=none) == []
    assert await ids(documents, scope=other_kind) == []
    page = await documents.find(Query("Patient", count=0), one)
    assert page.total == 1


# --- order -----------------------------------------------------------------------------------


async def test_a_series_is_read_newest_first_and_carries_one_order_a_key(
    documents: Documents,
) -> None:
    for n in range(5):
        await store(documents, f"o{n}", series=[("p|hb", float(n)), ("p|na", float(-n))])
    await store(documents, "twice", series=[("p|hb", 9.0), ("p|hb", 2.5)])
    newest, oldest = SortKey("_series", descending=True), SortKey("_series")

    assert await ids(documents, SeriesIn(("p|hb",)), sort=(newest,), count=3) == [
        "o4",
        "o3",
        "twice",
    ]
    assert await ids(documents, SeriesIn(("p|na",)), sort=(oldest,), count=2) == ["o4", "o3"]
    both = SeriesIn(("p|hb", "p|na"))
    assert sorted(await ids(documents, both, sort=(newest,))) == [
        "o0",
        "o1",
        "o2",
        "o3",
        "o4",
        "twice",
    ]


async def test_documents_without_the_parameter_come_last_in_either_direction(
    documents: Documents,
) -> None:
    await store(documents, "none")
    await store(documents, "z", texts=[("family", "Zeta"), ("family", "beta")])
    await store(documents, "a", texts=[("family", "Álpha")])

    assert await ids(documents, sort=(SortKey("family"),)) == ["a", "z", "none"]
    assert await ids(documents, sort=(SortKey("family", descending=True),)) == ["z", "a", "none"]
    assert await ids(documents, sort=(SortKey("never"),)) == ["none", "z", "a"]
    assert await ids(documents, sort=(SortKey("never", descending=True),)) == ["a", "z", "none"]


async def test_a_range_is_ordered_by_its_lowest_start(documents: Documents) -> None:
    await store(documents, "b", ranges=[("date", 5, 9, ""), ("date", 2, 3, "")])
    await store(documents, "a", ranges=[("date", 1, 9, "")])
    await store(documents, "c", ranges=[("date", 3, 3, "")])

    assert await ids(documents, sort=(SortKey("date"),)) == ["a", "b", "c"]
    assert await ids(documents, sort=(SortKey("date", descending=True),)) == ["c", "b", "a"]


async def test_documents_are_ordered_by_id_and_by_last_update(documents: Documents) -> None:
    for id in ("b", "a", "c"):
        await store(documents, id)
    await store(documents, "b")

    assert await ids(documents) == ["b", "a", "c"]
    assert await ids(documents, sort=(SortKey("_id"),)) == ["a", "b", "c"]
    assert await ids(documents, sort=(SortKey("_lastUpdated"),)) == ["a", "c", "b"]
    newest = SortKey("_lastUpdated", descending=True)
    assert await ids(documents, sort=(newest,), count=2) == ["b", "c"]


# --- pages -----------------------------------------------------------------------------------

ORDERS = [
    (),
    (SortKey("_id"),),
    (SortKey("_id", descending=True),),
    (SortKey("_lastUpdated", descending=True),),
    (SortKey("group"), SortKey("rank", descending=True)),
    (SortKey("rank", descending=True), SortKey("group")),
    (SortKey("_series", descending=True),),
    (SortKey("_series"),),
]


@pytest.mark.parametrize("sort", ORDERS, ids=str)
async def test_pages_join_to_the_whole_answer_in_order(
    documents: Documents, sort: tuple[SortKey, ...]
) -> None:
    for n in range(23):
        texts = [("group", "ab"[n % 2])] if n % 5 else []
        ranges = [("rank", float(n % 4), 9.0, "")] if n % 3 else []
        await store(documents, f"d{n}", texts=texts, ranges=ranges, series=[("s", float(n % 6))])
    query = Query("Patient", (SeriesIn(("s",)),), sort, count=4)

    whole = await documents.find(Query("Patient", (SeriesIn(("s",)),), sort, 100), ALL)

    assert len(whole.documents) == 23
    assert await all_pages(documents, query) == [document.id for document in whole.documents]


async def test_paging_shows_no_id_twice_while_others_write(documents: Documents) -> None:
    for n in range(12):
        await store(documents, f"d{n:02}", texts=[("name", f"n{n:02}")])
    seen: list[str] = []
    cursor = None
    for turn in range(10):
        page = await documents.find(
            Query("Patient", sort=(SortKey("name"),), count=3, cursor=cursor), ALL
        )
        seen += [document.id for document in page.documents]
        cursor = page.next
        if cursor is None:
            break
        await store(documents, seen[0], texts=[("name", "n00")])
        await documents.commit([Delete("Patient", seen[-1], HARBOUR)])
        await store(documents, f"late{turn}", texts=[("name", "a")])

    assert seen == [f"d{n:02}" for n in range(12)]


async def test_the_last_page_has_no_next_even_when_it_is_full(documents: Documents) -> None:
    await store(documents, "a")
    await store(documents, "b")

    assert (await documents.find(Query("Patient", count=2), ALL)).next is None
    assert (await documents.find(Query("Patient", count=1), ALL)).next is not None


async def test_totals_count_all_matches_and_count_zero_asks_for_the_total_alone(
    documents: Documents,
) -> None:
    for n in range(9):
        await store(documents, f"d{n}", terms=[("odd", str(n % 2))])
    odd = TermIn("odd", ("1",))

    page = await documents.find(Query("Patient", (odd,), count=2, total=True), ALL)
    alone = await documents.find(Query("Patient", (Not(odd),), count=0), ALL)

    assert (len(page.documents), page.total) == (2, 4)
    assert (alone.documents, alone.total, alone.next) == ([], 5, None)
    assert (await documents.find(Query("Patient", (odd,)), ALL)).total is None
    assert (await documents.find(Query("Never", count=0), ALL)).total == 0


async def test_a_cursor_that_was_not_made_for_this_query_is_refused(documents: Documents) -> None:
    for id in ("a", "b", "c"):
        await store(documents, id, texts=[("family", "Okonkwo")])
    by_name = (SortKey("family"),)
    page = await documents.find(Query("Patient", sort=by_name, count=1), ALL)
    assert page.next is not None

    tampered = page.next[:-1] + ("A" if page.next[-1] != "A" else "B")
    for query in (
        Query("Patient", cursor="nonsense"),
        Query("Patient", cursor=""),
        Query("Patient", cursor="ü"),
        Query("Patient", sort=by_name, cursor=page.next[:-4]),
        Query("Patient", sort=by_name, cursor="A" * 20 + tampered[20:]),
        Query("Patient", (IdIn(("a",)),), by_name, cursor=page.next),
        Query("Observation", sort=by_name, cursor=page.next),
    ):
        with pytest.raises(BadCursorError):
            await documents.find(query, ALL)


async def test_a_cursor_does_not_show_what_it_stands_at(documents: Documents) -> None:
    for id in ("a", "b"):
        await store(documents, id, texts=[("family", "Okonkwo")])

    page = await documents.find(Query("Patient", sort=(SortKey("family"),), count=1), ALL)

    assert page.next is not None
    assert b"okonkwo" not in base64.urlsafe_b64decode(page.next + "===").lower()


async def test_a_search_longer_than_the_loop_allows_answers_the_same(documents: Documents) -> None:
    await documents.commit(
        [
            Put(
                "Patient",
                f"d{n:04}",
                b"{}",
                HARBOUR,
                Entries(texts=[("name", f"n{n % 97}")], ranges=[("x", float(n), float(n), "")]),
            )
            for n in range(4000)
        ]
    )

    contains = TextMatches("name", ("9",), "contains")
    query = Query("Patient", (contains,), (SortKey("x", descending=True),), 5, total=True)
    page = await documents.find(query, ALL)

    matching = [n for n in range(4000) if "9" in str(n % 97)]
    assert page.total == len(matching)
    assert [document.id for document in page.documents] == [f"d{n:04}" for n in matching[:-6:-1]]


async def test_every_bound_on_when_it_was_stored_parts_the_same_way(
    documents: Documents, clock: SetClock
) -> None:
    stored: list[tuple[str, datetime]] = []
    for n in range(15):
        clock.move(milliseconds=n % 3)
        await store(documents, f"d{n:02}")
        stored.append((f"d{n:02}", clock.instant))
    await documents.commit([Delete("Patient", "d03", HARBOUR), Delete("Patient", "d14", HARBOUR)])
    left = [(id, at) for id, at in stored if id not in {"d03", "d14"}]

    for _, bound in stored:
        for edge in (bound, bound + timedelta(microseconds=1), bound - timedelta(microseconds=1)):
            after = await ids(documents, StoredBetween(after=edge))
            before = await ids(documents, StoredBetween(before=edge))
            assert after == [id for id, at in left if at >= edge]
            assert before == [id for id, at in left if at <= edge]
    either = AnyOf((StoredBetween(after=stored[12][1], before=stored[12][1]), IdIn(("d00",))))
    assert await ids(documents, either) == ["d00", "d11", "d12"]
