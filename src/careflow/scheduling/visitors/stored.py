"""What is kept of a visitor: hashes of who they are, what they hold, and a code's hash."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from careflow.clock import Clock
from careflow.database.conditions import StoredBetween, TermIn
from careflow.database.documents import Delete, Documents, Entries, Put, Query
from careflow.database.scope import AccessScope, organisation_scope
from careflow.database.work import Work
from careflow.scheduling.visitors.refusals import VisitorOverError

VISITOR: Final = "visit-visitor"
STAYS: Final = timedelta(minutes=30)
"""How long one visitor may take, however often they renew what they hold."""
_FORGOTTEN_AFTER: Final = timedelta(days=1)
_MANY: Final = 500
_SWEPT: Final = 50


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """One booking on its way, known by the hash of a secret that only its browser has.

    Attributes:
        network: Hash of the address it comes from.
        contact: Hash of the e-mail address that a code was sent to.
        codes: When codes were sent.
        code: Hash of the last one.
        visit: What was booked, and when it begins.
    """

    id: str
    network: str
    began: datetime
    hold: str | None = None
    held_until: datetime | None = None
    place: str = ""
    contact: str = ""
    codes: tuple[datetime, ...] = ()
    code: str = ""
    tries: int = 0
    visit: str | None = None
    begins: datetime | None = None

    @property
    def holder(self) -> str:
        """Return under which name it holds times."""
        return f"visitor-{self.id}"

    def holds(self, now: datetime) -> bool:
        """Report whether it keeps a time."""
        return self.hold is not None and self.held_until is not None and self.held_until > now


_decoder = msgspec.json.Decoder(Visitor)


@dataclass(frozen=True, slots=True)
class Visitors:
    """One organisation's visitors."""

    documents: Documents
    organisation: str
    clock: Clock

    def begun(self, address: str) -> tuple[str, Visitor]:
        """Return a new visitor with its secret; nothing is stored yet."""
        secret = secrets.token_urlsafe(24)
        network = hashed("network", network_of(address))
        return secret, Visitor(id=visitor_id(secret), network=network, began=self.clock())

    async def standing(self, secret: str) -> tuple[Visitor, int]:
        """Return a visitor and its version, or raise :class:`VisitorOverError`."""
        found = await self.documents.read(VISITOR, visitor_id(secret), self._scope)
        if found is None or found.deleted:
            raise VisitorOverError
        return _decoder.decode(found.body), found.version

    async def of_network(self, network: str) -> list[Visitor]:
        """Return who came from a network lately."""
        return await self._found(TermIn("network", (network,)))

    async def of_contact(self, contact: str) -> list[Visitor]:
        """Return who proved, or asked to prove, an address."""
        return await self._found(TermIn("contact", (contact,)))

    def put(self, work: Work, one: Visitor, *, expected: int) -> None:
        """Stage a visitor."""
        terms = [("network", one.network), ("state", "booked" if one.visit else "open")]
        if one.contact:
            terms.append(("contact", one.contact))
        body = msgspec.json.encode(one)
        work.put(
            Put(
                *(VISITOR, one.id, body, self.organisation, Entries(terms=terms)),
                expected=expected,
                keep_history=False,
            )
        )

    async def forget_old(self, work: Work) -> None:
        """Stage the end of some who left without a visit a day ago."""
        old = StoredBetween(before=self.clock() - _FORGOTTEN_AFTER)
        query = Query(VISITOR, (TermIn("state", ("open",)), old), count=_SWEPT)
        for document in (await self.documents.find(query, self._scope)).documents:
            work.delete(Delete(VISITOR, document.id, self.organisation))

    @property
    def _scope(self) -> AccessScope:
        return organisation_scope(self.organisation)

    async def _found(self, condition: TermIn) -> list[Visitor]:
        page = await self.documents.find(Query(VISITOR, (condition,), count=_MANY), self._scope)
        return [_decoder.decode(one.body) for one in page.documents]


def visitor_id(secret: str) -> str:
    """Return what a visitor's secret is known by."""
    return hashed("visitor", secret)


def hashed(*parts: str) -> str:
    """Return a short hash of words that are not to be stored."""
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:40]


def network_of(address: str) -> str:
    """Return what one household or clinic shares: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))
