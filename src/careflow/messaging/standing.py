"""Whether what somebody was to be told of a visit is still so: looked at when it is sent."""

from __future__ import annotations

from datetime import datetime

from careflow.messaging.stored import Notice
from careflow.messaging.visits import OfferFacts, VisitFacts

_EXPECTED = {
    "booked": "booked",
    "moved": "booked",
    "reminder": "booked",
    "cancelled": "cancelled",
    "choose": "waitlist",
}
"""The status in which a visit must be for a notice to be true."""


def dropped_of_visit(notice: Notice, visit: VisitFacts | None, now: datetime) -> str | None:
    """Return the code of why nobody is told any more, ``None`` where the notice stands."""
    if visit is None:
        return "visit-gone"
    if visit.sequence != notice.sequence:
        return "superseded"
    if visit.status != _EXPECTED[notice.kind]:
        return "not-so-any-more"
    if notice.kind == "choose":
        return None if visit.settle == "choose" else "not-so-any-more"
    return "over" if visit.start <= now else None


def dropped_of_offer(notice: Notice, offer: OfferFacts | None, now: datetime) -> str | None:
    """Return the code of why an offer is not told of, ``None`` where it is."""
    if offer is None:
        return "visit-gone"
    if notice.kind == "offer-lost":
        return "over" if offer.visit.start <= now else None
    if offer.state != "open" or offer.until <= now:
        return "offer-over"
    return None
