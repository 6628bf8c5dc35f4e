"""The chain itself: each link is an HMAC over the one before it and the entry it seals.

Links are kept in blocks, apart from the entries, each naming its entry by source and position. An
entry that is altered no longer matches its link; one that is removed leaves a link without entry;
one that is slipped in has no link; and nobody without the key can make links that match.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from careflow.database.documents import StreamEntry

Source = Literal["writes", "reads"]
SOURCES: tuple[Source, ...] = ("writes", "reads")

START = bytes(32)
"""What stands before the first link."""


class Link(msgspec.Struct, array_like=True, frozen=True):
    """One sealed entry."""

    source: Source
    position: int
    mac: bytes


class Block(msgspec.Struct, array_like=True, frozen=True):
    """Links sealed together; ``first`` counts the links before them."""

    first: int
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: how many links, the last one's MAC, how far each source is sealed."""

    count: int = 0
    mac: bytes = START
    writes: int = 0
    reads: int = 0

    def sealed(self, source: Source) -> int:
        """Return the position of the source's last sealed entry."""
        return self.writes if source == "writes" else self.reads

    def after(self, links: Sequence[Link]) -> Head:
        """Return the head once these links follow."""
        last = {link.source: link.position for link in links}
        return Head(
            count=self.count + len(links),
            mac=links[-1].mac if links else self.mac,
            writes=last.get("writes", self.writes),
            reads=last.get("reads", self.reads),
        )


_blocks = msgspec.msgpack.Decoder(Block)
_heads = msgspec.json.Decoder(Head)


def encode_block(block: Block) -> bytes:
    """Write a block."""
    return msgspec.msgpack.encode(block)


def decode_block(body: bytes) -> Block:
    """Read a block; raises msgspec.MsgspecError on what is none."""
    return _blocks.decode(body)


def encode_head(head: Head) -> bytes:
    """Write a head."""
    return msgspec.json.encode(head)


def decode_head(body: bytes) -> Head:
    """Read a head; raises msgspec.MsgspecError on what is none."""
    return _heads.decode(body)


def mac_of(key: bytes, previous: bytes, source: Source, position: int, body: bytes) -> bytes:
    """Return the MAC of the link that seals an entry."""
    # The parts before the body have fixed lengths once the source is known, so no two differ in
    # where one part ends and the next begins.
    prefix = b"%b%b\0%b" % (previous, source.encode(), position.to_bytes(8, "big"))
    return hmac.digest(key, prefix + body, "sha256")


def extend(
    key: bytes, previous: bytes, source: Source, entries: Iterable[StreamEntry]
) -> list[Link]:
    """Return the links that seal these entries, in order, after a MAC."""
    links = []
    for entry in entries:
        previous = mac_of(key, previous, source, entry.position, entry.body)
        links.append(Link(source, entry.position, previous))
    return links
