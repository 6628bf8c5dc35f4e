"""RFC 5545 recurrence rules by the place's clock.

The dates are dateutil's; wall time stays across clock changes, and a time that the clocks skip
moves on by the gap, as section 3.3.5 of the RFC has it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from careflow.errors import BadInputError
from careflow.scheduling.wall import later_if_skipped, minutes_of

OCCURRENCES_MAX: Final = 60
AHEAD_MAX: Final = timedelta(days=731)

_PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
)
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_LATE_DAY = 29
"""From this day on, some months do not have it: the last day stands in."""


class BadRuleError(BadInputError):
    """A recurrence rule that cannot be used here."""

    code: ClassVar[str] = "scheduling-bad-rule"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series.

    Attributes:
        wall: The time that was meant, by the place's clock.
        begin: The instant in minutes.
        is_moved: Whether the clocks skip the time, so that it lies later.
    """

    wall: datetime
    begin: int
    is_moved: bool


def occurrences(rule: str, first: datetime, zone: ZoneInfo) -> list[Occurrence]:
    """Return every date of a rule from a naive wall time on.

    A rule by month whose day some months do not have takes those months' last day.

    Raises:
        BadRuleError: It is not a rule, has no end, or more than sixty dates or two years.
    """
    from dateutil.rrule import rrulestr

    parts = _parts(rule)
    if "COUNT" not in parts and "UNTIL" not in parts:
        raise BadRuleError("A series needs an end: COUNT or UNTIL.", place="rule")
    if parts["FREQ"] == "MONTHLY" and first.day >= _LATE_DAY and not _names_days(parts):
        days = ",".join(str(day) for day in range(28, first.day + 1))
        parts |= {"BYMONTHDAY": days, "BYSETPOS": "-1"}
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        found = list(islice(rrulestr(text, dtstart=first, ignoretz=True), OCCURRENCES_MAX + 1))
    except (ValueError, TypeError, OverflowError) as error:
        raise BadRuleError("This is not a recurrence rule (RFC 5545).", place="rule") from error
    if not found:
        raise BadRuleError("The rule has no date.", place="rule")
    if len(found) > OCCURRENCES_MAX or found[-1] - first > AHEAD_MAX:
        raise BadRuleError(
            f"A series has at most {OCCURRENCES_MAX} dates within two years.", place="rule"
        )
    return [_at(one, zone) for one in found]


def _at(wall: datetime, zone: ZoneInfo) -> Occurrence:
    at, is_moved = later_if_skipped(wall, zone)
    return Occurrence(wall, minutes_of(at), is_moved)


def _parts(rule: str) -> dict[str, str]:
    text = rule.strip().removeprefix("RRULE:")
    if len(text) > 200 or not re.fullmatch(r"[A-Z]+=[A-Z0-9,+:\-]+(;[A-Z]+=[A-Z0-9,+:\-]+)*", text):
        raise BadRuleError("This is not a recurrence rule (RFC 5545).", place="rule")
    pairs = [(part.partition("=")[0], part.partition("=")[2]) for part in text.split(";")]
    parts = dict(pairs)
    if len(parts) != len(pairs) or not parts.keys() <= _PARTS:
        raise BadRuleError("The rule has a part that is not used here, or one twice.", place="rule")
    if parts.get("FREQ") not in _FREQUENCIES:
        raise BadRuleError("A series comes back daily, weekly, monthly or yearly.", place="rule")
    if "UNTIL" in parts:
        # By the place's clock, like the times: a zone letter is left out.
        parts["UNTIL"] = parts["UNTIL"].rstrip("Z")
        if len(parts["UNTIL"]) == len("20260301"):
            parts["UNTIL"] += "T235959"
    return parts


def _names_days(parts: dict[str, str]) -> bool:
    return bool(parts.keys() & {"BYDAY", "BYMONTHDAY", "BYSETPOS"})
