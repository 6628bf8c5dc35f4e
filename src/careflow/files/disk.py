"""The files port on a local disk."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import re
import secrets
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

from careflow import clock as wall
from careflow.clock import Clock
from careflow.files.content_type import HEAD_BYTES, TEXT_TYPES, TextCheck, sniff
from careflow.files.sealing import CHUNK_BYTES, Sealer, unseal
from careflow.files.store import (
    FileEmptyError,
    FileMissingError,
    FilesUnavailableError,
    FileTooLargeError,
    FileTypeError,
    StoredFile,
)
from careflow.keys import derive

P = ParamSpec("P")
T = TypeVar("T")

_KEY = re.compile(r"[0-9a-f]{64}")
_ORGANISATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ABANDONED_AFTER = timedelta(hours=1)


class DiskFiles:
    """Encrypted files as ``folder/organisation/ab/abcd…``, each complete or not there.

    A file is written under a temporary name, synced and renamed. What a crash leaves under
    ``folder/.incoming`` is encrypted, and removed by a later start.

    Args:
        folder: Created if it is not there; several processes may share it.
        master_key: 32 bytes that never lie in the folder.
        clock: Tells how old an abandoned temporary file is.
    """

    def __init__(self, folder: Path, master_key: bytes, *, clock: Clock = wall.now) -> None:
        self._folder = folder
        self._master_key = master_key
        self._name_key = derive(master_key, "file name")
        self._incoming = folder / ".incoming"
        _make_folder(self._incoming)
        _remove_abandoned(self._incoming, clock)

    async def put(
        self, content: AsyncIterator[bytes] | bytes, *, organisation: str, limit: int
    ) -> StoredFile:
        """Store content of at most ``limit`` bytes, durable on return; see the port.

        The same content again replaces the file by itself, which also mends a damaged one.
        """
        chunks = _Chunks(_pieces(content), limit=limit)
        media_type = await chunks.media_type()
        incoming = self._begin()
        try:
            async for chunk in chunks:
                await _on_disk(incoming.write, chunk)
            key = self._key(organisation, chunks.digest)
            place = self._place(key, organisation)
            await _on_disk(incoming.finish, place, _name(key, organisation))
        finally:
            await asyncio.shield(asyncio.to_thread(incoming.discard))
        return StoredFile(key, media_type, chunks.size, chunks.digest.hex())

    async def get(self, key: str, *, organisation: str) -> bytes:
        """Return the content, byte-identical; see the port."""
        place = self._place(key, organisation)
        return await _on_disk(self._read, place, _name(key, organisation))

    async def remove(self, key: str, *, organisation: str) -> None:
        """Remove the content; no error if it is not there."""
        with suppress(FileMissingError):
            await _on_disk(_remove, self._place(key, organisation))

    def _begin(self) -> _Incoming:
        # Not in a thread: one that is cancelled would leave a file that nobody knows of.
        try:
            return _Incoming(self._incoming, self._master_key)
        except OSError as error:
            raise FilesUnavailableError from error

    def _key(self, organisation: str, digest: bytes) -> str:
        return hmac.digest(self._name_key, organisation.encode() + b"\0" + digest, "sha256").hex()

    def _place(self, key: str, organisation: str) -> Path:
        if not _KEY.fullmatch(key) or not _ORGANISATION.fullmatch(organisation):
            raise FileMissingError
        return self._folder / organisation / key[:2] / key

    def _read(self, place: Path, name: bytes) -> bytes:
        try:
            sealed = place.read_bytes()
        except FileNotFoundError as error:
            raise FileMissingError from error
        return unseal(sealed, self._master_key, name=name)


class _Chunks:
    """Content of any pieces as chunks of CHUNK_BYTES, counted, digested and checked on the way."""

    def __init__(self, pieces: AsyncIterator[bytes], *, limit: int) -> None:
        self._pieces = pieces
        self._limit = limit
        self._held = bytearray()
        self._hash = hashlib.sha256()
        self._text: TextCheck | None = None
        self.size = 0

    @property
    def digest(self) -> bytes:
        return self._hash.digest()

    async def media_type(self) -> str:
        """Read as much as it takes to tell the type, or refuse."""
        while len(self._held) < HEAD_BYTES and await self._take():
            pass
        if not self._held:
            raise FileEmptyError
        media_type = sniff(bytes(self._held[:HEAD_BYTES]))
        if media_type is None:
            raise FileTypeError
        if media_type in TEXT_TYPES:
            self._text = TextCheck()
            self._check_text(bytes(self._held))
        return media_type

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield full chunks, then the rest; the last one is for the caller to find out."""
        is_more = True
        while is_more:
            is_more = await self._take()
            while len(self._held) >= CHUNK_BYTES:
                yield bytes(self._held[:CHUNK_BYTES])
                del self._held[:CHUNK_BYTES]
        self._check_text(b"", is_last=True)
        yield bytes(self._held)

    async def _take(self) -> bool:
        piece = await anext(self._pieces, None)
        if piece is None:
            return False
        self.size += len(piece)
        if self.size > self._limit:
            raise FileTooLargeError(self._limit)
        self._hash.update(piece)
        self._held += piece
        self._check_text(piece)
        return True

    def _check_text(self, piece: bytes, *, is_last: bool = False) -> None:
        if self._text is not None and not self._text.takes(piece, is_last=is_last):
            raise FileTypeError


