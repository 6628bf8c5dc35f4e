"""How one file is encrypted: chunks of AES-256-GCM under a key of its own.

A sealed file is a header (format mark and random salt) and chunks, each its ciphertext and tag.
The key of the file comes from the master key and the salt. A chunk's nonce is its number and
whether it is the last, so that chunks cannot be moved, dropped or cut off; the last chunk is also
bound to the name of the file, so that files cannot change places.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from careflow.files.store import FileDamagedError
from careflow.keys import derive

CHUNK_BYTES = 64 * 1024
_MARK = b"CFF1"
_SALT_BYTES = 32
_HEADER_BYTES = len(_MARK) + _SALT_BYTES
_TAG_BYTES = 16


class Sealer:
    """Seals one file, chunk by chunk, each of CHUNK_BYTES but the last."""

    def __init__(self, master_key: bytes) -> None:
        salt = secrets.token_bytes(_SALT_BYTES)
        self.header = _MARK + salt
        self._cipher = _cipher(master_key, salt)
        self._number = 0

    def chunk(self, content: bytes) -> bytes:
        """Seal a chunk that others follow."""
        sealed = self._cipher.encrypt(_nonce(self._number, is_last=False), content, self.header)
        self._number += 1
        return sealed

    def last_chunk(self, content: bytes, *, name: bytes) -> bytes:
        """Seal the last chunk and bind the file to its name."""
        nonce = _nonce(self._number, is_last=True)
        return self._cipher.encrypt(nonce, content, self.header + name)


def unseal(sealed: bytes, master_key: bytes, *, name: bytes) -> bytes:
    """Return the content of a sealed file, or raise FileDamagedError and return nothing of it."""
    header, chunks = sealed[:_HEADER_BYTES], list(_chunks(sealed))
    if not header.startswith(_MARK) or not chunks:
        raise FileDamagedError
    cipher = _cipher(master_key, header[len(_MARK) :])
    try:
        content = [
            cipher.decrypt(_nonce(number, is_last=False), chunk, header)
            for number, chunk in enumerate(chunks[:-1])
        ]
        last = _nonce(len(chunks) - 1, is_last=True)
        content.append(cipher.decrypt(last, chunks[-1], header + name))
    except InvalidTag as error:
        raise FileDamagedError from error
    return b"".join(content)


def _chunks(sealed: bytes) -> Iterator[bytes]:
    step = CHUNK_BYTES + _TAG_BYTES
    for start in range(_HEADER_BYTES, len(sealed), step):
        yield sealed[start : start + step]


def _cipher(master_key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(derive(master_key, "file", salt=salt))


def _nonce(number: int, *, is_last: bool) -> bytes:
    # Counting is safe here because no two files share a key.
    return number.to_bytes(11, "big") + bytes([is_last])
