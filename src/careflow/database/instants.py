"""Instants as the whole milliseconds that every adapter keeps."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


def milliseconds(instant: datetime) -> int:
    """Return an aware instant as milliseconds since 1970, rounded down."""
    whole = instant.astimezone(UTC)
    return int(whole.replace(microsecond=0).timestamp()) * 1000 + whole.microsecond // 1000


@lru_cache(maxsize=8192)
def instant(ms: int) -> datetime:
    """Return milliseconds since 1970 as an aware instant; what is stored together shares one."""
    return datetime.fromtimestamp(ms / 1000, UTC)
