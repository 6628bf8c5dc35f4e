"""Paging cursors: sealed, since they may hold a patient's name and travel in links."""

from __future__ import annotations

import base64
import binascii
import secrets
from hashlib import blake2b

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from careflow.database.documents import BadCursorError

NONCE_BYTES = 12

Place = list[str | int | float | None]
"""Sort values of the last document of a page, then its number."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Place).decode


class Cursors:
    """Seals and opens cursors with a key derived from the database's secret."""

    def __init__(self, secret: bytes) -> None:
        key = blake2b(b"", digest_size=32, key=secret, person=b"cursors").digest()
        self._cipher = AESGCM(key)

    def seal(self, place: Place, question: str) -> str:
        """Return an opaque cursor that opens for the same question only."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, _encode(place), question.encode())
        return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()

    def open(self, cursor: str, question: str) -> Place:
        """Return the place that was sealed.

        Raises:
            BadCursorError: The cursor is not ours, or not of this question.
        """
        try:
            sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return _decode(self._cipher.decrypt(nonce, rest, question.encode()))
        except (InvalidTag, ValueError, binascii.Error, msgspec.DecodeError) as error:
            raise BadCursorError from error
