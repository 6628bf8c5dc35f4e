"""Keys of this room, each for one purpose, derived from the one master key."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


def derive(master_key: bytes, purpose: str) -> bytes:
    """Return the key for one purpose; knowing it tells nothing of the master key or of others.

    Raises:
        ValueError: The master key is shorter than 32 bytes. There is no default to fall back on:
            a secret that stands in the source signs everybody's tokens.
    """
    if len(master_key) < KEY_BYTES:
        msg = f"The master key needs at least {KEY_BYTES} bytes."
        raise ValueError(msg)
    info = f"careflow:identity:{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(master_key)
