"""Line breaks inside a resource, which its NDJSON line cannot hold: where they stood.

JSON allows them only between its tokens, where a space means the same. So a line carries spaces in
their place, and a file beside it tells where they were: what is put back has the same bytes.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

_BREAK: Final = re.compile(rb"[\r\n]")
_SPACES: Final = bytes.maketrans(b"\r\n", b"  ")


class Breaks(msgspec.Struct, frozen=True, omit_defaults=True):
    """Offsets in a resource's bytes: ``n`` of line feeds, ``r`` of carriage returns."""

    n: tuple[int, ...] = ()
    r: tuple[int, ...] = ()


class BreaksOfLine(msgspec.Struct, frozen=True):
    """The breaks of the resource on one line, counted from 1."""

    line: int
    at: Breaks


def breaks_in(body: bytes) -> Breaks | None:
    """Return where a resource's line breaks stand, ``None`` if it has none."""
    found = [(match.start(), match[0]) for match in _BREAK.finditer(body)]
    if not found:
        return None
    return Breaks(
        n=tuple(at for at, which in found if which == b"\n"),
        r=tuple(at for at, which in found if which == b"\r"),
    )


def without_breaks(body: bytes) -> bytes:
    """Return the resource on one line, as long as before."""
    return body.translate(_SPACES)


def with_breaks(line: bytes, breaks: Breaks) -> bytes:
    """Return the resource with its line breaks again.

    Raises:
        ValueError: They do not stand on spaces of this line.
    """
    body = bytearray(line)
    for offsets, character in ((breaks.n, b"\n"), (breaks.r, b"\r")):
        for at in offsets:
            if line[at : at + 1] != b" ":
                msg = "A line break stood elsewhere."
                raise ValueError(msg)
            body[at : at + 1] = character
    return bytes(body)
