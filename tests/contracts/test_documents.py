"""What the documents port guarantees, example by example, on every adapter."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from careflow.database.documents import (
    MAX_DOCUMENT_BYTES,
    Append,
    Claim,
    ClaimTakenError,
    Delete,
    Document,
    Documents,
    Entries,
    Put,
    Release,
    VersionMismatchError,
)
from careflow.database.scope import COMPARTMENT, AccessScope, organisation_scope
from careflow.errors import TooLargeError
from tests.contracts.engines import SetClock

HARBOUR = "harbour"
ALL = organisation_scope(HARBOUR)


def put(id: str, body: bytes = b"{}", kind: str = "Observation", **rest: Any) -> Put:
    return Put(kind, id, body, rest.pop("organisation", HARBOUR), **rest)


def of_patient(*patients: str) -> Entries:
    return Entries(terms=[(COMPARTMENT, patient) for patient in patients])


async def store(documents: Documents, *changes: Any) -> list[Document]:
    return await documents.commit(changes)


# --- bytes and versions ----------------------------------------------------------------------


async def test_a_document_comes_back_byte_for_byte(documents: Documents) -> None:
    body = b'{"value": 72.50, "note": "Z\xc3\xbcrich \\u00e9"}\n'

    [stored] = await store(documents, put("o1", body))

    assert stored.body == body
    assert stored == await documents.read("Observation", "o1", ALL)


async def test_versions_count_from_one_and_old_ones_stay_readable(documents: Documents) -> None:
    for body in (b"a", b"b", b"c"):
        await store(documents, put("o1", body))

    current = await documents.read("Observation", "o1", ALL)
    first = await documents.read("Observation", "o1", ALL, version=1)

    assert current is not None
    assert (current.version, current.body) == (3, b"c")
    assert first is not None
    assert (first.version, first.body) == (1, b"a")
    assert await documents.read("Observation", "o1", ALL, version=4) is None
    assert await documents.read("Observation", "o1", ALL, version=0) is None


async def test_a_superseded_version_is_gone_where_no_history_is_kept(
    documents: Documents,
) -> None:
    await store(documents, put("lease", b"a"))
    await store(documents, put("lease", b"b", keep_history=False))

    assert await documents.read("Observation", "lease", ALL, version=1) is None
    page = await documents.history(ALL, kind="Observation", id="lease")
    assert [document.version for document in page.documents] == [2]


async def test_a_body_may_be_made_from_the_assigned_version_and_instant(
    documents: Documents, clock: SetClock
) -> None:
    def render(version: int, at: datetime) -> bytes:
        return f"{version} {at.isoformat()}".encode()

    await store(documents, put("o1"))
    [stored] = await documents.commit([Put("Observation", "o1", render, HARBOUR)])

    assert stored.body == f"2 {stored.stored_at.isoformat()}".encode()
    assert stored.stored_at == clock.instant


async def test_stored_instants_never_step_back_with_the_clock(
    documents: Documents, clock: SetClock
) -> None:
    [before] = await store(documents, put("o1"))
    clock.move(hours=-3)
    [after] = await store(documents, put("o2"))

    assert after.stored_at >= before.stored_at
    assert after.sequence > before.sequence


async def test_a_body_that_is_too_large_is_refused_and_stores_nothing(
    documents: Documents,
) -> None:
    with pytest.raises(TooLargeError):
        await store(documents, put("small"), put("large", bytes(MAX_DOCUMENT_BYTES + 1)))

    assert await documents.read("Observation", "small", ALL) is None


async def test_the_largest_body_is_taken(documents: Documents) -> None:
    await store(documents, put("large", b"x" * MAX_DOCUMENT_BYTES))

    stored = await documents.read("Observation", "large", ALL)

    assert stored is not None
    assert len(stored.body) == MAX_DOCUMENT_BYTES


# --- expected versions -----------------------------------------------------------------------


async def test_a_put_at_the_expected_version_is_stored(documents: Documents) -> None:
    await store(documents, put("o1", expected=0))

    [second] = await store(documents, put("o1", expected=1))

    assert second.version == 2


@pytest.mark.parametrize(("expected", "actual"), [(0, 1), (2, 1), (7, 1)])
async def test_a_put_at_another_version_stores_nothing(
    documents: Documents, expected: int, actual: int
) -> None:
    await store(documents, put("o1", b"first"))

    with pytest.raises(VersionMismatchError) as refusal:
        await store(documents, put("o2"), put("o1", b"second", expected=expected))

    assert (refusal.value.expected, refusal.value.actual) == (expected, actual)
    current = await documents.read("Observation", "o1", ALL)
    assert current is not None
    assert current.body == b"first"
    assert await documents.read("Observation", "o2", ALL) is None


async def test_an_expected_version_of_a_missing_document_is_a_mismatch(
    documents: Documents,
) -> None:
    with pytest.raises(VersionMismatchError) as refusal:
        await store(documents, put("o1", expected=1))

    assert refusal.value.actual == 0


async def test_of_many_racing_updates_one_wins(documents: Documents) -> None:
    await store(documents, put("o1"))

    outcomes = await asyncio.gather(
        *(store(documents, put("o1", bytes([n]), expected=1)) for n in range(20)),
        return_exceptions=True,
    )

    won = [outcome for outcome in outcomes if isinstance(outcome, list)]
    lost = [outcome for outcome in outcomes if isinstance(outcome, VersionMismatchError)]
    assert (len(won), len(lost)) == (1, 19)
    assert await documents.read("Observation", "o1", ALL) == won[0][0]


# --- deletion --------------------------------------------------------------------------------


async def test_a_deleted_document_is_marked_and_its_history_stays(documents: Documents) -> None:
    await store(documents, put("o1", b"a"))

    [deletion] = await store(documents, Delete("Observation", "o1", HARBOUR))

    assert (deletion.version, deletion.deleted, deletion.body) == (2, True, b"")
    assert await documents.read("Observation", "o1", ALL) == deletion
    first = await documents.read("Observation", "o1", ALL, version=1)
    assert first is not None
    assert first.body == b"a"


async def test_a_deleted_document_can_be_made_again_and_goes_on_counting(
    documents: Documents,
) -> None:
    await store(documents, put("o1", b"a"))
    await store(documents, Delete("Observation", "o1", HARBOUR))

    [again] = await store(documents, put("o1", b"b", expected=0))

    assert (again.version, again.deleted) == (3, False)
    page = await documents.history(ALL, kind="Observation", id="o1")
    assert [(each.version, each.deleted) for each in page.documents] == [
        (3, False),
        (2, True),
        (1, False),
    ]


async def test_deleting_what_is_not_there_stores_nothing(documents: Documents) -> None:
    [marker] = await store(documents, Delete("Observation", "never", HARBOUR))

    assert (marker.deleted, marker.version) == (True, 0)
    assert await documents.read("Observation", "never", ALL) is None


async def test_deleting_twice_answers_with_the_first_deletion(documents: Documents) -> None:
    await store(documents, put("o1"))
    [first] = await store(documents, Delete("Observation", "o1", HARBOUR))

    [second] = await store(documents, Delete("Observation", "o1", HARBOUR))

    assert second == first


async def test_a_deletion_at_another_version_is_refused(documents: Documents) -> None:
    await store(documents, put("o1"))

    with pytest.raises(VersionMismatchError):
        await store(documents, Delete("Observation", "o1", HARBOUR, expected=2))

    current = await documents.read("Observation", "o1", ALL)
    assert current is not None
    assert not current.deleted


# --- all or nothing --------------------------------------------------------------------------


async def test_later_changes_of_a_commit_see_earlier_ones(documents: Documents) -> None:
    stored = await store(
        documents,
        put("o1", b"a", expected=0),
        put("o1", b"b", expected=1),
        Delete("Observation", "o1", HARBOUR, expected=2),
    )

    assert [(each.version, each.deleted) for each in stored] == [(1, False), (2, False), (3, True)]


async def test_a_failing_render_stores_nothing_and_is_what_the_caller_sees(
    documents: Documents,
) -> None:
    def broken(version: int, at: datetime) -> bytes:
        raise LookupError("no such unit")

    with pytest.raises(LookupError):
        await documents.commit([put("o1"), Put("Observation", "o2", broken, HARBOUR)])

    assert await documents.read("Observation", "o1", ALL) is None


async def test_a_failing_commit_does_no_harm_to_its_neighbours(documents: Documents) -> None:
    await store(documents, Claim(HARBOUR, "room-1", "Slot/held"))

    def commit(n: int) -> Awaitable[list[Document]]:
        extra = [Claim(HARBOUR, "room-1", f"Slot/s{n}")] if n % 3 == 2 else []
        new_kind = f"Kind{n}"
        return store(documents, put(f"s{n}", kind=new_kind), *extra)

    outcomes = await asyncio.gather(*(commit(n) for n in range(30)), return_exceptions=True)

    for n, outcome in enumerate(outcomes):
        found = await documents.read(f"Kind{n}", f"s{n}", ALL)
        assert isinstance(outcome, ClaimTakenError) == (n % 3 == 2)
        assert (found is None) == (n % 3 == 2)
    [late] = await store(documents, put("s2", kind="Kind2"))
    assert await documents.read("Kind2", "s2", ALL) == late


async def test_an_empty_commit_is_no_error(documents: Documents) -> None:
    assert await documents.commit([]) == []


async def test_a_caller_who_goes_away_does_not_undo_the_commit(documents: Documents) -> None:
    commit = asyncio.ensure_future(store(documents, put("o1")))
    await asyncio.sleep(0)
    commit.cancel()
    await asyncio.gather(commit, return_exceptions=True)

    await store(documents, put("o2"))

    assert await documents.read("Observation", "o1", ALL) is not None


# --- claims ----------------------------------------------------------------------------------


async def test_a_claimed_key_is_refused_to_others_and_nothing_is_stored(
    documents: Documents,
) -> None:
    await store(documents, put("a1"), Claim(HARBOUR, "9:00", "Observation/a1"))

    with pytest.raises(ClaimTakenError) as refusal:
        await store(documents, put("a2"), Claim(HARBOUR, "9:00", "Observation/a2"))

    assert refusal.value.key == "9:00"
    assert await documents.read("Observation", "a2", ALL) is None


async def test_a_holder_may_claim_its_key_again(documents: Documents) -> None:
    claim = Claim(HARBOUR, "9:00", "Observation/a1")

    await store(documents, claim, claim)
    await store(documents, claim)

    with pytest.raises(ClaimTakenError):
        await store(documents, Claim(HARBOUR, "9:00", "Observation/a2"))


async def test_a_released_key_is_free_and_only_its_holder_can_release_it(
    documents: Documents,
) -> None:
    await store(documents, Claim(HARBOUR, "9:00", "Observation/a1"))
    await store(documents, Release(HARBOUR, "9:00", "Observation/a2"))

    with pytest.raises(ClaimTakenError):
        await store(documents, Claim(HARBOUR, "9:00", "Observation/a2"))

    await store(documents, Release(HARBOUR, "9:00", "Observation/a1"))
    await store(documents, Claim(HARBOUR, "9:00", "Observation/a2"))


async def test_deleting_a_document_frees_its_keys(documents: Documents) -> None:
    await store(documents, put("a1"), Claim(HARBOUR, "9:00", "Observation/a1"))

    await store(documents, Delete("Observation", "a1", HARBOUR))

    await store(documents, Claim(HARBOUR, "9:00", "Observation/a2"))


async def test_each_organisation_has_its_own_keys(documents: Documents) -> None:
    await store(documents, Claim(HARBOUR, "9:00", "Observation/a1"))
    await store(documents, Claim("hillside", "9:00", "Observation/a1"))
    await store(documents, Release("hillside", "9:00", "Observation/a1"))

    with pytest.raises(ClaimTakenError):
        await store(documents, Claim(HARBOUR, "9:00", "Observation/other"))


async def test_of_many_racing_claims_one_wins(documents: Documents) -> None:
    outcomes = await asyncio.gather(
        *(store(documents, Claim(HARBOUR, "9:00", f"Slot/{n}")) for n in range(20)),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, ClaimTakenError) for outcome in outcomes) == 19


# --- streams ---------------------------------------------------------------------------------


async def test_a_stream_keeps_its_entries_in_commit_order(documents: Documents) -> None:
    await store(documents, Append(HARBOUR, "audit", b"1"), Append(HARBOUR, "audit", b"2"))
    await store(documents, Append(HARBOUR, "other", b"x"), Append(HARBOUR, "audit", b"3"))

    entries = await documents.stream("audit", HARBOUR)

    assert [entry.body for entry in entries] == [b"1", b"2", b"3"]
    positions = [entry.position for entry in entries]
    assert positions == sorted(set(positions))
    rest = await documents.stream("audit", HARBOUR, after=positions[0], count=1)
    assert [entry.body for entry in rest] == [b"2"]


async def test_a_refused_commit_leaves_no_stream_entry(documents: Documents) -> None:
    with pytest.raises(VersionMismatchError):
        await store(documents, Append(HARBOUR, "audit", b"1"), put("o1", expected=4))

    assert await documents.stream("audit", HARBOUR) == []


async def test_each_organisation_has_its_own_streams(documents: Documents) -> None:
    await store(documents, Append(HARBOUR, "audit", b"1"))

    assert await documents.stream("audit", "hillside") == []


# --- scope -----------------------------------------------------------------------------------


async def test_the_same_id_in_two_organisations_is_two_documents(documents: Documents) -> None:
    await store(documents, put("o1", b"ours"))
    [theirs] = await store(documents, put("o1", b"theirs", organisation="hillside", expected=0))

    ours = await documents.read("Observation", "o1", ALL)

    assert theirs.version == 1
    assert ours is not None
    assert ours.body == b"ours"
    assert await documents.read("Observation", "o1", organisation_scope("third")) is None


async def test_a_kind_outside_the_scope_does_not_exist(documents: Documents) -> None:
    await store(documents, put("o1"))
    scope = AccessScope(HARBOUR, kinds=frozenset({"Patient"}))

    assert await documents.read("Observation", "o1", scope) is None
    assert (await documents.history(scope)).documents == []


async def test_a_scope_of_some_patients_sees_their_documents_alone(documents: Documents) -> None:
    await store(
        documents, put("o1", entries=of_patient("p1")), put("o2", entries=of_patient("p2", "p3"))
    )
    scope = AccessScope(HARBOUR, patients=frozenset({"p3", "p4"}))

    assert await documents.read("Observation", "o1", scope) is None
    assert await documents.read("Observation", "o2", scope) is not None
    assert [each.id for each in (await documents.history(scope)).documents] == ["o2"]


async def test_a_scope_of_no_patient_sees_none(documents: Documents) -> None:
    await store(documents, put("o1", entries=of_patient("p1")), put("o2"))
    scope = AccessScope(HARBOUR, patients=frozenset())

    assert await documents.read("Observation", "o1", scope) is None
    assert await documents.read("Observation", "o2", scope) is None
    assert (await documents.history(scope)).documents == []


async def test_shared_kinds_are_seen_whole_by_a_narrow_scope(documents: Documents) -> None:
    await store(documents, put("dr", kind="Practitioner"), put("o1"))
    scope = AccessScope(
        HARBOUR, patients=frozenset({"p1"}), shared_kinds=frozenset({"Practitioner"})
    )

    assert await documents.read("Practitioner", "dr", scope) is not None
    assert [each.id for each in (await documents.history(scope)).documents] == ["dr"]


async def test_old_versions_follow_the_current_entries_of_a_document(
    documents: Documents,
) -> None:
    await store(documents, put("o1", b"a", entries=of_patient("p1")))
    await store(documents, put("o1", b"b", entries=of_patient("p2")))
    before = AccessScope(HARBOUR, patients=frozenset({"p1"}))
    now = AccessScope(HARBOUR, patients=frozenset({"p2"}))

    assert await documents.read("Observation", "o1", before, version=1) is None
    assert (await documents.history(before)).documents == []
    assert await documents.read("Observation", "o1", now, version=1) is not None
    assert len((await documents.history(now)).documents) == 2


async def test_the_oldest_version_follows_as_well(documents: Documents) -> None:
    for patient in ("p1", "p1", "p1", "p2"):
        await store(documents, put("o1", entries=of_patient(patient)))
    before = AccessScope(HARBOUR, patients=frozenset({"p1"}))
    now = AccessScope(HARBOUR, patients=frozenset({"p2"}))

    assert (await documents.history(before)).documents == []
    seen = (await documents.history(now)).documents
    assert [each.version for each in seen] == [4, 3, 2, 1]


async def test_a_deleted_document_stays_in_the_scope_it_had(documents: Documents) -> None:
    await store(documents, put("o1", entries=of_patient("p1")))
    await store(documents, Delete("Observation", "o1", HARBOUR))
    scope = AccessScope(HARBOUR, patients=frozenset({"p1"}))
    other = AccessScope(HARBOUR, patients=frozenset({"p2"}))

    seen = await documents.read("Observation", "o1", scope)

    assert seen is not None
    assert seen.deleted
    assert len((await documents.history(scope)).documents) == 2
    assert await documents.read("Observation", "o1", other) is None


# --- history ---------------------------------------------------------------------------------


async def test_history_of_everything_is_newest_first_and_pages_without_gaps(
    documents: Documents,
) -> None:
    for n in range(7):
        await store(documents, put(f"o{n % 3}", kind="Observation" if n % 2 else "Patient"))

    seen: list[int] = []
    cursor = None
    while True:
        page = await documents.history(ALL, count=2, cursor=cursor)
        seen += [document.sequence for document in page.documents]
        cursor = page.next
        if cursor is None:
            break
        await store(documents, put("late"))

    assert len(seen) == 7
    assert seen == sorted(seen, reverse=True)


async def test_history_since_an_instant_includes_it(documents: Documents, clock: SetClock) -> None:
    await store(documents, put("o1"))
    clock.move(minutes=1)
    since = clock.instant
    await store(documents, put("o2"))
    clock.move(minutes=1)
    await store(documents, put("o1"))

    page = await documents.history(ALL, since=since)

    assert [(each.id, each.version) for each in page.documents] == [("o1", 2), ("o2", 1)]
    assert (await documents.history(ALL, since=since + timedelta(hours=1))).documents == []


async def test_history_of_a_kind_leaves_others_out(documents: Documents) -> None:
    await store(documents, put("o1"), put("p1", kind="Patient"))

    page = await documents.history(ALL, kind="Patient")

    assert [each.kind for each in page.documents] == ["Patient"]


# --- watching --------------------------------------------------------------------------------


async def test_a_watcher_sees_every_version_of_its_kinds_in_commit_order(
    documents: Documents,
) -> None:
    await store(documents, put("before"))
    watcher = documents.watch(frozenset({"Observation", "Patient"}), HARBOUR)
    await store(documents, put("o1", b"a"), put("x", kind="Other"))
    await store(documents, put("o1", b"b"), put("p1", kind="Patient"))
    await store(documents, Delete("Observation", "o1", HARBOUR))

    async with asyncio.timeout(60):
        seen = [await anext(watcher) for _ in range(4)]

    assert [(each.id, each.version, each.deleted) for each in seen] == [
        ("o1", 1, False),
        ("o1", 2, False),
        ("p1", 1, False),
        ("o1", 3, True),
    ]


async def test_a_waiting_watcher_is_woken_by_a_commit(documents: Documents) -> None:
    watcher = documents.watch(frozenset({"Observation"}), HARBOUR)
    waiting = asyncio.ensure_future(anext(watcher))
    await asyncio.sleep(0)

    await store(documents, put("o1", organisation="hillside"))
    await store(documents, put("o2"))

    async with asyncio.timeout(60):
        assert (await waiting).id == "o2"


async def test_a_watcher_can_go_on_from_where_it_was(documents: Documents) -> None:
    first, second = await store(documents, put("o1"), put("o2"))

    watcher = documents.watch(frozenset({"Observation"}), HARBOUR, after=first.sequence)

    async with asyncio.timeout(60):
        assert await anext(watcher) == second


async def test_closing_ends_the_watchers(documents: Documents) -> None:
    watcher = documents.watch(frozenset({"Observation"}), HARBOUR)
    waiting = asyncio.ensure_future(anext(watcher, None))
    await asyncio.sleep(0)

    await documents.close()

    async with asyncio.timeout(60):
        assert await waiting is None


# --- closing ---------------------------------------------------------------------------------


async def test_closing_finishes_accepted_commits_and_all_is_there_after_opening(
    documents: Documents, open_again: Callable[[], Awaitable[Documents]]
) -> None:
    commits = [asyncio.ensure_future(store(documents, put(f"o{n}"))) for n in range(50)]
    await asyncio.sleep(0)
    await documents.close()
    await asyncio.gather(*commits)

    reopened = await open_again()
    found = [await reopened.read("Observation", f"o{n}", ALL) for n in range(50)]
    [after] = await store(reopened, put("o0"))
    await reopened.close()

    assert None not in found
    assert after.version == 2
    assert after.sequence > max(document.sequence for document in found if document)


async def test_two_openings_of_one_database_see_each_other(
    documents: Documents, open_again: Callable[[], Awaitable[Documents]]
) -> None:
    other = await open_again()
    watcher = other.watch(frozenset({"Observation"}), HARBOUR)
    # Where a watcher begins is settled with the next commit of its own opening, not of another's.
    await store(other, put("p1", kind="Patient"))
    [here] = await store(documents, put("o1"), Claim(HARBOUR, "9:00", "Observation/o1"))
    [there] = await store(other, put("o1"))

    with pytest.raises(ClaimTakenError):
        await store(other, Claim(HARBOUR, "9:00", "Observation/o2"))
    async with asyncio.timeout(60):
        seen = [await anext(watcher), await anext(watcher)]
    await other.close()

    assert seen == [here, there]
    assert (here.version, there.version) == (1, 2)
    assert there.sequence > here.sequence


async def test_reading_goes_on_and_on(documents: Documents) -> None:
    await store(documents, put("o1"))

    found = [await documents.read("Observation", "o1", ALL) for _ in range(5000)]

    assert None not in found
