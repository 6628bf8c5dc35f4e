"""What calls took: one entry each, summed by day, engine, model and task for people who look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from careflow.ai.call import Call
from careflow.ai.governor.ledger import METER
from careflow.ai.model import Tokens
from careflow.database.documents import Documents

Ending = Literal["done", "stopped", "limited", "unreachable", "refused"]
"""``stopped`` is a reply that is no answer: cut, unsafe or blocked."""

_PAGE = 1000


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One call; no word of what was asked or answered.

    Attributes:
        at: ISO 8601.
        model: The id that the provider says answered, or the one that was asked.
        cost: Micro-dollars.
        wait_ms: Time in line before it went out.
        took_ms: Time over there.
    """

    at: str
    call: str
    engine: str
    model: str
    task: str
    actor: str
    prompt: str
    ending: Ending
    tokens: Tokens
    cost: int = 0
    wait_ms: int = 0
    took_ms: int = 0


@dataclass(frozen=True, slots=True)
class Used:
    """The sum of one day, engine, model and task."""

    day: str
    engine: str
    model: str
    task: str
    calls: int
    endings: dict[str, int]
    tokens: Tokens
    cost: int
    took_ms: int


def entry_of(
    call: Call,
    *,
    id: str,
    at: datetime,
    engine: str,
    model: str,
    prompt: str,
    ending: Ending,
    tokens: Tokens,
    cost: int,
    wait_ms: int,
    took_ms: int,
) -> bytes:
    """Return the bytes to keep of a call."""
    return msgspec.json.encode(
        Entry(
            at=at.isoformat(),
            call=id,
            engine=engine,
            model=model,
            task=call.task,
            actor=call.actor,
            prompt=prompt,
            ending=ending,
            tokens=tokens,
            cost=cost,
            wait_ms=wait_ms,
            took_ms=took_ms,
        )
    )


async def used(documents: Documents, organisation: str, *, since: datetime) -> list[Used]:
    """Return what was used from an instant on, the newest day first."""
    entries: list[Entry] = []
    after = 0
    while page := await documents.stream(METER, organisation, after=after, count=_PAGE):
        after = page[-1].position
        entries += [
            msgspec.json.decode(one.body, type=Entry) for one in page if one.stored_at >= since
        ]
    return summed(entries)


def summed(entries: Iterable[Entry]) -> list[Used]:
    """Return entries added up by day, engine, model and task."""
    groups: dict[tuple[str, str, str, str], list[Entry]] = {}
    for entry in entries:
        key = (entry.at[:10], entry.engine, entry.model, entry.task)
        groups.setdefault(key, []).append(entry)
    return [_sum(key, some) for key, some in sorted(groups.items(), reverse=True)]


def _sum(key: tuple[str, str, str, str], entries: list[Entry]) -> Used:
    day, engine, model, task = key
    return Used(
        day=day,
        engine=engine,
        model=model,
        task=task,
        calls=len(entries),
        endings=dict(Counter(one.ending for one in entries)),
        tokens=Tokens(
            input=sum(one.tokens.input for one in entries),
            cached=sum(one.tokens.cached for one in entries),
            output=sum(one.tokens.output for one in entries),
            thinking=sum(one.tokens.thinking for one in entries),
        ),
        cost=sum(one.cost for one in entries),
        took_ms=sum(one.took_ms for one in entries),
    )
