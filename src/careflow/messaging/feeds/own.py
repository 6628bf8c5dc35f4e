"""A person's own calendar feed: a secret address that shows their visits, initials only."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final, Literal

import msgspec

from careflow.clock import Clock
from careflow.database.conditions import TermIn
from careflow.database.documents import Documents, Entries, Put, Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import NotFoundError
from careflow.messaging.calendar import Shown, calendar_of
from careflow.messaging.person import person_of
from careflow.messaging.visits import VisitBook, VisitFacts

FEED: Final = "calendar-feed"
_LOOKS_BACK: Final = timedelta(days=60)
_TOKEN_BYTES: Final = 32


class NoSuchFeedError(NotFoundError):
    """A feed that never was, or was ended."""

    code: ClassVar[str] = "messaging-no-such-feed"

    def __init__(self) -> None:
        super().__init__("There is no such calendar.")


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """Whose visits a feed shows; its address is kept as a hash alone, which is its id."""

    owner: str
    owner_kind: Literal["patient", "practitioner"]
    made_at: datetime
    is_open: bool = True


_decoder = msgspec.json.Decoder(Feed)


@dataclass(frozen=True, slots=True)
class Feeds:
    """Feeds of one organisation. An edge: it commits."""

    documents: Documents
    book: VisitBook
    organisation: str
    clinic: str
    clock: Clock

    async def make(self, owner: str, kind: Literal["patient", "practitioner"]) -> tuple[str, Feed]:
        """Return a new feed's token, shown this once; the one before ends."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        feed = Feed(owner=owner, owner_kind=kind, made_at=self.clock())
        async with Work(self.documents) as work:
            await self._end(work, owner, kind)
            work.put(self._put(_id(token), feed, expected=0))
        return token, feed

    async def end(self, owner: str, kind: Literal["patient", "practitioner"]) -> None:
        """End somebody's feed: its address answers nothing from now on."""
        async with Work(self.documents) as work:
            await self._end(work, owner, kind)

    async def of(self, owner: str, kind: Literal["patient", "practitioner"]) -> Feed | None:
        """Return somebody's feed, if they have one."""
        return next((feed for _, feed, _ in await self._open(owner, kind)), None)

    async def owner_of(self, token: str) -> Feed:
        """Return whose feed an address is, or raise :class:`NoSuchFeedError`."""
        scope = organisation_scope(self.organisation)
        found = await self.documents.read(FEED, _id(token), scope)
        feed = None if found is None or found.deleted else _decoder.decode(found.body)
        if feed is None or not feed.is_open:
            raise NoSuchFeedError
        return feed

    async def calendar(self, feed: Feed) -> tuple[str, list[VisitFacts]]:
        """Return a feed's calendar, cancelled visits as cancelled, and what stands in it."""
        since = self.clock() - _LOOKS_BACK
        if feed.owner_kind == "patient":
            visits = await self.book.visits(since=since, patient=feed.owner)
        else:
            visits = await self.book.visits(since=since, practitioner=feed.owner)
        shown = [Shown(one, await self._summary(feed, one)) for one in visits]
        return (
            calendar_of(shown, "PUBLISH", organisation=self.organisation, name=self.clinic),
            visits,
        )

    async def _summary(self, feed: Feed, visit: VisitFacts) -> str:
        if feed.owner_kind == "patient" or visit.patient is None:
            return self.clinic
        scope = organisation_scope(self.organisation)
        person = await person_of(self.documents, visit.patient, scope)
        return person.initials if person else self.clinic

    async def _open(self, owner: str, kind: str) -> list[tuple[str, Feed, int]]:
        page = await self.documents.find(
            Query(FEED, (TermIn("open-of", (f"{kind}/{owner}",)),)),
            organisation_scope(self.organisation),
        )
        return [(one.id, _decoder.decode(one.body), one.version) for one in page.documents]

    async def _end(self, work: Work, owner: str, kind: str) -> None:
        for id, feed, version in await self._open(owner, kind):
            ended = msgspec.structs.replace(feed, is_open=False)
            work.put(self._put(id, ended, expected=version))

    def _put(self, id: str, feed: Feed, *, expected: int) -> Put:
        terms = [("open-of", f"{feed.owner_kind}/{feed.owner}")] if feed.is_open else []
        body = msgspec.json.encode(feed)
        return Put(FEED, id, body, self.organisation, Entries(terms=terms), expected=expected)


def _id(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:60]
