"""History: which versions are asked for, and which were current at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from careflow.database.documents import Document, Page
from careflow.database.scope import AccessScope
from careflow.errors import BadInputError
from careflow.fhir.times import Span, moment_of, span_of
from careflow.records.request import Pairs
from careflow.records.store import Records

COUNT_DEFAULT: Final = 50
COUNT_MAX: Final = 1000
CHUNK: Final = 200
WALKED_MAX: Final = 5000
"""Versions that one page looks through: beyond, it ends early and the next one goes on."""


class BadHistoryParameterError(BadInputError):
    """A history parameter that is unknown or not understood."""

    code: ClassVar[str] = "records-bad-history-parameter"

    def __init__(self, name: str) -> None:
        super().__init__(f"The history parameter {name!r} is not known or not valid here.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a history is asked for.

    Attributes:
        since: Versions stored from then on.
        at: Versions that were current at some moment of it, in ms since 1970.
    """

    count: int = COUNT_DEFAULT
    since: datetime | None = None
    at: Span | None = None
    cursor: str | None = None

    @property
    def is_whole(self) -> bool:
        """Report whether nothing is left out but by the length of a page."""
        return self.since is None and self.at is None and self.cursor is None


def asked_in(pairs: Pairs) -> Asked:
    """Understand the parameters of a history.

    Raises:
        BadHistoryParameterError: One is unknown, given twice, or not valid.
    """
    given = dict(pairs)
    for name, _ in pairs:
        if name not in {"_count", "_since", "_at", "_cursor"} or len(given) != len(pairs):
            raise BadHistoryParameterError(name)
    if "_since" in given and "_at" in given:
        raise BadHistoryParameterError("_at")
    return Asked(
        count=_count(given.get("_count")),
        since=_since(given.get("_since")),
        at=_at(given.get("_at")),
        cursor=given.get("_cursor"),
    )


def _count(text: str | None) -> int:
    if text is None:
        return COUNT_DEFAULT
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadHistoryParameterError("_count")
    return max(1, min(int(text), COUNT_MAX))


def _since(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return moment_of(text.replace(" ", "+"))  # a plus in a query reads as a space
    except ValueError as error:
        raise BadHistoryParameterError("_since") from error


def _at(text: str | None) -> Span | None:
    if text is None:
        return None
    try:
        return span_of(text.replace(" ", "+"))
    except ValueError as error:
        raise BadHistoryParameterError("_at") from error


async def history_page_of(
    records: Records,
    scope: AccessScope,
    asked: Asked,
    *,
    kind: str | None = None,
    id: str | None = None,
) -> Page:
    """Return a page of the versions asked for, newest first."""
    if asked.at is None:
        return await records.history(
            scope, kind=kind, id=id, since=asked.since, count=asked.count, cursor=asked.cursor
        )
    past = _Past(records, asked.at, resumed=asked.cursor is not None)
    return await past.page(asked, scope, kind=kind, id=id)


class _Past:
    """Finds the versions that were current at a time, walking back from the newest.

    A version was current from when it was stored until the next one of the same resource was.
    """

    def __init__(self, records: Records, at: Span, *, resumed: bool) -> None:
        self._records = records
        self._at = at
        self._resumed = resumed
        self._next: dict[tuple[str, str], Document] = {}

    async def page(
        self, asked: Asked, scope: AccessScope, *, kind: str | None, id: str | None
    ) -> Page:
        """Return a page, shorter than asked for if the walk was long."""
        found: list[Document] = []
        cursor, walked = asked.cursor, 0
        while True:
            count = min(CHUNK, asked.count - len(found))
            page = await self._records.history(scope, kind=kind, id=id, count=count, cursor=cursor)
            found += [one for one in page.documents if await self._was_current(one, scope)]
            cursor, walked = page.next, walked + len(page.documents)
            if cursor is None or len(found) >= asked.count or walked >= WALKED_MAX:
                return Page(found, next=cursor)

    async def _was_current(self, version: Document, scope: AccessScope) -> bool:
        key = (version.kind, version.id)
        following = self._next.get(key)
        self._next[key] = version
        low, high = self._at
        if _ms(version) > high:
            return False
        if following is None and self._resumed:
            # What came after it was on an earlier page.
            following = await self._records.documents.read(
                version.kind, version.id, scope, version=version.version + 1
            )
        return following is None or _ms(following) > low


def _ms(version: Document) -> float:
    return version.stored_at.timestamp() * 1000
