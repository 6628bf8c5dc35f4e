"""Files on a disk: encrypted, whole or not there, found damaged when they are."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from careflow.clock import now
from careflow.errors import CareFlowError
from careflow.files.disk import DiskFiles
from careflow.files.sealing import CHUNK_BYTES
from careflow.files.store import (
    FileDamagedError,
    FileEmptyError,
    FileMissingError,
    FilesUnavailableError,
    FileTooLargeError,
    FileTypeError,
)

MASTER_KEY = bytes(range(32))
CANARY = b"Zebulon-Canary"
LIMIT = 1024 * 1024
PDF = b"%PDF-1.7\n"
HEADER = 36
CHUNK = CHUNK_BYTES + 16


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def files(folder: Path) -> DiskFiles:
    return DiskFiles(folder, MASTER_KEY)


def a_pdf(size: int = 300_000) -> bytes:
    return PDF + CANARY + secrets.token_bytes(size - len(PDF) - len(CANARY))


def everything_in(folder: Path) -> list[Path]:
    return list(folder.rglob("*"))


def files_in(folder: Path) -> list[Path]:
    return [path for path in everything_in(folder) if path.is_file()]


async def in_pieces(content: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


@pytest.mark.parametrize(
    "size",
    [40, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 300_000],
)
async def test_a_file_comes_back_byte_for_byte(files: DiskFiles, size: int) -> None:
    content = a_pdf(size)

    stored = await files.put(content, organisation="harbour", limit=LIMIT)

    assert await files.get(stored.key, organisation="harbour") == content
    assert (stored.size, stored.media_type) == (size, "application/pdf")
    assert stored.digest == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("piece", [1000, CHUNK_BYTES, 100_001, 1_000_000])
async def test_pieces_of_any_size_make_the_same_file(files: DiskFiles, piece: int) -> None:
    content = a_pdf()
    whole = await files.put(content, organisation="harbour", limit=LIMIT)

    streamed = await files.put(in_pieces(content, piece), organisation="harbour", limit=LIMIT)

    assert streamed == whole
    assert await files.get(streamed.key, organisation="harbour") == content


async def test_the_same_upload_has_the_same_key_and_lies_there_once(
    files: DiskFiles, folder: Path
) -> None:
    content = a_pdf()

    first = await files.put(content, organisation="harbour", limit=LIMIT)
    second = await files.put(content, organisation="harbour", limit=LIMIT)

    assert first == second
    assert len(files_in(folder)) == 1


async def test_the_key_tells_nothing_without_the_master_key(
    files: DiskFiles, tmp_path: Path
) -> None:
    content = a_pdf()
    other = DiskFiles(tmp_path / "other", bytes(32))

    here = await files.put(content, organisation="harbour", limit=LIMIT)
    there = await other.put(content, organisation="harbour", limit=LIMIT)

    assert here.digest == there.digest
    assert len({here.key, there.key, here.digest}) == 3


async def test_an_organisation_never_meets_the_files_of_another(files: DiskFiles) -> None:
    content = a_pdf()
    ours = await files.put(content, organisation="harbour", limit=LIMIT)
    theirs = await files.put(content, organisation="bay", limit=LIMIT)

    await files.remove(ours.key, organisation="harbour")

    assert ours.key != theirs.key
    assert await files.get(theirs.key, organisation="bay") == content
    with pytest.raises(FileMissingError):
        await files.get(theirs.key, organisation="harbour")


async def test_too_large_a_file_stops_being_read_and_leaves_nothing(
    files: DiskFiles, folder: Path
) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        yield PDF
        while True:
            taken += 1
            yield secrets.token_bytes(10_000)

    with pytest.raises(FileTooLargeError) as refused:
        await files.put(endless(), organisation="harbour", limit=100_000)

    assert refused.value.code == "files-too-large"
    assert taken == 10
    assert files_in(folder) == []


async def test_a_file_of_exactly_the_limit_is_taken(files: DiskFiles) -> None:
    stored = await files.put(a_pdf(100_000), organisation="harbour", limit=100_000)

    assert stored.size == 100_000


async def test_a_program_with_a_harmless_name_is_refused_before_anything_is_written(
    files: DiskFiles, folder: Path
) -> None:
    with pytest.raises(FileTypeError):
        await files.put(b"MZ" + a_pdf(), organisation="harbour", limit=LIMIT)

    assert files_in(folder) == []


async def test_text_that_turns_binary_further_in_is_refused(files: DiskFiles, folder: Path) -> None:
    content = b"potassium 4.1\n" * 20_000 + b"\x00\x01"

    with pytest.raises(FileTypeError):
        await files.put(in_pieces(content, 5000), organisation="harbour", limit=LIMIT)

    assert files_in(folder) == []


async def test_an_empty_file_is_refused(files: DiskFiles) -> None:
    with pytest.raises(FileEmptyError):
        await files.put(b"", organisation="harbour", limit=LIMIT)


async def test_an_upload_that_breaks_off_leaves_nothing(files: DiskFiles, folder: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield a_pdf()
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await files.put(broken(), organisation="harbour", limit=LIMIT)

    assert files_in(folder) == []


async def test_an_upload_that_is_cancelled_leaves_nothing(files: DiskFiles, folder: Path) -> None:
    waiting = asyncio.Event()

    async def stalling() -> AsyncIterator[bytes]:
        yield a_pdf()
        waiting.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(files.put(stalling(), organisation="harbour", limit=LIMIT))
    await waiting.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload

    assert files_in(folder) == []


async def test_the_folder_holds_no_word_of_the_content_while_writing_and_after(
    files: DiskFiles, folder: Path
) -> None:
    seen: list[bytes] = []

    async def watched() -> AsyncIterator[bytes]:
        for piece in (PDF, CANARY * 20_000, b"end"):
            yield piece
            seen.extend(path.read_bytes() for path in files_in(folder))

    await files.put(watched(), organisation="harbour", limit=LIMIT)
    seen.extend(path.read_bytes() for path in files_in(folder))

    assert len(seen) >= 2
    assert not any(CANARY in content or PDF in content for content in seen)


async def test_only_the_owner_of_the_process_may_read_the_files(
    files: DiskFiles, folder: Path
) -> None:
    await files.put(a_pdf(), organisation="harbour", limit=LIMIT)

    paths = [folder, *everything_in(folder)]
    assert files_in(folder)
    assert all(path.stat().st_mode & 0o077 == 0 for path in paths)


async def damaged(files: DiskFiles, key: str) -> CareFlowError:
    with pytest.raises(FileDamagedError) as found:
        await files.get(key, organisation="harbour")
    return found.value


def flip(sealed: bytes, at: int) -> bytes:
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


def reorder(sealed: bytes) -> bytes:
    first, second = sealed[HEADER : HEADER + CHUNK], sealed[HEADER + CHUNK : HEADER + 2 * CHUNK]
    return sealed[:HEADER] + second + first + sealed[HEADER + 2 * CHUNK :]


TAMPERINGS: dict[str, Callable[[bytes], bytes]] = {
    "mark": lambda sealed: flip(sealed, 0),
    "salt": lambda sealed: flip(sealed, 10),
    "first chunk": lambda sealed: flip(sealed, HEADER + 5),
    "last byte": lambda sealed: flip(sealed, len(sealed) - 1),
    "cut by a byte": lambda sealed: sealed[:-1],
    "cut at a chunk": lambda sealed: sealed[: HEADER + CHUNK],
    "cut to the header": lambda sealed: sealed[:HEADER],
    "emptied": lambda sealed: b"",
    "lengthened": lambda sealed: sealed + b"x",
    "chunks changed places": reorder,
    "a chunk dropped": lambda sealed: sealed[:HEADER] + sealed[HEADER + CHUNK :],
    "a chunk doubled": lambda sealed: sealed[: HEADER + CHUNK] + sealed[HEADER:],
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
async def test_a_tampered_file_is_damaged(files: DiskFiles, folder: Path, tampering: str) -> None:
    stored = await files.put(a_pdf(), organisation="harbour", limit=LIMIT)
    [path] = files_in(folder)
    path.write_bytes(TAMPERINGS[tampering](path.read_bytes()))

    error = await damaged(files, stored.key)

    assert error.code == "files-damaged"
    assert CANARY.decode() not in str(error)


async def test_two_files_that_changed_places_are_damaged(files: DiskFiles, folder: Path) -> None:
    one = await files.put(a_pdf(), organisation="harbour", limit=LIMIT)
    two = await files.put(a_pdf(), organisation="harbour", limit=LIMIT)
    first, second = files_in(folder)
    first_bytes = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(first_bytes)

    await damaged(files, one.key)
    await damaged(files, two.key)


async def test_uploading_again_mends_a_damaged_file(files: DiskFiles, folder: Path) -> None:
    content = a_pdf()
    stored = await files.put(content, organisation="harbour", limit=LIMIT)
    [path] = files_in(folder)
    path.write_bytes(b"gone")

    await files.put(content, organisation="harbour", limit=LIMIT)

    assert await files.get(stored.key, organisation="harbour") == content


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64])
async def test_a_key_that_is_not_one_names_no_file(files: DiskFiles, key: str) -> None:
    with pytest.raises(FileMissingError):
        await files.get(key, organisation="harbour")
    await files.remove(key, organisation="harbour")


async def test_a_removed_file_is_gone(files: DiskFiles, folder: Path) -> None:
    stored = await files.put(a_pdf(), organisation="harbour", limit=LIMIT)

    await files.remove(stored.key, organisation="harbour")

    with pytest.raises(FileMissingError):
        await files.get(stored.key, organisation="harbour")
    assert files_in(folder) == []


def test_a_start_removes_what_a_crash_left_and_spares_what_is_being_written(folder: Path) -> None:
    DiskFiles(folder, MASTER_KEY)
    old, young = folder / ".incoming" / "old", folder / ".incoming" / "young"
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    two_hours_ago = (now() - timedelta(hours=2)).timestamp()
    os.utime(old, (two_hours_ago, two_hours_ago))

    DiskFiles(folder, MASTER_KEY)

    assert files_in(folder) == [young]


def test_a_clock_behind_the_disk_removes_nothing(folder: Path) -> None:
    DiskFiles(folder, MASTER_KEY)
    young = folder / ".incoming" / "young"
    young.write_bytes(b"x")

    DiskFiles(folder, MASTER_KEY, clock=lambda: datetime(2001, 1, 1, tzinfo=UTC))

    assert files_in(folder) == [young]


async def test_a_disk_that_refuses_says_so_and_keeps_nothing(
    files: DiskFiles, folder: Path
) -> None:
    (folder / "harbour").write_bytes(b"in the way")

    with pytest.raises(FilesUnavailableError) as refused:
        await files.put(a_pdf(), organisation="harbour", limit=LIMIT)

    assert refused.value.code == "files-unavailable"
    assert files_in(folder) == [folder / "harbour"]


async def test_many_uploads_at_once_all_come_back(files: DiskFiles) -> None:
    contents = [a_pdf(70_000) for _ in range(12)]

    stored = await asyncio.gather(
        *(files.put(content, organisation="harbour", limit=LIMIT) for content in contents)
    )

    back = [await files.get(each.key, organisation="harbour") for each in stored]
    assert back == contents
