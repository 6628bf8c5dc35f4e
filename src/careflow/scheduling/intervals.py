"""Sets of minutes as sorted intervals that neither overlap nor touch."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from careflow.scheduling.wall import Interval


def united(intervals: Iterable[Interval]) -> list[Interval]:
    """Return intervals in order, those that overlap or touch as one."""
    found: list[Interval] = []
    for begin, end in sorted(one for one in intervals if one[0] < one[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def without(intervals: Sequence[Interval], taken: Sequence[Interval]) -> list[Interval]:
    """Return what of the first is in none of the second; both united."""
    left: list[Interval] = []
    index = 0
    for begin, end in intervals:
        while index and taken[index - 1][1] > begin:
            index -= 1
        at = begin
        while index < len(taken) and taken[index][0] < end:
            low, high = taken[index]
            if low > at:
                left.append((at, low))
            at = max(at, high)
            index += 1
        if at < end:
            left.append((at, end))
    return left


def common(first: Sequence[Interval], second: Sequence[Interval]) -> list[Interval]:
    """Return what is in both; both united."""
    found: list[Interval] = []
    i = j = 0
    while i < len(first) and j < len(second):
        begin, end = max(first[i][0], second[j][0]), min(first[i][1], second[j][1])
        if begin < end:
            found.append((begin, end))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return found


def meets(intervals: Sequence[Interval], begin: int, end: int) -> bool:
    """Report whether ``[begin, end)`` has a minute in common with united intervals."""
    index = bisect_left(intervals, (begin + 1, 0))
    return (index > 0 and intervals[index - 1][1] > begin) or (
        index < len(intervals) and intervals[index][0] < end
    )


def holds(intervals: Sequence[Interval], begin: int, end: int) -> bool:
    """Report whether ``[begin, end)`` lies within one of united intervals."""
    index = bisect_left(intervals, (begin + 1, 0))
    return index > 0 and intervals[index - 1][0] <= begin and end <= intervals[index - 1][1]
