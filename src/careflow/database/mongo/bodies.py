"""Bodies as the server keeps them: compressed where that pays, and sealed with a key of ours.

A hosted server bills and limits bytes before its own compression. Whoever gets hold of its files, a
dump or an account there reads no body: each is sealed with AES-256-GCM under a key that never
leaves our machines, bound to the place it is kept at, so that none can stand in for another. What
bodies are found by lies beside them: names and dates are readable there (see the decision).
"""

from __future__ import annotations

import secrets
import zlib

from bson.binary import USER_DEFINED_SUBTYPE, Binary
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from careflow.database.failures import DamagedBodyError
from careflow.keys import derive

SMALL = 120
LARGE = 256 * 1024
"""Above this, compression takes the loop more than a few milliseconds, and what is so large is
mostly an attachment that does not shrink."""
SEALED = USER_DEFINED_SUBTYPE + 1
NONCE_BYTES = 12
_AS_GIVEN, _COMPRESSED = b"\0", b"\1"


class Bodies:
    """Packs and unpacks bodies with a key derived from the database's."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(derive(key, "bodies on a server"))

    def pack(self, body: bytes, place: str) -> bytes:
        """Return the body as it is kept at a place; nothing (a deletion) stays nothing."""
        if not body:
            return body
        content = _AS_GIVEN + body
        if SMALL < len(body) <= LARGE:
            packed = zlib.compress(body)
            if len(packed) < len(body):
                content = _COMPRESSED + packed
        nonce = secrets.token_bytes(NONCE_BYTES)
        return Binary(nonce + self._cipher.encrypt(nonce, content, place.encode()), SEALED)

    def unpack(self, kept: bytes, place: str) -> bytes:
        """Return the body as it was given.

        Raises:
            DamagedBodyError: It was not sealed by us for this place.
        """
        if not kept:
            return b""
        if not isinstance(kept, Binary) or kept.subtype != SEALED:
            raise DamagedBodyError
        nonce, sealed = kept[:NONCE_BYTES], kept[NONCE_BYTES:]
        try:
            content = self._cipher.decrypt(nonce, sealed, place.encode())
        except (InvalidTag, ValueError) as error:
            raise DamagedBodyError from error
        return zlib.decompress(content[1:]) if content[:1] == _COMPRESSED else content[1:]

    def unpack_or_leave(self, kept: bytes, place: str) -> bytes:
        """Return a body as it was given, or as it is kept where it is damaged: for the trail.

        Whoever checks it finds that it is not what was sealed.
        """
        try:
            return self.unpack(kept, place)
        except DamagedBodyError:
            return bytes(kept)
