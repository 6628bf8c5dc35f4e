"""Opens the platform that the settings describe for the time of one command."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from careflow import settings
from careflow.composition import Platform, open_platform

T = TypeVar("T")


def with_platform(verb: Callable[[Platform], Awaitable[T]], *, synthetic: bool = False) -> T:
    """Run one verb over an open platform, its queue not running, and close it."""
    loaded = settings.load()

    async def run() -> T:
        platform = await open_platform(loaded, synthetic=synthetic)
        try:
            return await verb(platform)
        finally:
            await platform.close()

    return asyncio.run(run())
