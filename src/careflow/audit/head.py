"""The head of the chain, kept outside the database so that cutting the tail shows."""

from __future__ import annotations

import asyncio
import hmac
import os
import secrets
from pathlib import Path

import msgspec

from careflow.audit.chain import Head, encode_head
from careflow.audit.errors import HeadForgedError


class _Written(msgspec.Struct, frozen=True):
    head: Head
    proof: bytes


class HeadFile:
    """A small file beside the key file; each write replaces it whole and is durable on return.

    Args:
        path: Outside the database's folder.
        key: Proves that the file was written by who has the key.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key

    async def read(self) -> Head | None:
        """Return the head, ``None`` if the file is not there.

        Raises:
            HeadForgedError: The file was not written with the key.
        """
        try:
            text = await asyncio.to_thread(self._path.read_bytes)
        except FileNotFoundError:
            return None
        try:
            written = msgspec.json.decode(text, type=_Written)
        except msgspec.MsgspecError as error:
            raise HeadForgedError from error
        if not hmac.compare_digest(written.proof, self._proof(written.head)):
            raise HeadForgedError
        return written.head

    async def advance(self, head: Head) -> None:
        """Replace the head, unless one further on stands there already."""
        current = await self.read()
        if current is not None and current.count >= head.count:
            return
        text = msgspec.json.encode(_Written(head, self._proof(head)))
        await asyncio.to_thread(_replace, self._path, text)

    def _proof(self, head: Head) -> bytes:
        return hmac.digest(self._key, b"careflow audit head\0" + encode_head(head), "sha256")


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    incoming = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(incoming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        incoming.replace(path)
    finally:
        incoming.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
