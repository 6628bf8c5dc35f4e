"""One unit of work over what others change too: staged anew when another commit came first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar, TypeVar

from careflow.database.documents import Documents, VersionMismatchError
from careflow.database.work import Work
from careflow.errors import ConflictError

T = TypeVar("T")
_TRIES = 8


class BusyError(ConflictError):
    """Others kept changing the same thing; nothing was stored."""

    code: ClassVar[str] = "identity-busy"

    def __init__(self) -> None:
        super().__init__("Too much happened to this account at once: try again.")


async def one_work(documents: Documents, stage: Callable[[Work], Awaitable[T]]) -> T:
    """Stage and commit; when another commit came first, stage anew on what is there now."""
    for _ in range(_TRIES):
        try:
            async with Work(documents) as work:
                return await stage(work)
        except VersionMismatchError:
            continue
    raise BusyError
