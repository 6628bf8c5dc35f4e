"""What is written to the trail can be read from it, by whom and about whom."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from careflow.audit import reading
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.database.documents import BadCursorError, Put
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import UnprocessableError
from tests.audit.conftest import HARBOUR, Clinic, an_entry, on_both


async def all_pages(clinic: Clinic, *, count: int, **wanted: str) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    after: str | None = None
    while True:
        page = await clinic.trail.entries(
            patient=wanted.get("patient"), actor=wanted.get("actor"), after=after, count=count
        )
        assert len(page.entries) <= count
        entries += page.entries
        if page.next is None:
            return entries
        after = page.next


@on_both
async def test_an_empty_trail_has_no_entries(clinic: Clinic) -> None:
    page = await clinic.trail.entries()

    assert (page.entries, page.next) == ([], None)


@on_both
async def test_reads_and_writes_come_back_together_newest_first(clinic: Clinic) -> None:
    kept = [await clinic.write(), await clinic.read(), await clinic.read(), await clinic.write()]

    page = await clinic.trail.entries()

    assert page.entries == kept[::-1]
    assert page.next is None


@on_both
@pytest.mark.parametrize("sealed_after", [0, 7, 20])
async def test_paging_shows_every_entry_once(clinic: Clinic, sealed_after: int) -> None:
    kept = []
    for number in range(20):
        act = clinic.write if number % 3 == 0 else clinic.read
        kept.append(await act(f"p{number % 4}"))
        if number + 1 == sealed_after:
            await clinic.seal()

    for count in (1, 3, 20, 100):
        assert await all_pages(clinic, count=count) == kept[::-1]


@on_both
async def test_entries_are_found_by_patient_actor_and_time(clinic: Clinic) -> None:
    kept = [
        await act(patient, actor)
        for patient in ("p1", "p11", "p2")
        for actor in ("nia", "ada")
        for act in (clinic.read, clinic.write)
    ]
    middle = kept[5].at

    of_patient = await all_pages(clinic, count=2, patient="p1")
    of_actor = await all_pages(clinic, count=2, actor="ada")
    of_both = await all_pages(clinic, count=50, patient="p2", actor="nia")
    recent = await clinic.trail.entries(since=middle)

    assert of_patient == [entry for entry in kept[::-1] if entry.patients == ("p1",)]
    assert of_actor == [entry for entry in kept[::-1] if entry.actor == "ada"]
    assert len(of_both) == 2
    assert recent.entries == kept[5:][::-1]


@on_both
async def test_a_rare_name_is_looked_for_in_bounded_steps(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    monkeypatch.setattr(reading, "LOOKED_AT_MAX", 4)
    rare = await clinic.read("rare")
    for _ in range(10):
        await clinic.read("common")
        await clinic.write("common")

    first = await clinic.trail.entries(patient="rare", count=5)

    assert first.entries == []
    assert first.next is not None
    assert await all_pages(clinic, count=5, patient="rare") == [rare]


@on_both
async def test_an_older_entry_never_overtakes_one_that_was_not_reached_yet(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    monkeypatch.setattr(reading, "LOOKED_AT_MAX", 4)
    older, newer = await clinic.write("rare"), await clinic.read("rare")
    for _ in range(10):
        await clinic.read("common")

    assert await all_pages(clinic, count=5, patient="rare") == [newer, older]


@on_both
async def test_new_entries_do_not_disturb_a_page_turned(clinic: Clinic) -> None:
    kept = [await clinic.read() for _ in range(4)]
    first = await clinic.trail.entries(count=2)
    await clinic.read()
    await clinic.write()

    second = await clinic.trail.entries(count=10, after=first.next)

    assert first.entries + second.entries == kept[::-1]


@on_both
@pytest.mark.parametrize("cursor", ["", "x", "w1", "w-1r2", "w1r2 ", "w1r99999999999999999999"])
async def test_a_cursor_from_elsewhere_is_refused(clinic: Clinic, cursor: str) -> None:
    with pytest.raises(BadCursorError):
        await clinic.trail.entries(after=cursor)


@on_both
async def test_a_cursor_beyond_the_end_is_the_end(clinic: Clinic) -> None:
    kept = await clinic.read()

    page = await clinic.trail.entries(after="w999999999999999999r999999999999999999")

    assert page.entries == [kept]


@on_both
async def test_a_write_that_fails_leaves_no_entry_and_a_refused_entry_leaves_no_write(
    clinic: Clinic,
) -> None:
    async def fails(entry: AuditEntry) -> None:
        async with Work(clinic.documents) as work:
            work.put(Put("note", "n1", b"x", HARBOUR))
            record(work, entry)
            raise UnprocessableError("It breaks a rule.")

    with pytest.raises(UnprocessableError):
        await fails(an_entry())
    with pytest.raises(ValueError, match="actions"):
        await fails(an_entry("records:patient:peek"))

    assert (await clinic.trail.entries()).entries == []
    assert await clinic.documents.read("note", "n1", organisation_scope(HARBOUR)) is None


@on_both
async def test_a_note_of_another_organisation_or_name_is_a_programming_error(
    clinic: Clinic,
) -> None:
    with pytest.raises(ValueError, match="another organisation"):
        await clinic.trail.note(replace(an_entry(), organisation="bay"))
    with pytest.raises(ValueError, match="actions"):
        await clinic.trail.note(an_entry("records:patient:peek"))

    assert (await clinic.trail.entries()).entries == []


@on_both
async def test_many_notes_at_once_are_all_kept(clinic: Clinic) -> None:
    await asyncio.gather(*(clinic.read(f"p{number}") for number in range(200)))

    kept = await all_pages(clinic, count=64)

    assert {entry.patients[0] for entry in kept} == {f"p{number}" for number in range(200)}


async def test_files_of_the_trail_hold_no_readable_word(clinic: Clinic) -> None:
    await clinic.write("Zebulon-Canary", "Zebulon-Actor")
    await clinic.read("Zebulon-Canary", "Zebulon-Actor")
    await clinic.seal()

    files = [path for path in clinic.folder.rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert not any(b"Zebulon" in path.read_bytes() for path in files)
