"""How many messages each verb sends: the budget that holds whatever the server."""

from __future__ import annotations

import asyncio

from careflow.database.conditions import SeriesIn, SortKey, TermIn, TextMatches
from careflow.database.documents import Append, Claim, Delete, Entries, Put, Query
from careflow.database.mongo import MongoDocuments, open_audit_file
from careflow.database.scope import COMPARTMENT, AccessScope, organisation_scope
from tests.contracts.engines import KEY, SetClock
from tests.database.mongo.commands import Commands

HARBOUR = "harbour"
ALL = organisation_scope(HARBOUR)
ONE_PATIENT = AccessScope(HARBOUR, patients=frozenset({"p1"}))


def an_observation(id: str = "o1", *, expected: int | None = None) -> Put:
    entries = Entries(
        terms=[("code", "718-7"), (COMPARTMENT, "p1")],
        texts=[("note", "after breakfast")],
        ranges=[("date", 1.0, 2.0, "")],
        series=[("p1|718-7", 1.0)],
    )
    return Put("Observation", id, b"{}" * 90, HARBOUR, entries, expected)


def an_audit_line() -> Append:
    return Append(HARBOUR, "audit", b"line")


async def test_a_read_is_one_message(documents: MongoDocuments, commands: Commands) -> None:
    await documents.commit([an_observation()])
    commands.taken()

    for scope in (ALL, ONE_PATIENT):
        assert await documents.read("Observation", "o1", scope) is not None
        assert commands.taken() == ["find"]
    assert await documents.read("Observation", "never", ALL) is None
    assert commands.taken() == ["find"]


async def test_an_earlier_version_is_two(documents: MongoDocuments, commands: Commands) -> None:
    await documents.commit([an_observation()])
    await documents.commit([an_observation()])
    commands.taken()

    assert await documents.read("Observation", "o1", ALL, version=1) is not None

    assert commands.taken() == ["find", "find"]


async def test_a_search_is_one_message_and_a_total_one_more(
    documents: MongoDocuments, commands: Commands
) -> None:
    await documents.commit([an_observation(f"o{n}") for n in range(300)])
    commands.taken()
    newest = (SortKey("_series", descending=True),)
    queries = (
        Query("Observation", (TermIn("code", ("718-7",)),)),
        Query("Observation", (SeriesIn(("p1|718-7",)),), newest, count=10),
        Query("Observation", (TextMatches("note", ("after",)),), (SortKey("date"),), count=250),
    )

    for query in queries:
        page = await documents.find(query, ONE_PATIENT)
        assert len(page.documents) == query.count
        assert commands.taken() == ["aggregate"]
    totals = Query("Observation", (TermIn("code", ("718-7",)),), total=True)
    assert (await documents.find(totals, ALL)).total == 300
    assert commands.taken() == ["aggregate", "aggregate"]


async def test_a_history_is_one_message(documents: MongoDocuments, commands: Commands) -> None:
    await documents.commit([an_observation()])
    commands.taken()

    await documents.history(ALL, kind="Observation", id="o1")
    await documents.history(ONE_PATIENT)

    assert commands.taken() == ["aggregate", "aggregate"]


async def test_a_create_with_its_audit_entry_is_four_messages(
    documents: MongoDocuments, commands: Commands
) -> None:
    await documents.commit([an_observation(expected=0), an_audit_line()])

    assert commands.taken() == ["findAndModify", "find", "bulkWrite", "commitTransaction"]


async def test_an_update_and_a_whole_bundle_are_four_too(
    documents: MongoDocuments, commands: Commands
) -> None:
    await documents.commit([an_observation()])
    commands.taken()

    await documents.commit([an_observation(expected=1), an_audit_line()])
    await documents.commit([an_observation(f"b{n}") for n in range(100)] + [an_audit_line()])

    assert commands.taken() == ["findAndModify", "find", "bulkWrite", "commitTransaction"] * 2


async def test_a_booking_and_a_deletion_read_the_claims_as_well(
    documents: MongoDocuments, commands: Commands
) -> None:
    await documents.commit([an_observation(), Claim(HARBOUR, "9:00", "Observation/o1")])
    await documents.commit([Delete("Observation", "o1", HARBOUR), an_audit_line()])

    expected = ["findAndModify", "find", "find", "bulkWrite", "commitTransaction"]
    assert commands.taken() == expected * 2


async def test_commits_that_wait_together_share_a_transaction(
    documents: MongoDocuments, commands: Commands
) -> None:
    await asyncio.gather(
        *(documents.commit([an_observation(f"o{n}"), an_audit_line()]) for n in range(100))
    )

    assert commands.taken().count("commitTransaction") <= 3
    assert len(await documents.stream("audit", HARBOUR)) == 100


async def test_every_commit_asks_for_most_members_and_their_journals(
    documents: MongoDocuments, commands: Commands
) -> None:
    await documents.commit([an_observation()])

    [commit] = [each for each in commands.bodies if "commitTransaction" in each]
    concern = commit["writeConcern"]
    assert isinstance(concern, dict)
    assert (concern["w"], concern["j"]) == ("majority", True)


async def test_reads_that_wait_together_are_audited_in_one_message(
    url: str, clock: SetClock, commands: Commands
) -> None:
    file = await open_audit_file(
        url, key=KEY, organisation=HARBOUR, clock=clock, listeners=[commands]
    )
    await file.append([b"first"])
    commands.taken()

    await file.append([b"alone"])
    assert commands.taken() == ["insert"]
    await asyncio.gather(*(file.append([b"%d" % n]) for n in range(100)))
    assert len(commands.taken()) <= 2
    assert len(await file.read()) == 102
    await file.close()
