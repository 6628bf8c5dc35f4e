"""One key per purpose, all derived from the master key, none telling anything of another."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


def derive(master_key: bytes, purpose: str, *, salt: bytes | None = None) -> bytes:
    """Return the 32-byte key for one purpose (HKDF-SHA256, RFC 5869).

    Raises:
        ValueError: The master key is shorter than 32 bytes. There is no default to fall back on: a
            secret that stands in the source signs everybody's tokens.
    """
    if len(master_key) < KEY_BYTES:
        msg = f"The master key needs at least {KEY_BYTES} bytes."
        raise ValueError(msg)
    info = f"careflow {purpose}".encode()
    return HKDF(SHA256(), KEY_BYTES, salt, info).derive(master_key)
