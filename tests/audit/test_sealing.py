"""The chain: what is sealed stays what it was, or it shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from careflow.audit import sealing, sources
from careflow.audit.chain import (
    START,
    Block,
    Head,
    decode_block,
    decode_head,
    encode_block,
    encode_head,
    extend,
)
from careflow.audit.errors import ChainDamagedError
from careflow.audit.trail import Trail
from careflow.audit.verifying import PROBLEMS_MAX, Verification
from careflow.database.documents import StreamEntry, VersionMismatchError
from careflow.database.work import Work
from tests.audit.conftest import HARBOUR, Clinic, on_both

SET_BODY = "UPDATE streams SET body = kept(?) WHERE stream = 'audit' AND position = ?"


OTHER_PATIENT = (
    "UPDATE lines SET body = CAST(replace(CAST(body AS TEXT), 'p1', 'p2') AS BLOB)"
    " WHERE position = ?"
)


HEAD_BODY = (
    "SELECT given(body) FROM documents"
    " WHERE collection = (SELECT id FROM collections WHERE kind = 'audit-chain')"
)


async def fill(clinic: Clinic, *, rounds: int = 3) -> None:
    """Write and read a few times, sealing after each round: 5 entries a round."""
    for _ in range(rounds):
        for act in (clinic.write, clinic.read, clinic.read, clinic.write, clinic.read):
            await act()
        await clinic.seal()


def kinds(found: Verification) -> list[str]:
    return [problem.kind for problem in found.problems]


def body_of_write(clinic: Clinic, position: int) -> bytes:
    statement = "SELECT given(body) FROM streams WHERE stream = 'audit' AND position = ?"
    [(body,)] = clinic.writes(statement, position)
    return bytes_of(body)


def bytes_of(value: object) -> bytes:
    assert isinstance(value, bytes)
    return value


def write_positions(clinic: Clinic) -> list[int]:
    found = clinic.writes("SELECT position FROM streams WHERE stream = 'audit' ORDER BY position")
    return [int(str(position)) for (position,) in found]


def blocks(clinic: Clinic) -> list[tuple[int, Block]]:
    found = clinic.writes(
        "SELECT position, given(body) FROM streams WHERE stream = 'audit-chain' ORDER BY position"
    )
    return [(int(str(at)), decode_block(bytes_of(body))) for at, body in found]


def set_block(clinic: Clinic, position: int, block: Block) -> None:
    clinic.writes(
        "UPDATE streams SET body = kept(?) WHERE stream = 'audit-chain' AND position = ?",
        encode_block(block),
        position,
    )


def set_head(clinic: Clinic, head: Head) -> None:
    [(collection,)] = clinic.writes("SELECT id FROM collections WHERE kind = 'audit-chain'")
    clinic.writes(
        "UPDATE documents SET body = kept(?) WHERE collection = ?", encode_head(head), collection
    )


async def rewrite_chain(clinic: Clinic, key: bytes) -> None:
    """Make a new chain over whatever the sources hold now, in one block, and a head for it."""
    links, mac = [], START
    for source in ("writes", "reads"):
        entries = await source_of(clinic, source)
        made = extend(key, mac, source, entries)
        links += made
        mac = links[-1].mac if links else mac
    [(first, _), *others] = blocks(clinic)
    set_block(clinic, first, Block(0, tuple(links)))
    for position, _ in others:
        clinic.writes("DELETE FROM streams WHERE stream = 'audit-chain' AND position = ?", position)
    set_head(clinic, Head().after(links))


async def source_of(clinic: Clinic, source: str) -> list[StreamEntry]:
    if source == "reads":
        return await clinic.file.read(after=0)
    return await clinic.documents.stream("audit", HARBOUR)


@on_both
async def test_an_untouched_trail_is_sound_and_says_what_is_not_yet_sealed(
    clinic: Clinic,
) -> None:
    await fill(clinic)
    await clinic.read()
    await clinic.write()

    found = await clinic.trail.verify()

    assert (found.is_sound, found.sealed, found.unsealed, found.problems_total) == (True, 15, 2, 0)


@on_both
async def test_a_trail_that_never_held_anything_is_sound(clinic: Clinic) -> None:
    assert (await clinic.trail.verify()).is_sound
    assert await clinic.seal() == 0
    assert (await clinic.trail.verify()).is_sound


@on_both
async def test_sealing_again_seals_nothing_twice(clinic: Clinic) -> None:
    await fill(clinic, rounds=1)

    assert await clinic.seal() == 0
    await clinic.read()
    assert await clinic.seal() == 1

    found = await clinic.trail.verify()
    assert (found.is_sound, found.sealed, found.unsealed) == (True, 6, 0)


async def test_entries_of_many_pages_are_sealed_and_verified(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "PAGE", 3)
    monkeypatch.setattr(sealing, "PAGE", 3)
    monkeypatch.setattr(sources.Sources.read, "__kwdefaults__", {"count": 3})
    for _ in range(11):
        await clinic.read()
        await clinic.write()

    assert await clinic.seal() == 22

    found = await clinic.trail.verify()
    assert (found.is_sound, found.sealed) == (True, 22)
    assert len(blocks(clinic)) == 8


@on_both
async def test_of_two_that_seal_at_once_one_commits(clinic: Clinic) -> None:
    await clinic.read()
    one, other = Work(clinic.documents), Work(clinic.documents)
    await clinic.trail.seal(one)
    await clinic.opened().seal(other)

    outcomes = await asyncio.gather(one.commit(), other.commit(), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes if outcome] == [VersionMismatchError]
    assert await clinic.seal() == 0
    found = await clinic.trail.verify()
    assert (found.is_sound, found.sealed) == (True, 1)


@on_both
async def test_a_crash_between_chain_and_head_file_is_made_good(clinic: Clinic) -> None:
    await fill(clinic, rounds=1)
    await clinic.read()
    work = Work(clinic.documents)
    await clinic.trail.seal(work)
    await clinic.documents.commit(work.changes)  # And the process is gone.

    assert (await clinic.trail.verify()).is_sound
    await clinic.read()
    assert await clinic.seal() == 1

    found = await clinic.trail.verify()
    assert (found.is_sound, found.sealed) == (True, 7)


@on_both
async def test_a_crash_in_the_very_first_sealing_is_made_good(clinic: Clinic) -> None:
    await clinic.read()
    work = Work(clinic.documents)
    await clinic.trail.seal(work)
    await clinic.documents.commit(work.changes)  # And the process is gone.

    assert (await clinic.trail.verify()).is_sound
    assert await clinic.seal() == 0

    assert msgspec.json.decode(clinic.head_path.read_bytes())["head"]["count"] == 1


@on_both
async def test_an_older_head_never_replaces_a_newer_one(clinic: Clinic) -> None:
    await clinic.read()
    late = Work(clinic.documents)
    await clinic.trail.seal(late)
    await clinic.seal()
    await clinic.read()
    await clinic.seal()
    newest = clinic.head_path.read_bytes()

    for callback in late._after:
        await callback()

    assert clinic.head_path.read_bytes() == newest


async def test_an_altered_write_is_found(clinic: Clinic) -> None:
    await fill(clinic)
    position = write_positions(clinic)[2]
    body = body_of_write(clinic, position)
    clinic.writes(SET_BODY, body.replace(b"nia", b"ada"), position)

    found = await clinic.trail.verify()

    [problem] = found.problems
    assert (problem.kind, problem.source, problem.position) == ("altered", "writes", position)
    assert found.sealed == 14


async def test_an_altered_read_is_found(clinic: Clinic) -> None:
    await fill(clinic)
    clinic.reads(OTHER_PATIENT, 4)

    [problem] = (await clinic.trail.verify()).problems

    assert (problem.kind, problem.source, problem.position) == ("altered", "reads", 4)
    assert problem.message.endswith("is not what was sealed. (reads 4, link 8)")


async def test_a_line_that_no_release_could_have_written_is_found(clinic: Clinic) -> None:
    await fill(clinic)
    first, second, *_ = write_positions(clinic)
    statement = "UPDATE streams SET body = ? WHERE position = ?"
    clinic.writes(statement, b"\x00\x01no frame", first)
    clinic.writes(statement, b"\xff\xfeno dictionary", second)

    found = await clinic.trail.verify()

    assert [(p.kind, p.position) for p in found.problems] == [
        ("altered", first),
        ("altered", second),
    ]


async def test_a_removed_line_is_found_in_either_source(clinic: Clinic) -> None:
    await fill(clinic)
    position = write_positions(clinic)[1]
    clinic.writes("DELETE FROM streams WHERE stream = 'audit' AND position = ?", position)
    clinic.reads("DELETE FROM lines WHERE position = 2")

    found = await clinic.trail.verify()

    assert {(p.kind, p.source, p.position) for p in found.problems} == {
        ("removed", "writes", position),
        ("removed", "reads", 2),
    }


async def test_a_removed_last_line_of_a_source_is_found(clinic: Clinic) -> None:
    await fill(clinic)
    clinic.reads("DELETE FROM lines WHERE position = 9")

    assert kinds(await clinic.trail.verify()) == ["removed"]


async def test_an_inserted_line_is_found(clinic: Clinic) -> None:
    await fill(clinic)
    clinic.reads("UPDATE lines SET position = position + 100 WHERE position > 5")
    clinic.reads("UPDATE lines SET position = position - 99 WHERE position > 5")
    clinic.reads("INSERT INTO lines VALUES (6, 0, ?)", b'["forged"]')

    found = await clinic.trail.verify()

    assert found.problems_total > 0
    assert not found.is_sound


async def test_a_line_put_into_a_gap_is_found(clinic: Clinic) -> None:
    await clinic.read()
    clinic.reads("UPDATE lines SET position = 5")
    await clinic.read()
    await clinic.seal()
    assert (await clinic.trail.verify()).is_sound
    clinic.reads("INSERT INTO lines VALUES (2, 0, ?)", b'["forged"]')

    [problem] = (await clinic.trail.verify()).problems

    assert (problem.kind, problem.source, problem.position) == ("inserted", "reads", 2)


async def test_two_lines_that_changed_places_are_found(clinic: Clinic) -> None:
    await fill(clinic)
    await clinic.read("p7")
    await clinic.read("p8")
    await clinic.seal()
    clinic.reads("UPDATE lines SET position = -1 WHERE position = 10")
    clinic.reads("UPDATE lines SET position = 10 WHERE position = 11")
    clinic.reads("UPDATE lines SET position = 11 WHERE position = -1")

    assert not (await clinic.trail.verify()).is_sound


async def test_a_chain_recomputed_without_the_key_is_found(clinic: Clinic) -> None:
    await fill(clinic)
    clinic.reads(OTHER_PATIENT, 1)
    await rewrite_chain(clinic, b"not the key".ljust(32))

    found = await clinic.trail.verify()

    assert set(kinds(found)) == {"recomputed"}
    assert found.sealed == 0


async def test_a_chain_recomputed_with_the_key_is_found_by_the_head_outside(
    clinic: Clinic,
) -> None:
    await fill(clinic)
    clinic.reads(OTHER_PATIENT, 1)
    await rewrite_chain(clinic, clinic.trail._key)

    found = await clinic.trail.verify()

    assert kinds(found) == ["recomputed"]
    with pytest.raises(ChainDamagedError):
        await clinic.seal()


async def test_a_cut_tail_is_found_by_the_head_outside(clinic: Clinic) -> None:
    await fill(clinic, rounds=2)
    kept, tip = len(blocks(clinic)), max(write_positions(clinic))
    [(head,)] = clinic.writes(HEAD_BODY)
    await fill(clinic, rounds=1)
    for position, _ in blocks(clinic)[kept:]:
        clinic.writes("DELETE FROM streams WHERE stream = 'audit-chain' AND position = ?", position)
    clinic.writes("DELETE FROM streams WHERE stream = 'audit' AND position > ?", tip)
    clinic.reads("DELETE FROM lines WHERE position > 6")
    set_head(clinic, decode_head(bytes_of(head)))

    found = await clinic.trail.verify()

    assert found.sealed == 10
    assert kinds(found) == ["cut"]
    assert found.unsealed == 0
    with pytest.raises(ChainDamagedError):
        await clinic.seal()


async def test_a_store_emptied_altogether_is_found(clinic: Clinic) -> None:
    await fill(clinic)
    clinic.writes("DELETE FROM streams")
    clinic.reads("DELETE FROM lines")
    set_head(clinic, Head())

    assert kinds(await clinic.trail.verify()) == ["cut"]


async def test_a_line_taken_out_together_with_its_link_is_found(clinic: Clinic) -> None:
    await fill(clinic, rounds=1)
    [_, (at, block)] = blocks(clinic)
    first, second, third = block.links
    clinic.reads("DELETE FROM lines WHERE position = ?", second.position)
    set_block(clinic, at, Block(block.first, (first, third)))

    found = await clinic.trail.verify()

    assert {"altered", "cut"} <= set(kinds(found))


@on_both
@pytest.mark.parametrize(
    "damage",
    [
        lambda text: b"",
        lambda text: b"{}",
        lambda text: text.replace(b'"count":15', b'"count":10'),
    ],
    ids=["emptied", "another file", "another count"],
)
async def test_a_head_file_not_written_with_the_key_is_found(
    clinic: Clinic, damage: Callable[[bytes], bytes]
) -> None:
    await fill(clinic)
    clinic.head_path.write_bytes(damage(clinic.head_path.read_bytes()))

    assert "head" in kinds(await clinic.trail.verify())
    with pytest.raises(ChainDamagedError):
        await clinic.seal()


@on_both
async def test_a_missing_head_file_is_found(clinic: Clinic) -> None:
    await fill(clinic)
    clinic.head_path.unlink()

    assert "head" in kinds(await clinic.trail.verify())
    with pytest.raises(ChainDamagedError):
        await clinic.seal()


async def test_a_head_in_the_store_that_is_none_is_found(clinic: Clinic) -> None:
    await fill(clinic)
    [(collection,)] = clinic.writes("SELECT id FROM collections WHERE kind = 'audit-chain'")
    clinic.writes("UPDATE documents SET body = kept(?) WHERE collection = ?", b"{", collection)

    assert "head" in kinds(await clinic.trail.verify())


async def test_a_block_that_is_none_ends_the_chain_there(clinic: Clinic) -> None:
    await fill(clinic)
    at, _ = blocks(clinic)[2]
    clinic.writes("UPDATE streams SET body = kept(?) WHERE position = ?", b"\xc1", at)

    found = await clinic.trail.verify()

    assert {"recomputed", "cut"} <= set(kinds(found))
    assert found.sealed == 5


@on_both
async def test_another_master_key_verifies_nothing(clinic: Clinic) -> None:
    await fill(clinic)
    stranger: Trail = clinic.opened(master_key=bytes(32))

    found = await stranger.verify()

    assert found.sealed == 0
    assert not found.is_sound


async def test_problems_are_all_counted_and_not_all_listed(clinic: Clinic) -> None:
    for _ in range(PROBLEMS_MAX + 20):
        await clinic.read()
    await clinic.seal()
    clinic.reads("DELETE FROM lines")

    found = await clinic.trail.verify()

    assert (len(found.problems), found.problems_total) == (PROBLEMS_MAX, PROBLEMS_MAX + 20)
    assert all(problem.message for problem in found.problems)


@on_both
async def test_the_head_file_is_private_and_replaced_whole(clinic: Clinic) -> None:
    await fill(clinic)

    assert clinic.head_path.stat().st_mode & 0o077 == 0
    assert msgspec.json.decode(clinic.head_path.read_bytes())["head"]["count"] == 15
    assert [path.name for path in clinic.head_path.parent.iterdir()] == ["audit-head"]
