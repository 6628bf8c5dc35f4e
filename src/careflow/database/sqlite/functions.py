"""SQL functions over the packed entries beside a document, within a budget."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from functools import lru_cache

import apsw

from careflow.database.matching import without_case
from careflow.database.sqlite.entries import unpack as unpack_once
from careflow.database.sqlite.hashes import HASH_BYTES

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
        return self._is_over()

    def call(self) -> None:
        """Count a call from SQL into Python."""
        self._spent += self.TICKS_A_CALL
        if self._is_over():
            raise BudgetSpentError

    def _is_over(self) -> bool:
        if self._ticks is None or self._spent <= self._ticks:
            return False
        # What ends the transaction of a read that was stopped must not be stopped as well.
        self.restart()
        return True


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
        (in_series, 2),
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


def carries_one(entries: bytes, targets: bytes) -> bool:
    """Report whether the document is posted under one of these sets of terms."""
    return not _numbers(targets).isdisjoint(unpack(entries).targets)


def in_series(entries: bytes, hashes: bytes) -> bool:
    """Report whether the document stands in one of these series."""
    return any(
        entries.find(hashes[at : at + HASH_BYTES]) >= 0 for at in range(0, len(hashes), HASH_BYTES)
    )


def packed_numbers(numbers: Iterable[int]) -> bytes:
    """Return numbers as one value to bind."""
    return array("q", numbers).tobytes()


@lru_cache(64)
def _numbers(packed: bytes) -> frozenset[int]:
    """Return packed numbers as a set; a wide scope asks for the same ones with every row."""
    return frozenset(array("q", packed))


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
    qualifiers: bytes | None,
) -> bool:
    """Report whether one of the document's intervals of the field lies within the bounds."""
    named = None if qualifiers is None else _numbers(qualifiers)
    for number, low, high, own in unpack(entries).ranges:
        if number != field or not low_min <= low <= low_max:
            continue
        if high_min <= (low if high is None else high) <= high_max and (
            named is None or own in named
        ):
            return True
    return False


def lowest(entries: bytes, field: int) -> float | str | None:
    """Return the start of the field's lowest interval, or its first text, or ``None``."""
    indexed = unpack(entries)
    lows = [low for number, low, _, _ in indexed.ranges if number == field]
    if lows:
        return min(lows)
    texts = (without_case(text) for number, text in indexed.texts if number == field)
    return min(texts, default=None)
