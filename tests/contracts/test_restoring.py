"""What an export needs: all of a kind as of one commit, and to be put back as it was."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from careflow.database.conditions import SortKey, StoredBetween, TermIn
from careflow.database.documents import (
    MAX_DOCUMENT_BYTES,
    Append,
    Change,
    Delete,
    Document,
    Documents,
    Entries,
    NotRestorableError,
    Put,
    Query,
    Restore,
)
from careflow.database.scope import organisation_scope
from careflow.errors import TooLargeError
from tests.contracts.engines import SetClock

ALL = organisation_scope("harbour")
EARLIER = datetime(2024, 5, 6, 7, 8, 9, 123000, UTC)
MARA = Entries(terms=[("name", "mara")], ranges=[("date", 5.0, 5.0, "")])


def restore(id: str = "a", *, version: int = 7, at: datetime = EARLIER, **over: object) -> Restore:
    change = Restore("Patient", id, version, at, b'{"as":"it was"}', "harbour", MARA)
    return replace(change, **over)


def put(id: str = "a", body: bytes = b"{}") -> Put:
    return Put("Patient", id, body, "harbour")


async def tip(documents: Documents) -> int:
    return (await documents.history(ALL, count=1)).documents[0].sequence


async def ids(documents: Documents, *conditions: StoredBetween, descending: bool = False) -> str:
    query = Query("Patient", conditions, (SortKey("_lastUpdated", descending=descending),))
    return "".join(each.id for each in (await documents.find(query, ALL)).documents)


# --- restoring -----------------------------------------------------------------------------


async def test_a_version_is_put_back_with_its_number_instant_and_bytes(
    documents: Documents,
) -> None:
    (put_back,) = await documents.commit([restore()])

    found = await documents.read("Patient", "a", ALL)
    named = await documents.read("Patient", "a", ALL, version=7)
    searched = await documents.find(Query("Patient", (TermIn("name", ("mara",)),)), ALL)

    assert put_back == found == named == searched.documents[0]
    assert (put_back.version, put_back.stored_at) == (7, EARLIER)
    assert put_back.body == b'{"as":"it was"}'
    assert await documents.read("Patient", "a", ALL, version=6) is None


async def test_later_versions_count_on_and_the_one_put_back_stays_readable(
    documents: Documents, clock: SetClock
) -> None:
    await documents.commit([restore()])

    (later,) = await documents.commit([replace(put(), expected=7)])

    assert (later.version, later.stored_at) == (8, clock.instant)
    past = await documents.read("Patient", "a", ALL, version=7)
    assert past is not None
    assert past.stored_at == EARLIER


async def test_putting_back_what_is_there_already_changes_nothing(documents: Documents) -> None:
    (first,) = await documents.commit([restore()])

    (again,) = await documents.commit([restore()])

    assert again == first
    assert len((await documents.history(ALL)).documents) == 1


@pytest.mark.parametrize(
    "other",
    [
        restore(version=8),
        restore(version=6),
        restore(at=EARLIER + timedelta(milliseconds=1)),
        restore(body=b"{}"),
    ],
)
async def test_another_version_under_the_id_is_never_overwritten(
    documents: Documents, other: Restore
) -> None:
    (kept,) = await documents.commit([other])

    with pytest.raises(NotRestorableError):
        await documents.commit([put("b"), restore()])

    assert await documents.read("Patient", "a", ALL) == kept
    assert await documents.read("Patient", "b", ALL) is None


async def test_what_was_deleted_stays_deleted(documents: Documents) -> None:
    await documents.commit([restore()])
    await documents.commit([Delete("Patient", "a", "harbour")])

    with pytest.raises(NotRestorableError):
        await documents.commit([restore()])

    found = await documents.read("Patient", "a", ALL)
    assert found is not None
    assert (found.deleted, found.version) == (True, 8)


async def test_a_version_without_a_number_is_not_put_back(documents: Documents) -> None:
    with pytest.raises(NotRestorableError):
        await documents.commit([restore(version=0)])
    assert not (await documents.history(ALL)).documents


async def test_after_a_version_from_a_clock_that_went_ahead_instants_still_never_step_back(
    documents: Documents, clock: SetClock
) -> None:
    ahead = clock.instant + timedelta(days=1)
    with pytest.raises(NotRestorableError):
        await documents.commit([restore(at=ahead), restore(version=0)])
    (before,) = await documents.commit([put("b")])
    await documents.commit([restore(at=ahead)])

    (after,) = await documents.commit([put()])

    assert (before.stored_at, after.stored_at) == (clock.instant, ahead)
    assert await ids(documents) == "ba"


async def test_too_much_is_not_put_back_either(documents: Documents) -> None:
    with pytest.raises(TooLargeError):
        await documents.commit([restore(body=b"x" * (MAX_DOCUMENT_BYTES + 1))])


async def test_it_is_found_by_the_instant_it_keeps_wherever_it_stands_in_order(
    documents: Documents, clock: SetClock
) -> None:
    await documents.commit([put("n")])
    await documents.commit([restore("b", at=EARLIER + timedelta(days=1)), restore("a")])
    clock.move(hours=1)
    await documents.commit([put("z")])
    nine, ten = clock.instant - timedelta(hours=1), clock.instant

    assert await ids(documents) == "abnz"
    assert await ids(documents, descending=True) == "znba"
    assert await ids(documents, StoredBetween(after=nine)) == "nz"
    assert await ids(documents, StoredBetween(before=EARLIER)) == "a"
    assert await ids(documents, StoredBetween(after=EARLIER, before=nine)) == "abn"
    since = {
        at: "".join(each.id for each in (await documents.history(ALL, since=at)).documents)
        for at in (EARLIER, EARLIER + timedelta(hours=1), nine, ten)
    }
    assert list(since.values()) == ["zabn", "zbn", "zn", "z"]


async def test_history_since_an_instant_pages_past_what_was_put_back(
    documents: Documents, clock: SetClock
) -> None:
    await documents.commit([put("n")])
    await documents.commit([restore(f"r{number}") for number in range(5)])
    await documents.commit([put("z")])

    seen: list[str] = []
    cursor = None
    while True:
        page = await documents.history(ALL, since=clock.instant, count=1, cursor=cursor)
        seen += [each.id for each in page.documents]
        cursor = page.next
        if cursor is None:
            break

    assert seen == ["z", "n"]


async def test_watchers_hear_of_what_is_put_back_in_commit_order(documents: Documents) -> None:
    watcher = documents.watch(frozenset({"Patient"}), "harbour", after=0)
    await documents.commit([put("n"), restore()])

    seen = [await anext(watcher), await anext(watcher)]

    assert [(each.id, each.stored_at == EARLIER) for each in seen] == [("n", False), ("a", True)]
    assert seen[0].sequence < seen[1].sequence


# --- as of a sequence ----------------------------------------------------------------------


async def test_what_was_current_then_is_all_there_whatever_came_since(
    documents: Documents, clock: SetClock
) -> None:
    """Random commits; after each, all of it is noted; at the end every note still holds."""
    random_ = random.Random(11)
    noted: dict[int, list[Document]] = {}
    current: dict[str, Document] = {}
    for step in range(60):
        id = f"p{random_.randrange(12)}"
        change: Change = Delete("Patient", id, "harbour")
        if random_.random() < 0.7:
            change = put(id, f"{step}".encode())
        beside = Append("harbour", "audit", b"x")
        (stored,) = await documents.commit([change, beside])
        current.pop(id, None)
        if not stored.deleted:
            current[id] = stored
        if stored.sequence:
            noted[max(stored.sequence, *noted, 0)] = list(current.values())
        clock.move(seconds=1)

    for as_of, expected in noted.items():
        found = await documents.standing("Patient", ALL, as_of=as_of)
        assert found == sorted(expected, key=lambda each: each.sequence), as_of


async def test_pages_follow_each_other_while_everything_changes(documents: Documents) -> None:
    await documents.commit([put(f"p{number:02}", b"then") for number in range(20)])
    await documents.commit([Put("Observation", "p00", b"other", "harbour")])
    await documents.commit([Put("Patient", "p00", b"elsewhere", "uplands")])
    as_of = await tip(documents)

    seen: list[Document] = []
    while page := await documents.standing(
        "Patient", ALL, as_of=as_of, after=seen[-1].sequence if seen else 0, count=3
    ):
        seen += page
        await documents.commit([put(f"p{len(seen):02}", b"now"), put("new", b"now")])
        await documents.commit([Delete("Patient", f"p{len(seen) - 1:02}", "harbour")])
        await documents.commit([Delete("Patient", f"p{(len(seen) + 4) % 20:02}", "harbour")])

    assert [each.id for each in seen] == [f"p{number:02}" for number in range(20)]
    assert {each.body for each in seen} == {b"then"}


async def test_a_kind_that_never_was_has_nothing_standing(documents: Documents) -> None:
    assert await documents.standing("Patient", ALL, as_of=10**9) == []
