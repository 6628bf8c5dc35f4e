"""Addresses of calendar feeds: made and ended by their owner, fetched by calendar programs."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import Trail
from careflow.clock import Clock
from careflow.identity.actor import Actor, Role
from careflow.identity.permissions import require
from careflow.messaging.feeds.own import Feeds, NoSuchFeedError
from careflow.messaging.visitors.visiting import Visiting

Who = Callable[..., Awaitable[Actor]]
Token = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-]{20,80}(\.ics)?$")]


class FeedView(BaseModel):
    """Whether one has a calendar feed, and since when."""

    exists: bool
    made_at: datetime | None


class NewFeedView(BaseModel):
    """A new feed; its address is shown this once."""

    address: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything these addresses stand on."""

    feeds: Feeds
    visiting: Visiting
    trail: Trail
    clock: Clock
    organisation: str


def router(shelf: Shelf, *, who: Who) -> APIRouter:
    """Return the addresses under ``/api/feeds``."""
    api = APIRouter(prefix="/api/feeds", tags=["feeds"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - an annotation

    @api.get("")
    async def own_feed(actor: Asker) -> FeedView:
        """Return whether one has a feed."""
        owner, kind = _owner(actor)
        feed = await shelf.feeds.of(owner, kind)
        return FeedView(exists=feed is not None, made_at=feed.made_at if feed else None)

    @api.post("", status_code=201)
    async def make_feed(actor: Asker) -> NewFeedView:
        """Make a feed of one's own visits; the one before ends."""
        owner, kind = _owner(actor)
        token, feed = await shelf.feeds.make(owner, kind)
        return NewFeedView(address=f"/api/feeds/{token}.ics", made_at=feed.made_at)

    @api.delete("", status_code=204)
    async def end_feed(actor: Asker) -> None:
        """End one's feed."""
        owner, kind = _owner(actor)
        await shelf.feeds.end(owner, kind)

    @api.get("/{token}")
    async def read_feed(token: Token, request: Request) -> Response:
        """Return the calendar behind a secret address: initials only."""
        address = request.client.host if request.client else ""
        await shelf.visiting.admit(address)
        try:
            feed = await shelf.feeds.owner_of(token.removesuffix(".ics"))
        except NoSuchFeedError:
            await shelf.visiting.count_wrong(address)
            raise
        text, visits = await shelf.feeds.calendar(feed)
        await shelf.trail.note(
            AuditEntry(
                at=shelf.clock(),
                action="records:calendar-feed:read",
                organisation=shelf.organisation,
                actor=f"feed-{feed.owner}",
                role=Role.PATIENT if feed.owner_kind == "patient" else Role.CLINICIAN,
                patients=tuple(dict.fromkeys(one.patient for one in visits if one.patient)),
            )
        )
        return Response(text, media_type="text/calendar; charset=utf-8")

    return api


def _owner(actor: Actor) -> tuple[str, Literal["patient", "practitioner"]]:
    """Return whose visits an actor's feed shows."""
    if actor.role is Role.PATIENT:
        require(actor, "visits:own")
        return actor.patient_id or "-", "patient"
    require(actor, "visits:write")
    return actor.practitioner_id or "-", "practitioner"
