"""Ending tasks for sure."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

_AGAIN_AFTER_S = 1.0


async def cancel_all(tasks: Collection[asyncio.Future[Any]]) -> None:
    """Cancel tasks and return once each has ended, however it did.

    Python 3.11's ``wait_for`` may swallow a cancellation that comes with what it waited for, so
    one that goes on is cancelled again.
    """
    while going_on := [task for task in tasks if not task.done()]:
        for task in going_on:
            task.cancel()
        await asyncio.wait(going_on, timeout=_AGAIN_AFTER_S)
    await asyncio.gather(*tasks, return_exceptions=True)
