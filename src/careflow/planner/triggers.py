"""When the guide says to move on: each trigger with its threshold and its line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Measure = Literal[
    "concurrent_users", "response_ms", "memory_percent", "background_jobs", "real_users",
    "uptime_percent", "critical", "no_downtime", "geographic", "storage_mb", "active_users",
    "slow_database", "needs_backups", "needs_iops",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trigger:
    """A reason to move from one architecture or database tier to the next.

    Attributes:
        leads: From where to where, by architecture name or tier.
        above: The threshold, or None where yes or no decides.
        row: The table and row of the guide; "" where it stands in the text alone.
    """

    leads: tuple[str, str]
    measure: Measure
    above: Decimal | None
    unit: str
    sentence: str
    line: int
    row: str = ""


def _numbers(
    leads: tuple[str, str], *rows: tuple[Measure, str, str, str, int, str]
) -> list[Trigger]:
    return [
        Trigger(leads, measure, Decimal(above), unit, sentence, line, row)
        for measure, above, unit, sentence, line, row in rows
    ]


def _facts(leads: tuple[str, str], *rows: tuple[Measure, str, int, str]) -> list[Trigger]:
    return [
        Trigger(leads, measure, None, "", sentence, line, row)
        for measure, sentence, line, row in rows
    ]


_UP = ("basic", "production")
_HA = ("any", "high-availability")
_M10 = ("m0", "m10")
_M20 = ("m10", "m20")

TRIGGERS: tuple[Trigger, ...] = (
    *_numbers(
        _UP,
        ("concurrent_users", "20", "users", "More than 20 concurrent users regularly", 271,
         "upgrade_from_basic/concurrent_users"),
        ("response_ms", "500", "ms", "Response times exceeding 500ms", 272,
         "upgrade_from_basic/response_time"),
        ("memory_percent", "80", "percent", "Memory usage consistently above 80%", 273,
         "upgrade_from_basic/memory"),
    ),
    *_facts(
        _UP,
        ("background_jobs", "Need to run background jobs", 274,
         "upgrade_from_basic/background_jobs"),
        ("real_users", "Moving to production with real users", 275,
         "upgrade_from_basic/real_users"),
    ),
    *_numbers(
        _HA,
        ("concurrent_users", "500", "users", "More than 500 concurrent users regularly", 651,
         "upgrade_to_ha/concurrent_users"),
        ("uptime_percent", "99.9", "percent", "Uptime SLA requirements >99.9%", 652,
         "upgrade_to_ha/uptime"),
    ),
    *_facts(
        _HA,
        ("critical", "Business-critical application", 653, "upgrade_to_ha/critical"),
        ("no_downtime", "Cannot tolerate downtime", 654, "upgrade_to_ha/downtime"),
        ("geographic", "Need geographic redundancy", 655, "upgrade_to_ha/geo"),
    ),
    *_numbers(
        _M10,
        ("storage_mb", "400", "MB", "Storage exceeds 400 MB", 1052,
         "atlas_upgrade_triggers/m0_to_m10_storage"),
        ("active_users", "1000", "users", "More than 1,000 active users", 1053,
         "atlas_upgrade_triggers/m0_to_m10_users"),
    ),
    *_facts(
        _M10,
        ("slow_database", "Need better performance", 1054, ""),
        ("needs_backups", "Need automated backups", 1055, ""),
    ),
    *_numbers(
        _M20,
        ("storage_mb", "8192", "MB", "Storage exceeds 8 GB", 1058,
         "atlas_upgrade_triggers/m10_to_m20_storage"),
        ("active_users", "5000", "users", "More than 5,000 active users", 1059,
         "atlas_upgrade_triggers/m10_to_m20_users"),
    ),
    *_facts(_M20, ("needs_iops", "Need higher IOPS", 1060, "")),
)  # fmt: skip
