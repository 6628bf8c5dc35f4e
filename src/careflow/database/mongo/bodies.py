"""Bodies as the server keeps them: compressed where that pays, told by the binary's subtype.

A hosted server bills and limits bytes before its own compression.
"""

from __future__ import annotations

import zlib

from bson.binary import USER_DEFINED_SUBTYPE, Binary

SMALL = 120
LARGE = 256 * 1024
"""Above this, compression takes the loop more than a few milliseconds, and what is so large is
mostly an attachment that does not shrink."""


def pack(body: bytes) -> bytes:
    """Return the body as it is kept."""
    if SMALL < len(body) <= LARGE:
        packed = zlib.compress(body)
        if len(packed) < len(body):
            return Binary(packed, USER_DEFINED_SUBTYPE)
    return body


def unpack(kept: bytes) -> bytes:
    """Return the body as it was given."""
    if isinstance(kept, Binary) and kept.subtype == USER_DEFINED_SUBTYPE:
        return zlib.decompress(kept)
    return bytes(kept)
