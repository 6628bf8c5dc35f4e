"""Identifiers, from one place, so that tests can fix them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

Mint = Callable[[], str]
"""A function without arguments that returns a new identifier (a valid FHIR id)."""


def mint() -> str:
    """Return a new identifier: 12 hex digits of the time in ms, then 20 random ones.

    Identifiers made close together sort together, which keeps index pages warm.
    """
    return f"{time.time_ns() // 1_000_000:012x}{os.urandom(10).hex()}"