class _Incoming:
    """A sealed file on its way in, under a temporary name."""

    def __init__(self, folder: Path, master_key: bytes) -> None:
        self._path = folder / secrets.token_hex(16)
        self._sealer = Sealer(master_key)
        self._waiting: bytes | None = None
        # A cancelled request leaves its thread running: it must not write into a closed file,
        # whose number the system may have given to another.
        self._lock = threading.Lock()
        self._is_open = True
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._write_all(self._sealer.header)

    def write(self, chunk: bytes) -> None:
        """Take the next chunk; it is sealed once it is known whether another follows."""
        with self._lock:
            if self._waiting is not None:
                self._write_all(self._sealer.chunk(self._waiting))
            self._waiting = chunk

    def finish(self, place: Path, name: bytes) -> None:
        """Seal the last chunk and put the file in its place, durable."""
        with self._lock:
            self._write_all(self._sealer.last_chunk(self._waiting or b"", name=name))
            os.fsync(self._file)
            _make_folder(place.parent)
            self._path.replace(place)
            _sync_folder(place.parent)

    def discard(self) -> None:
        """Let go of the temporary file, whatever became of it."""
        with self._lock:
            self._is_open = False
            os.close(self._file)
            self._path.unlink(missing_ok=True)

    def _write_all(self, data: bytes) -> None:
        if not self._is_open:
            msg = "The file was let go of."
            raise RuntimeError(msg)
        view = memoryview(data)
        while view:
            view = view[os.write(self._file, view) :]


def _name(key: str, organisation: str) -> bytes:
    return f"{organisation}/{key}".encode()


async def _on_disk(do: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do it in a thread; say what the disk refuses in our words."""
    try:
        return await asyncio.to_thread(do, *args, **kwargs)
    except OSError as error:
        raise FilesUnavailableError from error


async def _pieces(content: AsyncIterator[bytes] | bytes) -> AsyncIterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    async for piece in content:
        yield piece


def _make_folder(folder: Path) -> None:
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    for parent in reversed(missing):
        parent.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(parent.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(place: Path) -> None:
    try:
        place.unlink()
    except FileNotFoundError:
        return
    _sync_folder(place.parent)


def _remove_abandoned(incoming: Path, clock: Clock) -> None:
    oldest = (clock() - _ABANDONED_AFTER).timestamp()
    for path in incoming.iterdir():
        # Another process may be writing the younger ones, or removing the same one.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
