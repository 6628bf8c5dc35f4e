"""SQL functions over the packed entries beside a document, within a budget."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import apsw

from careflow.database.matching import without_case
from careflow.database.sqlite.entries import HASH_BYTES
from careflow.database.sqlite.entries import unpack as unpack_once

unpack = lru_cache(16)(unpack_once)
"""A row is asked by several filters and sort keys in a row."""


class BudgetSpentError(Exception):
    """A read on the loop's own connection took longer than it may; it belongs in a thread."""


class Budget:
    """Bounds the steps of one read. A budget of ``None`` has no end."""

    STEPS_A_TICK = 1000
    TICKS_A_CALL = 0.04
    """A call into Python costs about as much as 40 steps of SQLite's own."""

    def __init__(self, ticks: int | None) -> None:
        self._ticks = ticks
        self._spent = 0.0

    def restart(self) -> None:
        """Begin a new read."""
        self._spent = 0.0

    def tick(self) -> bool:
        """Count a thousand steps; true stops the statement."""
        self._spent += 1
        return self._ticks is not None and self._spent > self._ticks

    def call(self) -> None:
        """Count a call from SQL into Python."""
        self._spent += self.TICKS_A_CALL
        if self._ticks is not None and self._spent > self._ticks:
            raise BudgetSpentError


def install(connection: apsw.Connection, budget: Budget) -> None:
    """Give a connection the functions that filters and sorts use."""
    connection.set_progress_handler(budget.tick, Budget.STEPS_A_TICK)

    def within_budget(function: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object) -> object:
            budget.call()
            return function(*arguments)

        return counted

    for function, arguments in (
        (carries, 2),
        (carries_one, 2),
        (has_text, 4),
        (has_range, 7),
        (lowest, 2),
    ):
        connection.create_scalar_function(
            function.__name__, within_budget(function), arguments, deterministic=True
        )


def carries(entries: bytes, field: int) -> bool:
    """Report whether the document has any term, text or range of the field."""
    return field in unpack(entries).fields


def carries_one(entries: bytes, hashes: bytes | tuple[bytes, ...]) -> bool:
    """Report whether the document has a term of one of these hashes."""
    if isinstance(hashes, tuple) and len(hashes) == 1:
        return hashes[0] in entries
    return not apart(hashes).isdisjoint(unpack(entries).hashes())


@lru_cache(16)
def apart(hashes: bytes | tuple[bytes, ...]) -> frozenset[bytes]:
    """Return hashes as a set; a wide scope asks for the same ones with every row."""
    if isinstance(hashes, bytes):
        return frozenset(hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES))
    return frozenset(hashes)


def has_text(entries: bytes, field: int, how: str, asked: str) -> bool:
    """Report whether one of the document's texts of the field matches."""
    texts = (text for number, text in unpack(entries).texts if number == field)
    if how == "exact":
        return any(text == asked for text in texts)
    if how == "prefix":
        return any(text.startswith(asked) for text in texts)
    return any(asked in text for text in texts)


def has_range(
    entries: bytes,
    field: int,
    low_min: float,
    low_max: float,
    high_min: float,
    high_max: float,
    qualifier: str | None,
) -> bool:
    """Report whether one of the document's intervals of the field lies within the bounds."""
    return any(
        number == field
        and low_min <= low <= low_max
        and high_min <= high <= high_max
        and (qualifier is None or named == qualifier)
        for number, _, low, high, named in unpack(entries).ranges
    )


def lowest(entries: bytes, field: int) -> float | str | None:
    """Return the start of the field's lowest interval, or its first text, or ``None``."""
    indexed = unpack(entries)
    lows = [low for number, _, low, _, _ in indexed.ranges if number == field]
    if lows:
        return min(lows)
    texts = (without_case(text) for number, text in indexed.texts if number == field)
    return min(texts, default=None)
